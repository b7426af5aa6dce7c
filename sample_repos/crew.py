"""Chooses who does a change, so that the work people did before shows the team they are in.

``conway`` infers a person's team from the owners of what they worked on in the last 180
days. Work on a service that another team owns therefore goes to people who did enough on
their own team's services.
"""

from __future__ import annotations

from collections import Counter

from sample_repos.dice import Dice
from sample_repos.history import Person
from sample_repos.shop_tables import MEMBERS, OLD_EMAIL, START, WEEK, Member

DAY = 24 * 3600


class Crew:
    """The members of all teams and what each worked on lately."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._past: dict[str, list[tuple[int, tuple[str, ...]]]] = {}

    def author(self, team: str, at: int, *, owners: tuple[str, ...]) -> Member:
        """Return who of ``team`` does a change on services of ``owners``, and remember it."""
        people = self._present(team, at)
        leads = [self._lead(person, team, at) for person in people]
        if team in owners:
            weights = [one.weight * max(1, 4 - lead) for one, lead in zip(people, leads, strict=True)]
        else:
            weights = [float(max(0, lead - 1, lead == max(leads))) for lead in leads]
        chosen = self._dice.weighted(people, weights)
        self._past.setdefault(chosen.name, []).append((at, owners))
        return chosen

    def mate(self, person: Member, at: int) -> Member:
        """Return somebody else of the person's team, to review or help."""
        team = person.team_in((at - START) / WEEK) or person.team
        others = [one for one in self._present(team, at) if one != person]
        return self._dice.pick(others)

    def _present(self, team: str, at: int) -> list[Member]:
        week = (at - START) / WEEK
        return [member for member in MEMBERS if member.team_in(week) == team]

    def _lead(self, person: Member, team: str, at: int) -> int:
        """Return by how many changes the own team leads: in the last six and, less one, three months."""
        leads = []
        for days, handicap in ((180, 0), (100, 1)):
            past = [owners for time, owners in self._past.get(person.name, []) if time > at - days * DAY]
            counts = Counter(owner for owners in past for owner in owners)
            leads.append(counts.pop(team, 0) - max(counts.values(), default=0) + handicap)
        return min(leads)


def signature(member: Member, at: int) -> Person:
    """Return how a member signs commits at a time."""
    name, old, until = OLD_EMAIL
    if member.name == name and at < START + until * WEEK:
        return Person(member.name, old, member.zone)
    return Person(member.name, member.email, member.zone)
