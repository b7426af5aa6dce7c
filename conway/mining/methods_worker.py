"""What the deep pass runs in the process that PyDriller has to itself.

In:  one line of JSON per change on standard input: its id, that of its first parent (or
     none) and the paths to look at; the path of a git directory that conway made itself.
Out: one line of JSON per change: the functions changed in those paths, and what was left out.

A file that takes its parser longer than ``PATIENCE`` or is larger than ``LARGEST`` is left
out and named: 800 nested functions keep lizard busy for minutes.
"""

from __future__ import annotations

import json
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from pydriller import Git

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pydriller import ModifiedFile

PATIENCE = 2.0
LARGEST = 256_000
MOST_FILES = 300


class _TooSlow(Exception):  # noqa: N818 - it ends one file, not the run
    """A parser has taken too long for one file."""


def answer(directory: str, *, asked: Iterable[str], out: TextIO) -> None:
    """Write one line of JSON for each line asked; a change that fails says why."""
    git = Git(directory)
    for line in asked:
        wanted: Mapping[str, Any] = json.loads(line)
        try:
            told = functions_of(git, wanted)
        except Exception as fault:  # noqa: BLE001 - PyDriller raises anything; it is reported
            told = {"functions": [], "left_out": [f"{type(fault).__name__}"]}
        out.write(json.dumps({"oid": wanted["oid"], **told}) + "\n")
        out.flush()


def functions_of(git: Git, wanted: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return ``path, function, complexity, lines`` of what a change touched, and what is missing.

    A merge has no ``modified_files`` in PyDriller: it is compared with its first parent.
    """
    commit = git.get_commit(wanted["oid"])
    merge = len(commit.parents) > 1
    modified = git.diff(wanted["parent"], wanted["oid"]) if merge else commit.modified_files
    paths = set(wanted["paths"])
    found = [one for one in modified if {one.new_path, one.old_path} & paths]
    if len(modified) > MOST_FILES:
        return {"functions": [], "left_out": ["a change of very many files"]}
    functions: list[Any] = []
    left_out: list[str] = []
    for file in found:
        path = file.new_path if file.new_path in paths else file.old_path
        try:
            functions += [[path, *row] for row in _changed(file)]
        except (_TooSlow, RecursionError, MemoryError):
            left_out.append(f"{path}: its parser takes too much time or memory")
    return {"functions": functions, "left_out": left_out}


def _changed(file: ModifiedFile) -> Sequence[tuple[str, int, int]]:
    """Return the functions of a file that a change touched, in order of name."""
    if max(len(file.content or b""), len(file.content_before or b"")) > LARGEST:
        raise _TooSlow
    with _at_most(PATIENCE):
        changed = file.changed_methods
    rows = {one.name: (one.name, int(one.complexity), int(one.nloc)) for one in changed}
    return [rows[name] for name in sorted(rows)]


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def stop(*_signal: object) -> NoReturn:
        raise _TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def main() -> None:
    """Answer what is asked on standard input about the directory that the caller names."""
    answer(sys.argv[1], asked=sys.stdin, out=sys.stdout)
