"""Autonomy, the headline: how much of the work one team can write, approve and release alone.

In:  ``Footprints`` and the week of each.
Out: ``Autonomy``: shares and rates with intervals over whole weeks, and by quarter.

    handoffs(set)      = teams needed - 1
    single_team_share  = sets with one team / sets
    autonomous_share   = sets with one team and at most one release unit / sets
    handoffs_per_100   = 100 * sum of handoffs / sets
    lockstep_per_100   = 100 * sum of (release units - 1) / sets
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.weeks import weekly
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from conway.delivery.footprints import Footprints
    from conway.delivery.weeks import Resampling

MEASURES = ("single_team_share", "autonomous_share", "handoffs_per_100", "lockstep_per_100")


@dataclass(frozen=True, slots=True)
class Autonomy:
    """The four figures of autonomy."""

    single_team_share: Figure
    autonomous_share: Figure
    handoffs_per_100: Figure
    lockstep_per_100: Figure

    @classmethod
    def unknown(cls, reason: str) -> Autonomy:
        """Return figures that are all unknown for one reason."""
        return cls(*(Unknown(reason) for _ in MEASURES))


def measure_autonomy(
    prints: Footprints, weeks: np.ndarray, *, count: int, resampling: Resampling
) -> Autonomy:
    """Measure autonomy over a window.

    Parameters
    ----------
    prints
        Footprints of the change sets that count.
    weeks
        Week of each (shape: counted).
    count
        Weeks in the window.
    resampling
        Resampled weeks of the same window.
    """
    if len(prints.sets) == 0:
        return Autonomy.unknown("no change set has an owned file and a known author's team")
    ones = weekly(weeks, np.ones(len(weeks)), count=count)

    def rate(values: np.ndarray, scale: float = 1) -> Figure:
        return resampling.ratio(weekly(weeks, values, count=count), ones, scale=scale)

    alone = prints.handoffs == 0
    return Autonomy(
        single_team_share=rate(alone),
        autonomous_share=rate(alone & (prints.lockstep == 0)),
        handoffs_per_100=rate(prints.handoffs, 100),
        lockstep_per_100=rate(prints.lockstep, 100),
    )
