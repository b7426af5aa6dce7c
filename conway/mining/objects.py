"""Reads objects by id, in one git process for as many as git survives.

In:  object ids.
Out: their content, in order; a reason for those that are missing, damaged or too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.mining.git import GitFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conway.mining.git import Git

MISSING = "object is missing"
LARGEST = 16 << 20
"""Bytes of an object that are kept; a longer one passes by and counts as not read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: its id and kind, and its content, or why there is none."""

    oid: str
    kind: str
    content: bytes
    fault: str | None = None


def read_objects(git: Git, oids: Sequence[str]) -> Iterator[Stored]:
    """Yield the object of each id, in order; a fault stays with its own object."""
    begun = 0
    while begun < len(oids):
        fault = None
        try:
            for stored in _batch(git, oids[begun:]):
                yield stored
                begun += 1
        except GitFailure as failure:
            fault = str(failure)
        if begun < len(oids):  # git stopped at this object: read it alone, go on behind it
            yield _alone(git, oids[begun], fault=fault)
            begun += 1


def sizes(git: Git, oids: Sequence[str]) -> dict[str, int]:
    """Return the size of each object in bytes; those missing or damaged are left out."""
    found: dict[str, int] = {}
    given = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    try:
        for line in git.run("cat-file", "--batch-check", given=given).decode("ascii").splitlines():
            oid, *rest = line.split(" ")
            if len(rest) == 2:  # noqa: PLR2004 - kind and size; otherwise "missing"
                found[oid] = int(rest[1])
    except GitFailure:
        if len(oids) <= 1:
            return {}
        half = len(oids) // 2
        return {**sizes(git, oids[:half]), **sizes(git, oids[half:])}
    return found


def _alone(git: Git, oid: str, *, fault: str | None) -> Stored:
    try:
        for stored in _batch(git, [oid]):
            return stored
    except GitFailure as failure:
        return Stored(oid, "", b"", str(failure))
    return Stored(oid, "", b"", fault or MISSING)


def _batch(git: Git, oids: Sequence[str]) -> Iterator[Stored]:
    given = "".join(f"{oid}\n" for oid in oids).encode("ascii")
    blocks = git.stream("cat-file", "--batch", "--buffer", given=given)
    text = bytearray()
    at = 0
    for block in blocks:
        del text[:at]
        at = 0
        text += block
        while (ends := text.find(b"\n", at)) >= 0:
            oid, kind, *size = text[at:ends].decode("ascii").split(" ")
            if not size:
                yield Stored(oid, "", b"", MISSING)
                at = ends + 1
                continue
            after = ends + 1 + int(size[0])
            if int(size[0]) > LARGEST:
                fault = f"it has {size[0]} bytes, more than {LARGEST}"
                head = bytes(text[ends + 1 : after])
                text = bytearray(_past(blocks, text, end=after))
                yield Stored(oid, kind, head, fault)
                at = 1
                continue
            if len(text) <= after:
                break
            yield Stored(oid, kind, bytes(text[ends + 1 : after]))
            at = after + 1


def _past(blocks: Iterator[bytes], text: bytearray, *, end: int) -> bytes:
    """Drop bytes up to ``end``, which no memory need hold; return what follows."""
    left, rest = end - len(text), bytes(text[end:])
    while left >= 0 and (block := next(blocks, b"")):
        rest = block[left:]
        left -= len(block)
    return rest
