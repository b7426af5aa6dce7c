"""The one file of a store that is ever replaced: it names all others.

In:  ``manifest.json``.
Out: ``Manifest``: the repositories, their blocks, and the files that hold their rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from conway.display import visible
from conway.errors import StoreError
from conway.mining.facts import Refused, RepositoryFacts
from conway.mining.parquet import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 2
FILE = "manifest.json"
_LARGEST = 256 << 20


class NewerStoreError(StoreError):
    """A newer conway wrote the store: it is neither read nor replaced."""


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """Consecutive mainline changes: where they begin and end, and their files."""

    first: int
    changes: int
    last: str
    clock: int
    pieces: Mapping[str, Piece]
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredRepository:
    """One repository in a store.

    Attributes
    ----------
    facts
        What was read.
    options
        All that the rows depend on beside the commits; other options, other rows.
    blocks
        In mainline order.
    pieces
        Tables that are not cut into blocks: ``imports``, ``releases`` and ``tree``.
    """

    facts: RepositoryFacts
    options: str
    blocks: tuple[StoredBlock, ...]
    pieces: Mapping[str, Piece]

    def all_pieces(self, table: str) -> list[Piece]:
        """Return the pieces of one table, in order."""
        if table in self.pieces:
            return [self.pieces[table]]
        return [block.pieces[table] for block in self.blocks if table in block.pieces]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store holds, what it does not and why, and which tools wrote it."""

    repositories: tuple[StoredRepository, ...] = ()
    refused: tuple[Refused, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)

    def named(self, name: str) -> StoredRepository | None:
        """Return the repository of a name, if the store holds it."""
        return next((one for one in self.repositories if one.facts.name == name), None)

    def pieces(self, table: str) -> list[Piece]:
        """Return the pieces of one table, by repository, then in order."""
        return [piece for one in self.repositories for piece in one.all_pieces(table)]

    def files(self) -> set[str]:
        """Return the SHA-256 of every file that belongs to the store."""
        return {
            piece.sha256
            for one in self.repositories
            for pieces in (one.pieces, *(block.pieces for block in one.blocks))
            for piece in pieces.values()
        }


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a store.

    Raises
    ------
    StoreError
        If there is none, it is damaged, or a newer conway wrote it.
    """
    path = folder / FILE
    shown = visible(str(path))
    try:
        raw = json.loads(_text_of(path))
        version = raw["version"]
        if version == VERSION:
            return _manifest(_verified(raw))
    except FileNotFoundError as fault:
        raise StoreError(
            f"{visible(str(folder))}: this is not a store, it has no {FILE}; make one with "
            "`conway mine REPO -o NAME.conway`"
        ) from fault
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as fault:
        raise StoreError(
            f"{shown}: the store's manifest is damaged ({visible(str(fault))}); remove the store "
            "and run `conway mine` again"
        ) from fault
    if isinstance(version, int) and version > VERSION:
        raise NewerStoreError(
            f"{shown}: this store has layout {version}, this conway reads {VERSION}; run "
            "`conway mine` into another folder, or use the conway that wrote it"
        )
    raise StoreError(
        f"{shown}: this store has layout {visible(str(version))}, this conway reads {VERSION}; "
        "run `conway mine` on the repositories again"
    )


def _text_of(path: Path) -> str:
    """Return a manifest's text; a pipe, a device or a link would hang or fill the memory."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, encoding="utf-8") as file:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > _LARGEST:
            raise ValueError("it is no regular file, or too large")
        return file.read()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest of a store, whole or not at all."""
    content: dict[str, Any] = {
        "version": VERSION,
        "tools": dict(sorted(manifest.tools.items())),
        "repositories": [asdict(one) for one in manifest.repositories],
        "refused": [asdict(one) for one in manifest.refused],
    }
    content["sha256"] = _digest(content)
    text = json.dumps(content, indent=1, sort_keys=True, allow_nan=False) + "\n"
    draft = folder / f"{FILE}.{secrets.token_hex(8)}.tmp"
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if draft.read_text(encoding="utf-8") != text:
            raise StoreError(f"{visible(str(folder))}: the manifest was not written whole; check "
                             "the disk and run again")  # fmt: skip
        draft.replace(folder / FILE)
        flush_folder(folder)
    except OSError as fault:
        raise StoreError(f"{visible(str(folder))}: cannot write the store: {fault}; make room or "
                         "give another place with -o") from fault  # fmt: skip
    finally:
        with suppress(OSError):  # the next run removes it
            draft.unlink()


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a manifest's content, so that no flipped bit passes for a count."""
    text = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _verified(raw: dict[str, Any]) -> Mapping[str, Any]:
    if raw.pop("sha256") != _digest(raw):
        raise ValueError("its content was changed")
    return raw


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    return Manifest(
        tuple(_repository(one) for one in raw["repositories"]),
        tuple(Refused(**one) for one in raw["refused"]),
        dict(raw["tools"]),
    )


def _repository(raw: Mapping[str, Any]) -> StoredRepository:
    facts = dict(raw["facts"])
    facts |= {"skipped": _pairs(facts["skipped"]), "notes": tuple(facts["notes"])}
    return StoredRepository(
        RepositoryFacts(**facts),
        str(raw["options"]),
        tuple(_block(block) for block in raw["blocks"]),
        _pieces(raw["pieces"]),
    )


def _block(raw: Mapping[str, Any]) -> StoredBlock:
    return StoredBlock(
        **{
            **raw,
            "pieces": _pieces(raw["pieces"]),
            "skipped": _pairs(raw["skipped"]),
            "notes": tuple(raw["notes"]),
        }
    )


def _pieces(raw: Mapping[str, Any]) -> dict[str, Piece]:
    pieces = {str(table): Piece(**piece) for table, piece in raw.items()}
    for piece in pieces.values():
        if len(piece.sha256) != 64 or not piece.sha256.isalnum():  # noqa: PLR2004 - hexadecimal
            raise ValueError(f"{piece.sha256!r} is no SHA-256")
    return pieces


def _pairs(raw: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - JSON
    return tuple((str(oid), str(reason)) for oid, reason in raw)
