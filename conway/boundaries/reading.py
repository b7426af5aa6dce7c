"""Read boundaries from ``conway.toml``, or detect them, and hold them against a history.

In:  a configuration and a ``History``.
Out: ``Boundaries``, or one ``BoundariesError`` with all problems.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from conway.boundaries.boundaries import Boundaries
from conway.boundaries.dated_teams import no_teams, some
from conway.boundaries.detection import detected_services
from conway.boundaries.devlake import is_devlake
from conway.boundaries.known_paths import known_paths
from conway.boundaries.patterns import PathPatterns
from conway.boundaries.reorganisations import read_reorganisations
from conway.boundaries.services import ServiceRules, ServiceUse, use_of
from conway.boundaries.team_renames import rename_notes, renames_of, under_newest_names
from conway.boundaries.team_sources import Members, members_of, ownership_of
from conway.boundaries.team_structure import TeamStructure, team_structure
from conway.boundaries.trains import trains_of
from conway.config import Config, read_config
from conway.display import visible
from conway.errors import BoundariesError, TableError, problems
from conway.history.imports.imported import Imported
from conway.history.imports.reading import read_tables, table_files

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from conway.boundaries.memberships import Memberships
    from conway.boundaries.ownership import Ownership
    from conway.boundaries.reorganisations import Reorganisation
    from conway.history.record import History

T = TypeVar("T")
U = TypeVar("U")


def read_boundaries(source: str | os.PathLike[str] | Config, history: History) -> Boundaries:
    """Return the boundaries that a configuration declares for a history.

    Parameters
    ----------
    source
        A ``conway.toml``, to which the files that it names are relative; or a ``Config``,
        with files relative to the working directory.
    history
        Whose paths and ownership files are meant.

    Raises
    ------
    BoundariesError
        With everything that is wrong with the file, or with it and this history.
    """
    if isinstance(source, Config):
        return _Reading(source, history, folder=Path(), where="boundaries").result()
    path = Path(source)
    reading = _Reading(read_config(path), history, folder=path.parent, where=visible(str(path)))
    return reading.result()


@dataclass(eq=False)
class _Reading:
    """One configuration against one history, with the faults found so far."""

    config: Config
    history: History
    folder: Path = field(kw_only=True)
    where: str = field(kw_only=True)
    faults: list[str] = field(init=False, default_factory=list)

    def result(self) -> Boundaries:
        """Read everything, then raise what is wrong or return the boundaries."""
        declared, history = self.config, self.history
        paths = known_paths(history)
        services, source = self._services(tuple(paths))
        names_known = not self.faults
        use = use_of(services, paths)
        trains: dict[str, str] = {}
        if names_known:
            self.faults += use.faults if declared.services else ()
            trains = self._try(
                lambda: trains_of(declared.releases.trains, folders=use.folders), trains
            )
            self._check_pinned(tuple(use.folders))
        names = tuple(use.folders) if names_known else None
        ownership: Ownership = self._try(
            lambda: ownership_of(declared.teams, history, services=names, folder=self.folder),
            no_teams("the source is wrong"),
        )
        merge = declared.teams.renames == "merge"
        renames = renames_of(ownership, history) if merge else ()
        ownership = under_newest_names(ownership, renames)
        members = self._try(
            lambda: members_of(declared.teams, history, ownership=ownership, folder=self.folder),
            Members(),
        )
        structure = self._structure(ownership, members)
        imported = self._tables()
        reorganisations = self._reorganisations(ownership, members, services=names)
        notes = (
            *self._notes(use, paths),
            *ownership.notes,
            *self._member_notes(members.table),
            *rename_notes(renames),
        )
        if self.faults:
            raise BoundariesError(problems(self.where, self.faults))
        return Boundaries(
            services=services,
            ownership=ownership,
            selection=declared.selection,
            folders=use.folders,
            trains=trains,
            members=members.table,
            structure=structure,
            renames=tuple(one for one in renames if one.sure),
            reorganisations=reorganisations,
            config=declared,
            config_hash=self._hash(),
            sources=self._sources(source, ownership),
            notes=notes,
            imported=imported,
        )

    def _tables(self) -> Imported:
        """Return reviews, runs and the like; keep their faults for the one message."""
        try:
            return read_tables(self.config, self.history, folder=self.folder)
        except TableError as fault:
            self.faults += str(fault).split("\n")
            return Imported()

    def _try(self, step: Callable[[], T], otherwise: U) -> T | U:
        """Do a step; keep its faults for the one message."""
        try:
            return step()
        except BoundariesError as fault:
            self.faults += str(fault).split("\n")
            return otherwise

    def _services(self, repositories: Sequence[str]) -> tuple[ServiceRules, str]:
        """Return the declared services, else those detected, and which it is."""
        declared = self.config.services
        if declared:
            everything = ServiceRules.of({}, repositories=repositories)
            return self._try(
                lambda: ServiceRules.of(declared, repositories=repositories), everything
            ), "conway.toml"
        found = detected_services(self.history)
        return (
            ServiceRules.of(found.services, repositories=repositories),
            f"detected: {found.source}",
        )

    def _structure(self, ownership: Ownership, members: Members) -> TeamStructure:
        """Return parents, types and interactions, once it is known which teams there are."""
        joined = () if members.table is None else members.table.teams()
        known = {*ownership.teams(), *joined}
        if self.faults and not known:
            return TeamStructure()
        return self._try(
            lambda: team_structure(
                self.config.teams,
                known=known,
                parents=members.parents,
                called=ownership.called,
            ),
            TeamStructure(),
        )

    def _reorganisations(
        self, ownership: Ownership, members: Members, *, services: Sequence[str] | None
    ) -> tuple[Reorganisation, ...]:
        """Return what a person wrote down, once it is known which teams there are."""
        name = self.config.teams.reorganisations
        if name is None:
            return ()
        joined = () if members.table is None else members.table.teams()
        return self._try(
            lambda: read_reorganisations(
                self.folder / name,
                services=services,
                teams={*ownership.teams(), *joined},
                called=ownership.called,
            ),
            (),
        )

    def _check_pinned(self, services: Sequence[str]) -> None:
        for name in self.config.limits.pinned:
            if name not in services:
                near = get_close_matches(name, services, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"services: {some(services)}"
                self.faults.append(f"[limits] pinned: no service '{visible(name)}'; {hint}")

    def _notes(self, use: ServiceUse, paths: Mapping[str, Sequence[str]]) -> list[str]:
        """Count paths without service, and name exclusions without effect."""
        notes = [f"{use.unnamed} paths belong to no service"] if use.unnamed else []
        for glob in self.config.changes.exclude:
            try:
                used = _names_any(glob, paths)
            except BoundariesError as fault:
                self.faults.append(f"[changes] exclude: {fault}")
                continue
            if not used:
                notes.append(f"[changes] exclude: '{glob}' names no path of the history")
        return notes

    @staticmethod
    def _member_notes(members: Memberships | None) -> tuple[str, ...]:
        if members is None or not members.unknown:
            return ()
        return (f"{members.unknown} persons of the members' table do not occur here",)

    def _sources(self, services: str, ownership: Ownership) -> dict[str, str]:
        teams = self.config.teams
        declared = "conway.toml" if teams.owners else Path(teams.source or "CODEOWNERS").name
        return {
            "services": services,
            "teams": declared if ownership.teams() else "none",
            "members": Path(teams.members).name if teams.members else "inferred from work",
        }

    def _hash(self) -> str:
        """Hash the configuration and the content of the tables that it names."""
        content = hashlib.sha256(json.dumps(self.config.model_dump(), sort_keys=True).encode())
        teams = self.config.teams
        for name in (teams.source, teams.members, teams.reorganisations):
            if name is None:
                continue
            path = self.folder / name
            files = sorted(path.glob("*.csv")) if is_devlake(path) else [path]
            for file in files:
                if file.name.lower().endswith(".csv"):
                    content.update(file.read_bytes())
        for file in table_files(self.config.tables, folder=self.folder):
            content.update(file.read_bytes())
        return content.hexdigest()


def _names_any(glob: str, paths: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether an exclusion names any path."""
    only = PathPatterns((glob,), tuple(paths))
    return any(only.matches(path, repository=name) for name in paths for path in paths[name])
