"""Check the cells of records, and keep every fault for one message.

In:  ``Record``s of the columns in ``conway.history.imports.columns``.
Out: rows of plain values by column: seconds, whole numbers, words; and what is wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from conway.display import visible
from conway.history.imports.columns import CONSTRAINTS, RESULTS, STATES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conway.history.imports.columns import Cell
    from conway.history.imports.records import Record

_FIRST, _LAST = 631_152_000, 4_102_444_800  # 1990 and 2100
_MILLISECONDS = 10**11
_SHOWN = 40
_LONGEST = len("2025-01-31")
_WORDS = {"result": RESULTS, "state": STATES, "constraint": CONSTRAINTS}
MOST_FAULTS = 12


@dataclass(eq=False)
class Cells:
    """Reads the cells of one table's records.

    Attributes
    ----------
    table
        Its name in ``[tables]``.
    where
        The file, for messages.
    zone
        The zone of times that name none; None refuses them.
    faults
        What is wrong so far: text without place -> where it is.
    """

    table: str
    where: str
    zone: tzinfo | None = None
    faults: dict[str, list[str]] = field(default_factory=dict)

    def rows(self, records: Sequence[Record]) -> list[dict[str, Any]]:
        """Return the checked rows; a row with a fault is left out."""
        columns = TABLES[self.table]
        named = Counter(name for record in records for name in record.cells)
        self._check_columns(named, columns)
        found = []
        for record in records:
            before = sum(map(len, self.faults.values()))
            row = {name: self._cell(record, name, cell) for name, cell in columns.items()}
            if sum(map(len, self.faults.values())) == before:
                found.append(row)
        return found

    def messages(self) -> list[str]:
        """Return one line a fault, with how often and where it is."""
        lines = [
            f"{visible(self.where)}: {text}" + (f" ({_places(places)})" if places[0] else "")
            for text, places in self.faults.items()
        ]
        if len(lines) > MOST_FAULTS:
            lines[MOST_FAULTS:] = [f"and {len(lines) - MOST_FAULTS} more kinds of faults"]
        return lines

    def fault(self, text: str, place: str = "") -> None:
        """Keep a fault."""
        self.faults.setdefault(text, []).append(place)

    def _check_columns(self, named: Iterable[str], columns: Mapping[str, Cell]) -> None:
        valid = ", ".join(columns)
        for name in sorted(set(named) - set(columns)):
            near = get_close_matches(name, columns, n=1)
            hint = f"did you mean '{near[0]}'? valid" if near else "valid"
            self.fault(f"unknown column '{visible(str(name))[:_SHOWN]}'; {hint}: {valid}")

    def _cell(self, record: Record, name: str, cell: Cell) -> Any:  # noqa: ANN401, PLR0917
        """Return one value, None where it is empty or wrong."""
        given = record.cells.get(name)
        if given is None or given == "":
            if cell.needed:
                self.fault(f"'{name}' is empty; each row needs it", record.place)
            return None
        try:
            return self._value(given, cell)
        except ValueError as fault:
            self.fault(f"'{name}' {fault}", record.place)
            return None

    def _value(self, given: object, cell: Cell) -> Any:  # noqa: ANN401 - of the column's kind
        match cell.kind:
            case "time":
                return seconds_of(given, zone=self.zone)
            case "whole":
                return _whole(given)
            case "number":
                return _number(given)
            case "text":
                return visible(str(given).strip())
            case "person":
                return str(given).strip()
        return _word(given, _WORDS[cell.kind])


def seconds_of(given: object, *, zone: tzinfo | None = None) -> int | None:
    """Return a time as seconds since 1970-01-01 UTC; a service's "never" as None.

    Parameters
    ----------
    given
        ISO 8601 with a zone, or seconds (or milliseconds) since 1970.
    zone
        The zone of a time that names none.

    Raises
    ------
    ValueError
        If it is no time, names no zone while none is given, or is not plausible.

    Examples
    --------
    >>> seconds_of("2024-01-01T10:00:00+02:00")
    1704096000
    """
    if isinstance(given, bool):
        raise ValueError("is no time")  # noqa: TRY004 - one kind of fault of a cell
    moment: float | None
    if isinstance(given, (int, float)) or (isinstance(given, str) and given.isdecimal()):
        number = float(given)
        moment = number / 1000 if number > _MILLISECONDS else number
    else:
        moment = _iso(str(given).strip(), zone=zone)
        if moment is None:
            return None
    if not (math.isfinite(moment) and _FIRST <= moment < _LAST):
        raise ValueError("is not between the years 1990 and 2100")
    return int(moment)


def _iso(text: str, *, zone: tzinfo | None) -> float | None:
    if text.startswith("0001-01-01"):
        return None
    text = text.removesuffix(" UTC") + "Z" if text.endswith(" UTC") else text
    try:
        if len(text) <= _LONGEST:
            day = date.fromisoformat(text)
            moment = datetime(day.year, day.month, day.day, tzinfo=zone)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("is no time such as 2025-01-31T12:00:00Z") from None
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError(
                'names no zone; write 2025-01-31T12:00:00Z, or say [tables] zone = "UTC"'
            )
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC).timestamp()
    except OverflowError:
        raise ValueError("is not between the years 1990 and 2100") from None


def _whole(given: object) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not text.isascii() or not text.isdigit() or len(text) > _LONGEST:
        raise ValueError("is not a whole number from 0")
    return int(text)


def _number(given: object) -> float:
    try:
        number = float(str(given))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("is not a number")
    return number


def _word(given: object, words: Mapping[str, str]) -> str:
    word = str(given).strip().casefold().replace(" ", "_")
    if word not in words:
        valid = ", ".join(dict.fromkeys(words.values()))
        raise ValueError(f"'{visible(str(given))[:_SHOWN]}' is not known; valid: {valid}")
    return words[word]


def _places(places: Sequence[str]) -> str:
    if len(places) == 1:
        return places[0]
    return f"{len(places)} times, the first in {places[0]}"
