"""A log as Code Maat groups it: by one column, and by entity and author.

In:  a log under ``conway.history.codemaat.LOG``.
Out: ``Groups`` of one column; ``Contributions``, one row per entity and author.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.coupling.maat.order import IN_ORDER, hash_of_map, places, text_hashes, trie_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The distinct values of one column.

    Attributes
    ----------
    names
        The values, by first appearance.
    of_row
        For each row of the log the number of its value.
    place
        For each value its place among the groups.
    """

    names: NDArray[np.object_]
    of_row: Whole
    place: Whole

    @property
    def rows(self) -> Whole:
        """How many rows each value has."""
        return np.bincount(self.of_row, minlength=len(self.names))


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """What each author did to each entity, grouped by entity, authors in their order.

    Attributes
    ----------
    entities, authors
        The groups of both columns.
    entity, author
        Numbers of entity and author of each contribution.
    revs, added, deleted
        Rows of the log, lines added, lines deleted.
    start
        Where the contributions to each entity begin, in the order of the groups.
    """

    entities: Groups
    authors: Groups
    entity: Whole
    author: Whole
    revs: Whole
    added: Whole
    deleted: Whole
    start: Whole


def groups(log: pd.DataFrame, column: str) -> Groups:
    """Group the rows of a log by one column."""
    codes, names = pd.factorize(log[column].to_numpy(dtype=object))
    return Groups(names, codes, places(names, key=column))


def lines(log: pd.DataFrame, column: str) -> Whole:
    """Return lines added or deleted by row; binary files count 0."""
    return log[column].to_numpy(dtype="int64", na_value=0)


def sums(values: Whole, of_row: Whole, *, size: int) -> Whole:
    """Sum values by group, exactly up to 2**53."""
    return np.bincount(of_row, weights=values, minlength=size).astype("int64")


def distinct_revs(revs: Groups, by: Groups) -> Whole:
    """Count the distinct revisions of each value."""
    pairs = np.unique(by.of_row * len(revs.names) + revs.of_row)
    return np.bincount(pairs // max(len(revs.names), 1), minlength=len(by.names))


def name_order(names: NDArray[np.object_]) -> Whole:
    """Return the rank of each text as Java compares texts: by UTF-16 unit."""
    units = [name.encode("utf-16-be", "surrogatepass") for name in names.tolist()]
    order = sorted(range(len(units)), key=units.__getitem__)
    ranks = np.empty(len(names), dtype="int64")
    ranks[order] = np.arange(len(names))
    return ranks


def contributions(log: pd.DataFrame) -> Contributions:
    """Group the rows of a log by entity, and each group by author."""
    entities, authors = groups(log, "entity"), groups(log, "author")
    pair = entities.of_row * max(len(authors.names), 1) + authors.of_row
    found, first, row = np.unique(pair, return_index=True, return_inverse=True)
    entity, author = np.divmod(found, max(len(authors.names), 1))
    many = np.bincount(entity, minlength=len(entities.names))[entity] > IN_ORDER
    hashes = trie_keys(hash_of_map(text_hashes(authors.names), key="author"))
    within = np.where(many, hashes[author].astype("int64"), first)
    order = np.lexsort((first, within, entities.place[entity]))
    size = len(found)
    grouped = entity[order]
    return Contributions(
        entities=entities,
        authors=authors,
        entity=grouped,
        author=author[order],
        revs=np.bincount(row, minlength=size)[order],
        added=sums(lines(log, "loc-added"), row, size=size)[order],
        deleted=sums(lines(log, "loc-deleted"), row, size=size)[order],
        start=np.flatnonzero(np.diff(grouped, prepend=-1)),
    )
