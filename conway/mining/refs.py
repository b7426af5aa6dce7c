"""Reads the refs of a repository without starting git in it.

In:  a checked layout.
Out: branches, tags and remote branches with their object ids, and what HEAD is.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.preflight import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conway.mining.preflight import Layout

_OID = re.compile(rb"^(?:[0-9a-f]{40}|[0-9a-f]{64})$")
_KEPT = (b"refs/heads/", b"refs/tags/", b"refs/remotes/")
_UNSAFE = re.compile(rb"[\x00-\x20\x7f~^:?*\[\\]|\.\.|//|@\{|/\.|\.lock(/|$)|[./]$")
IGNORED = "not followed"
_REPLACED = b"refs/replace/"
_LINKS = 5


@dataclass(frozen=True, slots=True)
class Refs:
    """The refs of one repository.

    Attributes
    ----------
    ids
        Object id by full name (``refs/heads/main``), both as git stores them.
    head
        Object id of HEAD, None where its branch has no commit.
    head_name
        The branch that HEAD is on, empty where it is detached.
    """

    ids: Mapping[bytes, bytes]
    head: bytes | None
    head_name: str


def read_refs(layout: Layout) -> Refs:
    """Return the branches, tags, remote branches and HEAD of a repository."""
    if (layout.common / "reftable").exists():
        raise RepositoryError(
            f"{visible(str(layout.directory))}: its refs are in a reftable, which is not read "
            "yet; run `git refs migrate --ref-format=files` in a copy and pass that"
        )
    raw = {**_packed(layout), **dict(_loose(layout))}
    ids = {name: _followed(raw, name) for name in raw}
    known = {name: oid for name, oid in sorted(ids.items()) if oid is not None}
    head = text_of(layout.directory / "HEAD", inside=layout.directory).strip()
    name = head.removeprefix(b"ref:").strip() if head.startswith(b"ref:") else b""
    oid = _followed(raw, name) if name else (head if _OID.match(head) else None)
    shown = visible(name.removeprefix(b"refs/heads/").decode("utf-8", "backslashreplace"))
    return Refs(known, oid, shown)


def rewriting(layout: Layout) -> tuple[str, ...]:
    """Return a note on what makes git show another history here; conway reads it as it is."""
    found = {name for name, _oid in _lines(layout) if name.startswith(_REPLACED)}
    found |= {name for name, _path in _files(layout) if name.startswith(_REPLACED)}
    grafts = text_of(layout.common / "info" / "grafts", inside=layout.common).splitlines()
    lines = [line for line in grafts if line.strip() and not line.startswith(b"#")]
    return tuple(
        f"{count} {what} {IGNORED}: git shows another history in this clone than everywhere else"
        for count, what in ((len(found), "replacement refs are"), (len(lines), "grafts are"))
        if count
    )


def packed_text(refs: Refs) -> bytes:
    """Return refs as the content of a ``packed-refs`` file."""
    return b"".join(oid + b" " + name + b"\n" for name, oid in sorted(refs.ids.items()))


def _packed(layout: Layout) -> dict[bytes, bytes]:
    return {name: oid for name, oid in _lines(layout) if _OID.match(oid) and _wanted(name)}


def _lines(layout: Layout) -> Iterator[tuple[bytes, bytes]]:
    for line in text_of(layout.common / "packed-refs", inside=layout.common).splitlines():
        oid, _, name = line.partition(b" ")
        yield name, oid


def _loose(layout: Layout) -> Iterator[tuple[bytes, bytes]]:
    for name, path in _files(layout):
        if _wanted(name):
            yield name, text_of(path, inside=layout.common).strip()


def _files(layout: Layout) -> Iterator[tuple[bytes, Path]]:
    root = layout.common / "refs"
    for folder, folders, files in os.walk(root):
        folders.sort()
        for file in sorted(files):
            path = Path(folder) / file
            yield os.fsencode(path.relative_to(layout.common).as_posix()), path


def _wanted(name: bytes) -> bool:
    return name.startswith(_KEPT) and not _UNSAFE.search(name)


def _followed(raw: Mapping[bytes, bytes], name: bytes) -> bytes | None:
    for _link in range(_LINKS):
        value = raw.get(name, b"")
        if not value.startswith(b"ref:"):
            return value if _OID.match(value) else None
        name = value.removeprefix(b"ref:").strip()
    return None
