"""How delivery moves from quarter to quarter.

In:  ``Work`` and its ``Footprints``.
Out: whole quarters of 13 weeks, the last one ending with the window (a begun first quarter
     is left out), each with its step from the quarter before, split into its two causes.

``streams = streams_uncoupled * retained``, so each step of ``log streams`` splits exactly
into a step of the distribution of work (``streams_uncoupled``) and one of coupling
(``retained``).

Quarters are compared at equal numbers of change sets without thinning any of them: ``q``
counts pairs, so its mean over all subsets of ``n`` change sets is ``q`` itself, whatever
``n`` (the defining property of a U-statistic, Hoeffding 1948). The same holds for shares
and rates, which are means. Thinning would only add noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.work import WEEK
from conway.delivery.autonomy import Autonomy, measure_autonomy
from conway.delivery.parallelism import (
    Pairs,
    Parallelism,
    measure_parallelism,
)
from conway.delivery.weeks import Resampling, interval
from conway.figures import Figure, Unknown, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conway.boundaries.work import Work
    from conway.delivery.footprints import Footprints
    from conway.delivery.parallelism import Coupled

QUARTER_WEEKS = 13
FEWEST_SETS = 30


@dataclass(frozen=True, slots=True)
class Step:
    """The step of ``log streams`` from the quarter before, and its two parts.

    Attributes
    ----------
    streams
        Natural logarithm of the ratio of streams; the sum of the other two.
    distribution
        The part of ``streams_uncoupled``: how work is distributed over authors' teams.
    coupling
        The part of ``retained``: how much change sets need other teams.
    """

    streams: Figure
    distribution: Figure
    coupling: Figure

    @classmethod
    def unknown(cls, reason: str) -> Step:
        """Return a step that is unknown for one reason."""
        return cls(*(Unknown(reason) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class Quarter:
    """Delivery in one quarter.

    Attributes
    ----------
    since, until
        Seconds.
    changes
        Counted change sets.
    autonomy, teams, units
        Its figures.
    team_step, unit_step
        Steps of both parallelisms from the quarter before.
    """

    since: int
    until: int
    changes: int
    autonomy: Autonomy
    teams: Parallelism
    units: Parallelism
    team_step: Step
    unit_step: Step


def quarters(since: int, until: int) -> Iterator[tuple[int, int]]:
    """Yield the whole quarters of a window, aligned to its end, the earliest first.

    Examples
    --------
    >>> [(a // WEEK, b // WEEK) for a, b in quarters(0, 30 * WEEK)]
    [(4, 17), (17, 30)]
    """
    length = QUARTER_WEEKS * WEEK
    for step in range((until - since) // length, 0, -1):
        yield until - step * length, until - (step - 1) * length


@dataclass(frozen=True, eq=False)
class _Measured:
    """What one quarter is measured from: parallelism with its draws, None below 30 sets."""

    parallelism: Parallelism
    pairs: Pairs | None = None
    drawn: np.ndarray | None = None

    @classmethod
    def of(cls, pairs: Pairs, *, resampling: Resampling) -> _Measured:
        """Measure one quarter."""
        found = measure_parallelism(pairs, resampling=resampling)
        return cls(found, pairs, pairs.drawn(resampling))


def measure_trend(
    work: Work, prints: Footprints, *, coupled: tuple[Coupled, Coupled], seed: int
) -> tuple[Quarter, ...]:
    """Measure each whole quarter; those below 30 counted change sets are unknown.

    Parameters
    ----------
    work
        Labelled change sets.
    prints
        Footprints of those that count.
    coupled
        The teams and the release units that they need.
    seed
        Seed of the resampled weeks.
    """
    times = work.sets["time"].to_numpy()[prints.sets]
    resampling = Resampling.of(QUARTER_WEEKS, seed=seed)
    found: list[Quarter] = []
    before: tuple[_Measured | None, _Measured | None] = (None, None)
    for since, until in quarters(work.since, work.until):
        inside = (times >= since) & (times < until)
        weeks = (times[inside] - since) // WEEK
        autonomy, *now = _measure(prints, inside, weeks=weeks, coupled=coupled, drawn=resampling)
        (teams_before, units_before), (teams_now, units_now) = before, now
        found.append(
            Quarter(
                since,
                until,
                len(weeks),
                autonomy,
                teams=teams_now.parallelism,
                units=units_now.parallelism,
                team_step=_step(teams_before, teams_now),
                unit_step=_step(units_before, units_now),
            )
        )
        before = (teams_now, units_now)
    return tuple(found)


def _measure(
    prints: Footprints,
    inside: np.ndarray,
    *,
    weeks: np.ndarray,
    coupled: tuple[Coupled, Coupled],
    drawn: Resampling,
) -> tuple[Autonomy, _Measured, _Measured]:
    """Measure autonomy and both parallelisms of one quarter."""
    if len(weeks) < FEWEST_SETS:
        reason = f"only {len(weeks)} change sets in this quarter"
        unknown = _Measured(Parallelism.unknown(reason))
        return Autonomy.unknown(reason), unknown, unknown
    part = prints.keep(inside)
    autonomy = measure_autonomy(part, weeks, count=QUARTER_WEEKS, resampling=drawn)
    teams, units = (one.pairs(weeks, count=QUARTER_WEEKS, mask=inside) for one in coupled)
    return (
        autonomy,
        _Measured.of(teams, resampling=drawn),
        _Measured.of(units, resampling=drawn),
    )


def _step(before: _Measured | None, after: _Measured) -> Step:
    """Return the step between two quarters with the interval of its draws.

    Both quarters share their resampled weeks, so a draw of the one is set against the next
    draw of the other: these are independent, as the quarters are.
    """
    if before is None:
        return Step.unknown("the first whole quarter")
    values = split_of_step(before.parallelism, after.parallelism)
    if not np.isfinite(values).all() or before.drawn is None or after.drawn is None:
        return Step.unknown("one of the two quarters has no streams")
    drawn = np.roll(after.drawn, 1, axis=1) - before.drawn
    good = drawn[:, np.isfinite(drawn).all(axis=0)]
    weeks = min(_weeks(before), _weeks(after))
    return Step(*(interval(v, d, weeks=weeks) for v, d in zip(values, good, strict=True)))


def _weeks(one: _Measured) -> int:
    """Return the weeks with change sets."""
    return 0 if one.pairs is None else int((one.pairs.coupled.every.sum(axis=1) > 0).sum())


def split_of_step(before: Parallelism, after: Parallelism) -> tuple[float, float, float]:
    """Split the step of ``log streams`` into distribution of work and coupling.

    Returns
    -------
    tuple
        The whole step, the part of ``streams_uncoupled``, the part of ``retained``;
        ``nan`` where either quarter has no value.
    """

    def log(parallelism: Parallelism, name: str) -> float:
        value = value_of(getattr(parallelism, name))
        return float(np.log(value)) if value > 0 else float("nan")

    names = ("streams", "streams_uncoupled", "retained")
    whole, work, coupling = (log(after, name) - log(before, name) for name in names)
    return whole, work, coupling
