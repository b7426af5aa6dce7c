"""One measurement of waits over one window.

In:  a history and its ``Work``.
Out: ``Waits``: merging (delays against independent waits, effects of crossing) and releasing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.waits.cluster import hidden
from conway.delivery.waits.crossings import GAPS, Crossings, find_crossings
from conway.delivery.waits.effects import Effect, Verdict, crossing_effects, verdicts
from conway.delivery.waits.members import CLOCKS, Clock, Members, member_waits, waits_of
from conway.delivery.waits.null import Delay, delays, draw_null
from conway.delivery.waits.releasing import Releasing, measure_releasing
from conway.delivery.waits.reviewing import NO_REVIEWS, ReviewWait, measure_reviewing
from conway.figures import Figure, Unknown
from conway.history.imports.schemas import PULL_REQUESTS

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Coverage, Work
    from conway.history.change_sets import Unit
    from conway.history.record import History

FEWEST_WAITS = 200
"""Member changes below which waits are not measured; the design's least number of changes."""

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Merging:
    """Waits from last commit to merge.

    Attributes
    ----------
    delays
        Change sets against independent waits; the changes alone first.
    effects
        Effects of crossing within author, repository and quarter.
    verdicts
        What these say together.
    members
        Schema ``MEMBER_WAITS``, bulk work left out; of people, so never shown.
    """

    delays: tuple[Delay, ...]
    effects: tuple[Effect, ...]
    verdicts: tuple[Verdict, ...]
    members: pd.DataFrame = field(repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Waits:
    """Everything measured of waits in one window.

    Attributes
    ----------
    merging, releasing, reviewing
        Waits until merge, until release, and of pull requests, or why they are unknown.
    coverage
        Which changes' waits are measured, and why others are not.
    """

    merging: Merging | Unknown
    releasing: Releasing | Unknown
    coverage: tuple[Coverage, ...] = ()
    reviewing: tuple[ReviewWait, ...] | Unknown = NO_REVIEWS

    def explain(self) -> str:
        """Say in a few lines what is and what is not established."""
        if isinstance(self.merging, Unknown):
            return f"How long finished work waits to be merged is unknown: {self.merging.reason}."
        return "\n".join(one.text for one in self.merging.verdicts)

    @classmethod
    def unknown(cls, reason: str) -> Waits:
        """Return waits that are unknown for one reason."""
        return cls(Unknown(reason), Unknown(reason))


def measure_waits(
    history: History,
    work: Work,
    *,
    requests: pd.DataFrame | None = None,
    unit: Unit = "mainline",
    seed: int = 0,
) -> Waits:
    """Measure waits until merge and until release.

    Parameters
    ----------
    history
        Clocks of commits, changes and tags.
    work
        The labelled change sets of the window.
    requests
        Schema ``PULL_REQUESTS``, where reviews were given.
    unit
        The unit of change that they were selected with.
    seed
        Seed of everything random.
    """
    members = member_waits(history, work)
    return Waits(
        merging=_merging(history, work, members=members, unit=unit, seed=seed),
        releasing=measure_releasing(history, work, members=members.rows, seed=seed),
        coverage=members.coverage,
        reviewing=measure_reviewing(
            history,
            work,
            requests=PULL_REQUESTS.empty() if requests is None else requests,
            unit=unit,
            seed=seed,
        ),
    )


def _merging(
    history: History, work: Work, *, members: Members, unit: Unit, seed: int
) -> Merging | Unknown:
    rows = members.rows
    if len(rows) < FEWEST_WAITS:
        squash = (
            f": {members.squashed:.0%} of changes lie in repositories that squash or rebase "
            "branches, which leaves no trace of when work ended"
        )
        return Unknown(
            f"only {len(rows)} changes came as merges of a branch, {FEWEST_WAITS} are needed"
            + (squash if members.squashed > 0 else "")
        )
    crossings = find_crossings(history, work, members=rows, unit=unit)
    effects = crossing_effects(rows, crossings, seed=seed)
    return Merging(
        delays=_delays(members, crossings, seed=seed),
        effects=effects,
        verdicts=verdicts(effects),
        members=rows[~crossings[GAPS[-1]].bulk].reset_index(drop=True),
    )


def _delays(members: Members, crossings: dict[int, Crossings], *, seed: int) -> tuple[Delay, ...]:
    """Return delays under each clock and gap, by repositories and teams at the widest one."""
    rows = members.rows
    found: list[Delay] = []
    for clock in CLOCKS:
        found.append(_alone(rows, crossings[GAPS[-1]], clock=clock))
        for gap in GAPS:
            drawn = draw_null(rows, crossings[gap], clock=clock, seed=seed)
            by = ("repositories", "owners") if gap == GAPS[-1] else ()
            found += delays(drawn, clock=clock, gap_days=gap, by=by, seed=seed)
    return tuple(found)


def _alone(rows: pd.DataFrame, crossings: Crossings, *, clock: Clock) -> Delay:
    """Return the wait of changes alone, which is its own null."""
    mask = (crossings.repositories == 1) & ~crossings.bulk
    person = rows["person"].to_numpy()[mask]
    hours: Figure = hidden(person) or float(np.median(waits_of(rows, clock)[mask])) / _HOUR
    sets = len(np.unique(crossings.sets[mask]))
    people = len(np.unique(person[person >= 0]))
    excess: Figure = hours if isinstance(hours, Unknown) else 1.0
    return Delay(
        "repositories", 1, clock, GAPS[-1], sets, people, hours, hours, hours, hours, excess
    )
