"""What each quarter was like: the numbers that predictions are made from and held against.

In:  ``Work``.
Out: ``Quarterly`` for each quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.advice.prediction_series import LOG, ODDS, Scale
from conway.delivery.measurement import measure_delivery
from conway.delivery.trend import quarters
from conway.figures import value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.boundaries.work import Work
    from conway.delivery.measurement import Delivery

FIGURES: Mapping[str, Scale] = {
    "handoffs_per_100": LOG,
    "lockstep_per_100": LOG,
    "autonomous_share": ODDS,
    "streams": LOG,
}
"""Figures that are predicted, and the scale on which their errors are alike."""

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Quarterly:
    """One quarter.

    Attributes
    ----------
    since, until
        Seconds.
    figures
        By name, nan where unknown.
    handoffs
        Change sets of one team (first) that needed another (second).
    joint
        Change sets that touched two services, in order of name; huge ones and repeats aside.
    """

    since: int
    until: int
    figures: Mapping[str, float]
    handoffs: Mapping[Pair, float]
    joint: Mapping[Pair, float]


def measure_quarters(work: Work) -> tuple[Quarterly, ...]:
    """Return each whole quarter of a window, aligned to its end, the earliest first."""
    return tuple(
        measure_quarter(work, since=since, until=until)
        for since, until in quarters(work.since, work.until)
    )


def measure_quarter(work: Work, *, since: int, until: int) -> Quarterly:
    """Return one quarter of a work."""
    part = work.between(since, until)
    found = measure_delivery(part, with_trend=False)
    return Quarterly(since, until, _figures(found), _handoffs(found), _joint(part))


def _figures(found: Delivery) -> dict[str, float]:
    one = found.autonomy
    return {
        "handoffs_per_100": value_of(one.handoffs_per_100),
        "lockstep_per_100": value_of(one.lockstep_per_100),
        "autonomous_share": value_of(one.autonomous_share),
        "streams": value_of(found.teams.streams),
    }


def _handoffs(found: Delivery) -> dict[Pair, float]:
    teams = found.work.teams
    sums = found.handoffs.groupby(["from_team", "to_team"], as_index=False)["weight"].sum()
    rows = sums.itertuples(index=False, name=None)
    return {(teams[int(a)], teams[int(b)]): float(weight) for a, b, weight in rows}


def _joint(part: Work) -> dict[Pair, float]:
    from conway.coupling.incidence import incidence, meetings, names_of

    touches, names = incidence(part, "service"), names_of(part, "service")
    found = meetings(touches).by_name(names)
    return {
        (names[a], names[b]): float(count)
        for a, b, count in zip(
            found.first.tolist(), found.second.tolist(), found.joint, strict=True
        )
    }
