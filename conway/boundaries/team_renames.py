"""Teams that got another name: one team, and not a reorganisation.

In:  an ``Ownership`` with versions.
Out: ``Rename`` in order of time, and the ownership under each team's newest name.

A team was renamed where, at one moment, everything that it owned belongs to a name that was
not there before, nothing else does, and the old name is never used again. For dated tables
*everything* is services, for ownership files the patterns of one repository. One service that
goes over to a new name may as well be a handover: there the names must be alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from conway.boundaries.dated_teams import ALWAYS, DatedTeams
from conway.boundaries.ownership import FileOwnership
from conway.display import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.boundaries.ownership import Ownership
    from conway.history.record import History

State = dict[str, frozenset[str]]

_SHOWN = 5
_ALIKE = 0.7
"""Least likeness (Ratcliff and Obershelp's) of two names of one team, letters and digits alone."""


@dataclass(frozen=True, slots=True, order=True)
class Rename:
    """From ``time`` on (seconds UTC) the team ``old`` is called ``new``.

    Attributes
    ----------
    owned
        Services or patterns that went over.
    """

    time: int
    old: str
    new: str
    owned: int = 0

    @property
    def sure(self) -> bool:
        """Whether it counts as a rename: several things went over, or the names are alike."""
        one, other = ("".join(filter(str.isalnum, n.casefold())) for n in (self.old, self.new))
        return self.owned > 1 or SequenceMatcher(None, one, other).ratio() >= _ALIKE

    def __str__(self) -> str:
        """Say it in a phrase."""
        day = datetime.fromtimestamp(self.time, tz=UTC).date()
        old, new = visible(self.old), visible(self.new)
        if self.sure:
            return f"{old} is called {new} since {day}"
        return (
            f"all that {old} owned went to {new} on {day}, too little to tell a new name from "
            "a handover: counted as two teams; [teams.map] makes them one"
        )


def renames_of(ownership: Ownership, history: History) -> tuple[Rename, ...]:
    """Return what the versions of an ownership show of renames, sure or not.

    Parameters
    ----------
    ownership
        Dated tables or ownership files; anything else has none.
    history
        Whose changes date the versions of files.
    """
    found: set[Rename] = set()
    if isinstance(ownership, DatedTeams):
        found.update(_renames(_table_states(ownership)))
    elif isinstance(ownership, FileOwnership):
        times = history.changes.set_index(["repository", "position"])["committer_time"].to_dict()
        states = {
            name: [
                (
                    int(times.get((name, position), 0)),
                    {
                        pattern: frozenset(ownership.names.of(owner) for owner in owners)
                        for pattern, owners in held.rules(version).patterns.items()
                    },
                )
                for version, position in enumerate(held.positions, start=1)
            ]
            for name, held in ownership.versions.items()
        }
        found.update(one for steps in states.values() for one in _renames(steps))
        now = [_teams(steps[-1][1]) for steps in states.values() if steps]
        found = {one for one in found if not any(one.old in teams for teams in now)}
    return tuple(sorted(_plain(found)))


def _plain(found: set[Rename]) -> list[Rename]:
    """Leave out teams that repositories split or joined: those are no renames."""
    after: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    for one in found:
        after.setdefault(one.old, set()).add(one.new)
        before.setdefault(one.new, set()).add(one.old)
    return [one for one in found if len(after[one.old]) == len(before[one.new]) == 1]


def rename_notes(renames: Sequence[Rename]) -> list[str]:
    """Say which teams count under their newest name, the latest renames first."""
    sure = [str(one) for one in reversed(renames) if one.sure]
    more = f", and {len(sure) - _SHOWN} more" if len(sure) > _SHOWN else ""
    notes = [f"renamed teams, each counted as one: {', '.join(sure[:_SHOWN])}{more}"]
    return [*(notes if sure else []), *(str(one) for one in renames if not one.sure)]


def under_newest_names(ownership: Ownership, renames: Sequence[Rename]) -> Ownership:
    """Return an ownership in which each team has its newest name at all times.

    Parameters
    ----------
    ownership
        What the renames were found in.
    renames
        In order of time; those that are not sure are left alone.
    """
    newest: dict[str, str] = {}
    for one in sorted(renames, reverse=True):
        if one.sure:
            newest[one.old] = newest.get(one.new, one.new)
    if newest and isinstance(ownership, DatedTeams):
        return ownership.renamed(newest)
    if newest and isinstance(ownership, FileOwnership):
        return replace(ownership, names=ownership.names.renamed(newest))
    return ownership


def _table_states(teams: DatedTeams) -> list[tuple[int, State]]:
    """Return who owns each service from each date on."""
    dates = sorted({since for steps in teams.owned.values() for since, _ in steps} - {ALWAYS})
    states: list[tuple[int, State]] = []
    for date in dates:
        state: State = {}
        for service, steps in teams.owned.items():
            then = [names for since, names in steps if since <= date]
            if then and then[-1]:
                state[service] = then[-1]
        states.append((date, state))
    return states


def _renames(states: Sequence[tuple[int, State]]) -> list[Rename]:
    """Compare each state with the one before."""
    held = [_held(state) for _, state in states]
    last = {team: place for place, teams in enumerate(held) for team in teams}
    first = {team: place for place, teams in reversed(list(enumerate(held))) for team in teams}
    found: list[Rename] = []
    for place in range(1, len(states)):
        gone = [team for team in held[place - 1] if last[team] == place - 1]
        come = [team for team in held[place] if first[team] == place]
        for old in sorted(gone):
            same = [new for new in sorted(come) if held[place][new] == held[place - 1][old]]
            if len(same) == 1:
                owned = len(held[place - 1][old])
                found.append(Rename(states[place][0], old, same[0], owned))
    return found


def _held(state: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return what each team owns."""
    found: dict[str, set[str]] = {}
    for place, teams in state.items():
        for team in teams:
            found.setdefault(team, set()).add(place)
    return {team: frozenset(places) for team, places in found.items()}


def _teams(state: State) -> frozenset[str]:
    return frozenset().union(*state.values())
