"""Moves that change people's teams: a service with its people, teams merged, a team split.

In:  the names of services and teams; who moves, as codes that ``settle`` finds.
Out: moves, which ``replay`` applies to recorded work.

Persons are written in a plan as the table of memberships has them. They are looked up once
and never shown: a move's representation, its JSON form and its title leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conway.advice.move import Author, Label, Names, Plain, owned_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class MoveWithPeople(Plain):
    """Give a service to another team, together with people who work on it.

    Attributes
    ----------
    service, to
        As for ``Reassign``.
    people
        Persons as the table of memberships has them; by default those of the owning team
        most of whose change sets touch the service.
    codes
        The same as codes, found by ``settle``.
    """

    service: str
    to: str
    people: tuple[str, ...] = field(default=(), repr=False)
    codes: frozenset[int] | None = field(default=None, repr=False)
    kind: str = field(default="MoveWithPeople", init=False)

    @property
    def services(self) -> tuple[str, ...]:
        """The service."""
        return (self.service,)

    @property
    def names(self) -> Names:
        """The service and the team."""
        return Names(services=(self.service,), teams=(self.to,))

    @property
    def receiving(self) -> tuple[str, ...]:
        """The team."""
        return (self.to,)

    @property
    def moves_people(self) -> bool:
        """It does."""
        return True

    def relabel(self, label: Label) -> Label:
        """Replace the owner of the service's paths."""
        return owned_by(label, self.to) if label.service == self.service else label

    def rehome(self, author: Author) -> str:
        """The people who move are in the receiving team."""
        moves = author.team and author.person in (self.codes or ())
        return self.to if moves else author.team


@dataclass(frozen=True, slots=True)
class MergeTeams(Plain):
    """Make several teams one: services, approvals and people.

    Attributes
    ----------
    merged
        The teams.
    name
        The name of the one team, new or one of them.
    """

    merged: tuple[str, ...]
    name: str
    kind: str = field(default="MergeTeams", init=False)

    @property
    def services(self) -> tuple[str, ...]:
        """None of its own."""
        return ()

    @property
    def names(self) -> Names:
        """The teams; the name may be new."""
        gone = tuple(team for team in self.merged if team != self.name)
        return Names(teams=self.merged, new_teams=(self.name,), gone_teams=gone)

    @property
    def moves_people(self) -> bool:
        """It does."""
        return True

    @property
    def local(self) -> bool:
        """Teams own and approve anywhere."""
        return False

    def relabel(self, label: Label) -> Label:
        """Rename the teams wherever they own or approve."""
        gone = frozenset(self.merged)
        owners = label.owners - gone | {self.name} if gone & label.owners else label.owners
        team = self.name if label.team in self.merged else label.team
        if team == label.team and owners == label.owners:
            return label
        return replace(label, team=team, owners=owners)

    def rehome(self, author: Author) -> str:
        """Everybody of the teams is in the one team."""
        return self.name if author.team in self.merged else author.team


@dataclass(frozen=True, slots=True)
class SplitTeam(Plain):
    """Make parts of a team teams of their own, with services and people.

    Attributes
    ----------
    team
        The team; services and people that no part names stay with it.
    parts
        Name of each new team and the services that it takes along.
    people
        Name of a new team and its persons, as the table of memberships has them. A person
        whom no part names goes where most of their change sets were.
    codes
        The same as codes, found by ``settle``.
    """

    team: str
    parts: Mapping[str, Sequence[str]]
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    codes: Mapping[int, str] | None = field(default=None, repr=False)
    kind: str = field(default="SplitTeam", init=False)

    def __hash__(self) -> int:
        """Hash by team and names of parts."""
        return hash((self.team, tuple(self.parts)))

    @property
    def services(self) -> tuple[str, ...]:
        """The services of all parts."""
        return tuple(service for services in self.parts.values() for service in services)

    @property
    def names(self) -> Names:
        """The team and the services; the parts are new teams."""
        return Names(services=self.services, teams=(self.team,), new_teams=tuple(self.parts))

    @property
    def receiving(self) -> tuple[str, ...]:
        """The new teams, once for each service."""
        return tuple(name for name, services in self.parts.items() for _ in services)

    @property
    def moves_people(self) -> bool:
        """It does."""
        return True

    def relabel(self, label: Label) -> Label:
        """Give the services that the team owns to its parts."""
        if label.team != self.team:
            return label
        part = next((name for name, held in self.parts.items() if label.service in held), "")
        return owned_by(label, part) if part else label

    def rehome(self, author: Author) -> str:
        """The people of a part are in the new team."""
        if author.team != self.team:
            return author.team
        return (self.codes or {}).get(author.person, self.team)
