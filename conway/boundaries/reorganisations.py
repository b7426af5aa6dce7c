"""Reorganisations that a person wrote down, beside those that dated owners show.

In:  a CSV file ``date,service,team`` and perhaps ``from,name``.
Out: ``Reorganisation`` in order of time, or one ``BoundariesError`` with all faults.

Dated tables and ownership files show when an owner changed on paper. Where the
organisation changed on another day, or where the file does not say who owned what, this
table does.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from conway.boundaries.dated_rows import MOST_FAULTS, read_rows
from conway.boundaries.dated_teams import some
from conway.display import visible
from conway.errors import BoundariesError, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from conway.boundaries.dated_rows import Row


@dataclass(frozen=True, slots=True, order=True)
class Reorganisation:
    """From ``time`` on (seconds UTC) ``service`` belongs to ``team``.

    ``before`` is the team that owned it, ``name`` what the reorganisation was called; either
    may be empty.
    """

    time: int
    service: str
    team: str
    before: str = ""
    name: str = ""


def read_reorganisations(
    path: Path,
    *,
    services: Collection[str] | None,
    teams: Collection[str],
    called: Callable[[str], str],
) -> tuple[Reorganisation, ...]:
    """Read a table of reorganisations.

    Parameters
    ----------
    path
        CSV with ``date,service,team`` and perhaps ``from`` and ``name``; one row for each
        service that was given to another team.
    services
        The services of the history; None: they are not known.
    teams
        The teams of the history.
    called
        Gives the name that the ownership has for a team as the file writes it.

    Raises
    ------
    BoundariesError
        With everything that is wrong with the table.
    """
    where = visible(str(path))
    rows = read_rows(path, texts=("service", "team"), days={"date": True}, others=("from", "name"))
    faults = [
        fault
        for row in rows
        for fault in _faults(row, services=services, teams=teams, called=called)
    ]
    if not rows:
        faults.append("names no reorganisation; a row reads 2025-01-31,SERVICE,TEAM")
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [f"and {len(faults) - MOST_FAULTS} more"]
    if faults:
        raise BoundariesError(problems(where, faults))
    found = {
        Reorganisation(
            row.days["date"] or 0,
            row.cells["service"],
            called(row.cells["team"]),
            called(row.cells["from"]) if row.cells.get("from") else "",
            row.cells.get("name", ""),
        )
        for row in rows
    }
    return tuple(sorted(found))


def _faults(
    row: Row,
    *,
    services: Collection[str] | None,
    teams: Collection[str],
    called: Callable[[str], str],
) -> Iterator[str]:
    """Say what is wrong with one line."""
    line, service = f"line {row.line}", row.cells["service"]
    if row.days["date"] is None:
        yield f"{line} has no date"
    if not service:
        yield f"{line} has no service"
    elif services is not None and service not in services:
        yield f"{line}: no service '{visible(service)}'; {_near(service, services)}"
    if not row.cells["team"]:
        yield f"{line} has no team"
    for column in ("team", "from"):
        name = row.cells.get(column, "")
        if name and called(name) not in teams:
            yield f"{line}: no team '{visible(name)}'; {_near(name, teams)}"
    if row.cells["team"] and row.cells["team"] == row.cells.get("from"):
        yield f"{line}: from and team are the same"


def _near(name: str, choices: Collection[str]) -> str:
    near = get_close_matches(name, sorted(choices), n=1)
    return f"did you mean '{visible(near[0])}'?" if near else f"there are: {some(choices)}"
