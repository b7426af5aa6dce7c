"""Who belongs to which team, and when.

In:  a CSV file ``person,team,valid_from,valid_to``; a person is a name or an e-mail address
     as git has it, the interval is half-open and either end may be left empty.
Out: ``Memberships``: the teams of a pseudonym as of a time. No name stays in it.

A person may be in several teams at once; which of them a change is written for is decided
by the person's work (``conway.boundaries.labels``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
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
    _entries: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)

    def teams_of(self, person: str, time: int) -> tuple[str, ...]:
        """Return the teams of a pseudonym at ``time``, sorted; empty where none is known."""
        spells = self._spells.get(person, ())
        return tuple(sorted({team for since, until, team in spells if since <= time < until}))

    def pseudonyms(self, entry: str) -> tuple[str, ...]:
        """Return the pseudonyms that an entry of the table, as written there, stands for."""
        return tuple(self._entries.get(_digest(entry), ()))

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
    spells = [
        Spell(
            (row.cells["person"],),
            row.cells["team"],
            ALWAYS if row.days["valid_from"] is None else row.days["valid_from"],
            NEVER if row.days["valid_to"] is None else row.days["valid_to"],
        )
        for row in rows
    ]
    return memberships(spells, where=where, people=people, called=called)


@dataclass(frozen=True, slots=True)
class Spell:
    """A person, by any of several names or addresses, in a team from ``since`` to ``until``."""

    person: tuple[str, ...]
    team: str
    since: int = ALWAYS
    until: int = NEVER


def memberships(
    spells: Sequence[Spell], *, where: str, people: pd.DataFrame, called: Callable[[str], str]
) -> Memberships:
    """Return memberships by pseudonym.

    Parameters
    ----------
    spells
        Who is where, as a source has it.
    where
        The source, for messages.
    people, called
        As for ``read_memberships``.

    Raises
    ------
    BoundariesError
        If none of the persons occurs in the history.
    """
    known = _pseudonyms(people)
    found: dict[str, list[tuple[int, int, str]]] = {}
    persons: set[tuple[str, ...]] = set()
    absent: set[tuple[str, ...]] = set()
    entries: dict[str, tuple[str, ...]] = {}
    for spell in spells:
        keys = tuple(name.casefold() for name in spell.person if name)
        pseudonyms = dict.fromkeys(one for key in keys for one in known.get(key, ()))
        persons.add(keys)
        entries |= {_digest(key): tuple(pseudonyms) for key in keys if pseudonyms}
        if not pseudonyms:
            absent.add(keys)
        for one in pseudonyms:
            found.setdefault(one, []).append((spell.since, spell.until, called(spell.team)))
    if not found:
        raise BoundariesError(
            f"{where}: names nobody of the history ({len(persons)} persons, none found); "
            "write names or e-mail addresses as git has them"
        )
    return Memberships(found, len(absent), entries)


def _digest(entry: str) -> str:
    """Return what stands for a name, so that no name stays in memory longer than needed."""
    return hashlib.sha256(entry.strip().casefold().encode("utf-8", "surrogatepass")).hexdigest()


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
