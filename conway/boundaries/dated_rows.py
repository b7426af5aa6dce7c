"""Rows of a CSV file that a person keeps: teams and members, with dates.

In:  the path of a file with a header.
Out: its rows with line numbers, or one ``BoundariesError`` with all faults.

Messages give line numbers only: a cell may be a person's name.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from conway.config import seconds
from conway.display import visible
from conway.errors import BoundariesError, problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LARGEST_TABLE = 64 * 1024 * 1024
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number from 1, its cells by column, its days in seconds (None: open)."""

    line: int
    cells: Mapping[str, str]
    days: Mapping[str, int | None]


def read_rows(
    path: Path, *, texts: Sequence[str], days: Mapping[str, bool], others: Sequence[str] = ()
) -> list[Row]:
    """Read a table.

    Parameters
    ----------
    path
        A CSV file in UTF-8.
    texts
        Columns of text, all needed.
    days
        Columns of days, and whether each is needed; an empty cell is open.
    others
        Columns of text that may be missing.

    Raises
    ------
    BoundariesError
        If the file is missing or not CSV, or with every wrong column and cell.
    """
    where = visible(str(path))
    lines = csv.reader(io.StringIO(_text(path, where=where), newline=""), strict=True)
    try:
        table = [(lines.line_num, [cell.strip() for cell in cells]) for cells in lines]
    except csv.Error as fault:
        raise BoundariesError(f"{where}: line {lines.line_num} is not CSV: {fault}") from None
    table = [(line, cells) for line, cells in table if any(cells)]
    if not table:
        raise BoundariesError(
            f"{where}: is empty; its first line names {_columns(texts, days, others)}"
        )
    header = table[0][1]
    faults = _header_faults(header, texts=texts, days=days, others=others)
    rows: list[Row] = []
    for line, cells in table[1:] if not faults else []:
        if len(cells) != len(header):
            faults.append(f"line {line} has {len(cells)} cells, the header has {len(header)}")
            continue
        named = dict(zip(header, cells, strict=True))
        times: dict[str, int | None] = {}
        for day in days:
            try:
                times[day] = seconds(named[day]) if named.get(day) else None
            except ValueError:
                faults.append(f"line {line}: {day} is not a day such as 2025-01-31")
        rows.append(Row(line, named, times))
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [f"and {len(faults) - MOST_FAULTS} more"]
    if faults:
        raise BoundariesError(problems(where, faults))
    return rows


def _text(path: Path, *, where: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise BoundariesError(
            f"{where}: cannot be read ({fault.strerror}); paths in conway.toml are relative to it"
        ) from None
    if len(content) > LARGEST_TABLE:
        raise BoundariesError(f"{where}: is larger than {LARGEST_TABLE} bytes; is it the file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BoundariesError(f"{where}: is not UTF-8 text; save it as UTF-8") from None


def _header_faults(
    header: Sequence[str],
    *,
    texts: Sequence[str],
    days: Mapping[str, bool],
    others: Sequence[str],
) -> list[str]:
    valid = [*texts, *others, *days]
    needed = [*texts, *(day for day, need in days.items() if need)]
    faults = [f"column '{name}' is missing" for name in needed if name not in header]
    for name in header:
        if name not in valid:
            near = get_close_matches(name, valid, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ";"
            choices = _columns(texts, days, others)
            faults.append(f"unknown column '{visible(name)}'{hint} valid: {choices}")
    if len(set(header)) != len(header):
        faults.append("a column stands twice")
    return faults


def _columns(  # noqa: PLR0917
    texts: Sequence[str], days: Mapping[str, bool], others: Sequence[str]
) -> str:
    optional = [f"{name} (optional)" for name in others]
    return ", ".join(
        [*texts, *optional, *(day if need else f"{day} (optional)" for day, need in days.items())]
    )
