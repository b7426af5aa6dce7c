"""Records of a file, whatever its format.

In:  the path of a CSV, JSON, JSON Lines or Parquet file.
Out: ``Record``: the cells of each row by column, and where it stands.

Nothing in a file is run or followed; sizes are bounded.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conway.display import visible
from conway.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST_FILE = 512 * 1024 * 1024
MOST_RECORDS = 5_000_000
ENDINGS = (".csv", ".json", ".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: where it stands in its file, and its cells by column."""

    place: str
    cells: Mapping[str, Any]


def read_records(path: Path) -> list[Record]:
    """Return the records of a file; empty cells are left out.

    Raises
    ------
    TableError
        If the file is missing, too large, or not of the format that its ending names.
    """
    if path.suffix.lower() not in ENDINGS:
        raise TableError(
            f"{visible(path.name)}: has an unknown ending; valid: {', '.join(ENDINGS)}, "
            "and .xml for JUnit"
        )
    if path.suffix.lower() == ".parquet":
        return _numbered("row", _parquet(path))
    content = content_of(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(f"{visible(path.name)}: is not UTF-8 text; save it as UTF-8") from None
    if path.suffix.lower() == ".json":
        return _numbered("item", _json(text, name=path.name))
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        lines = [line for line in text.splitlines() if line.strip()]
        return _numbered("line", [_object(line, name=path.name) for line in lines])
    return _csv(text, name=path.name)


def content_of(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    TableError
        If it cannot be read or is too large.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise TableError(
                f"{visible(path.name)}: is larger than {LARGEST_FILE} bytes; give a shorter period"
            )
        return path.read_bytes()
    except OSError as fault:
        raise TableError(
            f"{visible(path.name)}: cannot be read ({fault.strerror}); paths in conway.toml are "
            "relative to it"
        ) from None


def _numbered(what: str, rows: list[Mapping[str, Any]]) -> list[Record]:
    return [
        Record(f"{what} {number}", {key: cell for key, cell in row.items() if cell is not None})
        for number, row in enumerate(rows, start=1)
    ]


def _csv(text: str, *, name: str) -> list[Record]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(lines.line_num, [cell.strip() for cell in cells]) for cells in lines]
    except csv.Error as fault:
        raise TableError(f"{visible(name)}: line {lines.line_num} is not CSV: {fault}") from None
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise TableError(f"{visible(name)}: is empty; its first line names the columns")
    header = rows[0][1]
    if len(set(header)) != len(header):
        raise TableError(f"{visible(name)}: a column stands twice; name each once")
    uneven = [line for line, cells in rows if len(cells) != len(header)]
    if uneven:
        raise TableError(
            f"{visible(name)}: {len(uneven)} lines do not have the {len(header)} cells of the "
            f"header, the first is line {uneven[0]}"
        )
    return [
        Record(f"line {line}", {key: cell for key, cell in zip(header, cells, strict=True) if cell})
        for line, cells in rows[1:]
    ]


def _json(text: str, *, name: str) -> list[Mapping[str, Any]]:
    found = _parsed(text, name=name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise TableError(f"{visible(name)}: is not a JSON list of objects")
    return found


def _object(line: str, *, name: str) -> Mapping[str, Any]:
    found = _parsed(line, name=name)
    if not isinstance(found, dict):
        raise TableError(f"{visible(name)}: a line is not a JSON object")
    return found


def _parsed(text: str, *, name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        reason = visible(str(fault)) if isinstance(fault, ValueError) else "it is nested too deeply"
        raise TableError(f"{visible(name)}: is not JSON: {reason}") from None


def _parquet(path: Path) -> list[Mapping[str, Any]]:
    """Read a Parquet file with a DuckDB that can reach its folder and nothing else."""
    import duckdb

    content_of(path)
    place = _quoted(str(path.resolve()))
    settings = (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "TimeZone = 'UTC'",
        f"allowed_paths = ['{place}']",
        "enable_external_access = false",
        "lock_configuration = true",
    )
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as con:
            for setting in settings:
                con.execute(f"SET {setting}")
            source = f"read_parquet(['{place}'])"
            con.execute(f"SELECT * FROM {source} LIMIT 0")  # noqa: S608
            columns = [(str(one[0]), str(one[1])) for one in con.description or ()]
            picked = ", ".join(_column(name, kind) for name, kind in columns)
            found = con.execute(f"SELECT {picked} FROM {source} LIMIT {MOST_RECORDS}")  # noqa: S608
            names = [name for name, _ in columns]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error as fault:
        reason = visible(str(fault).splitlines()[0])
        raise TableError(f"{visible(path.name)}: is not Parquet: {reason}") from None


def _column(name: str, kind: str) -> str:
    """Return how a column is read: times with a zone as seconds, those without as text."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(epoch({quoted}) AS BIGINT) AS {quoted}"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return f"CAST({quoted} AS VARCHAR) AS {quoted}"
    return quoted


def _quoted(text: str) -> str:
    return text.replace("'", "''")
