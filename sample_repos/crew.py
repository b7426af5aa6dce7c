"""People, and who does a change, so that earlier work shows the team that they are in.

``conway`` infers a person's team from the owners of what they worked on in the last 180
days. Work on a service that another team owns therefore goes to people who did enough on
their own team's services.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from sample_repos.history import Person
from sample_repos.span import DAY, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_repos.dice import Dice


@dataclass(frozen=True)
class Member:
    """A person, the teams they are in from which week, and how much they do."""

    name: str
    team: str
    weight: float = 1.0
    joined: int = 0
    left: int = 1000
    zone: str = "+0100"
    moves_to: tuple[int, str] | None = None
    old_email: tuple[str, int] | None = None  # an address, and until which week
    domain: str = "shop.example"

    @property
    def nick(self) -> str:
        """The first name as in branch names."""
        return self.email.split(".", maxsplit=1)[0]

    @property
    def email(self) -> str:
        """The present e-mail."""
        plain = normalize("NFKD", self.name.lower().replace("ø", "o").replace(" ", "."))
        return f"{plain.encode('ascii', 'ignore').decode()}@{self.domain}"

    def team_in(self, week: float) -> str | None:
        """Return the team in a week, None before joining and after leaving."""
        if not self.joined <= week < self.left:
            return None
        if self.moves_to is not None and week >= self.moves_to[0]:
            return self.moves_to[1]
        return self.team


class Crew:
    """The members of all teams and what each worked on lately."""

    def __init__(self, members: Sequence[Member], span: Span, *, dice: Dice) -> None:
        self._members = members
        self._span = span
        self._dice = dice
        self._past: dict[str, list[tuple[int, tuple[str, ...]]]] = {}

    def author(self, team: str, at: int, *, owners: tuple[str, ...]) -> Member:
        """Return who of ``team`` does a change on services of ``owners``, and remember it."""
        people = self._present(team, at)
        leads = [self._lead(person, team, at=at) for person in people]
        if team in owners:
            weights = [
                one.weight * max(1, 4 - lead) for one, lead in zip(people, leads, strict=True)
            ]
        else:
            weights = [float(max(0, lead - 1, lead == max(leads))) for lead in leads]
        chosen = self._dice.weighted(people, weights)
        self._past.setdefault(chosen.name, []).append((at, owners))
        return chosen

    def anyone(self, team: str, at: int) -> Member:
        """Return somebody of ``team``, who does nothing worth remembering."""
        return self._dice.pick(self._present(team, at))

    def mate(self, person: Member, at: int) -> Member:
        """Return somebody else of the person's team, to review or help."""
        team = person.team_in(self._span.week(at)) or person.team
        return self._dice.pick([one for one in self._present(team, at) if one != person])

    def signature(self, member: Member, at: int) -> Person:
        """Return how a member signs commits at a time."""
        email = member.email
        if member.old_email is not None and self._span.week(at) < member.old_email[1]:
            email = member.old_email[0]
        return Person(member.name, email, member.zone)

    def _present(self, team: str, at: int) -> list[Member]:
        week = self._span.week(at)
        return [member for member in self._members if member.team_in(week) == team]

    def _lead(self, person: Member, team: str, *, at: int) -> int:
        """Return how far the own team leads: in the last six and, plus one, three months."""
        leads = []
        for days, handicap in ((180, 0), (100, 1)):
            since = at - days * DAY
            past = [owners for time, owners in self._past.get(person.name, []) if time > since]
            counts = Counter(owner for owners in past for owner in owners)
            own = counts.pop(team, 0)
            leads.append(own - max(counts.values(), default=0) + handicap)
        return min(leads)
