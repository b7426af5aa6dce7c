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

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.delivery.grouping import distinct_rows
from conway.delivery.meeting import meeting_pairs, shared
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

    @classmethod
    def unknown(cls, reason: str) -> Parallelism:
        """Return figures that are all unknown for one reason."""
        return cls(*(Unknown(reason) for _ in range(3)))


@dataclass(frozen=True, eq=False)
class Shares:
    """Change sets over the distinct resource sets that they need, by kind of change set.

    Attributes
    ----------
    kinds
        The kind of each change set (shape: change sets).
    by_kind
        Kinds by distinct resource sets: weights that sum to one per kind (sparse).
    resources
        Distinct resource sets by resources, 1 where needed (sparse).
    """

    kinds: np.ndarray
    by_kind: sparse.csr_array
    resources: sparse.csr_array

    @property
    def lanes(self) -> sparse.csr_array:
        """Change sets by resources: 1 where needed, or the share of equal sets (sparse)."""
        by_kind: sparse.csr_array = (self.by_kind @ self.resources).tocsr()
        return by_kind[self.kinds]

    @cached_property
    def own(self) -> np.ndarray:
        """Chance that a kind meets itself: 1, or less where equal sets share (shape: kinds)."""
        options = np.diff(self.by_kind.indptr)
        needs = (self.by_kind @ self.resources).tocsr()
        own: np.ndarray = (np.diff(needs.indptr) > 0).astype(np.float64)
        if not (options > 1).any():
            return own
        holding = sparse.csr_array((np.ones(self.by_kind.nnz), self.by_kind.indices,
                                    self.by_kind.indptr), shape=self.by_kind.shape)  # fmt: skip
        common = (holding @ self.resources).max(axis=1).toarray().ravel() == options
        for kind in np.flatnonzero((options > 1) & ~common).tolist():
            part = slice(*self.by_kind.indptr[kind : kind + 2])
            weights, sets = self.by_kind.data[part], self.resources[self.by_kind.indices[part]]
            own[kind] = weights @ shared(sets, sets) @ weights
        return own

    def keep(self, mask: np.ndarray) -> Shares:
        """Return the change sets where ``mask`` is true."""
        return replace(self, kinds=self.kinds[mask])


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
    if uncoupled:
        index = {frozenset({team}): team for team in range(teams)}
        ones = np.ones(len(prints.authors))
        cells = (np.arange(len(prints.authors)), prints.authors)
        by_kind = sparse.coo_array((ones, cells), shape=(len(prints.authors), teams)).tocsr()
        return Shares(prints.kinds, by_kind, _incidence(list(index), width=teams))
    index = {}
    places: list[int] = []
    sizes = np.array([len(options) for options in prints.teams], dtype=np.int64)
    for options in prints.teams:
        places += [index.setdefault(team_set, len(index)) for team_set in options]
    cells = (np.repeat(np.arange(len(sizes)), sizes), np.array(places, dtype=np.int64))
    by_kind = sparse.coo_array(
        (np.repeat(1 / sizes, sizes), cells), shape=(len(sizes), len(index))
    ).tocsr()
    return Shares(prints.kinds, by_kind, _incidence(list(index), width=teams))


def lane_shares(touched: sparse.csr_array) -> Shares:
    """Return change sets over the distinct sets of lanes (services or units) they touch."""
    touched = touched.sorted_indices()
    kinds, first = distinct_rows(touched.indptr, touched.indices)
    resources = touched[first].astype(np.float64)
    resources.data = np.ones_like(resources.data)
    return Shares(kinds, sparse.eye_array(len(first), format="csr"), resources)


