"""Who may approve a path, as of a change.

In:  the versions of CODEOWNERS in a history.
Out: ``Ownership``: which version of the rules holds for a change, and by it the teams that
     may each approve a path. Tables of teams by service are in ``dated_teams``.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from conway.boundaries.codeowners import LOCATIONS, Rules, effective, parse
from conway.boundaries.known_paths import repository_names
from conway.boundaries.team_names import TeamNames, team_names
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conway.history.record import History

NOBODY: frozenset[str] = frozenset()
_LISTED = 5


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

    def owners(  # noqa: PLR0917
        self, repository: str, version: int, path: str, service: str | None
    ) -> frozenset[str]:
        """Return the teams that may each approve ``path``; empty: it is not owned."""

    def rule(  # noqa: PLR0917
        self, repository: str, version: int, path: str
    ) -> str | None:
        """Return the pattern that decides, ``repository:pattern`` among several."""

    def teams(self) -> tuple[str, ...]:
        """Return all teams that any version names, sorted."""

    def called(self, text: str) -> str:
        """Return the team that another file means by ``text``."""


@dataclass(frozen=True, slots=True)
class _Version:
    """An ownership file from a position on."""

    position: int
    path: str
    rules: Rules


@dataclass(frozen=True, slots=True, eq=False)
class CodeownersOwnership:
    """GitHub's CODEOWNERS as of each change's first parent.

    Attributes
    ----------
    names
        The team of each owner.
    versions
        By repository: every version in order of position; version 0 is "no file yet".
    """

    names: TeamNames
    versions: Mapping[str, Sequence[_Version]]
    _alternatives: dict[tuple[str, ...], frozenset[str]] = field(init=False, default_factory=dict)

    @classmethod
    def of(cls, history: History, *, mapping: Mapping[str, str]) -> CodeownersOwnership:
        """Read every version in ``history``; ``mapping`` is ``[teams.map]``."""
        versions = {name: tuple(_versions(history, name)) for name in repository_names(history)}
        owners = [
            owner
            for name in versions
            for version in versions[name]
            for rule in version.rules.rules
            for owner in rule.owners
        ]
        return cls(team_names(list(dict.fromkeys(owners)), mapping=mapping), versions)

    @property
    def per_file(self) -> bool:
        """Owners differ between the files of a service."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """Say which repositories have no file, and which lines GitHub skips."""
        absent = [name for name, versions in self.versions.items() if not versions]
        notes = [f"no CODEOWNERS in {_listed(absent)}"] if absent else []
        for name, versions in self.versions.items():
            if versions and versions[-1].rules.faults:
                faults = versions[-1].rules.faults
                lines = [f"line {line}" if line else "the whole file" for line, _ in faults]
                notes.append(
                    f"{versions[-1].path} of {name}: {_listed(lines)} skipped as GitHub does "
                    f"({faults[0][1]})"
                )
        if self.names.individuals:
            notes.append(
                f"{self.names.individuals} owners are persons, shown as 'individual owner N'; "
                "[teams.map] gives them a team"
            )
        return tuple(notes)

    def version(self, repository: str, *, parent_position: int, time: int) -> int:  # noqa: ARG002
        """Return the newest version that the change's first parent has."""
        versions = self.versions.get(repository, ())
        return bisect_right(versions, parent_position, key=lambda version: version.position)

    def owners(  # noqa: PLR0917
        self,
        repository: str,
        version: int,
        path: str,
        service: str | None,  # noqa: ARG002
    ) -> frozenset[str]:
        """Return the teams on the line that counts for ``path``."""
        if version == 0:
            return NOBODY
        written = self.versions[repository][version - 1].rules.owners(path)
        known = self._alternatives.get(written)
        if known is None:
            known = frozenset(self.names.of(owner) for owner in written)
            self._alternatives[written] = known
        return known

    def rule(  # noqa: PLR0917
        self, repository: str, version: int, path: str
    ) -> str | None:
        """Return the pattern of the line that counts, ``repository:pattern`` among several."""
        if version == 0:
            return None
        rule = self.versions[repository][version - 1].rules.rule(path)
        if rule is None:
            return None
        return f"{repository}:{rule.pattern}" if len(self.versions) > 1 else rule.pattern

    def teams(self) -> tuple[str, ...]:
        """Return all teams that any version names, sorted."""
        return tuple(sorted(set(self.names.names.values())))

    def called(self, text: str) -> str:
        """Return the team that another file means by ``text``."""
        return self.names.called(text)

    def one_for_all(self) -> bool:
        """Tell whether the files never tell teams apart, as one catch-all line does."""
        named = [
            {self.names.of(owner) for rule in version.rules.rules for owner in rule.owners}
            for versions in self.versions.values()
            for version in versions
        ]
        alone = sum(1 for versions in self.versions.values() if versions) <= 1
        return all(len(teams) <= 1 for teams in named) and (alone or len(self.teams()) <= 1)


def _versions(history: History, repository: str) -> Iterator[_Version]:
    """Yield the ownership file in force from each position where it changes."""
    table = history.boundary_files
    table = table[(table["repository"] == repository) & table["path"].isin(LOCATIONS)]
    table = table.sort_values(["position", "path"], kind="stable")
    files: dict[str, str] = {}
    last: tuple[str, str] | None = None
    parsed: dict[str, Rules] = {}
    for position, rows in table.groupby("position", sort=True):
        for path, content in zip(rows["path"].tolist(), rows["content"].tolist(), strict=True):
            if isinstance(content, str):
                files[path] = content
            else:
                files.pop(path, None)
        now = effective(files)
        if now != last:
            path, text = now or ("", "")
            if text not in parsed:
                parsed[text] = parse(text)
            yield _Version(int(str(position)), path, parsed[text])
        last = now


def _listed(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are."""
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def codeowners(history: History, *, mapping: Mapping[str, str]) -> CodeownersOwnership:
    """Return the ownership that CODEOWNERS files declare.

    Raises
    ------
    BoundariesError
        If no repository ever had one that names an owner.
    """
    ownership = CodeownersOwnership.of(history, mapping=mapping)
    if not ownership.teams():
        raise BoundariesError(
            "[teams] source = 'CODEOWNERS', but no repository has one that names an owner "
            f"(looked for {', '.join(LOCATIONS)}); name a CSV file, or leave `source` out"
        )
    return ownership
