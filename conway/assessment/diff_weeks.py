"""Differences of two measurements with intervals, from resampled weeks of both.

In:  two ``Delivery`` whose windows do not overlap.
Out: by measure, new less old with its interval.

The weeks of the two are drawn apart from each other, in the blocks of
`conway.delivery.weeks`, and their ratios subtracted draw by draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.autonomy import MEASURES
from conway.delivery.weeks import FEWEST_WEEKS, LEVEL, week_copies, weekly
from conway.figures import Figure, Interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.delivery.measurement import Delivery


def week_differences(old: Delivery, new: Delivery, *, seed: int = 0) -> Mapping[str, Figure]:
    """Return the difference of each figure of autonomy, where both sides know it.

    Parameters
    ----------
    old, new
        Delivery in the two windows.
    seed
        Of the resampled weeks; the two windows get different ones.
    """
    if not len(old.prints.sets) or not len(new.prints.sets):
        return {}
    before, after = _Weeks(old, seed=2 * seed), _Weeks(new, seed=2 * seed + 1)
    found: dict[str, Figure] = {}
    for name in MEASURES:
        value = after.value(name) - before.value(name)
        if min(before.with_data, after.with_data) < FEWEST_WEEKS:
            found[name] = value
            continue
        drawn = after.drawn(name) - before.drawn(name)
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(drawn[np.isfinite(drawn)], [tail, 1 - tail])
        found[name] = Interval(value, float(min(low, value)), float(max(high, value)), LEVEL)
    return found


class _Weeks:
    """Totals by week of one window, and how often each week is drawn."""

    def __init__(self, delivery: Delivery, *, seed: int) -> None:
        work, prints = delivery.work, delivery.prints
        self._weeks, self._count = work.weeks[prints.sets], work.week_count
        self._copies = week_copies(self._count, seed=seed)
        alone = prints.handoffs == 0
        self._values = {
            "single_team_share": alone * 1.0,
            "autonomous_share": (alone & (prints.lockstep == 0)) * 1.0,
            "handoffs_per_100": 100.0 * prints.handoffs,
            "lockstep_per_100": 100.0 * prints.lockstep,
        }
        self._sets = self._weekly(np.ones(len(self._weeks)))

    @property
    def with_data(self) -> int:
        """Weeks in which anything counts."""
        return int((self._sets > 0).sum())

    def value(self, name: str) -> float:
        """Return the figure."""
        return float(self._values[name].mean())

    def drawn(self, name: str) -> np.ndarray:
        """Return the figure in each resampled history; not a number where nothing counts."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: np.ndarray = (self._copies @ self._weekly(self._values[name])) / (
                self._copies @ self._sets
            )
        return found

    def _weekly(self, values: np.ndarray) -> np.ndarray:
        return weekly(self._weeks, values, count=self._count)
