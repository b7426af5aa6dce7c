"""Waits of a suite if runs come k times as fast, where the surge test allows to say so.

In:  recorded runs and the servers that predicted surge weeks.
Out: mean wait by k, with an interval over replications.

k copies of the last quarter's runs are laid over each other, each moved by whole weeks (the
rest by a share of the runs), so that hours and weekdays stay and copies do not coincide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.weeks import LEVEL
from conway.figures import Figure, Interval, Unknown
from conway.outlook.loads import SUSTAINED_WEEKS
from conway.outlook.queues import mmc_wait, simulate

if TYPE_CHECKING:
    from conway.outlook.gate import Runs

REPLICATIONS = 20
MOST_COPIED = 8_000
_WEEK_HOURS = 7 * 24
_JITTER_HOURS = 0.5


@dataclass(frozen=True, slots=True)
class Wait:
    """The mean wait at k times the runs.

    Attributes
    ----------
    k
        How many times as many runs.
    hours
        Simulated mean hours of waiting.
    memoryless
        Hours of M/M/c at the same load: less, since people work by day.
    """

    k: float
    hours: Figure
    memoryless: Figure


def waits_at(runs: Runs, k: float, *, servers: int, seed: int = 0) -> Wait:
    """Return the mean wait if runs come ``k`` times as often as in the last quarter."""
    weeks = min(SUSTAINED_WEEKS, runs.weeks)
    recent = runs.week >= runs.weeks - weeks
    asked = runs.asked[recent] - (runs.weeks - weeks) * _WEEK_HOURS
    lasted = runs.lasted[recent]
    hours = weeks * _WEEK_HOURS
    busy = k * float(lasted.sum()) / hours
    if busy >= servers:
        full = Unknown(
            f"{busy:.3g} runs at a time are more than {servers} can serve: the queue never ends"
        )
        return Wait(k, full, full)
    if k * len(asked) > MOST_COPIED:
        many = Unknown(f"more than {MOST_COPIED} runs in a quarter are not simulated")
        return Wait(k, many, _memoryless(k * len(asked) / hours, lasted, servers=servers))
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(REPLICATIONS):
        at, took = _copied(asked, lasted, k=k, hours=hours, rng=rng)
        drawn.append(float(simulate(at, took, servers=servers).mean()))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    interval = Interval(float(np.mean(drawn)), float(low), float(high), LEVEL)
    return Wait(k, interval, _memoryless(k * len(asked) / hours, lasted, servers=servers))


def _memoryless(per_hour: float, lasted: np.ndarray, *, servers: int) -> Figure:
    return mmc_wait(per_hour, float(lasted.mean()), servers=servers)


def _copied(
    asked: np.ndarray, lasted: np.ndarray, *, k: float, hours: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return ``k`` times the runs, in order of time."""
    times, lengths = [], []
    for copy in range(int(np.ceil(k))):
        kept = rng.random(len(asked)) < min(1.0, k - copy)
        moved = rng.integers(0, int(hours // _WEEK_HOURS)) * _WEEK_HOURS
        jitter = rng.uniform(-_JITTER_HOURS, _JITTER_HOURS, size=int(kept.sum()))
        times.append((asked[kept] + moved + jitter) % hours)
        lengths.append(lasted[kept])
    at, took = np.concatenate(times), np.concatenate(lengths)
    order = np.argsort(at, kind="stable")
    return at[order], took[order]
