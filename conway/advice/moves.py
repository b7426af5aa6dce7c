"""Moves: one change of organisation or architecture, as frozen values with one interface.

In:  the names of services, teams, rules and files.
Out: how a touched path is labelled after the move (``relabel``), and which touched paths a
     change set no longer needs (``released``).

A move says what would have been different about recorded work. It changes labels only:
never which change sets count, nor the team of their authors.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from conway.boundaries.patterns import PathPatterns
from conway.boundaries.release_files import is_release_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVICE_OWNERS = "service owners"
"""The team of ``Delegate`` that stands for each touched service's own team."""


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
    """

    path: str
    today: str
    service: str
    unit: str
    team: str
    owners: frozenset[str]
    rule: str


class Move(Protocol):
    """One change of organisation or architecture."""

    @property
    def kind(self) -> str:
        """Name of the kind of move."""

    @property
    def services(self) -> tuple[str, ...]:
        """Services that it is about."""

    def relabel(self, label: Label) -> Label:
        """Return how the path is labelled after the move."""

    def released(self, labels: Sequence[Label]) -> frozenset[int]:
        """Return the places in one change set's labels that it no longer touches."""


@dataclass(frozen=True, slots=True)
class Reassign:
    """Give a service to another team: it replaces the owner within the service's paths.

    Other owners of those paths stay.
    """

    service: str
    to: str
    kind: str = field(default="Reassign", init=False)

    @property
    def services(self) -> tuple[str, ...]:
        """The service."""
        return (self.service,)

    def relabel(self, label: Label) -> Label:
        """Replace the owner of the service's paths."""
        if label.service != self.service:
            return label
        return owned_by(label, self.to)

    def released(self, labels: Sequence[Label]) -> frozenset[int]:  # noqa: ARG002
        """Nothing: a change set touches what it touched."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class SplitService:
    """Split parts off a service, each a service and a release unit of its own.

    Attributes
    ----------
    service
        The service; paths that no part names stay with it.
    parts
        Name of each new service and its globs, as in ``[services]``.
    owners
        The team of a new service; without one it keeps the owner.
    """

    service: str
    parts: Mapping[str, Sequence[str]]
    owners: Mapping[str, str] = field(default_factory=dict)
    kind: str = field(default="SplitService", init=False)
    filters: Mapping[str, PathPatterns] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the globs."""
        filters = {name: PathPatterns(tuple(globs)) for name, globs in self.parts.items()}
        object.__setattr__(self, "filters", filters)

    def __hash__(self) -> int:
        """Hash by service and names of parts."""
        return hash((self.service, tuple(self.parts)))

    @property
    def services(self) -> tuple[str, ...]:
        """The service."""
        return (self.service,)

    def relabel(self, label: Label) -> Label:
        """Give the paths of a part to the new service and its owner."""
        if label.service != self.service:
            return label
        for name, paths in self.filters.items():
            if paths.matches(unqualified(label.path)):
                alone = label.unit == label.service
                moved = replace(label, service=name, unit=name if alone else label.unit)
                owner = self.owners.get(name)
                return moved if owner is None else owned_by(moved, owner)
        return label

    def released(self, labels: Sequence[Label]) -> frozenset[int]:  # noqa: ARG002
        """Nothing: a change set touches what it touched."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class Decouple:
    """Version some files apart, so that two services no longer change for each other.

    A change set that touches one of the two services only through these files (version
    manifests, changelogs and lock files aside, which follow them), and touches the other
    one too, no longer touches the first.
    """

    services: tuple[str, str]
    files: tuple[str, ...]
    kind: str = field(default="Decouple", init=False)

    def relabel(self, label: Label) -> Label:
        """Nothing: the files stay where they are."""
        return label

    def released(self, labels: Sequence[Label]) -> frozenset[int]:
        """Return the places of these files where nothing else ties the two services."""
        one, other = (
            [n for n, label in enumerate(labels) if label.service == s] for s in self.services
        )
        if not one or not other:
            return frozenset()
        for places in (one, other):
            held = [self.holds(labels[place]) for place in places]
            follow = [is_release_file(labels[place].path) for place in places]
            if any(held) and all(a or b for a, b in zip(held, follow, strict=True)):
                return frozenset(places)
        return frozenset()

    def holds(self, label: Label) -> bool:
        """Whether the path is one of the files, by its name then or today."""
        return label.path in self.files or label.today in self.files


@dataclass(frozen=True, slots=True)
class Delegate:
    """Let a further team approve what an approval rule decides.

    Attributes
    ----------
    pattern
        The rule's pattern as written in the ownership file; a glob where no rule reads so.
    team
        A team, or ``SERVICE_OWNERS``: each touched service's own team.
    """

    pattern: str
    team: str | tuple[str, ...]
    kind: str = field(default="Delegate", init=False)

    @property
    def services(self) -> tuple[str, ...]:
        """None of its own."""
        return ()

    @property
    def teams(self) -> tuple[str, ...]:
        """The further teams."""
        return (self.team,) if isinstance(self.team, str) else self.team

    def relabel(self, label: Label) -> Label:
        """Add the teams to the alternatives of owned paths that the rule decides."""
        if not label.owners or label.rule != self.pattern:
            return label
        added = {label.team if team == SERVICE_OWNERS else team for team in self.teams}
        return replace(label, owners=label.owners | (added - {""}))

    def released(self, labels: Sequence[Label]) -> frozenset[int]:  # noqa: ARG002
        """Nothing: a change set touches what it touched."""
        return frozenset()


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
