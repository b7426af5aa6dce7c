"""Who may approve a path, as of a change.

In:  the versions of ownership files in a history, and the dialect that they are written in.
Out: ``Ownership``: which version of the rules holds for a change, and by it the approvals
     that each path needs. Tables of teams by service are in ``dated_teams``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from conway.boundaries.known_paths import repository_names
from conway.boundaries.requirements import Demand, Dialect, PathRules, Requirement
from conway.boundaries.team_names import TeamNames, team_names
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conway.history.record import History

_LISTED = 5
_MOST_READ = 256


class Ownership(Protocol):
    """Answers who may approve."""

    @property
    def per_file(self) -> bool:
        """Whether owners differ between the files of a service."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers should know."""

    def version(self, repository: str, *, parent_position: int, time: int) -> int:
        """Return which version of the rules holds for a change.

        Parameters
        ----------
        repository
            Where the change is.
        parent_position
            Position of the change's first parent, -1 for the root.
        time
            The change's committer time.
        """

    def requirements(  # noqa: PLR0917
        self, repository: str, version: int, path: str, service: str | None
    ) -> tuple[Requirement, ...]:
        """Return the approvals that ``path`` needs, all of them; empty: it is not owned."""

    def teams(self) -> tuple[str, ...]:
        """Return all teams that any version names, sorted."""

    def called(self, text: str) -> str:
        """Return the team that another file means by ``text``."""


@dataclass(frozen=True, slots=True, eq=False)
class Versions:
    """The ownership files of one repository over time.

    Attributes
    ----------
    dialect
        How they are written.
    positions
        Where any of them changes; version ``n`` holds from ``positions[n - 1]`` on, version
        0 is "no file yet".
    files
        By path: ``(position, text)`` in order, None where it is gone.
    """

    dialect: Dialect
    positions: tuple[int, ...]
    files: Mapping[str, Sequence[tuple[int, str | None]]]
    _read: dict[int, PathRules] = field(init=False, default_factory=dict)

    def rules(self, version: int) -> PathRules:
        """Return the rules of a version from 1 on."""
        known = self._read.get(version)
        if known is None:
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            known = self._read[version] = self.dialect.read(self.texts(version))
        return known

    def texts(self, version: int) -> dict[str, str]:
        """Return the files of a version by path."""
        position = self.positions[version - 1]
        found: dict[str, str] = {}
        for path, steps in self.files.items():
            place = bisect_right(steps, position, key=lambda step: step[0])
            text = steps[place - 1][1] if place else None
            if text is not None:
                found[path] = text
        return found

    def all_patterns(self) -> Iterator[Mapping[str, tuple[str, ...]]]:
        """Yield the owners by pattern of each version in order."""
        for version in range(1, len(self.positions) + 1):
            yield self.rules(version).patterns


@dataclass(frozen=True, slots=True, eq=False)
class FileOwnership:
    """The ownership files of repositories as of each change's first parent.

    Attributes
    ----------
    source
        What the files are called.
    names
        The team of each owner.
    versions
        By repository.
    catch_all
        Whether no version tells teams apart.
    """

    source: str
    names: TeamNames
    versions: Mapping[str, Versions]
    catch_all: bool = False
    _known: dict[tuple[str, Demand], Requirement] = field(init=False, default_factory=dict)

    @property
    def per_file(self) -> bool:
        """Owners differ between the files of a service."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which repositories have no file, and which lines are skipped."""
        absent = [name for name, held in self.versions.items() if not held.positions]
        notes = [f"no {self.source} in {_listed(absent)}"] if absent else []
        for name, held in self.versions.items():
            if held.positions:
                notes += _fault_notes(name, held.rules(len(held.positions)))
        if self.names.individuals:
            notes.append(
                f"{self.names.individuals} owners are persons, shown as 'individual owner N'; "
                "[teams.map] gives them a team"
            )
        return tuple(notes)

    def version(self, repository: str, *, parent_position: int, time: int) -> int:  # noqa: ARG002
        """Return the newest version that the change's first parent has."""
        held = self.versions.get(repository)
        return 0 if held is None else bisect_right(held.positions, parent_position)

    def requirements(  # noqa: PLR0917
        self,
        repository: str,
        version: int,
        path: str,
        service: str | None,  # noqa: ARG002
    ) -> tuple[Requirement, ...]:
        """Return the approvals that the files ask for."""
        if version == 0:
            return ()
        demands = self.versions[repository].rules(version).demands(path)
        return tuple(self._requirement(repository, demand) for demand in demands)

    def _requirement(self, repository: str, demand: Demand) -> Requirement:
        known = self._known.get((repository, demand))
        if known is None:
            rule = f"{repository}:{demand.rule}" if len(self.versions) > 1 else demand.rule
            known = Requirement(frozenset(self.names.of(owner) for owner in demand.owners), rule)
            self._known[repository, demand] = known
        return known

    def teams(self) -> tuple[str, ...]:
        """Return all teams that any version names, sorted."""
        return tuple(sorted(set(self.names.names.values())))

    def called(self, text: str) -> str:
        """Return the team that another file means by ``text``."""
        return self.names.called(text)


