"""Read the optional tables that ``[tables]`` names, and join them to the changes.

In:  ``Config``, a ``History``, and the folder that the files are relative to.
Out: ``Imported``, or one ``TableError`` with everything that is wrong with all files.

A row that cannot be read is a fault; one that joins to no change, or whose times run
backwards, is counted and left out, unless hardly anything would remain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from conway.config import Config, TablesTable, zone_of
from conway.display import visible
from conway.errors import TableError
from conway.history.imports import github, gitlab
from conway.history.imports.cells import Cells
from conway.history.imports.devlake import devlake_records
from conway.history.imports.imported import Counted, Imported
from conway.history.imports.joining import Changes, People
from conway.history.imports.junit import junit_records
from conway.history.imports.records import Record, read_records
from conway.history.imports.rows import BUILDERS, Rows

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    import pandas as pd

    from conway.history.record import History

_MOST_ABSURD = 0.5


def read_tables(config: Config, history: History, *, folder: Path) -> Imported:
    """Return the optional tables of a configuration.

    Raises
    ------
    TableError
        With every fault of every file, one a line.
    """
    reading = _Reading(config, history, folder)
    found = reading.tables()
    reading.check_capacity(found)
    if reading.faults:
        raise TableError("\n".join(reading.faults))
    return Imported(
        **found,
        runners=dict(config.capacity.suites),
        counted=tuple(reading.counted),
        sources=reading.sources,
    )


def table_files(tables: TablesTable, *, folder: Path) -> list[Path]:
    """Return every file that ``[tables]`` names or that lies in a folder that it names."""
    named = [
        folder / path
        for name in BUILDERS
        for paths in getattr(tables, name).values()
        for path in paths
    ]
    named += [folder / tables.devlake] if tables.devlake is not None else []
    return [
        file
        for path in named
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if file.is_file()
    ]


@dataclass(eq=False)
class _Reading:
    """The tables of one configuration, with the faults found so far."""

    config: Config
    history: History
    folder: Path
    faults: list[str] = field(default_factory=list)
    counted: list[Counted] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Read and join each table that is given."""
        given: dict[str, list[_File]] = {}
        for name in BUILDERS:
            for repository, paths in getattr(self.config.tables, name).items():
                for path in paths:
                    given.setdefault(name, []).append(_File(self.folder / path, repository))
        devlake = self._devlake()
        changes, people = Changes.of(self.history), People.of(self.history)
        found = {}
        for name in BUILDERS:
            if name not in given and name not in devlake:
                continue
            rows = Rows(changes, people)
            files = [file.path.name for file in given.get(name, ())]
            for file in given.get(name, ()):
                self._read(name, file, rows=rows)
            if name in devlake:
                zone = self._zone or UTC
                self._add(name, devlake[name], rows=rows, cells=Cells(name, "devlake", zone))
                files.append("DevLake")
            self.sources[name] = ", ".join(dict.fromkeys(visible(file) for file in files))
            found[name] = self._finished(name, rows)
        return found

    @property
    def _zone(self) -> tzinfo | None:
        return zone_of(self.config.tables.zone)

    def _devlake(self) -> dict[str, list[Record]]:
        if self.config.tables.devlake is None:
            return {}
        try:
            return devlake_records(self.folder / self.config.tables.devlake)
        except TableError as fault:
            self.faults.append(str(fault))
            return {}

    def _read(self, name: str, file: _File, *, rows: Rows) -> None:
        """Read one file into ``rows``."""
        try:
            records = list(_records(name, file.path, zone=self._zone))
        except TableError as fault:
            self.faults.append(str(fault))
            return
        cells = Cells(name, file.path.name, self._zone)
        self._add(name, records, rows=rows, cells=cells, repository=file.repository)

    def _add(
        self,
        name: str,
        records: list[Record],
        *,
        rows: Rows,
        cells: Cells,
        repository: str = "",
    ) -> None:
        checked = cells.rows(records)
        self.faults += cells.messages()
        if not cells.faults:
            BUILDERS[name].add(rows, checked, repository)

    def _finished(self, name: str, rows: Rows) -> pd.DataFrame:
        """Return the frame of a table; count what joins, and refuse what hardly does."""
        total, where = rows.total, self.sources[name]
        label = name.replace("_", " ")
        if total and not rows.joined and BUILDERS[name].joins:
            why = ", ".join(f"{count} {reason}" for reason, count in rows.reasons.most_common())
            self.faults.append(
                f"{where}: none of {total} rows joins to a change: {why}; "
                f"repositories: {', '.join(map(visible, rows.changes.repositories[:8]))}"
            )
        absurd = sum(rows.absurd.values())
        if absurd > _MOST_ABSURD * total:
            why = ", ".join(f"{count} {reason}" for reason, count in _ordered(rows.absurd))
            self.faults.append(f"{where}: {absurd} of {total} rows cannot be: {why}; {_SWAPPED}")
        if BUILDERS[name].joins:
            self.counted.append(
                Counted(f"rows of {label} that join to a change", rows.joined, total, where)
            )
        else:
            self.counted.append(Counted(f"rows of {label}", total, total, where))
        for reason, count in _ordered(rows.reasons + rows.absurd + rows.left_out):
            self.counted.append(Counted(f"rows of {label} that {reason}", count, total))
        return BUILDERS[name].frame(rows)

    def check_capacity(self, found: dict[str, pd.DataFrame]) -> None:
        """Refuse a capacity of a suite that nobody runs."""
        suites = set(found["pipeline_runs"]["suite"]) if "pipeline_runs" in found else set()
        for name in self.config.capacity.suites:
            if name not in suites and not self.faults:
                known = ", ".join(visible(one) for one in sorted(suites)[:8]) or "none"
                self.faults.append(
                    f"[capacity] suites: nobody runs '{visible(name)}'; suites of "
                    f"pipeline_runs: {known}"
                )


_SWAPPED = "are two columns swapped?"


@dataclass(frozen=True, slots=True)
class _File:
    """A file, and the repository that it is of where the configuration says so."""

    path: Path
    repository: str


def _ordered(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def _records(name: str, path: Path, *, zone: tzinfo | None) -> Iterator[Record]:
    """Yield the records of a file in the columns of a table, whatever the file's format."""
    if name == "pipeline_runs" and (path.is_dir() or path.suffix.lower() == ".xml"):
        yield from junit_records(path, zone=zone)
        return
    for record in read_records(path):
        cells = record.cells
        if name == "reviews" and github.is_pull_request(cells):
            yield from github.reviews_of(record)
        elif name == "reviews" and gitlab.is_merge_request(cells):
            yield from gitlab.reviews_of(record)
        elif name == "pipeline_runs" and github.is_run(cells):
            yield from github.runs_of(record)
        elif name == "pipeline_runs" and gitlab.is_pipeline(cells):
            yield from gitlab.runs_of(record)
        else:
            yield record
