"""Each service before and after a day, and the services that were alike before.

In:  a ``Reading`` of both sides of a day.
Out: ``Levels`` by service; ``Differences``: what changed in a service beyond what changed in
     services that stayed and were alike before (difference in differences).

For service i with controls C(i), all rates over the change sets that touch the service::

    difference(i) = (after(i) - before(i)) - mean over c in C(i) of (after(c) - before(c))

Controls are the nearest services in level and trend before the day (Abadie and Imbens 2006,
nearest neighbours with a caliper); a service that moved itself is never a control.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

    from conway.advice.lookback.options import LookBackOptions


@dataclass(frozen=True, eq=False)
class Levels:
    """One outcome of each service on both sides of a day (each of shape: services).

    Attributes
    ----------
    sets_before, sets_after
        Counted change sets that touch the service, each as its share: one that touches
        several services counts for each of them by one part.
    noise_before, noise_after
        What the variance between change sets is multiplied by for that of the mean.
    before, after
        Mean outcome of them; nan where there are none.
    trend
        Mean of the later half of the time before, less that of the earlier half.
    variance
        Of the outcome between change sets of one service, pooled over services and sides.
    """

    sets_before: np.ndarray
    sets_after: np.ndarray
    noise_before: np.ndarray
    noise_after: np.ndarray
    before: np.ndarray
    after: np.ndarray
    trend: np.ndarray
    variance: float

    @classmethod
    def of(
        cls, touches: sparse.csr_array, values: np.ndarray, *, sides: tuple[int, int, int]
    ) -> Levels:
        """Summarise the sets of a window.

        Parameters
        ----------
        touches
            Sets of the window by services: the share of each set in each service.
        values
            The outcome of each set, nan where it does not count (shape: sets).
        sides
            Numbers of the first set of the later half of the time before, of the first set
            after, and of the end.
        """
        counts = ~np.isnan(values)
        known = np.where(counts, values, 0.0)
        parts = [slice(0, sides[0]), slice(sides[0], sides[1]), slice(sides[1], sides[2])]
        weights = (counts.astype(np.float64), known, known**2)
        sets, sums, squares = (np.array([touches[p].T @ one[p] for p in parts]) for one in weights)
        shares = touches.power(2)
        square = np.array([shares[part].T @ weights[0][part] for part in parts])
        two, noise = (np.vstack([one[0] + one[1], one[2]]) for one in (sets, square))
        total, sums2 = (np.vstack([one[0] + one[1], one[2]]) for one in (sums, squares))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean, early, late = total / two, sums[0] / sets[0], sums[1] / sets[1]
            spread, noise = sums2 - total**2 / two, noise / two**2
        free = float(np.maximum(two - two * noise, 0)[two > 0].sum())
        variance = float(np.nansum(spread)) / free if free else 0.0
        trend = np.nan_to_num(late - early)
        return cls(two[0], two[1], noise[0], noise[1], mean[0], mean[1], trend, variance)

    def enough(self, options: LookBackOptions) -> np.ndarray:
        """Return which services have enough change sets on both sides (shape: services)."""
        fewest = options.fewest_sets
        found: np.ndarray = (self.sets_before >= fewest) & (self.sets_after >= fewest)
        return found


@dataclass(frozen=True, eq=False)
class Differences:
    """Differences in differences of some services (each of shape: services measured).

    Attributes
    ----------
    services
        Their codes.
    value
        What changed beyond the controls.
    noise
        Variance of ``value`` that the finite numbers of change sets alone give.
    controls
        How many services each is compared with.
    level_gap, trend_gap
        Level and trend before the day, less those of the controls.
    """

    services: np.ndarray
    value: np.ndarray
    noise: np.ndarray
    controls: np.ndarray
    level_gap: np.ndarray
    trend_gap: np.ndarray


def differences(
    levels: Levels, targets: np.ndarray, *, stayed: np.ndarray, options: LookBackOptions
) -> Differences:
    """Compare each target with services that stayed and were alike before.

    Parameters
    ----------
    levels
        One outcome on both sides of the day.
    targets
        Codes of services; those without a control within the caliper are left out.
    stayed
        Which services may be controls (shape: services).
    options
        Thresholds.
    """
    pool = np.flatnonzero(stayed & levels.enough(options))
    spread = [_spread(values[pool]) for values in (levels.before, levels.trend)]
    change = levels.after - levels.before
    noise = levels.variance * (levels.noise_before + levels.noise_after)
    found = []
    for target in targets.tolist() if len(pool) >= _FEWEST else ():
        others = pool[pool != target]
        level = (levels.before[others] - levels.before[target]) / spread[0]
        trend = (levels.trend[others] - levels.trend[target]) / spread[1]
        distance = np.sqrt((level**2 + trend**2) / 2)
        order = np.argsort(distance, kind="stable")[: options.neighbours]
        near = others[order[distance[order] <= options.caliper]]
        if len(near):
            own = (
                change[target] - change[near].mean(),
                noise[target] + noise[near].sum() / len(near) ** 2,
            )
            gaps = (levels.before[target] - levels.before[near].mean(),
                    levels.trend[target] - levels.trend[near].mean())  # fmt: skip
            found.append((target, *own, len(near), *gaps))
    table = np.array(found, dtype=np.float64).reshape(-1, 6)
    return Differences(table[:, 0].astype(np.int64), *table[:, 1:].T)


def _spread(values: np.ndarray) -> float:
    spread = float(np.std(values)) if len(values) > 1 else 0.0
    return max(spread, _LEAST)


_LEAST = 1e-9
_FEWEST = 3
"""Fewer services that stayed have no spread to speak of: nothing is alike then."""
