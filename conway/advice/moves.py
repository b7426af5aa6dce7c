"""Moves of architecture and ownership, as frozen values: people stay in their teams.

In:  the names of services, teams, rules and files.
Out: moves, which ``replay`` applies to recorded work.

``conway.advice.team_moves`` holds the moves that change people's teams.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from conway.advice.move import Label, Move, Names, Plain, owned_by, unqualified
from conway.boundaries.patterns import PathPatterns
from conway.boundaries.release_files import is_release_file
from conway.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

SERVICE_OWNERS = "service owners"
"""The team of ``Delegate`` that stands for each touched service's own team."""


@dataclass(frozen=True, slots=True)
class Reassign(Plain):
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

    @property
    def names(self) -> Names:
        """The service and the team."""
        return Names(services=(self.service,), teams=(self.to,))

    @property
    def receiving(self) -> tuple[str, ...]:
        """The team."""
        return (self.to,)

    def relabel(self, label: Label) -> Label:
        """Replace the owner of the service's paths."""
        return owned_by(label, self.to) if label.service == self.service else label

    def owners_after(self, owners: Mapping[str, str]) -> dict[str, str]:
        """Replace one."""
        return {**owners, self.service: self.to}


@dataclass(frozen=True, slots=True)
class SplitService(Plain):
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

    @property
    def names(self) -> Names:
        """The service and the teams; the parts are new."""
        teams, parts = tuple(self.owners.values()), tuple(self.parts)
        return Names(services=(self.service,), teams=teams, new_services=parts)

    @property
    def receiving(self) -> tuple[str, ...]:
        """The owners of the parts."""
        return tuple(self.owners.values())

    def relabel(self, label: Label) -> Label:
        """Give the paths of a part to the new service and its owner."""
        name = self.part_of(label) if label.service == self.service else ""
        if not name:
            return label
        alone = label.unit == label.service
        moved = replace(label, service=name, unit=name if alone else label.unit)
        owner = self.owners.get(name)
        return moved if owner is None else owned_by(moved, owner)

    def part_of(self, label: Label) -> str:
        """Return the part that a path of the service belongs to, empty for none."""
        path = unqualified(label.path)
        return next((name for name, part in self.filters.items() if part.matches(path)), "")

    @property
    def sees_paths(self) -> bool:
        """It does."""
        return True

    def side(self, label: Label) -> Hashable:
        """The part."""
        return self.part_of(label)

    def owners_after(self, owners: Mapping[str, str]) -> dict[str, str]:
        """Add the parts."""
        rest = owners.get(self.service, "")
        return {**owners, **{part: self.owners.get(part, rest) for part in self.parts}}


@dataclass(frozen=True, slots=True)
class MergeServices(Plain):
    """Make several services one, which one team owns and which is released as one.

    Attributes
    ----------
    merged
        The services.
    name
        The name of the one service, new or one of them.
    to
        The team that owns it.
    """

    merged: tuple[str, ...]
    name: str
    to: str
    kind: str = field(default="MergeServices", init=False)

    @property
    def services(self) -> tuple[str, ...]:
        """The services."""
        return self.merged

    @property
    def names(self) -> Names:
        """The services and the team; the name is new, the others are no more."""
        gone = tuple(one for one in self.merged if one != self.name)
        new = () if self.name in self.merged else (self.name,)
        return Names(services=self.merged, teams=(self.to,), new_services=new, gone_services=gone)

    @property
    def receiving(self) -> tuple[str, ...]:
        """The team."""
        return (self.to,)

    def relabel(self, label: Label) -> Label:
        """Rename the services, the release units named after them, and the owner."""
        if label.service not in self.merged:
            return label
        unit = self.name if label.unit == label.service else label.unit
        return replace(owned_by(label, self.to), service=self.name, unit=unit)


@dataclass(frozen=True, slots=True)
class Decouple(Plain):
    """Version some files apart, so that two services no longer change for each other.

    A change set that touches one of the two services only through these files (version
    manifests, changelogs and lock files aside, which follow them), and touches the other
    one too, no longer touches the first.
    """

    services: tuple[str, str]
    files: tuple[str, ...]
    kind: str = field(default="Decouple", init=False)

    @property
    def names(self) -> Names:
        """The services."""
        return Names(services=self.services)

    @property
    def releases(self) -> bool:
        """It does."""
        return True

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

    @property
    def sees_paths(self) -> bool:
        """It does."""
        return True

    def side(self, label: Label) -> Hashable:
        """Whether it is one of the files, or follows them."""
        return "in" if self.holds(label) else "follows" if is_release_file(label.path) else ""


@dataclass(frozen=True, slots=True)
class Delegate(Plain):
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
    def teams(self) -> tuple[str, ...]:
        """The further teams."""
        return (self.team,) if isinstance(self.team, str) else self.team

    @property
    def services(self) -> tuple[str, ...]:
        """None of its own."""
        return ()

    @property
    def names(self) -> Names:
        """The rule and the teams."""
        teams = tuple(team for team in self.teams if team != SERVICE_OWNERS)
        return Names(teams=teams, rules=(self.pattern,))

    def relabel(self, label: Label) -> Label:
        """Add the teams to the alternatives of owned paths that the rule decides."""
        if not label.owners or label.rule != self.pattern:
            return label
        added = {label.team if team == SERVICE_OWNERS else team for team in self.teams}
        return replace(label, owners=label.owners | (added - {""}))


@dataclass(frozen=True, slots=True)
class Approve(Plain):
    """Let exactly these teams approve what an approval rule decides.

    Attributes
    ----------
    pattern
        The rule's pattern as written in the ownership file.
    teams
        The teams that may each approve; ``SERVICE_OWNERS`` stands for each touched service's
        own team. There is at least one: a rule without owners would hide work, not move it.
    """

    pattern: str
    teams: tuple[str, ...]
    kind: str = field(default="Approve", init=False)

    def __post_init__(self) -> None:
        """Refuse a rule that nobody approves."""
        if not self.teams:
            raise PlanError(f"Approve {self.pattern}: no team; name at least one that may approve")

    @property
    def services(self) -> tuple[str, ...]:
        """None of its own."""
        return ()

    @property
    def names(self) -> Names:
        """The rule and the teams."""
        teams = tuple(team for team in self.teams if team != SERVICE_OWNERS)
        return Names(teams=teams, rules=(self.pattern,))

    def relabel(self, label: Label) -> Label:
        """Replace the alternatives of owned paths that the rule decides."""
        if not label.owners or label.rule != self.pattern:
            return label
        asked = {label.team if team == SERVICE_OWNERS else team for team in self.teams} - {""}
        return replace(label, owners=frozenset(asked)) if asked else label


__all__ = [
    "SERVICE_OWNERS",
    "Approve",
    "Decouple",
    "Delegate",
    "Label",
    "MergeServices",
    "Move",
    "Reassign",
    "SplitService",
    "owned_by",
    "unqualified",
]
