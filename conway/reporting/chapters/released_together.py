"""What one change set must release together: pairs of release units, and trains.

In:  ``lockstep`` of the assessment.
Out: blocks of the chapter on who needs whom; none where nothing was released together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Block, Cell, Column, Heading, Paragraph, Table
from conway.reporting.quantities import PER_100, listed, number, plural, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_PAIRS = 15


def released_together(evidence: Evidence) -> list[Block]:
    """Return which release units one change set needs together, and what trains hold."""
    found: Json = evidence.assessment.get("lockstep") or {}
    pairs: list[Json] = list(found.get("units") or [])
    if not pairs:
        return []
    lead = Paragraph(
        "A change set that touches two release units needs both releases. Services of one train "
        "are released together anyway and count as one unit. All pairs of one change set together "
        "count as many lockstep releases as it has units beyond its first."
    )
    blocks: list[Block] = [Heading("lockstep", "What must be released together"), lead]
    blocks.append(_pairs(pairs, every=int(found.get("unit_pairs") or len(pairs))))
    trains: list[Json] = list(found.get("trains") or [])
    return [*blocks, _trains(trains)] if trains else blocks


def _pairs(pairs: list[Json], *, every: int) -> Table:
    columns = (
        Column("Release unit"),
        Column("Together with"),
        Column("Change sets", number=True),
        Column("Lockstep per 100", number=True),
    )
    rows = tuple(
        (
            Cell(str(pair["a"])),
            Cell(str(pair["b"])),
            Cell(number(pair["changes"]), float(pair["changes"])),
            Cell(shown(pair["per_100"], PER_100), float(pair["per_100"])),
        )
        for pair in pairs[:MOST_PAIRS]
    )
    left = every - len(rows)
    note = f"And {plural(left, 'more pair')} with fewer change sets." if left > 0 else ""
    return Table("lockstep-pairs", "Release units that one change set needs", columns, rows, note)


def _trains(trains: list[Json]) -> Table:
    columns = (
        Column("Train"),
        Column("Services"),
        Column("Change sets", number=True),
        Column("Of them with another unit", number=True),
    )
    rows = tuple(
        (
            Cell(str(train["train"])),
            Cell(listed([str(name) for name in train["services"]], limit=8)),
            Cell(number(train["changes"]), float(train["changes"])),
            Cell(number(train["with_other_units"]), float(train["with_other_units"])),
        )
        for train in trains
    )
    return Table("trains", "Trains: services that share a release", columns, rows)
