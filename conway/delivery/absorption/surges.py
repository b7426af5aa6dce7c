"""Surge weeks: what happened when much more came than usual.

In:  completions by week, and the traits of change sets.
Out: the surge weeks; each trait in them against the calm weeks around them.

A week is a surge if it completed at least one and a half times the median of the 13 weeks
before. Each is compared with the calm weeks at most 13 weeks away, so a trend over years is
no difference. Intervals resample surge weeks. A surge of completions may have come from
small work: sizes stand beside the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.weeks import LEVEL, weekly
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.delivery.absorption.traits import Trait

SURGE = 1.5
AROUND = 13
FEWEST_SURGES = 5
_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Moved:
    """One trait in surge weeks and around them."""

    measure: str
    unit: str
    calm: Figure
    surge: Figure
    difference: Figure


@dataclass(frozen=True, eq=False)
class Surges:
    """Surge weeks of a window, and what moved in them.

    Attributes
    ----------
    weeks
        Numbers of the surge weeks (shape: surges).
    moved
        Each trait; none where there are too few surge weeks.
    """

    weeks: np.ndarray
    moved: tuple[Moved, ...]


def surge_weeks(counts: np.ndarray) -> np.ndarray:
    """Return the weeks that completed 1.5 times the median of the 13 weeks before, or more.

    Examples
    --------
    >>> surge_weeks(np.array([4.0] * 13 + [6.0, 5.0])).tolist()
    [13]
    """
    found = [
        week
        for week in range(AROUND, len(counts))
        if (usual := float(np.median(counts[week - AROUND : week]))) > 0
        and counts[week] >= SURGE * usual
    ]
    return np.array(found, dtype=np.int64)


def measure_surges(
    weeks: np.ndarray, found: Sequence[Trait], *, count: int, seed: int = 0
) -> Surges:
    """Compare each trait in surge weeks with the calm weeks around them.

    Parameters
    ----------
    weeks
        The week of each change set (shape: sets).
    found
        Traits of the change sets.
    count
        Weeks in the window.
    seed
        Seed of the resampled surge weeks.
    """
    surges = surge_weeks(weekly(weeks, np.ones(len(weeks)), count=count))
    moved = [
        _moved(trait, weeks, surges=surges, count=count, seed=seed)
        for trait in found
        if not trait.by_volume
    ]
    return Surges(surges, tuple(moved))


def _moved(trait: Trait, weeks: np.ndarray, *, surges: np.ndarray, count: int, seed: int) -> Moved:
    known = np.isfinite(trait.values)
    total = weekly(weeks[known], trait.values[known], count=count)
    sets = weekly(weeks[known], np.ones(int(known.sum())), count=count)
    calm = np.ones(count, dtype=bool)
    calm[surges] = False
    pairs = []
    for week in surges.tolist():
        near = np.arange(max(0, week - AROUND), min(count, week + AROUND + 1))
        near = near[calm[near]]
        if sets[week] > 0 and sets[near].sum() > 0:
            usual = total[near].sum() / sets[near].sum()
            pairs.append((sets[week], total[week], sets[week] * usual))
    if len(pairs) < FEWEST_SURGES:
        few = Unknown(f"{len(pairs)} surge weeks to compare; {FEWEST_SURGES} are needed")
        return Moved(trait.measure, trait.unit, few, few, few)
    cells = np.array(pairs)
    weight, surge, usual = cells.sum(axis=0)
    rng = np.random.default_rng(seed)
    drawn = cells[rng.integers(0, len(cells), size=(_DRAWS, len(cells)))].sum(axis=1)
    differences = (drawn[:, 1] - drawn[:, 2]) / drawn[:, 0]
    low, high = np.quantile(differences, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float((surge - usual) / weight)
    return Moved(
        trait.measure,
        trait.unit,
        float(usual / weight),
        float(surge / weight),
        Interval(value, min(float(low), value), max(float(high), value), LEVEL),
    )
