"""Deploy parallelism: how many independent streams of delivery there effectively are.

In:  weighted footprints (each change set over its equal smallest sets of resources).
Out: ``Parallelism``: streams, streams without coupling, and the share retained.

    q       = probability that two random change sets need a common resource
    q_hat   = (sum_k w_k sum_{l meets k} w_l - sum_c s_c) / (W (W - 1)),   unbiased
    streams = 1 / q

``q0`` is the same with only the author's team (for release units: only the unit with most
touched paths, ties by name), so ``retained = q0 / q <= 1``: the share of the possible
parallelism that coupling leaves at the distribution of work as it is. It is at least
``q0``, so it is never compared between organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.delivery.weeks import interval
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from conway.delivery.footprints import Footprints
    from conway.delivery.weeks import Resampling


@dataclass(frozen=True, slots=True)
class Parallelism:
    """Streams of delivery, possible streams, and the share that coupling leaves."""

    streams: Figure
    streams_uncoupled: Figure
    retained: Figure


@dataclass(frozen=True, eq=False)
class Shares:
    """Change sets by distinct resource set: weights that sum to one per change set.

    Attributes
    ----------
    weights
        Change sets by distinct resource sets (sparse).
    resources
        Distinct resource sets by resources, 1 where needed (sparse).
    """

    weights: sparse.csr_array
    resources: sparse.csr_array

    @property
    def meets(self) -> sparse.csr_array:
        """Which distinct resource sets share a resource (sparse, 0 or 1)."""
        product = (self.resources @ self.resources.T).tocsr()
        meets: sparse.csr_array = product
        meets.data = np.ones_like(product.data, dtype=np.float64)
        return meets


def team_shares(prints: Footprints, *, teams: int, uncoupled: bool = False) -> Shares:
    """Return counted change sets over the sets of teams they need.

    Parameters
    ----------
    prints
        Footprints of the counted change sets.
    teams
        Number of teams.
    uncoupled
        Only the author's team, as if no other were needed.
    """
    index: dict[frozenset[int], int] = {}
    entries: list[tuple[int, int, float]] = []
    for kind, options in enumerate(prints.teams):
        chosen = (frozenset({int(prints.authors[kind])}),) if uncoupled else options
        for team_set in chosen:
            place = index.setdefault(team_set, len(index))
            entries.append((kind, place, 1 / len(chosen)))
    kinds, places, weights = (np.array(column) for column in zip(*entries, strict=True))
    by_kind = sparse.coo_array(
        (weights, (kinds, places)), shape=(len(prints.teams), len(index))
    ).tocsr()
    return Shares(by_kind[prints.kinds], _incidence(list(index), width=teams))


def lane_shares(touched: sparse.csr_array) -> Shares:
    """Return change sets over the distinct sets of lanes (services or units) they touch."""
    index: dict[tuple[int, ...], int] = {}
    touched = touched.sorted_indices()
    kinds = np.array(
        [
            index.setdefault(tuple(touched.indices[a:b].tolist()), len(index))
            for a, b in zip(touched.indptr[:-1], touched.indptr[1:], strict=True)
        ],
        dtype=np.int64,
    )
    count = len(kinds)
    weights = sparse.coo_array(
        (np.ones(count), (np.arange(count), kinds)), shape=(count, len(index))
    ).tocsr()
    return Shares(weights, _incidence([frozenset(key) for key in index], width=touched.shape[1]))


def main_lane(paths: sparse.csr_array) -> sparse.csr_array:
    """Return for each change set only the lane with most touched paths (ties by name)."""
    rows = np.flatnonzero(np.diff(paths.indptr) > 0)
    best = np.array([_heaviest(paths, row) for row in rows.tolist()], dtype=np.int64)
    return sparse.coo_array((np.ones(len(rows)), (rows, best)), shape=paths.shape).tocsr()


def _heaviest(paths: sparse.csr_array, row: int) -> int:
    part = slice(paths.indptr[row], paths.indptr[row + 1])
    lanes, counts = paths.indices[part], paths.data[part]
    return int(lanes[counts == counts.max()].min())


def _incidence(sets: list[frozenset[int]], *, width: int) -> sparse.csr_array:
    rows = [place for place, members in enumerate(sets) for _ in members]
    columns = [member for members in sets for member in sorted(members)]
    shape = (len(sets), width)
    return sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Ordered pairs of different change sets by their weeks: those that meet, and all.

    Attributes
    ----------
    meeting, every
        Shape ``(weeks, weeks)``. The diagonal holds pairs within one week, a change set
        with itself left out.
    """

    meeting: np.ndarray
    every: np.ndarray

    @property
    def q(self) -> float:
        """Unbiased probability that two random change sets meet."""
        pairs = float(self.every.sum())
        return float(self.meeting.sum()) / pairs if pairs > 0 else float("nan")

    def resampled(self, copies: np.ndarray) -> np.ndarray:
        """Return ``q`` of each resampled history, pairs of copies left out."""
        meeting = np.einsum("ri,ij,rj->r", copies, self.meeting, copies, optimize=True)
        every = np.einsum("ri,ij,rj->r", copies, self.every, copies, optimize=True)
        found: np.ndarray = np.full(len(copies), np.nan)
        np.divide(meeting, every, out=found, where=every > 0)
        return found


def pair_counts(shares: Shares, weeks: np.ndarray, *, count: int) -> PairCounts:
    """Count pairs of change sets that need a common resource, by week.

    Parameters
    ----------
    shares
        Change sets over resource sets.
    weeks
        Week of each change set (shape: change sets).
    count
        Weeks in the window.
    """
    total = len(weeks)
    by_week = sparse.coo_array(
        (np.ones(total), (weeks, np.arange(total))), shape=(count, total)
    ).tocsr()
    meets = shares.meets
    weekly_weights = by_week @ shares.weights
    meeting = np.asarray((weekly_weights @ meets @ weekly_weights.T).todense())
    own = np.asarray((shares.weights @ meets).multiply(shares.weights).sum(axis=1)).ravel()
    size = np.bincount(weeks, minlength=count).astype(np.float64)
    meeting = meeting - np.diag(np.bincount(weeks, weights=own, minlength=count))
    return PairCounts(meeting, np.outer(size, size) - np.diag(size))


def measure_parallelism(
    coupled: PairCounts, uncoupled: PairCounts, *, resampling: Resampling
) -> Parallelism:
    """Return streams, streams without coupling and the share retained, with intervals."""
    q, q0 = coupled.q, uncoupled.q
    if not np.isfinite(q) or q <= 0 or q0 <= 0:
        reason = "no two change sets share a resource" if q == 0 else "fewer than two change sets"
        if q0 == 0 and q > 0:
            reason = "no two change sets share an author's team or main unit"
        return Parallelism(*(Unknown(reason) for _ in range(3)))
    weeks = int((np.diag(coupled.every) > 0).sum())
    drawn, drawn0 = (c.resampled(resampling.copies) for c in (coupled, uncoupled))
    good = (drawn > 0) & (drawn0 > 0)
    drawn, drawn0 = drawn[good], drawn0[good]
    return Parallelism(
        streams=interval(1 / q, 1 / drawn, weeks=weeks),
        streams_uncoupled=interval(1 / q0, 1 / drawn0, weeks=weeks),
        retained=interval(q0 / q, drawn0 / drawn, weeks=weeks),
    )
