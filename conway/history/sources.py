"""Where a history comes from: repositories, or a store.

In:  repositories, or the folder of a store.
Out: ``History``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import StoreError
from conway.history.record import History
from conway.mining.miner import mine_facts, mine_store
from conway.mining.store import copy_store, is_store, read_facts

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from conway.mining.facts import Refused
    from conway.mining.shards import ReaderName
    from conway.mining.sources import Repository


def mine(
    *repositories: Repository,
    store: str | os.PathLike[str] | None = None,
    ref: str | None = None,
    jobs: int = 1,
    reader: ReaderName = "batch",
    key: bytes | None = None,
    progress: bool | None = None,
    untrusted: bool = False,
) -> History:
    """Read the history of repositories; they are never written to.

    Parameters
    ----------
    repositories
        Paths of work trees, bare directories and bundles, or ``pydriller.Repository``.
    store
        A folder ``NAME.conway`` to keep everything in; the next run goes on from there.
    ref
        The mainline is the first-parent history of this name, else of HEAD.
    jobs
        Processes that read at a time: several repositories, or parts of one.
    reader
        ``batch`` asks git once, ``pydriller`` once per commit; the rows are the same.
    key
        Key of people's pseudonyms; else ``CONWAY_KEY``, else the user's own key.
    progress
        Whether to show a bar on a terminal; never elsewhere.
    untrusted
        Copy local repositories first, hashing every object again, which refuses forged ones;
        bundles and URLs always are.

    Returns
    -------
    History
        Unfiltered: what to select stands in ``conway.toml``.

    Raises
    ------
    RepositoryError, StoreError
        If a repository or the store cannot be used.
    """
    place = None if store is None else Path(store)
    facts = mine_facts(
        repositories,
        store=place,
        ref=ref,
        jobs=jobs,
        reader=reader,
        key=key,
        progress=progress,
        untrusted=untrusted,
    )
    return History.of(facts)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a store holds after mining, without reading it back.

    Attributes
    ----------
    repositories, changes
        How many were read.
    refused
        Repositories that could not be read, with the reason.
    """

    repositories: int
    changes: int
    refused: tuple[Refused, ...]

    def __str__(self) -> str:
        """Say it in one line."""
        several = "repository" if self.repositories == 1 else "repositories"
        return f"{self.repositories} {several}, {self.changes:,} changes"


def keep(
    given: Sequence[Repository],
    *,
    store: str | os.PathLike[str],
    ref: str | None = None,
    jobs: int = 1,
    progress: bool | None = None,
    untrusted: bool = False,
) -> Kept:
    """Read repositories into a store and nothing into memory; parameters as in ``mine``."""
    if any(is_store(Path(path)) for path in given if isinstance(path, str | Path)):
        history = open_history(given, store=store, ref=ref, jobs=jobs, progress=progress)
        return Kept(len(history.repositories), len(history.changes), history.refused)
    manifest = mine_store(given, store=Path(store), ref=ref, jobs=jobs, progress=progress,
                          untrusted=untrusted)  # fmt: skip
    changes = sum(one.facts.changes for one in manifest.repositories)
    return Kept(len(manifest.repositories), changes, manifest.refused)


def read_history(store: str | os.PathLike[str]) -> History:
    """Return the history in a store, every file of which is verified first.

    Raises
    ------
    StoreError
        If it is not a store, or is damaged.
    """
    return History.of(read_facts(Path(store)))


def open_history(
    given: Sequence[Repository],
    *,
    store: str | os.PathLike[str] | None = None,
    ref: str | None = None,
    jobs: int = 1,
    progress: bool | None = None,
    untrusted: bool = False,
) -> History:
    """Return the history of what a user names: repositories, or one store.

    Parameters
    ----------
    given
        Repositories, or one store.
    store
        Where to keep what is read; a store given is copied there.
    ref, jobs, progress, untrusted
        As in ``mine``.
    """
    stores = [path for path in given if isinstance(path, str | Path) and is_store(Path(path))]
    if not stores:
        return mine(*given, store=store, ref=ref, jobs=jobs, progress=progress, untrusted=untrusted)
    if len(given) > 1:
        raise StoreError(
            f"{visible(str(stores[0]))}: this is a store; pass one store, or only repositories"
        )
    if ref is not None:
        raise StoreError(
            f"{visible(str(stores[0]))}: a store has one mainline; run `conway mine --ref "
            f"{visible(ref)}` on the repositories instead"
        )
    if store is not None:
        copy_store(Path(stores[0]), Path(store))
    return read_history(stores[0])
