"""The interface of a move: one change of organisation or architecture.

In:  how a touched path is labelled, and whose team wrote a change set.
Out: how it is labelled after the move (``relabel``), which touched paths a change set no
     longer needs (``released``), and the team of its author (``rehome``).

A move says what would have been different about recorded work. It changes labels and teams
of people: never which change sets count.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Label:
    """How one touched path is labelled. Empty names mean none.

    Attributes
    ----------
    path, today
        The path as of the change, and the same file's path today.
    service, unit
        Its service and release unit.
    team
        The team that owns the service.
    owners
        The teams that may each approve the path.
    rule
        The pattern of the approval rule that decides it.
    since
        The last date of a plan's moves that has passed by the change, 0 before all.
    """

    path: str
    today: str
    service: str
    unit: str
    team: str
    owners: frozenset[str]
    rule: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a change set: a code that means nothing elsewhere, and the team."""

    person: int
    team: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a move needs, makes and ends.

    Attributes
    ----------
    services, teams, rules
        What there must be.
    new_services, new_teams
        What it makes; none of the services may exist.
    gone_services, gone_teams
        What there is no longer after it.
    """

    services: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    new_services: tuple[str, ...] = ()
    new_teams: tuple[str, ...] = ()
    gone_services: tuple[str, ...] = ()
    gone_teams: tuple[str, ...] = ()


class Move(Protocol):
    """One change of organisation or architecture."""

    @property
    def kind(self) -> str:
        """Name of the kind of move."""

    @property
    def services(self) -> tuple[str, ...]:
        """Services that it is about."""

    @property
    def names(self) -> Names:
        """What it needs, makes and ends."""

    @property
    def receiving(self) -> tuple[str, ...]:
        """Teams that own one more service after it."""

    @property
    def releases(self) -> bool:
        """Whether ``released`` is ever more than nothing."""

    @property
    def moves_people(self) -> bool:
        """Whether ``rehome`` ever gives another team."""

    @property
    def local(self) -> bool:
        """Whether it relabels only paths of its services and rules."""

    @property
    def sees_paths(self) -> bool:
        """Whether ``side`` ever tells two paths apart."""

    def relabel(self, label: Label) -> Label:
        """Return how the path is labelled after the move."""

    def released(self, labels: Sequence[Label]) -> frozenset[int]:
        """Return the places in one change set's labels that it no longer touches."""

    def rehome(self, author: Author) -> str:
        """Return the author's team after the move."""

    def side(self, label: Label) -> Hashable:
        """Return what the move sees in a path beyond its service, owners and rule."""

    def owners_after(self, owners: Mapping[str, str]) -> dict[str, str]:
        """Return the team of each service after the move, empty where none owns it."""


class Plain:
    """What a move does unless it says otherwise: nothing."""

    __slots__ = ()

    @property
    def receiving(self) -> tuple[str, ...]:
        """No teams."""
        return ()

    @property
    def releases(self) -> bool:
        """A change set touches what it touched."""
        return False

    @property
    def moves_people(self) -> bool:
        """People stay in their teams."""
        return False

    @property
    def local(self) -> bool:
        """It does."""
        return True

    @property
    def sees_paths(self) -> bool:
        """It does not."""
        return False

    def relabel(self, label: Label) -> Label:
        """Nothing."""
        return label

    def released(self, labels: Sequence[Label]) -> frozenset[int]:  # noqa: ARG002
        """Nothing: a change set touches what it touched."""
        return frozenset()

    def rehome(self, author: Author) -> str:
        """The team that it was."""
        return author.team

    def side(self, label: Label) -> Hashable:  # noqa: ARG002
        """Nothing beyond service, owners and rule."""
        return ""

    def owners_after(self, owners: Mapping[str, str]) -> dict[str, str]:
        """Relabel a path of each service."""
        found: dict[str, str] = {}
        for service, team in owners.items():
            moved = self.relabel(whole(service, team))
            if moved.service == service or not found.get(moved.service):
                found[moved.service] = moved.team
        return found


def whole(service: str, team: str, *, since: int = 2**62) -> Label:
    """Return the label of a service as a whole, after every date."""
    return Label("", "", service, service, team, frozenset({team} - {""}), "", since)


@dataclass(frozen=True, slots=True)
class Custom(Plain):
    """A move of one's own: any function from label to label.

    Attributes
    ----------
    title
        What it is, in one sentence.
    function
        ``label -> label``; it must give the same for the same label. ``dataclasses.replace``
        changes one.
    needs
        What it needs, makes and ends.

    Examples
    --------
    >>> from dataclasses import replace
    >>> def one_train(label):
    ...     return replace(label, unit="all")
    >>> Custom("Release everything together", one_train).kind
    'Custom'
    """

    title: str
    function: Callable[[Label], Label]
    needs: Names = field(default_factory=Names)
    kind: str = field(default="Custom", init=False)

    @property
    def services(self) -> tuple[str, ...]:
        """Services that it names."""
        return self.needs.services

    @property
    def names(self) -> Names:
        """What it needs, makes and ends."""
        return self.needs

    @property
    def local(self) -> bool:
        """A function may relabel anything."""
        return False

    @property
    def sees_paths(self) -> bool:
        """A function may look at anything."""
        return True

    def relabel(self, label: Label) -> Label:
        """What the function says."""
        return self.function(label)

    def side(self, label: Label) -> Hashable:
        """The path: a function may look at anything."""
        return label.path, label.today


def owned_by(label: Label, team: str) -> Label:
    """Replace the service's owner by ``team``; an unowned path of an unowned service too."""
    if label.team:
        gone = frozenset((label.team,))
        owners = label.owners - gone | {team} if gone & label.owners else label.owners
    else:
        owners = label.owners or frozenset((team,))
    return replace(label, team=team, owners=owners)


def unqualified(path: str) -> str:
    """Return a path without its repository.

    Examples
    --------
    >>> unqualified("billing:src/a.py"), unqualified("src/a.py")
    ('src/a.py', 'src/a.py')
    """
    head, colon, rest = path.partition(":")
    return rest if colon and "/" not in head else path
