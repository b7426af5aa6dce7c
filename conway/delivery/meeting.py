"""How many pairs of change sets share a resource, week by week, without listing the pairs.

In:  how often each distinct resource set occurs in each week, and its resources.
Out: the matrix of ordered pairs that meet, by the weeks of the two.

    meeting[i, j] = sum over k, l of n_ik n_jl [k and l share a resource]

With few distinct sets the indicator is a sparse matrix, and this a product of three. With
many, that matrix would have billions of entries. Then the sets are split. Small ones among
themselves follow from inclusion and exclusion over the common subsets (an identity),

    [k and l share] = sum over non-empty S in k and l of (-1)^(|S| + 1)

so with ``V_iS`` the change sets of week ``i`` that need all of ``S``, they meet in
``sum_S (-1)^(|S| + 1) V_iS V_jS``. Large ones, which have too many subsets and are few, are
held against all others, some at a time.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

FEW = 2_000
"""Distinct sets up to which the indicator is built."""

MOST_RESOURCES = 6
"""Resources of a set whose subsets are taken: 63 of them."""

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
    small_weekly = weekly[:, np.flatnonzero(~large)].tocsr()
    found = _among_small(small_weekly, resources[np.flatnonzero(~large)].tocsr())
    every = resources.T.tocsr()
    for part in np.array_split(np.flatnonzero(large), -(-int(large.sum()) // AT_A_TIME) or 1):
        meets = (resources[part] @ every).tocsr()
        meets.data = np.ones_like(meets.data, dtype=np.float64)
        towards = np.asarray((meets @ weekly.T).todense())  # large sets of the part by weeks
        own = weekly[:, part]
        found += own @ towards
        to_small = np.asarray((meets[:, np.flatnonzero(~large)] @ small_weekly.T).todense())
        found += (own @ to_small).T
    return found


def shared(one: sparse.csr_array, other: sparse.csr_array) -> sparse.csr_array:
    """Return which sets of one and the other share a resource (sparse, 1 where they do)."""
    meets: sparse.csr_array = (one @ other.T).tocsr()
    meets.data = np.ones_like(meets.data, dtype=np.float64)
    return meets


def _among_small(weekly: sparse.csr_array, resources: sparse.csr_array) -> np.ndarray:
    """Count the pairs among sets of few resources by their common subsets."""
    weeks = weekly.shape[0]
    found = np.zeros((weeks, weeks))
    for sign, subsets in zip(_SIGNS, _subsets(resources), strict=False):
        holding = (weekly @ subsets).tocsr()
        found += sign * np.asarray((holding @ holding.T).todense())
    return found


_SIGNS = (1.0, -1.0) * (MOST_RESOURCES // 2)


def _subsets(resources: sparse.csr_array) -> list[sparse.csr_array]:
    """Return for each size the sets by their subsets of that size (1 where it is one).

    A subset is its first members and the last one, so each size follows from the one before;
    subsets get numbers, and equal subsets of different sets the same.
    """
    resources = resources.sorted_indices()
    starts, lanes = resources.indptr, resources.indices.astype(np.int64)
    width = resources.shape[1]
    owner = np.repeat(np.arange(resources.shape[0]), np.diff(starts))
    last, number = np.arange(len(lanes)), lanes
    found = []
    while len(owner):
        shape = (resources.shape[0], int(number.max()) + 1)
        found.append(sparse.coo_array((np.ones(len(owner)), (owner, number)), shape=shape).tocsr())
        more = starts[owner + 1] - last - 1
        owner, before = np.repeat(owner, more), np.repeat(last, more)
        step = np.arange(len(owner)) - np.repeat(np.cumsum(more) - more, more)
        last = before + 1 + step
        number = pd.factorize(np.repeat(number, more) * width + lanes[last])[0]
    return found
