"""The batch reader: every change's files from one long-lived ``git diff-tree``.

In:  steps of the mainline.
Out: one ``Difference`` per step, in order: its rows, or why there are none.

A tree, blob or git that fails costs one change: it is read alone, marked as skipped when
it fails again, and git goes on behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conway.mining.ahead import ahead
from conway.mining.git import DIFFERENCES, GitFailure
from conway.mining.texts import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conway.mining.git import Git
    from conway.mining.walk import Step

SUBMODULE = "160000"
MOST_RENAMES = 1000
"""As ``-l1000`` has it: among more than 1,000 x 1,000 pairs git seeks no inexact rename."""


class FileChange(NamedTuple):
    """One path of a change.

    Attributes
    ----------
    status
        A, M, D, R or T.
    path, old_path
        After the change (before it, where deleted), and before a rename.
    added, deleted
        Lines; None for binary files and submodules, 0 where only mode or name changed.
    mode, blob
        Mode and object id after the change; zeros where deleted.
    submodule
        Whether it is a submodule pointer, after the change or before it was deleted.
    before
        Object id before the change; zeros where added.
    """

    status: str
    path: str
    old_path: str | None
    added: int | None
    deleted: int | None
    mode: str
    blob: str
    submodule: bool
    before: str = ""


class Difference(NamedTuple):
    """The files of one change, or why they could not be read."""

    oid: str
    files: tuple[FileChange, ...]
    skipped: str | None = None


def read_differences(git: Git, steps: Sequence[Step]) -> Iterator[Difference]:
    """Yield the difference of each step to its first parent, in order.

    Where git fails, what it had printed last is lost in its buffers: it is asked again,
    wary, with every commit printed at once. Then it fails at the first or second commit
    behind the last one that came, and those are read alone.
    """
    done, wary = 0, False
    while done < len(steps):
        fault = "git left it out"
        try:
            for difference in _batch(git, steps[done:], wary=wary):
                yield difference
                done += 1
        except (GitFailure, ValueError) as failure:
            fault = str(failure)
        if wary:
            for difference in _up_to_the_fault(git, steps[done : done + 2], fault=fault):
                yield difference
                done += 1
        wary = not wary


def renames_not_sought(difference: Difference) -> list[str]:
    """Return a note where a change has too many files for git to look for renames.

    Git says so once, at its end, and not of which commit. What it did not pair is left as added
    and deleted, so the product of both tells.
    """
    added = sum(file.status == "A" for file in difference.files)
    deleted = sum(file.status == "D" for file in difference.files)
    if added * deleted <= MOST_RENAMES**2:
        return []
    note = (
        f"{difference.oid} adds {added} files and deletes {deleted}: too many to look for renames, "
        "only equal contents and equal names were paired"
    )
    return [note]


def _up_to_the_fault(git: Git, steps: Sequence[Step], *, fault: str) -> Iterator[Difference]:
    """Read steps one by one until one cannot be."""
    for step in steps:
        difference = _alone(git, step, fault=fault)
        yield difference
        if difference.skipped is not None:
            return


def _alone(git: Git, step: Step, *, fault: str) -> Difference:
    try:
        for difference in _batch(git, [step]):
            return difference
    except (GitFailure, ValueError) as failure:
        return Difference(step.oid, (), str(failure))
    return Difference(step.oid, (), fault)


def _batch(git: Git, steps: Sequence[Step], *, wary: bool = False) -> Iterator[Difference]:
    """Yield differences until git fails; the last one only when git ended well."""
    given = "".join(f"{step.oid} {step.parent or ''}".rstrip() + "\n" for step in steps)
    blocks = ahead(git.stream(*DIFFERENCES, given=given.encode("ascii"), at_once=wary))
    expected = iter(steps)
    for oid, tokens in _records(blocks, most=git.limits.record):
        step = next(expected, None)
        if step is None or step.oid != oid:
            raise ValueError(f"git answered for {oid}, not for what was asked")
        yield Difference(oid, _rows(tokens))


def _records(blocks: Iterable[bytes], *, most: int) -> Iterator[tuple[str, list[bytes]]]:
    """Cut git's output into commits: an id, and the words up to the next id."""
    held: list[bytes] = []
    rest = b""
    size = enough = 0
    for block in blocks:
        *whole, rest = (rest + block).split(b"\0")
        held += whole
        size += len(block)
        if size > most:
            raise GitFailure(f"it has more than {most} bytes of paths")
        if len(held) < enough:
            continue
        at = 0
        while (end := _end(held, at)) is not None:
            yield held[at].decode("ascii"), held[at + 1 : end]
            at, size = end, 0
        del held[:at]
        enough = 2 * len(held)  # a long commit is not looked through at every block
    at, last = 0, len(held)
    held.append(rest)  # empty: the end, which stands where the next commit would
    while at < last:
        end = _end(held, at)
        if end is None or rest:
            raise GitFailure("git stopped within a commit")
        yield held[at].decode("ascii"), held[at + 1 : end]
        at = end


def _end(words: Sequence[bytes], at: int) -> int | None:
    """Return where the next commit's id stands; None where the words end before it.

    A word is an id by where it stands: paths may look like ids, or like anything else.
    """
    many = len(words)
    at += 1
    while at < many:
        word = words[at]
        if word[:1] == b":":
            at += 2 if word[-2:-1] == b" " else 3  # one letter, or R and a score: two paths
        elif b"\t" not in word:
            return at
        elif word[-1:] == b"\t" and word.count(b"\t") == 2:  # noqa: PLR2004 - no path: a rename
            at += 3
        else:
            at += 1
    return None


def _rows(tokens: Sequence[bytes]) -> tuple[FileChange, ...]:
    """Join the raw records with the line counts, which come in the same order."""
    raws: list[tuple[bytes, bytes, bytes | None]] = []
    at = 0
    while at < len(tokens) and tokens[at][:1] == b":":
        fields = tokens[at]
        if fields[-2:-1] == b" ":
            raws.append((fields, tokens[at + 1], None))
            at += 2
        else:
            raws.append((fields, tokens[at + 2], tokens[at + 1]))
            at += 3
    rows: list[FileChange] = []
    for fields, path, old in raws:
        added, deleted, counted = tokens[at].split(b"\t", 2)
        at += 1 if counted else 3
        if counted and counted != path:
            raise ValueError("git counted the lines of another path")
        rows.append(_row(fields, path, old=old, lines=(added, deleted)))
    if at != len(tokens):
        raise ValueError("git counted more paths than it listed")
    return tuple(rows)


def _row(
    fields: bytes, path: bytes, *, old: bytes | None, lines: tuple[bytes, bytes]
) -> FileChange:
    before, mode, blob_before, blob, status = fields[1:].decode("ascii").split(" ")
    submodule = mode == SUBMODULE or (status == "D" and before == SUBMODULE)
    binary = submodule or lines[0] == b"-"
    if blob == blob_before and not submodule:  # only its mode or name changed
        binary, lines = False, (b"0", b"0")
    return FileChange(
        status[0],
        path_text(path),
        None if old is None else path_text(old),
        None if binary else int(lines[0]),
        None if binary else int(lines[1]),
        mode,
        blob,
        submodule,
        blob_before,
    )
