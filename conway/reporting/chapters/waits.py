"""How long finished work waits, and whether crossing a boundary makes it wait longer.

In:  ``waits`` of the assessment.
Out: a section, or ``None`` where no wait is known. Medians stand beside those of independent
     waits, never alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.waits import NAMES, crossing_costs
from conway.reporting.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Evidenced,
    Paragraph,
    Section,
    Table,
)
from conway.reporting.quantities import RATIO, Unit, number, plural, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

HOURS = Unit(1, 1)


def waiting(evidence: Evidence) -> Section | None:
    """Return what crossing costs, delays beside independent waits, and waits for release."""
    waits: Json = evidence.assessment.get("waits") or {}
    releases = _releases(waits)
    if not waits.get("effects") and releases is None and _reviews(waits) is None:
        return None
    blocks: list[Block | None] = [_lead(waits), crossing_costs(evidence)]
    said = tuple(str(one["text"]) for one in waits.get("verdicts") or [])
    blocks += [Bullets(said) if said else None, _delays(waits), _reading(waits)]
    blocks += [_reviews(waits), releases]
    kept = tuple(block for block in blocks if block is not None)
    return Section("waits", "Does work that crosses a boundary wait longer?", kept)


def _lead(waits: Json) -> Paragraph:
    if not waits.get("effects"):
        reason = reading(waits).reason
        return Paragraph(f"How long finished work waits to be merged is unknown: {reason}.", "lead")
    return Paragraph(
        "A wait runs from a change's last commit to its merge. Work that crosses may be harder in "
        "ways that git does not show: this is an association, under two clocks, and a cost counts "
        "as established only where both agree at linkage gaps of 3, 7 and 14 days.",
        "lead",
    )


def _delays(waits: Json) -> Evidenced | None:
    """Return delays of change sets beside independent waits, at the widest gap."""
    rows: list[Json] = list(waits.get("delays") or [])
    widest = max((row["gap_days"] for row in rows), default=0)
    kept = [row for row in rows if row["gap_days"] == widest and reading(row["hours"]).known]
    if not kept:
        return None
    columns = (
        Column("Change sets over"),
        Column("Clock"),
        Column("Change sets", number=True),
        Column("Median hours from the last commit", number=True),
        Column("If waits were independent", number=True),
        Column("Ratio", number=True),
        Column("Median hours from the earliest last commit", number=True),
        Column("If waits were independent", number=True),
    )
    table = Table(
        "delays",
        "Delays of change sets beside independent waits",
        columns,
        tuple(_delay(row) for row in kept),
    )
    return Evidenced("Delays of change sets beside independent waits", (table,))


def _delay(row: Json) -> tuple[Cell, ...]:
    hours = ("hours", "null_hours", "naive_hours", "naive_null_hours")
    cells = [Cell(shown(row[name], HOURS), reading(row[name]).value) for name in hours]
    return (
        Cell(_over(row)),
        Cell(str(row["clock"])),
        Cell(number(row["sets"]), float(row["sets"])),
        *cells[:2],
        Cell(shown(row["excess"], RATIO), reading(row["excess"]).value),
        *cells[2:],
    )


def _over(row: Json) -> str:
    """Say which change sets a row is about."""
    count = int(row["count"])
    if not count:
        return "several repositories, all"
    if row["by"] == "teams":
        return plural(count, "team")
    return plural(count, "repository", many="repositories")


def _reading(waits: Json) -> Paragraph | None:
    if not waits.get("delays"):
        return None
    return Paragraph(
        "The longest of several independent waits is long even where nobody waits for anybody, "
        "and members of a set are finished at different times. A ratio below 1 says that sets are "
        "merged sooner than independent changes would be.",
        "note",
    )


_EVENTS = {"first_review": "first review", "approved": "approval", "merged": "merge"}


def _reviews(waits: Json) -> Evidenced | None:
    """Return waits of pull requests, and what crossing does to them."""
    given = waits.get("reviewing")
    rows: list[Json] = given if isinstance(given, list) else []
    if not rows:
        return None
    columns = (
        Column("From opening to"),
        Column("Median hours", number=True),
        Column("Crossing"),
        Column("Times as long", number=True),
        Column("Requests that cross", number=True),
    )
    cells = tuple(
        (
            Cell(_EVENTS[row["event"]]),
            Cell(shown(row["hours"], HOURS), reading(row["hours"]).value),
            Cell(NAMES[row["boundary"]]),
            Cell(shown(row["ratio"], RATIO), reading(row["ratio"]).value),
            Cell(number(row["crossing"]), float(row["crossing"])),
        )
        for row in rows
    )
    table = Table("review-waits", "Waits of pull requests", columns, cells)
    return Evidenced("Waits of pull requests for review, approval and merge", (table,))


def _releases(waits: Json) -> Evidenced | None:
    """Return waits from merge to release, services in order of name."""
    releasing: Json = waits.get("releasing") or {}
    rows = [row for row in releasing.get("services") or [] if reading(row["hours"]).known]
    if not rows:
        return None
    columns = (
        Column("Service"),
        Column("Changes", number=True),
        Column("Released", number=True),
        Column("Median hours from merge to release", number=True),
    )
    cells = tuple(
        (
            Cell(str(row["name"])),
            Cell(number(row["changes"]), float(row["changes"])),
            Cell(number(row["released"]), float(row["released"])),
            Cell(
                ("at least " if row["at_least"] else "") + shown(row["hours"], HOURS),
                reading(row["hours"]).value,
            ),
        )
        for row in rows
    )
    note = (
        "What is not released when the window ends counts as still waiting. A tag is not a "
        "deployment; one without a clock of its own gives the least that a wait can be."
    )
    left = len(releasing["services"]) - len(rows)
    if left:
        note += f" Not shown: {plural(left, 'service')} without tags, with tags that mark the "
        note += "changes themselves, or from fewer than 5 people."
    table = Table("release-waits", "Waits for release", columns, cells, note)
    return Evidenced(f"Waits for release of {plural(len(rows), 'service')}", (table,))
