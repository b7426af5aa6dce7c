"""Who belongs to which team, and when.

In:  a CSV file ``person,team,valid_from,valid_to``; a person is a name or an e-mail address
     as git has it, the interval is half-open and either end may be left empty.
Out: ``Memberships``: the team of a pseudonym as of a time. No name stays in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.dated_rows import Row, read_rows
from conway.boundaries.dated_teams import ALWAYS
from conway.display import visible
from conway.errors import BoundariesError, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

NEVER = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Memberships:
    """Teams by pseudonym.

    Attributes
    ----------
    unknown
        How many persons of the file do not occur in the history.
    """

    _spells: Mapping[str, Sequence[tuple[int, int, str]]]
    unknown: int = 0

    def team_of(self, person: str, time: int) -> str | None:
        """Return the team of a pseudonym at ``time``; of several, the one joined last."""
        joined = [
            (-since, team)
            for since, until, team in self._spells.get(person, ())
            if since <= time < until
        ]
        return min(joined)[1] if joined else None

    def teams(self) -> tuple[str, ...]:
        """Return all teams, sorted."""
        return tuple(sorted({team for spells in self._spells.values() for _, _, team in spells}))

    def __repr__(self) -> str:
        """Show how many, and no one."""
        return f"Memberships({len(self._spells)} people, {len(self.teams())} teams)"


def read_memberships(
    path: Path, *, people: pd.DataFrame, called: Callable[[str], str]
) -> Memberships:
    """Read a table of members.

    Parameters
    ----------
    path
        CSV with ``person,team`` and perhaps ``valid_from,valid_to``.
    people
        ``person, name, email``: the pseudonyms of a history.
    called
        Gives the name that the ownership has for a team as the file writes it.

    Raises
    ------
    BoundariesError
        If the table is wrong, or none of its persons occurs in the history.
    """
    where = visible(str(path))
    days = {"valid_from": False, "valid_to": False}
    rows = read_rows(path, texts=("person", "team"), days=days)
    faults = [fault for row in rows if (fault := _fault(row))]
    if faults:
        raise BoundariesError(problems(where, faults))
    known = _pseudonyms(people)
    spells: dict[str, list[tuple[int, int, str]]] = {}
    for row in rows:
        since, until = row.days["valid_from"], row.days["valid_to"]
        spell = (
            ALWAYS if since is None else since,
            NEVER if until is None else until,
            called(row.cells["team"]),
        )
        for person in known.get(row.cells["person"].casefold(), ()):
            spells.setdefault(person, []).append(spell)
    persons = {row.cells["person"].casefold() for row in rows}
    if not spells:
        raise BoundariesError(
            f"{where}: names nobody of the history ({len(persons)} persons, none found); "
            "write names or e-mail addresses as git has them"
        )
    return Memberships(spells, len(persons - set(known)))


def _fault(row: Row) -> str:
    if not row.cells["person"] or not row.cells["team"]:
        return f"line {row.line} has no person or no team"
    since, until = row.days["valid_from"], row.days["valid_to"]
    if since is not None and until is not None and since >= until:
        return f"line {row.line}: valid_from is not before valid_to"
    return ""


def _pseudonyms(people: pd.DataFrame) -> dict[str, list[str]]:
    """Return the pseudonyms of each name and each e-mail address."""
    known: dict[str, list[str]] = {}
    for person, name, email in people[["person", "name", "email"]].itertuples(index=False):
        for key in {str(name).strip().casefold(), str(email).strip().casefold()} - {""}:
            if person not in known.setdefault(key, []):
                known[key].append(person)
    return known
