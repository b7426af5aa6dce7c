"""Find out who moves: the people of a plan as codes of the work's authors.

In:  moves and ``Work``.
Out: the same moves with the codes of the people who change teams.

Where a plan names persons, they must be entries of the table of memberships; the message
about one that is not counts and never names.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from conway.advice.dated import Dated, undated
from conway.advice.team_moves import MoveWithPeople, SplitTeam
from conway.errors import PlanError, problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conway.advice.move import Move
    from conway.boundaries.work import Work

MOSTLY = 0.5
"""Share of a person's change sets that must touch a service for the person to move with it."""


def settle(moves: Sequence[Move], work: Work) -> tuple[Move, ...]:
    """Return the moves with the people who change teams.

    Raises
    ------
    PlanError
        If a person is no entry of the table of memberships; all such moves at once.
    """
    faults: list[str] = []
    found = []
    for place, dated in enumerate(moves, 1):
        move = undated(dated)
        if isinstance(move, MoveWithPeople | SplitTeam) and move.codes is None:
            faults += _unknown(move, work, where=f"move {place} ({move.kind})")
            move = _with_people(move, work) if not faults else move
        found.append(replace(dated, move=move) if isinstance(dated, Dated) else move)
    if faults:
        raise PlanError(problems("plan", faults))
    return tuple(found)


def _unknown(move: MoveWithPeople | SplitTeam, work: Work, *, where: str) -> list[str]:
    named = _named(move)
    absent = sum(not work.homes.codes_of(person) for person in named)
    if not absent:
        return []
    if work.homes.members is None:
        return [f"{where}: names persons, but [teams] members gives no table of memberships"]
    return [f"{where}: {absent} of {len(named)} persons are not in the table of memberships"]


def _named(move: MoveWithPeople | SplitTeam) -> tuple[str, ...]:
    if isinstance(move, MoveWithPeople):
        return move.people
    return tuple(person for people in move.people.values() for person in people)


def _with_people(move: MoveWithPeople | SplitTeam, work: Work) -> Move:
    if isinstance(move, MoveWithPeople):
        codes = _codes(move.people, work) if move.people else _mostly_there(move, work)
        return replace(move, codes=frozenset(codes))
    chosen = {code: part for part, p in move.people.items() for code in _codes(p, work)}
    return replace(move, codes={**_nearest_parts(move, work), **chosen})


def _codes(people: Iterable[str], work: Work) -> set[int]:
    return {code for person in people for code in work.homes.codes_of(person)}


def _mostly_there(move: MoveWithPeople, work: Work) -> set[int]:
    """Return the people of the service's owner most of whose change sets touch it."""
    if move.service not in work.services:
        return set()
    service = work.services.index(move.service)
    owner = work.service_teams[service]
    counts, totals = _counts(work, [service], team=owner)
    return {person for person, total in totals.items() if counts[person] > MOSTLY * total}


def _nearest_parts(move: SplitTeam, work: Work) -> dict[int, str]:
    """Return the part in whose services each person of the team worked most."""
    if move.team not in work.teams:
        return {}
    team = work.teams.index(move.team)
    place = {name: code for code, name in enumerate(work.services)}
    held = {name: [place[s] for s in part if s in place] for name, part in move.parts.items()}
    taken = {code for codes in held.values() for code in codes}
    rest = [c for c, t in enumerate(work.service_teams) if t == team and c not in taken]
    counts = {name: _counts(work, codes, team=team)[0] for name, codes in held.items()}
    stay, people = _counts(work, rest, team=team)
    found = {}
    for person in sorted(people):
        best = max(sorted(counts), key=lambda name: counts[name][person], default="")
        if best and counts[best][person] > stay[person]:
            found[person] = best
    return found


def _counts(work: Work, services: list[int], *, team: int) -> tuple[Counter[int], Counter[int]]:
    """Return by person of a team the change sets that touch some services, and all."""
    sets = work.sets
    own = (sets["author_team"].to_numpy() == team) & (sets["author"].to_numpy() >= 0)
    people = sets["author"].to_numpy()
    touching = sorted(set(work.rows.loc[work.rows["service"].isin(services), "set"].tolist()))
    touched = Counter(int(people[number]) for number in touching if own[number])
    return touched, Counter(people[own].tolist())
