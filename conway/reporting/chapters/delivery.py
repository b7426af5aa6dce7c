"""What limits delivery, and where the work lands: diagnostics, with their cautions.

In:  ``constraints``, ``concentration`` and ``parallelism`` of the assessment.
Out: sections, or ``None`` where nothing was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.loads import loads
from conway.reporting.document import Cell, Column, Paragraph, Section, Table, Terms
from conway.reporting.quantities import PER_100, RATIO, SHARE, STREAMS, number, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json


def constraints(evidence: Evidence) -> Section | None:
    """Return the four constraints: what was measured, what is a proxy, what is unknown."""
    rows: list[Json] = list(evidence.assessment.get("constraints") or [])
    if not rows:
        return None
    columns = (
        Column("Constraint"),
        Column("Measure"),
        Column("Value", number=True),
        Column("Source"),
        Column("Status"),
    )
    cells = tuple(
        (
            Cell(str(row["constraint"])),
            Cell(str(row["measure"])),
            Cell(_value(row), reading(row["value"]).value),
            Cell(str(row.get("source") or "")),
            Cell(str(row["status"])),
        )
        for row in rows
    )
    text = (
        "New code has to be validated, integrated, coordinated and released. A proxy is what git "
        "alone shows of a constraint. Nothing here says which of them binds."
    )
    largest = evidence.assessment.get("largest_observed")
    note = f"Largest of those observed: {largest}." if isinstance(largest, str) else ""
    table = Table("constraints", "The four constraints", columns, cells, note)
    return Section("constraints", "What limits delivery", (Paragraph(text, "lead"), table))


def spread(evidence: Evidence) -> Section | None:
    """Return how change sets spread over services and release units."""
    figure = loads(evidence)
    if figure is None:
        return None
    caution = Paragraph(
        "A busy service may be where the value is: this is a diagnostic, not a defect, and no "
        "target should be set on it.",
        "lead",
    )
    lanes = evidence.assessment["concentration"]["services"]
    terms = Terms((*_lanes(lanes), *_units(evidence)))
    return Section("spread", "Where the work lands", (caution, figure, terms))


def _lanes(lanes: Json) -> list[tuple[str, str, str]]:
    return [
        ("Services touched", number(lanes["lanes"]), ""),
        ("Services per change set, on average", shown(lanes["mean_footprint"], RATIO), ""),
        ("All change sets over those of the busiest service", shown(lanes["bound"], RATIO), ""),
        (
            "Two random change sets touch a common service",
            shown(lanes["conflict_probability"], SHARE),
            "",
        ),
    ]


def _units(evidence: Evidence) -> list[tuple[str, str, str]]:
    units = (evidence.assessment.get("parallelism") or {}).get("units") or {}
    if not reading(units.get("streams")).known:
        return []
    possible = shown(units["streams_uncoupled"], STREAMS)
    text = f"{shown(units['streams'], STREAMS)}, of {possible} possible"
    return [("Independent streams of release units", text, "")]


def _value(row: Json) -> str:
    """Say a constraint's value in the unit that its measure names."""
    measure = str(row["measure"])
    unit = PER_100 if "per 100" in measure else SHARE if "share" in measure.split() else RATIO
    return shown(row["value"], unit)
