"""Where teams and their members come from: which source a configuration names.

In:  ``[teams]`` of a configuration and a ``History``.
Out: an ``Ownership``, and ``Memberships`` where a table is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.boundaries.catalog_members import catalog_members
from conway.boundaries.dated_teams import fixed_teams, no_teams, read_dated_teams, some
from conway.boundaries.devlake import is_devlake, read_devlake
from conway.boundaries.dialects.backstage import BACKSTAGE
from conway.boundaries.dialects.places import CODEOWNERS, HOSTS, OTHERS, dialect_for, source_name
from conway.boundaries.known_paths import repository_names
from conway.boundaries.memberships import Memberships, Spell, memberships, read_memberships
from conway.boundaries.ownership import FileOwnership, Ownership, file_ownership, must_name_someone
from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conway.boundaries.requirements import Dialect
    from conway.config import TeamsTable
    from conway.history.record import History


def ownership_of(
    teams: TeamsTable, history: History, *, services: Sequence[str] | None, folder: Path
) -> Ownership:
    """Return who owns: as declared, else by CODEOWNERS where that tells teams apart.

    Parameters
    ----------
    teams
        ``[teams]``.
    history
        Whose ownership files and services are meant.
    services
        The services of the history; None where they are not known.
    folder
        What paths in ``[teams]`` are relative to.

    Raises
    ------
    BoundariesError
        If the source cannot be read, or has nothing to do with the history.
    """
    source = teams.source
    if teams.owners:
        if source not in {None, "none"}:
            raise BoundariesError("[teams] has both `source` and `owners`; keep one")
        return fixed_teams(teams.owners, services=services)
    if source is None:
        return _found(history, teams)
    if source == "none":
        return no_teams("[teams] source = 'none'")
    name = source_name(source)
    if name is not None:
        dialects = [HOSTS[teams.dialect]] if teams.dialect else list(HOSTS.values())
        places = OTHERS[name].places if name in OTHERS else _places(dialects)
        return must_name_someone(in_repositories(history, teams, source=name), places=places)
    if source.lower().endswith(".csv"):
        return read_dated_teams(folder / source, services=services, mapping=teams.map)
    if (folder / source / "teams.csv").is_file():
        raise BoundariesError(
            f"[teams] source = '{visible(source)}': DevLake's tables say who belongs to which "
            "team, not what a team owns; write members instead of source, and name the owners "
            "by another source or under [teams.owners]"
        )
    raise BoundariesError(
        f"[teams] source = '{visible(source)}' cannot be read; valid: 'CODEOWNERS', "
        f"{', '.join(repr(other) for other in OTHERS)}, a CSV file with valid_from,service,team, "
        "or 'none'"
    )


def _places(dialects: Sequence[Dialect]) -> str:
    return ", ".join(dict.fromkeys(place for one in dialects for place in one.places.split(", ")))


def in_repositories(history: History, teams: TeamsTable, *, source: str) -> FileOwnership:
    """Return the ownership that files of the repositories declare."""
    dialect_of: dict[str, Dialect] = {}
    paths = history.boundary_files[["repository", "path"]].drop_duplicates()
    for name in repository_names(history):
        held = set(paths.loc[paths["repository"] == name, "path"].tolist())
        dialect_of[name] = dialect_for(source, held, named=teams.dialect)
    return file_ownership(history, source=source, dialect_of=dialect_of, mapping=teams.map)


def _found(history: History, teams: TeamsTable) -> Ownership:
    """Return CODEOWNERS where there is one that tells teams apart."""
    found = in_repositories(history, teams, source=CODEOWNERS)
    if not found.teams():
        return no_teams("no CODEOWNERS that names an owner, and no [teams]")
    if found.catch_all:
        return no_teams("CODEOWNERS names one owner for everything")
    return found


@dataclass(frozen=True, slots=True)
class Members:
    """Who belongs to which team, and which team is in which, where a source says so."""

    table: Memberships | None = None
    parents: Mapping[str, str] = field(default_factory=dict)


def members_of(
    teams: TeamsTable, history: History, *, ownership: Ownership, folder: Path
) -> Members:
    """Return the members' teams; some of them must own something, if anyone does."""
    if teams.members is None:
        return Members()
    path = folder / teams.members
    where = visible(str(path))
    people = history._people  # noqa: SLF001
    parents: dict[str, str] = {}
    if source_name(teams.members) == BACKSTAGE.name and not path.exists():
        spells, parents = catalog_members(history)
        where = f"[teams] members = '{teams.members}'"
        members = memberships(spells, where=where, people=people, called=ownership.called)
    elif is_devlake(path):
        tables = read_devlake(path)
        spells = [Spell(person, team) for person, held in tables.members for team in held]
        parents = dict(tables.parents)
        members = memberships(spells, where=where, people=people, called=ownership.called)
    else:
        members = read_memberships(path, people=people, called=ownership.called)
    owning = ownership.teams()
    if owning and not set(owning) & set(members.teams()):
        raise BoundariesError(
            f"{where}: no team of it owns anything (there: "
            f"{some(members.teams())}; owners: {some(owning)})"
        )
    called = ownership.called
    return Members(members, {called(team): called(above) for team, above in parents.items()})
