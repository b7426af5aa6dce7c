"""Stages whose waits were measured: how long they are, and whether they rise with their load.

In:  waits of changes at a stage, and how much the stage had to do each week.
Out: ``Stage``: the median hours, and whether weeks with more load have longer waits in weeks
     that the direction was not learnt on.

A stage *binds* only if its waits rise with its load out of time. The direction (rises or
falls) is the sign of Spearman's rank correlation between weekly load and weekly median wait in
the first three quarters of the weeks; in the last quarter the correlation in that direction
must lie above zero with its whole interval (blocks of weeks resampled). A long wait alone says
nothing of that kind: it may be a habit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.delivery.weeks import LEVEL, week_copies
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from conway.delivery.constraints.row import Constraint

LEARNT_SHARE = 0.75
FEWEST_TESTED = 13
FEWEST_WAITS = 3
_DRAWS = 1000


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage that changes wait at.

    Attributes
    ----------
    constraint, measure
        Which of the four, and what is waited for.
    hours
        Median wait of a change, or why it is not known.
    rises_with_load
        Rank correlation of weekly load and wait, out of time.
    """

    constraint: Constraint
    measure: str
    hours: Figure
    rises_with_load: Figure

    @property
    def binds(self) -> bool:
        """Whether waits rise with load in weeks that were not looked at before."""
        found = self.rises_with_load
        return isinstance(found, Interval) and found.low > 0


def rises_with_load(
    waits: np.ndarray, weeks: np.ndarray, *, load: np.ndarray, seed: int = 0
) -> Figure:
    """Return the out-of-time rank correlation between a stage's load and its waits.

    Parameters
    ----------
    waits
        Waits that have ended (shape: waits).
    weeks
        The week in which each began (shape: waits).
    load
        What the stage had to do in each week (shape: weeks).
    seed
        Seed of the resampled weeks.
    """
    frame = pd.DataFrame({"week": weeks, "wait": waits}).groupby("week")["wait"]
    found = frame.agg(["median", "size"])
    found = found[found["size"] >= FEWEST_WAITS]
    at = found.index.to_numpy()
    median, loads = found["median"].to_numpy(), load[at]
    last = int(len(load) * LEARNT_SHARE)
    early, late = at < last, at >= last
    if early.sum() < FEWEST_TESTED or late.sum() < FEWEST_TESTED:
        return Unknown(
            f"{int(early.sum())} weeks to learn on and {int(late.sum())} to test on; "
            f"{FEWEST_TESTED} of each are needed"
        )
    sign = np.sign(_spearman(loads[early], median[early]))
    if sign <= 0:
        return Unknown("waits did not rise with load in the first three quarters of the weeks")
    return _tested(loads[late], median[late], seed=seed)


def _tested(loads: np.ndarray, median: np.ndarray, *, seed: int) -> Figure:
    """Return the rank correlation with its interval; ranks are those of all tested weeks."""
    value = _spearman(loads, median)
    copies = week_copies(len(loads), seed=seed, repeats=_DRAWS)
    drawn = _correlations(*_ranks(loads, median), copies=copies)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(min(low, value)), float(max(high, value)), LEVEL)


def _spearman(first: np.ndarray, second: np.ndarray) -> float:
    """Return Spearman's rank correlation, 0 where either does not vary."""
    return float(_correlations(*_ranks(first, second), copies=np.ones((1, len(first))))[0])


def _ranks(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy.stats import rankdata

    return rankdata(first), rankdata(second)


def _correlations(one: np.ndarray, other: np.ndarray, *, copies: np.ndarray) -> np.ndarray:
    """Return the correlation under each weighting, 0 where either does not vary."""
    share = copies / copies.sum(axis=1, keepdims=True)
    mean_one, mean_other = share @ one, share @ other
    joint = share @ (one * other) - mean_one * mean_other
    spread = (share @ one**2 - mean_one**2) * (share @ other**2 - mean_other**2)
    spread = np.where(spread > _FLAT, spread, np.inf)
    found: np.ndarray = joint / np.sqrt(spread)
    return found


_FLAT = 1e-9
