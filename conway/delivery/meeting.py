"""How many pairs of change sets share a resource, week by week, without listing the pairs.

In:  how often each distinct resource set occurs in each week, and its resources.
Out: the matrix of ordered pairs that meet, by the weeks of the two.

    meeting[i, j] = sum over k, l of n_ik n_jl [k and l share a resource]

With few distinct sets the indicator is a sparse matrix, and this a product of three. With
many, that matrix would have billions of entries. Then pairs with a set of few resources
follow from inclusion and exclusion over the common subsets (an identity),

    [k and l share] = sum over non-empty S in k and l of (-1)^(|S| + 1)

so with ``V_iS`` the change sets of week ``i`` that need all of ``S``, they meet in
``sum_S (-1)^(|S| + 1) V_iS V_jS``. Large sets have too many subsets, but there are few of them:
the subsets that each contains give its pairs with the others, and pairs among them are listed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = 2_000
"""Distinct sets up to which the indicator is built."""

MOST_RESOURCES = 5
"""Resources of a set all of whose subsets are taken: 31 of them."""

AT_A_TIME = 256


def meeting_pairs(weekly: sparse.csr_array, resources: sparse.csr_array) -> np.ndarray:
    """Count ordered pairs that share a resource, by week, each set with itself included.

    Parameters
    ----------
    weekly
        Weeks by distinct sets: how often each occurs.
    resources
        Distinct sets by resources, 1 where needed.

    Returns
    -------
    ndarray
        Shape ``(weeks, weeks)``, symmetric.
    """
    if resources.shape[0] <= FEW:
        meets = shared(resources, resources)
        return np.asarray((weekly @ meets @ weekly.T).todense())
    large = np.diff(resources.indptr) > MOST_RESOURCES
    few, many = (resources[np.flatnonzero(one)].tocsr() for one in (~large, large))
    by_few, by_many = (weekly[:, np.flatnonzero(one)].tocsr() for one in (~large, large))
    found, with_many = np.zeros((2, weekly.shape[0], weekly.shape[0]))
    levels = []
    for sign, of_few, known in _subsets(few):
        holding = (by_few @ of_few).tocsr()
        found += sign * _dense(holding @ holding.T)
        levels.append((known, sign * holding.T))
    for first in range(0, many.shape[0], AT_A_TIME):
        part = slice(first, first + AT_A_TIME)
        own = by_many[:, part].tocsr()
        found += _dense(own @ shared(many[part], many) @ by_many.T)
        held = zip(_held(many[part], [known for known, _ in levels]), levels, strict=True)
        for in_many, (_, holding) in held:
            with_many += _dense(own @ in_many @ holding)
    return found + with_many + with_many.T


def shared(one: sparse.csr_array, other: sparse.csr_array) -> sparse.csr_array:
    """Return which sets of one and the other share a resource (sparse, 1 where they do)."""
    meets: sparse.csr_array = (one @ other.T).tocsr()
    meets.data = np.ones_like(meets.data, dtype=np.float64)
    return meets


def _dense(product: sparse.csr_array) -> np.ndarray:
    dense: np.ndarray = product.toarray()
    return dense


def _subsets(few: sparse.csr_array) -> Iterator[tuple[float, sparse.csr_array, pd.Index]]:
    """Yield for each size its sign, the sets by their subsets, and the keys of these."""
    subsets = _Prefixes.of(few.sorted_indices())
    sign = 1.0
    while len(subsets.owner):
        number, distinct = pd.factorize(subsets.number)
        subsets = replace(subsets, number=number)
        yield sign, subsets.incidence(len(distinct)), pd.Index(distinct)
        subsets, sign = subsets.longer(), -sign


def _held(many: sparse.csr_array, levels: list[pd.Index]) -> Iterator[sparse.csr_array]:
    """Yield for each size which of the known subsets each set holds."""
    subsets = _Prefixes.of(many.sorted_indices())
    for known in levels:
        place = known.get_indexer(pd.Index(subsets.number))
        subsets = replace(subsets, number=place).keep(place >= 0)
        yield subsets.incidence(len(known))
        subsets = subsets.longer()


@dataclass(frozen=True, eq=False)
class _Prefixes:
    """Subsets of sets, by their number and the place of their last member.

    A subset is a shorter one and a last member, so each size follows from the one before.
    """

    starts: np.ndarray
    lanes: np.ndarray
    width: int
    owner: np.ndarray
    number: np.ndarray
    last: np.ndarray

    @classmethod
    def of(cls, sets: sparse.csr_array) -> _Prefixes:
        """Return the subsets of one member."""
        lanes, count = sets.indices.astype(np.int64), len(sets.indices)
        owner = np.repeat(np.arange(sets.shape[0]), np.diff(sets.indptr))
        return cls(sets.indptr, lanes, sets.shape[1], owner, lanes, np.arange(count))

    def longer(self) -> _Prefixes:
        """Return the subsets of one member more, numbered by prefix and last member."""
        more = self.starts[self.owner + 1] - self.last - 1
        owner, before, prefix = (
            np.repeat(one, more) for one in (self.owner, self.last, self.number)
        )
        within = np.arange(len(owner)) - np.repeat(np.cumsum(more) - more, more)
        last = before + 1 + within
        number = prefix * self.width + self.lanes[last]
        return replace(self, owner=owner, number=number, last=last)

    def keep(self, mask: np.ndarray) -> _Prefixes:
        """Return the subsets where ``mask`` is true."""
        return replace(self, owner=self.owner[mask], number=self.number[mask], last=self.last[mask])

    def incidence(self, subsets: int) -> sparse.csr_array:
        """Return the sets by their subsets, 1 where it is one."""
        shape = (len(self.starts) - 1, subsets)
        ones = np.ones(len(self.owner))
        return sparse.coo_array((ones, (self.owner, self.number)), shape=shape).tocsr()
