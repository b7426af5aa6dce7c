"""What limits delivery, and where the work lands: diagnostics, with their cautions.

In:  ``constraints``, ``concentration`` and ``parallelism`` of the assessment.
Out: sections, or ``None`` where nothing was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.loads import loads
from conway.reporting.document import Cell, Column, Paragraph, Section, Table, Terms
from conway.reporting.quantities import (
    NBSP,
    PER_100,
    RATIO,
    SHARE,
    STREAMS,
    Unit,
    listed,
    number,
    reading,
    shown,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json


def constraints(evidence: Evidence) -> Section | None:
    """Return the four constraints: what was measured, what is a proxy, what is unknown."""
    rows: list[Json] = list(evidence.assessment.get("constraints") or [])
    if not rows:
        return None
    lead = (
        "New code has to be validated, integrated, coordinated and released. A proxy is what git "
        "alone shows of a constraint. A long wait alone does not bind: that takes waits which "
        "rise with the load in weeks that were not looked at before."
    )
    known = [row for row in rows if reading(row["value"]).known]
    blocks: list[Paragraph | Table] = [Paragraph(lead, "lead"), *_largest(evidence)]
    if known:
        blocks.append(_observed(known))
    unknown = [row for row in rows if not reading(row["value"]).known]
    if unknown:
        blocks.append(_unobserved(unknown))
    return Section("constraints", "What limits delivery", tuple(blocks))


def _largest(evidence: Evidence) -> list[Paragraph]:
    """Name the longest wait of those measured, whether it binds, and what was not observed."""
    largest: Json = evidence.assessment.get("largest_observed") or {}
    lines = []
    for stage in largest.get("stages") or []:
        if not reading(stage["hours"]).known:
            continue
        rises = shown(stage["rises_with_load"], RATIO)
        bound = "rises" if stage["binds"] else "is not established to rise"
        lines.append(
            f"{str(stage['constraint']).capitalize()}: {stage['measure']}: "
            f"{shown(stage['hours'], _UNITS['hours'])}; it {bound} with its load out of time "
            f"(rank correlation {rises})."
        )
    unobserved = [str(one) for one in largest.get("unobserved") or []]
    named = largest.get("value")
    if named:
        head = f"Of the waits that were measured, that of {named} is the longest."
        beside = f" Not observed: {listed(unobserved)}." if unobserved else ""
        return [Paragraph(head + beside), *(Paragraph(line) for line in lines)]
    reason = reading(largest).reason
    return [Paragraph(f"No largest constraint is named: {reason}."), *map(Paragraph, lines)]


def _observed(rows: list[Json]) -> Table:
    columns = (
        Column("Constraint"),
        Column("Measure"),
        Column("Value", number=True),
        Column("Read beside it"),
        Column("Source"),
        Column("Status"),
    )
    cells = tuple(
        (
            Cell(str(row["constraint"])),
            Cell(str(row["measure"])),
            Cell(_value(row), reading(row["value"]).value),
            Cell(_beside(row)),
            Cell(str(row.get("source") or "")),
            Cell(str(row["status"])),
        )
        for row in rows
    )
    return Table("constraints", "What was observed of the four constraints", columns, cells)


def _beside(row: Json) -> str:
    """Say what must be read beside a figure: failure beside speed, chance beside a lag."""
    beside: Json = row.get("beside") or {}
    if not beside:
        return ""
    text = shown(beside["value"], _unit(str(beside["measure"]), str(row.get("unit") or "")))
    return f"{beside['measure']}: {text}"


def _unobserved(rows: list[Json]) -> Table:
    columns = (Column("Constraint"), Column("Not known"), Column("Why"))
    cells = tuple(
        (
            Cell(str(row["constraint"])),
            Cell(str(row["measure"])),
            Cell(reading(row["value"]).reason),
        )
        for row in rows
    )
    return Table("constraints-unknown", "What was not observed, and why", columns, cells)


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


_UNITS = {
    "hours": Unit(1, 1, f"{NBSP}h"),
    "days": Unit(1, 1, f"{NBSP}days"),
    "share": SHARE,
    "count": RATIO,
    "per 100": PER_100,
}


def _value(row: Json) -> str:
    """Say a constraint's value in its unit."""
    return shown(row["value"], _unit(str(row["measure"]), str(row.get("unit") or "")))


def _unit(measure: str, named: str) -> Unit:
    """Return the unit of a measure: a share where it says so, else as named."""
    return SHARE if "share" in measure.split() else _UNITS.get(named, RATIO)
