"""The batch reader: every change's files from one long-lived ``git diff-tree``.

In:  steps of the mainline.
Out: one ``Difference`` per step, in order: its rows, or why there are none.

A tree, blob or git that fails costs one change: it is read alone, marked as skipped when
it fails again, and git goes on behind it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conway.mining.git import DIFFERENCES, GitFailure
from conway.mining.texts import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conway.mining.git import Git
    from conway.mining.walk import Step

SUBMODULE = "160000"
_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


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
    """Yield the difference of each step to its first parent, in order."""
    done = 0
    while done < len(steps):
        fault: str | None = None
        try:
            for difference in _batch(git, steps[done:]):
                yield difference
                done += 1
        except (GitFailure, ValueError) as failure:
            fault = str(failure)
        if done < len(steps):
            yield _alone(git, steps[done], fault=fault or "git left it out")
            done += 1


def _alone(git: Git, step: Step, *, fault: str) -> Difference:
    try:
        for difference in _batch(git, [step]):
            return difference
    except (GitFailure, ValueError) as failure:
        return Difference(step.oid, (), str(failure))
    return Difference(step.oid, (), fault)


def _batch(git: Git, steps: Sequence[Step]) -> Iterator[Difference]:
    """Yield differences until git fails; the last one only when git ended well."""
    given = "".join(f"{step.oid} {step.parent or ''}".rstrip() + "\n" for step in steps)
    blocks = git.stream(*DIFFERENCES, given=given.encode("ascii"))
    expected = iter(steps)
    for oid, tokens in _records(blocks, most=git.limits.record):
        step = next(expected, None)
        if step is None or step.oid != oid:
            raise ValueError(f"git answered for {oid}, not for what was asked")
        yield Difference(oid, _rows(tokens))


def _records(blocks: Iterable[bytes], *, most: int) -> Iterator[tuple[str, list[bytes]]]:
    """Cut git's output into commits: an id, and the tokens up to the next id."""
    oid: bytes | None = None
    tokens: list[bytes] = []
    size = 0
    for token in _tokens(blocks, most=most):
        if _is_header(token, tokens):
            if oid is not None:
                yield oid.decode("ascii"), tokens
            oid, tokens, size = token, [], 0
            continue
        size += len(token)
        if size > most:
            raise GitFailure(f"it has more than {most} bytes of paths")
        tokens.append(token)
    if oid is not None:
        yield oid.decode("ascii"), tokens


def _is_header(token: bytes, before: Sequence[bytes]) -> bool:
    """Tell a commit's id from a path that looks like one by what stands before it."""
    if not _OID.fullmatch(token):
        return False
    return not _expects_path(before)


def _expects_path(before: Sequence[bytes]) -> bool:
    """Whether the tokens so far leave a path open."""
    at = 0
    while at < len(before):
        token = before[at]
        if token.startswith(b":"):
            at += 3 if token.rsplit(b" ", 1)[-1][:1] in b"RC" else 2
        elif not token.split(b"\t", 2)[-1]:  # a rename: the paths follow
            at += 3
        else:
            at += 1
    return at > len(before)


def _tokens(blocks: Iterable[bytes], *, most: int) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\0")
        if len(rest) > most:
            raise GitFailure(f"git printed one word of more than {most} bytes")
        yield from whole


def _rows(tokens: Sequence[bytes]) -> tuple[FileChange, ...]:
    """Join the raw records with the line counts, which come in the same order."""
    raws: list[tuple[bytes, bytes, bytes | None]] = []
    at = 0
    while at < len(tokens) and tokens[at].startswith(b":"):
        fields = tokens[at]
        if fields.rsplit(b" ", 1)[1][:1] in b"RC":
            raws.append((fields, tokens[at + 2], tokens[at + 1]))
            at += 3
        else:
            raws.append((fields, tokens[at + 1], None))
            at += 2
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
        status=status[0],
        path=path_text(path),
        old_path=None if old is None else path_text(old),
        added=None if binary else int(lines[0]),
        deleted=None if binary else int(lines[1]),
        mode=mode,
        blob=blob,
        submodule=submodule,
        before=blob_before,
    )
