"""Measure past reorganisations: the verb ``look_back``.

In:  a history and boundaries with dates.
Out: ``LookBack``.

Around each event the work is measured under the owners and the people's teams of the event's
day, on both sides (``fixed``). Then

    mechanical = work before the event under the new owners - the same work under the old ones
    effect     = work after - work before, both under the new owners, beyond what changed in
                 services that stayed and were alike before

The first is arithmetic: the approver changed, so approvals do. The second is what people did
differently. Neither says that work got faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.lookback.effects import Effect, PastEvent, SetApart
from conway.advice.lookback.events import find_events
from conway.advice.lookback.fixed import FixedWork
from conway.advice.lookback.options import LookBackOptions
from conway.advice.lookback.owners import owners_over_time, versions_of
from conway.advice.lookback.result import LookBack
from conway.advice.lookback.sides import OUTCOMES, Ground, chances, returns
from conway.boundaries.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.advice.lookback.chance import Chance
    from conway.advice.lookback.events import Event, Found
    from conway.advice.lookback.sides import Side
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.record import History

NO_EVENT = "no service changed hands in the window"
TOO_SHORT = "fewer than 13 weeks of history on one side"
NO_CONTROL = "no moved service has enough change sets and a service alike that stayed"


def look_back(
    history: History,
    boundaries: Boundaries,
    *,
    work: Work | None = None,
    options: LookBackOptions | None = None,
    seed: int = 0,
) -> LookBack:
    """Find past reorganisations, and measure what changed against services that stayed.

    Parameters
    ----------
    history
        Facts of one or more repositories.
    boundaries
        Services and dated teams; ``[teams] reorganisations`` may add what they do not show.
    work
        The history's labelled work, where it is at hand.
    options
        Windows and thresholds.
    seed
        Seed of the fake reorganisations.

    Returns
    -------
    LookBack
        Events in order of time, and their pooled effect, each with the smallest effect that
        could have been detected.
    """
    chosen = LookBackOptions() if options is None else options
    labelled = label(history, boundaries) if work is None else work
    owned = owners_over_time(labelled, history=history, boundaries=boundaries)
    window = (labelled.since, labelled.until)
    found = find_events(owned, written=boundaries.reorganisations, window=window, options=chosen)
    past = Past.of(labelled, found, options=chosen, seed=seed)
    return past.result(_set_apart(found, boundaries, history, window=window))


def _set_apart(  # noqa: PLR0917 - what is counted, and where
    found: Found, boundaries: Boundaries, history: History, *, window: tuple[int, int]
) -> SetApart:
    """Count what is no reorganisation."""
    steps = {time for one in found.owned.values() for time, _ in one}
    times = [time for time, _, _ in versions_of(boundaries, history)]
    return SetApart(
        renames=tuple(str(one) for one in boundaries.renames if window[0] <= one.time < window[1]),
        passing_owners=found.passing,
        file_edits=sum(window[0] <= time < window[1] and time not in steps for time in times),
        first_owners=found.first_owners,
        lost_owners=found.lost_owners,
    )


@dataclass(frozen=True, eq=False)
class Past:
    """Events, and everything that their effects are measured from.

    Attributes
    ----------
    ground, found
        The work under the boundaries of any day, and what happened.
    chance, returns
        By outcome, what fake reorganisations give, and how services come back to the mean.
    seed
        Of the fake reorganisations.
    """

    ground: Ground
    found: Found
    chance: Mapping[str, Chance]
    returns: Mapping[str, float]
    seed: int = 0

    @classmethod
    def of(cls, work: Work, found: Found, *, options: LookBackOptions, seed: int) -> Past:
        """Prepare; fake dates are measured here, before any effect is."""
        ground = Ground(FixedWork.of(work), found.owned, options)
        fakes = [ground.fake(time) for time in ground.dates()] if found.events else []
        return cls(ground, found, chances(fakes, options=options, seed=seed), returns(fakes), seed)

    def result(self, apart: SetApart) -> LookBack:
        """Measure every event, and those that are reorganisations together."""
        sides = [self.sides(event) for event in self.found.events]
        pooled = [
            one
            for event, one in zip(self.found.events, sides, strict=True)
            if event.kind != "en_bloc"
        ]
        work = self.ground.fixed.work
        return LookBack(
            events=tuple(
                self._event(event, one) for event, one in zip(self.found.events, sides, strict=True)
            ),
            pooled={name: self.effect(name, pooled) for name in OUTCOMES},
            apart=apart,
            window=(work.since, work.until),
            inferred=work.homes.source == "inferred",
            seed=self.seed,
        )

    def sides(self, event: Event) -> dict[str, Side]:
        """Compare the moved services of an event that moved only once in its weeks."""
        services = self.ground.fixed.work.services
        first, last = event.moves[0].time, max(one.time for one in event.moves)
        window = self.ground.window(first)
        if window is None:
            return {}
        once = [
            services.index(one.service)
            for one in event.moves
            if one.service in services
            and sum(window[0] <= time < window[1] for time, _ in self.found.owned[one.service]) == 1
        ]
        return self.ground.around(first, last, targets=np.array(sorted(once), dtype=np.int64))

    def _event(self, event: Event, sides: dict[str, Side]) -> PastEvent:
        effects = {name: self.effect(name, [sides]) for name in OUTCOMES}
        return PastEvent(event.time, event.kind, event.moves, effects, name=event.name)

    def effect(self, name: str, events: Sequence[dict[str, Side]]) -> Effect:
        """Return one outcome of one event, or of several together."""
        if not events:
            return Effect.unknown(NO_EVENT)
        several = [one[name] for one in events if one]
        if not several:
            return Effect.unknown(TOO_SHORT)
        several = [one for one in several if len(one.difference.services)]
        chance = self.chance[name]
        if chance.reason or not several:
            return Effect.unknown(chance.reason or NO_CONTROL)
        parts = [one.difference for one in several]
        shape = [len(one.services) for one in parts]
        found = chance.summed(parts)
        weights = chance.weights(np.concatenate([one.noise for one in parts]))

        def mean(values: list[np.ndarray]) -> float:
            return float((weights * np.concatenate(values)).sum())

        away = [one.level - one.stayed for one in several]
        return Effect(
            detectable=chance.detectable(found.error, shape),
            effect=chance.interval(found, shape),
            rank=chance.rank(found, shape),
            people_stay=mean([one.people_stay for one in several]),
            people_follow=mean([one.people_follow for one in several]),
            before=mean([one.level for one in several]),
            selection=mean(away),
            pre_trend=mean([one.trend_gap for one in parts]),
            pre_level=mean([one.level_gap for one in parts]),
            returning=self.returns[name] * mean([one.away for one in several]),
            services=sum(shape),
            controls=float(np.mean(np.concatenate([one.controls for one in parts]))),
        )
