"""Teams in teams, what kind of team each is, and how pairs mean to work together.

In:  ``[teams.parents]``, ``[teams.types]``, ``[[teams.interactions]]``; parents that a
     catalog or a table gives.
Out: ``TeamStructure``, or one ``BoundariesError`` with all faults.

Types and interactions are those of Skelton and Pais, "Team Topologies" (2019).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from conway.boundaries.dated_teams import some
from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from conway.config import TeamsTable

ALWAYS, NEVER = -(2**62), 2**62
AS_A_SERVICE = "x-as-a-service"


@dataclass(frozen=True, slots=True)
class Interaction:
    """What two teams, in order of name, intend: ``since <= time < until``."""

    teams: tuple[str, str]
    mode: str
    since: int = ALWAYS
    until: int = NEVER


@dataclass(frozen=True, eq=False)
class TeamStructure:
    """How teams stand to each other.

    Attributes
    ----------
    parents
        By team the team that it is in; there is no circle.
    types
        By team ``stream-aligned``, ``platform``, ``enabling`` or ``complicated-subsystem``.
    interactions
        In the order of the file.
    """

    parents: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    interactions: tuple[Interaction, ...] = ()

    def above(self, team: str) -> tuple[str, ...]:
        """Return the teams that a team is in, the nearest first."""
        found: list[str] = []
        while team in self.parents:
            team = self.parents[team]
            found.append(team)
        return tuple(found)

    def quiets(self, one: str, other: str, *, at: int) -> bool:
        """Tell whether what two teams do together at a time is what they, or those above, mean.

        A team as a service may stay so; a collaboration or help must have an end, and is
        meant until then.
        """
        pairs = [
            (min(a, b), max(a, b))
            for a in (one, *self.above(one))
            for b in (other, *self.above(other))
        ]
        return any(
            each.teams in pairs and each.since <= at < each.until
            for each in self.interactions
            if each.until < NEVER or each.mode == AS_A_SERVICE
        )

    def intended(self, one: str, other: str, *, at: int) -> str | None:
        """Return how two teams mean to work together at a time, None where nothing is said.

        Where several hold, the one that began last counts, of equals the later in the file.
        """
        held = [each for each in self.between(one, other) if each.since <= at < each.until]
        return held[-1].mode if held else None

    def between(self, one: str, other: str) -> tuple[Interaction, ...]:
        """Return what two teams ever intended; where several hold, the last one counts."""
        pair = (min(one, other), max(one, other))
        found = [each for each in self.interactions if each.teams == pair]
        return tuple(sorted(found, key=lambda each: each.since))


def team_structure(
    teams: TeamsTable,
    *,
    known: Collection[str],
    parents: Mapping[str, str] | None = None,
    called: Callable[[str], str] = str,
) -> TeamStructure:
    """Return the structure that a configuration declares.

    Parameters
    ----------
    teams
        ``[teams]``.
    known
        All teams that own or have members.
    parents
        Those that another source gives; the configuration goes before it.
    called
        The team that the configuration means by a name: of a renamed one the newest.

    Raises
    ------
    BoundariesError
        With every circle of parents and every team that there is not.
    """
    teams = _under(teams, called)
    every = {**(parents or {}), **teams.parents}
    names = {*known, *every, *every.values()}
    faults = [*_unknown(teams, known={*known, *(parents or {}), *every.values()}), *_circles(every)]
    if faults:
        raise BoundariesError("\n".join(faults))
    interactions = tuple(
        Interaction(
            (min(each.teams), max(each.teams)),
            each.mode,
            ALWAYS if each.since is None else each.since,
            NEVER if each.until is None else each.until,
        )
        for each in teams.interactions
    )
    kept = {team: kind for team, kind in teams.types.items() if team in names}
    return TeamStructure(dict(sorted(every.items())), dict(sorted(kept.items())), interactions)


def _under(teams: TeamsTable, called: Callable[[str], str]) -> TeamsTable:
    """Return the table with every name as the results have it."""
    interactions = tuple(
        each.model_copy(update={"teams": (called(each.teams[0]), called(each.teams[1]))})
        for each in teams.interactions
    )
    return teams.model_copy(
        update={
            "parents": {called(team): called(above) for team, above in teams.parents.items()},
            "types": {called(team): kind for team, kind in teams.types.items()},
            "interactions": interactions,
        }
    )


def _unknown(teams: TeamsTable, *, known: Collection[str]) -> Iterator[str]:
    """Name each team that neither owns nor has members nor holds others."""
    places = [
        *(("[teams.parents]", name) for name in teams.parents),
        *(("[teams.types]", name) for name in teams.types),
        *(
            (f"[[teams.interactions]] {number}", name)
            for number, each in enumerate(teams.interactions, start=1)
            for name in each.teams
        ),
    ]
    for place, name in places:
        if name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            hint = f"did you mean '{visible(near[0])}'?" if near else f"teams: {some(known)}"
            yield f"{place}: no team '{visible(name)}'; {hint}"


def _circles(parents: Mapping[str, str]) -> Iterator[str]:
    """Describe each circle of parents once."""
    done: set[str] = set()
    for start in sorted(parents):
        trail: list[str] = []
        team = start
        while team in parents and team not in done and team not in trail:
            trail.append(team)
            team = parents[team]
        if team in trail:
            circle = [*trail[trail.index(team) :], team]
            shown = " in ".join(f"'{visible(name)}'" for name in circle)
            yield f"[teams.parents] is a circle: {shown}; a team cannot be in itself"
        done.update(trail)
