"""What Python files import, so that a declared dependency can stand beside co-change.

In:  the files of the newest mainline commit.
Out: rows of the schema ``IMPORTS``, and a note on what was not read.

Only regular ``*.py`` files of at most 256 kB are read, 5,000 of them and 24 MB at most, in order
of path. They are parsed, never run, in a process of its own: a file that no parser stands
(nested without end, made to be slow) ends that process and is left out, and the next one
goes on behind it. What was left out is counted.
"""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from conway.mining.boundary_files import REGULAR
from conway.mining.git import GitFailure
from conway.mining.objects import read_objects, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conway.mining.git import Git
    from conway.mining.mirror import Mirror
    from conway.mining.tips import Entry

LARGEST = 256_000
MOST = 24_000_000
MOST_FILES = 5_000
_MOST_DEATHS = 8
_WORKER = "conway.mining.imports_worker"

Row = tuple[object, ...]


class _Chosen(NamedTuple):
    """The blobs to read in order of path, and those left out for their size or number."""

    blobs: list[str]
    large: set[str]
    beyond: set[str]


def imported(mirror: Mirror, entries: Sequence[Entry]) -> tuple[list[Row], list[str]]:
    """Return the rows of the table of imports, and notes.

    Parameters
    ----------
    mirror
        Where the contents are.
    entries
        The files of a commit, sorted by path.
    """
    files = [one for one in entries if one.mode in REGULAR and one.path.endswith(".py")]
    if not files:
        return [], []
    chosen = _chosen(mirror.git, files)
    stored = [one for one in read_objects(mirror.git, chosen.blobs) if one.fault is None]
    answers = _parsed(mirror.git, [one.content for one in stored])
    modules = {
        one.oid: answer["modules"]
        for one, answer in zip(stored, answers, strict=False)
        if "modules" in answer
    }
    rows: list[Row] = [
        (mirror.name, one.path, module) for one in files for module in modules.get(one.blob, ())
    ]
    return rows, _notes(files, chosen, read=modules)


def _chosen(git: Git, files: Sequence[Entry]) -> _Chosen:
    blobs = list(dict.fromkeys(one.blob for one in files))
    measured = sizes(git, blobs)
    small = [blob for blob in blobs if measured.get(blob, 0) <= LARGEST]
    totals = accumulate(measured.get(blob, 0) for blob in small)
    read = [
        blob
        for number, (blob, total) in enumerate(zip(small, totals, strict=True))
        if total <= MOST and number < MOST_FILES
    ]
    return _Chosen(read, set(blobs) - set(small), set(small) - set(read))


def _parsed(git: Git, contents: Sequence[bytes]) -> Iterator[Mapping[str, Any]]:
    """Yield what was found in each file; a file that ends the parser is passed by."""
    done = deaths = 0
    while done < len(contents) and deaths < _MOST_DEATHS:
        try:
            for answer in _batch(git, contents[done:]):
                yield answer
                done += 1
        except GitFailure:
            deaths += 1
        if done < len(contents):
            yield {}
            done += 1


def _batch(git: Git, contents: Sequence[bytes]) -> Iterator[Mapping[str, Any]]:
    given = b"".join(b"%d\n%s" % (len(content), content) for content in contents)
    rest = b""
    for block in git.worker(_WORKER, given=given):
        *lines, rest = (rest + block).split(b"\n")
        yield from map(json.loads, lines)


def _notes(
    files: Sequence[Entry], chosen: _Chosen, *, read: Mapping[str, Sequence[str]]
) -> list[str]:
    left_out = [one for one in files if one.blob not in read]
    if not left_out:
        return []
    large = sum(one.blob in chosen.large for one in left_out)
    beyond = sum(one.blob in chosen.beyond for one in left_out)
    note = (
        f"{len(left_out)} of {len(files)} Python files were left out of the table of imports: "
        f"{large} of more than {LARGEST} bytes, {beyond} for their number, "
        f"{len(left_out) - large - beyond} that could not be parsed or read; the first is "
        f"{left_out[0].path}"
    )
    return [note]
