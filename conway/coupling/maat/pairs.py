"""Pairs of items that are in the same sets, and their order in Code Maat.

In:  which item is in which set: entities in revisions, authors at entities.
Out: the pairs, how often they meet, and their place in the map that counted them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.maat.order import IN_ORDER, hash_of_row, text_hashes, trie_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conway.coupling.maat.groups import Whole

    Pairs = tuple[Whole, Whole]


_FEW = 4


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Rows that put items into sets, in the order within each set.

    Attributes
    ----------
    set_of, item
        Number of set and item of each row.
    place
        For each set its place among the sets.
    ordered
        Whether (a, b) and (b, a) are two pairs.
    """

    set_of: Whole
    item: Whole
    place: Whole
    ordered: bool = False

    def only(self, rows: NDArray[np.bool_]) -> Members:
        """Return these rows alone."""
        return Members(self.set_of[rows], self.item[rows], self.place, ordered=self.ordered)


def joint(members: Members, *, items: int, least: int = 1) -> tuple[Whole, Whole, Whole]:
    """Return pairs of different items and the number of sets that hold both.

    Parameters
    ----------
    members
        A row may stand twice; it counts once.
    items
        How many items there are.
    least
        Leave out pairs that meet in fewer sets.

    Returns
    -------
    first, second, sets
        With ``members.ordered`` both (a, b) and (b, a), else a < b only.
    """
    from scipy.sparse import coo_array, triu

    shape = (len(members.place), items)
    once = coo_array(
        (np.ones(len(members.item), dtype="int32"), (members.set_of, members.item)), shape=shape
    ).tocsr()
    once.data[:] = 1
    together = once.T @ once
    together.data[together.data < least] = 0
    together.eliminate_zeros()
    half = triu(together, k=1).tocoo()
    a, b, count = half.row.astype("int64"), half.col.astype("int64"), half.data.astype("int64")
    if not members.ordered:
        return a, b, count
    return np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([count, count])


def pair_count(members: Members, *, items: int) -> int:
    """Return how many pairs of different items meet, or any number above ``IN_ORDER``.

    A set of five items has ten pairs; only sets of fewer are worth counting.
    """
    once = np.unique(members.set_of * max(items, 1) + members.item) // max(items, 1)
    if np.bincount(once).max(initial=0) > _FEW:
        return IN_ORDER + 1
    return len(joint(members, items=items)[0])


def by_trie(names: NDArray[np.object_], pairs: Pairs, *, members: Members, total: int) -> Whole:
    """Return numbers that sort pairs as the map of all ``total`` pairs holds them.

    Where two pairs have one hash, or the map is small, they stand as they were first met.
    """
    first, second = pairs
    hashes = text_hashes(names)
    keys = trie_keys(hash_of_row([hashes[first], hashes[second]]))
    if total <= IN_ORDER:
        keys[:] = 0
    order = np.argsort(keys, kind="stable")
    start = np.flatnonzero(np.diff(keys[order].astype("int64"), prepend=-1))
    size = np.diff(start, append=len(order))
    rank = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    for begin, count in zip(start[size > 1], size[size > 1], strict=True):
        rows = order[begin : begin + count].tolist()
        pairs_met = {row: _first_met(members, (int(first[row]), int(second[row]))) for row in rows}
        met = sorted(rows, key=pairs_met.__getitem__)
        rank[met] = begin + np.arange(len(met))
    return rank


def _first_met(members: Members, pair: tuple[int, int]) -> tuple[int, int, int]:
    """Return where a pair is met first: the set's place, and the rows of both in it."""
    at, other = (_first_rows(members, item) for item in pair)
    meetings: list[tuple[int, int, int]] = []
    for each in at.keys() & other.keys():
        a, b = at[each], other[each]
        if not members.ordered:
            a, b = min(a, b), max(a, b)
        meetings.append((int(members.place[each]), a, b))
    return min(meetings)


def _first_rows(members: Members, item: int) -> dict[int, int]:
    """Return by set the first row that holds an item."""
    rows = np.flatnonzero(members.item == item)[::-1]
    return dict(zip(members.set_of[rows].tolist(), rows.tolist(), strict=True))