def main_lane(paths: sparse.csr_array) -> sparse.csr_array:
    """Return for each change set only the lane with most touched paths (ties by name)."""
    paths = paths.sorted_indices()
    row = np.repeat(np.arange(paths.shape[0]), np.diff(paths.indptr))
    order = np.lexsort((paths.indices, -paths.data, row))
    rows, first = np.unique(row[order], return_index=True)
    best = paths.indices[order][first]
    return sparse.coo_array((np.ones(len(rows)), (rows, best)), shape=paths.shape).tocsr()


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
    cells = (weeks, shares.kinds)
    occurring = sparse.coo_array(
        (np.ones(len(weeks)), cells), shape=(count, shares.by_kind.shape[0])
    ).tocsr()
    weekly = (occurring @ shares.by_kind).tocsr()
    used = np.unique(weekly.indices)
    meeting = meeting_pairs(weekly[:, used].tocsr(), shares.resources[used])
    own = np.bincount(weeks, weights=shares.own[shares.kinds], minlength=count)
    size = np.bincount(weeks, minlength=count).astype(np.float64)
    return PairCounts(meeting - np.diag(own), np.outer(size, size) - np.diag(size))


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that meet as things are, and those that would meet if nothing were coupled."""

    coupled: PairCounts
    uncoupled: PairCounts

    def drawn(self, resampling: Resampling) -> np.ndarray:
        """Return the logarithms of streams, possible streams and retained (shape: 3, draws)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            q, q0 = (np.log(c.resampled(resampling.copies)) for c in (self.coupled, self.uncoupled))
        return np.stack([-q, -q0, q0 - q])


@dataclass(frozen=True, eq=False)
class Coupled:
    """What change sets need as things are, and what they would need if nothing were coupled."""

    needed: Shares
    alone: Shares

    @classmethod
    def of_teams(cls, prints: Footprints, *, teams: int) -> Coupled:
        """Return the teams that change sets need, and their authors' teams alone."""
        return cls(
            team_shares(prints, teams=teams), team_shares(prints, teams=teams, uncoupled=True)
        )

    @classmethod
    def of_units(cls, prints: Footprints) -> Coupled:
        """Return the release units that change sets touch, and the main one of each alone."""
        return cls(lane_shares(prints.units), lane_shares(main_lane(prints.unit_paths)))

    def pairs(self, weeks: np.ndarray, *, count: int, mask: np.ndarray | None = None) -> Pairs:
        """Count the pairs of change sets that meet.

        Parameters
        ----------
        weeks
            Week of each change set.
        count
            Weeks in the window.
        mask
            Which change sets to count; ``weeks`` is theirs alone then.
        """
        needed, alone = (
            one if mask is None else one.keep(mask) for one in (self.needed, self.alone)
        )
        return Pairs(
            pair_counts(needed, weeks, count=count), pair_counts(alone, weeks, count=count)
        )


def measure_parallelism(
    pairs: Pairs, *, resampling: Resampling, nothing: str | None = None
) -> Parallelism:
    """Return streams, streams without coupling and the share retained, with intervals.

    Parameters
    ----------
    pairs
        Pairs that meet.
    resampling
        Resampled weeks of the same window.
    nothing
        Why there is nothing to measure, where that is known.
    """
    if nothing is not None:
        return Parallelism.unknown(nothing)
    q, q0 = pairs.coupled.q, pairs.uncoupled.q
    if not np.isfinite(q) or q <= 0 or q0 <= 0:
        reason = "no two change sets share a resource" if q == 0 else "fewer than two change sets"
        if q0 == 0 and q > 0:
            reason = "no two change sets share an author's team or main unit"
        return Parallelism.unknown(reason)
    weeks = int((pairs.coupled.every.sum(axis=1) > 0).sum())
    drawn, drawn0 = (c.resampled(resampling.copies) for c in (pairs.coupled, pairs.uncoupled))
    good = (drawn > 0) & (drawn0 > 0)
    drawn, drawn0 = drawn[good], drawn0[good]
    return Parallelism(
        streams=interval(1 / q, 1 / drawn, weeks=weeks),
        streams_uncoupled=interval(1 / q0, 1 / drawn0, weeks=weeks),
        retained=interval(q0 / q, drawn0 / drawn, weeks=weeks),
    )
