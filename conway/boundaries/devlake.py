"""Apache DevLake's tables of teams and their members.

In:  a folder with ``teams.csv`` (Id,Name,Alias,ParentId,SortingIndex), ``users.csv``
     (Id,Name,Email,TeamIds) and perhaps ``user_account_mapping.csv`` (Id,UserId).
Out: ``DevlakeTeams``: who belongs to which teams and which team is in which, or one
     ``BoundariesError`` with all faults of all files. Headers are case-sensitive; several
     teams of a user are parted by semicolons. Messages name lines and ids, never persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.dated_rows import Row, read_rows
from conway.display import visible
from conway.errors import BoundariesError, problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TEAMS, USERS, ACCOUNTS = "teams.csv", "users.csv", "user_account_mapping.csv"


@dataclass(frozen=True, slots=True, eq=False)
class DevlakeTeams:
    """What the tables say.

    Attributes
    ----------
    members
        ``(name and e-mail address of a person, its teams)``.
    parents
        By team the team that it is in.
    """

    members: tuple[tuple[tuple[str, str], tuple[str, ...]], ...]
    parents: Mapping[str, str]

    def __repr__(self) -> str:
        """Show how many, and no one."""
        return f"DevlakeTeams({len(self.members)} people)"


def is_devlake(folder: Path) -> bool:
    """Tell whether a folder holds DevLake's tables."""
    return (folder / TEAMS).is_file() and (folder / USERS).is_file()


def read_devlake(folder: Path) -> DevlakeTeams:
    """Read the tables.

    Raises
    ------
    BoundariesError
        If a table is wrong, an id stands twice, or one is meant that there is not.
    """
    teams = read_rows(
        folder / TEAMS, texts=("Id", "Name"), days={}, others=("Alias", "ParentId", "SortingIndex")
    )
    users = read_rows(folder / USERS, texts=("Id", "TeamIds"), days={}, others=("Name", "Email"))
    names = {row.cells["Id"]: row.cells["Name"] for row in teams}
    faults = [
        *_twice(TEAMS, teams),
        *_twice(USERS, users),
        *(f"{TEAMS} line {row.line} has no Id or no Name" for row in teams
          if not row.cells["Id"] or not row.cells["Name"]),
        *(f"{TEAMS} line {row.line}: ParentId {visible(row.cells['ParentId'])} is no team's Id"
          for row in teams if row.cells.get("ParentId") and row.cells["ParentId"] not in names),
        *(f"{USERS} line {row.line}: {visible(one)} in TeamIds is no team's Id"
          for row in users for one in _ids(row) if one not in names),
        *_account_faults(folder, users),
    ]  # fmt: skip
    if faults:
        raise BoundariesError(problems(visible(str(folder)), faults))
    members = tuple(
        (
            (row.cells.get("Name", ""), row.cells.get("Email", "")),
            tuple(dict.fromkeys(names[one] for one in _ids(row))),
        )
        for row in users
    )
    parents = {
        row.cells["Name"]: names[row.cells["ParentId"]]
        for row in teams
        if row.cells.get("ParentId")
    }
    return DevlakeTeams(members, parents)


def _ids(row: Row) -> list[str]:
    return [one.strip() for one in row.cells["TeamIds"].split(";") if one.strip()]


def _twice(name: str, rows: Sequence[Row]) -> list[str]:
    seen: set[str] = set()
    faults = []
    for row in rows:
        if row.cells["Id"] in seen:
            faults.append(f"{name} line {row.line}: Id {visible(row.cells['Id'])} stands twice")
        seen.add(row.cells["Id"])
    return faults


def _account_faults(folder: Path, users: Sequence[Row]) -> list[str]:
    """Check the accounts, which git does not know: they must belong to a user."""
    if not (folder / ACCOUNTS).is_file():
        return []
    known = {row.cells["Id"] for row in users}
    rows = read_rows(folder / ACCOUNTS, texts=("Id", "UserId"), days={})
    return [
        f"{ACCOUNTS} line {row.line}: UserId is no user's Id"
        for row in rows
        if row.cells["UserId"] not in known
    ]
