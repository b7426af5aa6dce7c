"""Parses raw commit objects.

In:  the content of a commit object, which may be odd in every way.
Out: ``Commit``. Nothing that a commit holds raises: what cannot be read is empty, and
     ``time_valid`` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from conway.mining.texts import message_text

EARLIEST = 365 * 24 * 3600
LATEST = 4_102_444_800
"""Clocks before 1971 and from 2100 on are read, kept and marked as not plausible."""

_LONGEST = 64 << 10
_BOUND = 1 << 62
_CLOCK = re.compile(rb"(.*?)(-?\d{1,40})", re.DOTALL)
_ZONE = re.compile(rb"[+-]\d+")
_PARENT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Signature:
    """A name, an e-mail address and a clock in seconds, as git stores them."""

    name: str
    email: str
    time: int
    valid: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit object says.

    Attributes
    ----------
    oid, parents
        Object ids in hexadecimal.
    author, committer
        Who, and by which clock.
    message
        The first and last 64 KiB of its message.
    """

    oid: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str

    @property
    def subject(self) -> str:
        """The first line that is not blank."""
        return self.message.lstrip().split("\n", 1)[0].strip()

    @property
    def time_valid(self) -> bool:
        """Whether both clocks could be read and are plausible."""
        return self.author.valid and self.committer.valid


_NOBODY = Signature("", "", 0, valid=False)


def parse_commit(oid: str, raw: bytes) -> Commit:
    """Return the commit that an object holds."""
    head, _, body = raw.partition(b"\n\n")
    if raw.startswith(b"\n"):
        head, body = b"", raw
    parents: list[str] = []
    fields: dict[bytes, bytes] = {}
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        if key == b"parent":
            parents.append(value.decode("ascii", "replace"))
        elif key in {b"author", b"committer", b"encoding"}:
            fields.setdefault(key, value)
    encoding = fields[b"encoding"].decode("ascii", "replace") if b"encoding" in fields else None
    if len(body) > 2 * _LONGEST:
        body = body[:_LONGEST] + b"\n\n" + body[-_LONGEST:]
    author, committer = fields.get(b"author"), fields.get(b"committer")
    return Commit(
        oid,
        tuple(parent for parent in parents if _PARENT.fullmatch(parent)),
        _NOBODY if author is None else parse_signature(author, encoding=encoding),
        _NOBODY if committer is None else parse_signature(committer, encoding=encoding),
        message_text(body, encoding),
    )


def parse_signature(raw: bytes, *, encoding: str | None = None) -> Signature:
    """Return who and when a line like ``Ann <ann@x.org> 1700000000 +0100`` says.

    Examples
    --------
    >>> parse_signature(b"Ann <ann@x.org> 1700000000 +0100")
    Signature(name='Ann', email='ann@x.org', time=1700000000, valid=True)
    >>> parse_signature(b"just a name").valid
    False
    """
    words = raw.rsplit(None, 2)  # one pass: a pattern for all three is slow on many spaces
    found = _CLOCK.fullmatch(words[-2]) if len(words) > 1 and _ZONE.fullmatch(words[-1]) else None
    who, time = (b" ".join([*words[:-2], found[1]]), int(found[2])) if found else (raw, 0)
    name, email = _who(who, encoding)
    valid = found is not None and EARLIEST <= time < LATEST
    clipped = max(-_BOUND, min(_BOUND, time))
    return Signature(name, email, clipped, valid=valid)


@lru_cache(maxsize=1 << 14)
def _who(who: bytes, encoding: str | None) -> tuple[str, str]:
    name, email = _split(who)
    return message_text(name, encoding), message_text(email, encoding)


def _split(who: bytes) -> tuple[bytes, bytes]:
    """Split at the first ``<`` and the last ``>``, as git does."""
    opened = who.find(b"<")
    if opened < 0:
        return who.strip(), b""
    closed = who.rfind(b">")
    email = who[opened + 1 : closed if closed > opened else None]
    return who[:opened].strip(), email.strip(b" <>\t\r")
