"""Intervals by resampling people: everything that one author did goes in or out together.

In:  a value of each change, and whose it is.
Out: ratios with percentile intervals over resampled authors.

Waits of one author resemble each other, so changes are no independent draws; authors are the
clusters (Cameron, Gelbach and Miller 2008). Only authors who bear on the figure are drawn. Plain
percentiles are too narrow for few clusters or where a few carry the most: they are taken further
out, at ``Phi(-sqrt(n / (n - 1)) t)``, where ``t`` is Student's 2.5 % quantile at ``n - 1``
(Hesterberg 2015) and ``n = (sum w)^2 / sum w^2`` how many equal clusters the weights amount to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from conway.delivery.waits.members import FEWEST_PEOPLE
from conway.delivery.weeks import LEVEL, REPEATS
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

FEWEST_CLUSTERS = 10
"""Below so many authors an interval over authors would be false precision."""

_FEWEST_EQUAL = 3.0


def hidden(people: np.ndarray) -> Unknown | None:
    """Return why a figure on these people is not shown, None where it may be."""
    known = len(np.unique(people[people >= 0]))
    if known < FEWEST_PEOPLE:
        return Unknown(f"fewer than {FEWEST_PEOPLE} people")
    return None


def clustered_ratio(
    sums: np.ndarray,
    *,
    estimate: Callable[[np.ndarray], np.ndarray],
    weights: np.ndarray,
    seed: int = 0,
    of: str = "people",
) -> Figure:
    """Return ``exp(estimate)`` with its interval over resampled clusters.

    Parameters
    ----------
    sums
        Sums of each cluster from which the estimate is made (shape: clusters, terms).
    estimate
        Makes the log effect from totals (shape: draws, terms -> draws); ``nan`` where
        a draw does not hold one.
    weights
        How much each cluster bears on the estimate (shape: clusters).
    seed
        Seed of the draws.
    of
        What the clusters are, for the reason where they are too few.
    """
    clusters = len(sums)
    value = float(estimate(sums.sum(axis=0, keepdims=True))[0])
    if not np.isfinite(value):
        return Unknown("nothing to compare")
    if clusters < FEWEST_CLUSTERS:
        return Unknown(f"only {clusters} {of} bear on it; {FEWEST_CLUSTERS} are needed")
    rng = np.random.default_rng(seed)
    copies = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=REPEATS)
    drawn = estimate(copies.astype(np.float64) @ sums)
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < REPEATS // 2:
        return Unknown(f"too few {of} bear on it")
    tail = _tail(float(weights.sum() ** 2 / (weights**2).sum()))
    low, high = np.quantile(drawn, [tail, 1 - tail])
    shown = np.exp([value, min(low, value), max(high, value)])
    return Interval(float(shown[0]), float(shown[1]), float(shown[2]), LEVEL)


def _tail(clusters: float) -> float:
    """Return the share of draws to leave out at each end for so many equal clusters."""
    clusters = max(clusters, _FEWEST_EQUAL)
    quantile = stats.t.ppf((1 + LEVEL) / 2, clusters - 1)
    return float(stats.norm.cdf(-np.sqrt(clusters / (clusters - 1)) * quantile))


def sums_by(clusters: np.ndarray, terms: np.ndarray) -> np.ndarray:
    """Sum terms (shape: rows, terms) by cluster (shape: clusters, terms), in order of code."""
    codes, place = np.unique(clusters, return_inverse=True)
    columns = [np.bincount(place, weights=term, minlength=len(codes)) for term in terms.T]
    return np.column_stack(columns)
