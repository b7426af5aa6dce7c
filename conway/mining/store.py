"""The store: a folder with everything that was read from git, unfiltered.

In:  a folder ``NAME.conway``.
Out: the same folder, always whole: immutable files named by their SHA-256, and one
     manifest that names them. Only its owner may read it: it knows people's names.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import StoreError
from conway.mining.facts import Facts
from conway.mining.manifest import (
    FILE,
    Manifest,
    NewerStoreError,
    flush_folder,
    read_manifest,
    write_manifest,
)
from conway.mining.parquet import Pieces
from conway.tables import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conway.mining.facts import RepositoryFacts
    from conway.mining.manifest import StoredRepository

_FOLDER = "facts"
_LOCK = ".lock"
_DRAFTS = f"{FILE}.*.tmp"
_PATIENCE = 60.0


def is_store(path: Path) -> bool:
    """Return whether a path is a store."""
    return (path / FILE).is_file()


def pieces_of(store: Path) -> Pieces:
    """Return the files of a store."""
    return Pieces(store / _FOLDER)


def read_facts(store: Path) -> Facts:
    """Return everything that a store holds; every file is verified first.

    Raises
    ------
    StoreError
        If it is not a store, is damaged, or a newer conway wrote it.
    """
    read_manifest(store)  # says what is wrong with the path
    _refuse_link(store)
    with _locked(store, exclusive=False):
        manifest = read_manifest(store)
        with pieces_of(store) as pieces:
            tables = {
                schema.name: pieces.read(schema, manifest.pieces(schema.name)) for schema in FACTS
            }
    people = tables["people"].drop_duplicates(ignore_index=True)
    return Facts({**tables, "people": people}, tuple(map(_told, manifest.repositories)),
                 manifest.refused)  # fmt: skip


def _told(stored: StoredRepository) -> RepositoryFacts:
    """Return what was read of a repository, with what an earlier conway did not read."""
    if "imports" in stored.pieces:
        return stored.facts
    note = "an earlier conway wrote this store, without a table of imports; mine it again"
    return replace(stored.facts, notes=(*stored.facts.notes, note))


@contextmanager
def writing(store: Path) -> Iterator[Manifest]:
    """Hold a store for writing; yields what it held before.

    A store that is new and was not completed is removed again.

    Raises
    ------
    StoreError
        If the folder holds anything else, or another process is writing for a minute.
    """
    while True:
        _prepare(store)
        with _locked(store, exclusive=True) as valid:
            if not valid:
                continue
            try:
                yield _before(store)
            except BaseException:
                if not is_store(store):
                    shutil.rmtree(store, ignore_errors=True)
                raise
            return


def publish(store: Path, manifest: Manifest) -> None:
    """Make a manifest the store's, then remove the files that nothing names any more.

    The names of the files it names are on the disk before it is.
    """
    try:
        flush_folder(store / _FOLDER)
    except OSError as fault:
        raise StoreError(f"{visible(str(store))}: cannot write the store: {fault}; make room or "
                         "give another place with -o") from fault  # fmt: skip
    write_manifest(store, manifest)
    kept = manifest.files()
    for file in sorted((*store.glob(_DRAFTS), *(store / _FOLDER).iterdir())):
        if file.suffix == ".tmp" or (file.suffix == ".parquet" and file.stem not in kept):
            with suppress(OSError):  # the next run removes it
                file.unlink()


def copy_store(source: Path, target: Path) -> None:
    """Copy a store; the copy's manifest comes last, so that it is whole or none."""
    with writing(target), _locked(source, exclusive=False):
        manifest = read_manifest(source)
        for name in sorted(manifest.files()):
            shutil.copyfile(
                source / _FOLDER / f"{name}.parquet", target / _FOLDER / f"{name}.parquet"
            )
        publish(target, manifest)


def _prepare(store: Path) -> None:
    if store.exists() and not is_store(store) and _holds_anything(store):
        raise StoreError(
            f"{visible(str(store))}: this is there and is not a store; give another name with -o"
        )
    _refuse_link(store)
    try:
        (store / _FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        store.chmod(0o700)
    except OSError as fault:
        raise StoreError(
            f"{visible(str(store))}: cannot make the store: {fault}; give another place with -o"
        ) from fault


def _refuse_link(store: Path) -> None:
    """Refuse a store whose files are elsewhere: those that it does not name are removed."""
    if (store / _FOLDER).is_symlink():
        raise StoreError(
            f"{visible(str(store / _FOLDER))}: this is a symbolic link; remove the store and run "
            "`conway mine` again"
        )


def _holds_anything(store: Path) -> bool:
    if not store.is_dir():
        return True
    return any(
        entry.name not in {_FOLDER, _LOCK} and not entry.match(_DRAFTS) for entry in store.iterdir()
    )


def _before(store: Path) -> Manifest:
    """Return what the store held; a damaged or older manifest counts as nothing."""
    try:
        return read_manifest(store)
    except NewerStoreError:
        raise
    except StoreError:
        return Manifest()


@contextmanager
def _locked(store: Path, *, exclusive: bool) -> Iterator[bool]:
    """Lock a store; the lock dies with its process. A store one cannot write needs none.

    Yields False where who held the lock before gave the store up and removed it.
    """
    try:
        handle = os.open(store / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        yield False
        return
    except OSError:
        if exclusive:
            raise StoreError(f"{visible(str(store))}: cannot write here; give another place "
                             "with -o") from None  # fmt: skip
        yield True
        return
    try:
        _wait(handle, store, how=fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield _is_of(handle, store)
    finally:
        os.close(handle)


def _is_of(handle: int, store: Path) -> bool:
    """Return whether a lock is still that of the folder."""
    try:
        return os.path.samestat(os.fstat(handle), (store / _LOCK).stat())
    except FileNotFoundError:
        return False


def _wait(handle: int, store: Path, *, how: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise StoreError(
                    f"{visible(str(store))}: another conway has been using this store for a "
                    "minute; wait for it to end"
                ) from None
            time.sleep(0.05)
        else:
            return
