"""Where teams and their members come from: which source a configuration names.

In:  ``[teams]`` of a configuration and a ``History``.
Out: an ``Ownership``, and ``Memberships`` where a table is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.codeowners import LOCATIONS
from conway.boundaries.dated_teams import fixed_teams, no_teams, read_dated_teams, some
from conway.boundaries.memberships import Memberships, read_memberships
from conway.boundaries.ownership import CodeownersOwnership, Ownership, codeowners
from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

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
        return _found(history, mapping=teams.map)
    if source == "none":
        return no_teams("[teams] source = 'none'")
    if source.removeprefix("./") in {"CODEOWNERS", *LOCATIONS}:
        return codeowners(history, mapping=teams.map)
    if source.lower().endswith(".csv"):
        return read_dated_teams(folder / source, services=services, mapping=teams.map)
    raise BoundariesError(
        f"[teams] source = '{visible(source)}' cannot be read; valid: 'CODEOWNERS', "
        "a CSV file with valid_from,service,team, or 'none'"
    )


def _found(history: History, *, mapping: Mapping[str, str]) -> Ownership:
    """Return CODEOWNERS where there is one that tells teams apart."""
    found = CodeownersOwnership.of(history, mapping=mapping)
    if not found.teams():
        return no_teams("no CODEOWNERS that names an owner, and no [teams]")
    if found.one_for_all():
        return no_teams("CODEOWNERS names one owner for everything")
    return found


def members_of(
    teams: TeamsTable, history: History, *, ownership: Ownership, folder: Path
) -> Memberships | None:
    """Return the members' teams; some of them must own something, if anyone does."""
    if teams.members is None:
        return None
    path = folder / teams.members
    members = read_memberships(path, people=history._people, called=ownership.called)  # noqa: SLF001
    owning = ownership.teams()
    if owning and not set(owning) & set(members.teams()):
        raise BoundariesError(
            f"{visible(str(path))}: no team of it owns anything (there: "
            f"{some(members.teams())}; owners: {some(owning)})"
        )
    return members