def file_ownership(
    history: History,
    *,
    source: str,
    dialect_of: Mapping[str, Dialect],
    mapping: Mapping[str, str],
) -> FileOwnership:
    """Read every version of the ownership files of a history.

    Parameters
    ----------
    history
        Whose files are meant.
    source
        What the files are called.
    dialect_of
        The dialect of each repository.
    mapping
        ``[teams.map]``.
    """
    versions = {
        name: _versions(history, name, dialect=dialect_of[name])
        for name in repository_names(history)
    }
    named = [
        dict.fromkeys(owner for owners in patterns.values() for owner in owners)
        for held in versions.values()
        for patterns in held.all_patterns()
    ]
    names = team_names(list({owner: None for then in named for owner in then}), mapping=mapping)
    teams = set(names.names.values())
    alone = all(len({names.of(owner) for owner in then}) <= 1 for then in named)
    filled = sum(1 for held in versions.values() if held.positions)
    return FileOwnership(source, names, versions, alone and (filled <= 1 or len(teams) <= 1))


def _versions(history: History, repository: str, *, dialect: Dialect) -> Versions:
    """Collect the files of one repository."""
    table = history.boundary_files
    table = table[table["repository"] == repository]
    table = table[table["path"].map(dialect.holds).astype("bool")]
    table = table.sort_values(["position", "path"], kind="stable")
    files: dict[str, list[tuple[int, str | None]]] = {}
    for position, path, content in table[["position", "path", "content"]].itertuples(
        index=False, name=None
    ):
        files.setdefault(path, []).append((position, content if isinstance(content, str) else None))
    positions = tuple(sorted(set(table["position"].tolist())))
    return Versions(dialect, positions, dict(sorted(files.items())))


def _fault_notes(repository: str, rules: PathRules) -> Iterator[str]:
    by_path: dict[str, list[tuple[int, str]]] = {}
    for fault in rules.faults:
        by_path.setdefault(fault.path, []).append((fault.line, fault.reason))
    for path, faults in sorted(by_path.items())[:_LISTED]:
        lines = [f"line {line}" if line else "the whole file" for line, _ in faults]
        yield f"{path} of {repository}: {_listed(lines)} skipped ({faults[0][1]})"
    if len(by_path) > _LISTED:
        yield f"{len(by_path) - _LISTED} more ownership files of {repository} have such lines"


def _listed(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are."""
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def must_name_someone(ownership: FileOwnership, *, places: str) -> FileOwnership:
    """Return ``ownership``, or say where nobody was found.

    Raises
    ------
    BoundariesError
        If no repository ever had a file that names an owner.
    """
    if not ownership.teams():
        raise BoundariesError(
            f"[teams] source = '{ownership.source}', but no repository has one that names an "
            f"owner (looked for {places}); name another source, or leave `source` out"
        )
    return ownership
