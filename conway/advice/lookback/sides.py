"""Both sides of a day: work before and after it under the boundaries of that day.

In:  ``FixedWork`` and the owners over time.
Out: ``Side`` by outcome: differences to services that stayed, and the mechanical part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from conway.advice.lookback.chance import Chance
from conway.advice.lookback.levels import Differences, Levels, differences
from conway.advice.lookback.owners import team_at
from conway.boundaries.dated_teams import ALWAYS
from conway.boundaries.work import WEEK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.lookback.fixed import FixedWork, Reading
    from conway.advice.lookback.options import LookBackOptions
    from conway.advice.lookback.owners import Owned

OUTCOMES: Mapping[str, float] = {"handoffs_per_100": 100.0, "autonomous_share": 1.0}
"""Outcomes and what a mean is multiplied by."""


_FIELD = {"handoffs_per_100": "handoffs", "autonomous_share": "autonomous"}


class Readings(NamedTuple):
    """The sets around a day: under the old boundaries, and twice under the new owners.

    ``stay`` has everybody in the team of before, ``new`` everybody in the team of after.
    """

    old: Reading
    stay: Reading
    new: Reading


@dataclass(frozen=True, eq=False)
class Side:
    """One outcome around one day, by service measured.

    Attributes
    ----------
    difference
        What changed under the new owners, beyond services that stayed and were alike.
    people_stay, people_follow
        Work before the day under the new owners, less the same work under the old ones: with
        everybody in the same team as before (people of a team that is gone are in the one
        that took over most of what they touched), and with everybody in the team that owns
        most of what they touched.
    level
        Of the work before the day under the old owners.
    away
        Level under the new owners, less the mean of the services that stayed.
    change
        Of the level, less the mean change of the services that stayed.
    stayed
        Mean level of the services that stayed.
    """

    difference: Differences
    people_stay: np.ndarray
    people_follow: np.ndarray
    level: np.ndarray
    away: np.ndarray
    change: np.ndarray
    stayed: float


@dataclass(frozen=True, eq=False)
class Ground:
    """Work, and who owned what when.

    Attributes
    ----------
    fixed
        The work.
    owned
        By service its owners in order of time.
    options
        Windows and thresholds.
    """

    fixed: FixedWork
    owned: Owned
    options: LookBackOptions

    def owners_at(self, time: int) -> np.ndarray:
        """Return the owner of each service as of a time (shape: services).

        A service without an owner then has its first one: who owned it later is the only
        boundary that its work was ever held against.
        """
        work = self.fixed.work
        code = {name: number for number, name in enumerate(work.teams)} | {"": -1}
        found = []
        for service in work.services:
            steps = self.owned.get(service, ())
            team = team_at(steps, time)
            later = (name for since, name in steps if since > time and name)
            found.append(code[team or next(later, "")])
        return np.array(found, dtype=np.int64)

    def stayed(self, since: int, until: int) -> np.ndarray:
        """Return which services have an owner and kept it over a time (shape: services)."""
        return np.array([
            bool(steps := self.owned.get(service, ()))
            and bool(team_at(steps, since))
            and not any(since <= time < until for time, _ in steps if time != ALWAYS)
            for service in self.fixed.work.services
        ], dtype=bool)  # fmt: skip

    def window(self, time: int) -> tuple[int, int] | None:
        """Return the weeks around a day, None where a side is too short."""
        work, fewest = self.fixed.work, self.options.fewest_weeks * WEEK
        since = max(work.since, time - self.options.before)
        until = min(work.until, time + self.options.after)
        return (since, until) if time - since >= fewest and until - time >= fewest else None

    def fake(self, time: int) -> dict[str, Side]:
        """Compare every service that stayed around a day with the others."""
        window = self.window(time)
        if window is None:
            return {}
        targets = np.flatnonzero(self.stayed(*window))
        if not len(targets):
            return {}
        return self.around(time, time, targets=targets)

    def around(self, first: int, last: int, *, targets: np.ndarray) -> dict[str, Side]:
        """Compare services around a day by outcome; empty where a side is too short.

        Parameters
        ----------
        first, last
            Times of the first and the last transfer of the day.
        targets
            Codes of the services to compare with those that stayed.
        """
        window = self.window(first)
        if window is None:
            return {}
        since, until = window
        before, after = self.owners_at(first - 1), self.owners_at(last)
        fixed, sets = self.fixed, self.fixed.within(since, until)
        old = fixed.teams_at(first, sets, owners=before)
        new = fixed.teams_at(last, sets, owners=after)
        gone = set(before[before >= 0].tolist()) - set(after[after >= 0].tolist())
        stay = np.where(np.isin(old, sorted(gone)), new, old)
        readings = Readings(
            fixed.read(sets, teams=old, owners=before),
            fixed.read(sets, teams=stay, owners=after),
            fixed.read(sets, teams=new, owners=after),
        )
        half = fixed.within(first - (first - since) // 2, first)
        sides = (half[0] - sets[0], half[1] - sets[0], sets[1] - sets[0])
        stayed = self.stayed(since, until)
        return {
            name: self._side(name, readings, sides=sides, targets=targets, stayed=stayed)
            for name in OUTCOMES
        }

    def _side(
        self,
        name: str,
        readings: Readings,
        *,
        sides: tuple[int, int, int],
        targets: np.ndarray,
        stayed: np.ndarray,
    ) -> Side:
        """Compare one outcome."""
        old, stay, new = (OUTCOMES[name] * getattr(one, _FIELD[name]) for one in readings)
        touches = self.fixed.shares[readings.old.first : readings.old.last]

        def before(values: np.ndarray) -> np.ndarray:
            return Levels.of(touches, values, sides=sides).before

        levels, former = Levels.of(touches, new, sides=sides), before(old)
        able = targets[levels.enough(self.options)[targets]]
        found = differences(levels, able, stayed=stayed, options=self.options)
        others = stayed & levels.enough(self.options)
        mean = float(levels.before[others].mean()) if others.any() else float("nan")
        drift = float((levels.after - levels.before)[others].mean()) if others.any() else 0.0
        return Side(
            difference=found,
            people_stay=before(stay - old)[found.services],
            people_follow=before(new - old)[found.services],
            level=former[found.services],
            away=levels.before[found.services] - mean,
            change=(levels.after - levels.before)[found.services] - drift,
            stayed=mean,
        )

    def dates(self, *, shift: int = 0) -> list[int]:
        """Return fake dates with full weeks on both sides, evenly apart.

        Parameters
        ----------
        shift
            Seconds by which all are later, for dates that lie between these.
        """
        work, options = self.fixed.work, self.options
        first, last = work.since + options.before + shift, work.until - options.after
        times = list(range(first, last + 1, options.step_weeks * WEEK))
        step = -(-len(times) // options.most_dates) if times else 1
        return times[::step]


def chances(
    fakes: list[dict[str, Side]], *, options: LookBackOptions, seed: int
) -> dict[str, Chance]:
    """Return by outcome what chance gives."""
    return {
        name: Chance.of([one[name].difference for one in fakes if one], options=options, seed=seed)
        for name in OUTCOMES
    }


def returns(fakes: list[dict[str, Side]]) -> dict[str, float]:
    """Return by outcome how services that stayed come back to the mean, as a slope.

    The change of a service against its distance from the others before: -0.3 means that
    three tenths of a distance go by themselves within the weeks after.
    """
    found = {}
    for name in OUTCOMES:
        away = np.concatenate([one[name].away for one in fakes if one] or [np.empty(0)])
        change = np.concatenate([one[name].change for one in fakes if one] or [np.empty(0)])
        total = float((away**2).sum())
        found[name] = float((away * change).sum()) / total if total else 0.0
    return found
