"""May waits be forecast? Fit a queue to calm weeks, predict the surge weeks, look.

In:  runs of a suite: when asked for, started, finished.
Out: ``SurgeTest``: the fitted number of servers, how well it predicts surge weeks against
     "as in calm weeks", and whether that is good enough for a curve.

The queue is driven by the recorded arrivals and run times, so nothing is assumed of them; only
the number of servers is fitted (or taken from ``[capacity]``): that whose mean wait in calm
weeks is nearest to the recorded one. The surge weeks decide: the mean absolute error of weekly
mean waits must be smaller than that of the calm mean, with its whole interval over surge
weeks, and the predicted mean must be within a half of the recorded one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.work import WEEK
from conway.delivery.absorption.surges import FEWEST_SURGES, surge_weeks
from conway.delivery.weeks import LEVEL, weekly
from conway.figures import Figure, Interval, Unknown
from conway.outlook.queues import simulate

if TYPE_CHECKING:
    import pandas as pd

MOST_RUNS = 20_000
MOST_SERVERS = 256
NEAR = 0.5
_HOUR = 3600
_DRAWS = 1000


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of one suite whose three clocks are known, in order of request.

    Attributes
    ----------
    asked, waits, lasted
        Hours from the start of the window; hours waited; hours run (shape: runs).
    weeks
        Whole weeks of the window.
    """

    asked: np.ndarray
    waits: np.ndarray
    lasted: np.ndarray
    weeks: int

    @classmethod
    def of(cls, runs: pd.DataFrame, *, since: int, weeks: int) -> Runs:
        """Return the latest runs of a table of one suite, within the whole weeks."""
        known = runs[runs[["queued", "started", "finished"]].notna().all(axis=1)]
        known = known.sort_values(["queued", "started", "commit"], kind="stable")
        queued = known["queued"].to_numpy(dtype=np.int64)
        inside = (queued >= since) & (queued < since + weeks * WEEK)
        known, queued = known[inside].tail(MOST_RUNS), queued[inside][-MOST_RUNS:]
        started = known["started"].to_numpy(dtype=np.int64)
        finished = known["finished"].to_numpy(dtype=np.int64)
        return cls(
            (queued - since) / _HOUR,
            (started - queued) / _HOUR,
            (finished - started) / _HOUR,
            weeks,
        )

    @property
    def week(self) -> np.ndarray:
        """The week of each run."""
        found: np.ndarray = (self.asked * _HOUR // WEEK).astype(np.int64)
        return found

    def means(self, waits: np.ndarray) -> np.ndarray:
        """Return the mean wait of each week, ``nan`` without runs (shape: weeks)."""
        total = weekly(self.week, waits, count=self.weeks)
        count = weekly(self.week, np.ones(len(waits)), count=self.weeks)
        found: np.ndarray = np.divide(
            total, count, out=np.full(self.weeks, np.nan), where=count > 0
        )
        return found


@dataclass(frozen=True, eq=False)
class SurgeTest:
    """Whether a queue that fits calm weeks predicts surge weeks.

    Attributes
    ----------
    suite
        Its name.
    servers
        How many fit; 0 where it was not fitted.
    declared
        Whether ``[capacity]`` says so.
    surges
        Surge weeks that decide.
    recorded, predicted
        Mean hours of waiting in them.
    gain
        Mean absolute error of "as in calm weeks" less that of the queue, in hours.
    reason
        Why there is no curve; empty where there is one.
    """

    suite: str
    servers: int
    declared: bool
    surges: int
    recorded: Figure
    predicted: Figure
    gain: Figure
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether a curve of waits may be drawn."""
        return not self.reason

    @classmethod
    def none(cls, suite: str, *, reason: str) -> SurgeTest:
        """Return a test that could not be made."""
        unknown = Unknown(reason)
        return cls(suite, 0, False, 0, unknown, unknown, unknown, reason)  # noqa: FBT003


def surge_test(suite: str, runs: Runs, *, servers: int | None = None, seed: int = 0) -> SurgeTest:
    """Fit a queue to the calm weeks of a suite and predict its surge weeks.

    Parameters
    ----------
    suite
        Its name.
    runs
        Its runs.
    servers
        How many of its runs may go on at a time, where it is known.
    seed
        Seed of the resampled surge weeks.
    """
    if not len(runs.asked):
        return SurgeTest.none(suite, reason="its runs do not say when they were asked for")
    counts = weekly(runs.week, np.ones(len(runs.asked)), count=runs.weeks)
    surges = surge_weeks(counts)
    if len(surges) < FEWEST_SURGES:
        return SurgeTest.none(
            suite, reason=f"{len(surges)} surge weeks to test on; {FEWEST_SURGES} are needed"
        )
    calm = np.setdiff1d(np.flatnonzero(counts), surges)
    recorded = runs.means(runs.waits)
    fitted = servers or _fitted(runs, calm=calm, recorded=recorded)
    predicted = runs.means(simulate(runs.asked, runs.lasted, servers=fitted))
    usual = float(np.nanmean(recorded[calm]))
    gains = np.abs(recorded[surges] - usual) - np.abs(recorded[surges] - predicted[surges])
    gain = _resampled(gains, seed=seed)
    means = float(recorded[surges].mean()), float(predicted[surges].mean())
    return SurgeTest(
        suite,
        fitted,
        servers is not None,
        len(surges),
        *means,
        gain,
        _verdict(gain, recorded=means[0], predicted=means[1]),
    )


def _verdict(gain: Interval, *, recorded: float, predicted: float) -> str:
    if gain.low <= 0:
        return "the queue that fits calm weeks predicts surge weeks no better than calm ones do"
    if abs(predicted - recorded) > NEAR * recorded:
        return (
            f"the queue predicts {predicted:.3g} hours in surge weeks where {recorded:.3g} were "
            "recorded"
        )
    return ""


def _fitted(runs: Runs, *, calm: np.ndarray, recorded: np.ndarray) -> int:
    """Return how many servers give the mean wait of calm weeks; more servers wait less."""
    aim = float(np.nanmean(recorded[calm]))

    def mean(servers: int) -> float:
        waits = simulate(runs.asked, runs.lasted, servers=servers)
        return float(np.nanmean(runs.means(waits)[calm]))

    low, high = 1, 1
    while mean(high) > aim and high < MOST_SERVERS:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if mean(middle) <= aim else (middle + 1, high)
    below = max(1, low - 1)
    return min((low, below), key=lambda servers: (abs(mean(servers) - aim), servers))


def _resampled(values: np.ndarray, *, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    drawn = values[rng.integers(0, len(values), size=(_DRAWS, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float(values.mean())
    return Interval(value, min(float(low), value), max(float(high), value), LEVEL)
