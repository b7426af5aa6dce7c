"""Writes git objects byte for byte, as no git would.

In:  a bare repository and raw content.
Out: loose objects, trees and commits in it, however odd.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from tests.mining.repositories import START, git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WHO = b"author Ann <ann@example.org> %d +0000\ncommitter Ann <ann@example.org> %d +0000\n"

Entry = tuple[bytes, bytes, str]
"""Mode, name and object id of one entry of a tree."""


def forge(place: Path, kind: str, content: bytes, *, oid: str | None = None) -> str:
    """Write a loose object, under its own name or a false one; return the name."""
    raw = f"{kind} {len(content)}\0".encode() + content
    name = oid or hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    file = place / "objects" / name[:2] / name[2:]
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(zlib.compress(raw, 1))
    return name


def forge_tree(place: Path, entries: Sequence[Entry]) -> str:
    """Write a tree in the order given."""
    return forge(place, "tree", b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries
    ))  # fmt: skip


def forge_commit(
    place: Path, *, tree: str, parents: Sequence[str], rest: bytes | None = None,
    number: int = 0, tip: bool = True,
) -> str:  # fmt: skip
    """Write a commit; it becomes the tip of main."""
    when = START + 10_000_000 + number
    head = f"tree {tree}\n" + "".join(f"parent {parent}\n" for parent in parents)
    body = WHO % (when, when) + b"\nforged\n" if rest is None else rest
    oid = forge(place, "commit", head.encode() + body)
    if tip:
        point(place, oid)
    return oid


def point(place: Path, oid: str, *, ref: str = "refs/heads/main") -> None:
    """Let a ref name an object; nobody checks what it is."""
    file = place / ref
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{oid}\n")


def on_top(place: Path, entries: Sequence[Entry], *, rest: bytes | None = None) -> Path:
    """Put a commit with a tree of these entries on top of main."""
    parent = git(place, "rev-parse", "main")
    forge_commit(place, tree=forge_tree(place, entries), parents=[parent], rest=rest)
    return place


def then_back(place: Path, odd: str) -> Path:
    """Put a tree on top of main, then the tree before it again, so that the tip is sound."""
    parent = git(place, "rev-parse", "main")
    sound = git(place, "rev-parse", "main^{tree}")
    middle = forge_commit(place, tree=odd, parents=[parent], number=1, tip=False)
    forge_commit(place, tree=sound, parents=[middle], number=2)
    return place


def packs_of(place: Path) -> list[Path]:
    """Return the pack files of a repository."""
    return sorted((place / "objects" / "pack").glob("*.pack"))


def loosen(place: Path) -> Path:
    """Turn a packed repository into one of loose objects."""
    packs = [(file, file.read_bytes()) for file in packs_of(place)]
    for file, _ in packs:
        for part in file.parent.glob(f"{file.stem}.*"):
            part.unlink()
    for _, raw in packs:
        git(place, "unpack-objects", "-q", given=raw)
    return place


def object_file(place: Path, revision: str) -> Path:
    """Return the file of a loose object."""
    oid = git(place, "rev-parse", revision)
    return place / "objects" / oid[:2] / oid[2:]
