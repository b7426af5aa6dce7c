"""What earlier reorganisations did, and what more changes would bring.

In:  the results of ``look_back`` and ``forecast``.
Out: sections, or ``None`` where they were not computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Cell, Column, Paragraph, Section, Table
from conway.reporting.quantities import RATIO, day, listed, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json


def past_moves(evidence: Evidence) -> Section | None:
    """Return what past reorganisations changed, the smallest detectable effect first."""
    if evidence.past is None:
        return None
    lead = Paragraph(
        "Services whose owner changed, against services that were alike before. An effect smaller "
        "than the detectable one cannot be told from none. Services are not moved at random, so "
        "part of an effect may be why they were chosen.",
        "lead",
    )
    columns = (
        Column("Date"),
        Column("Moves"),
        Column("Detectable", number=True),
        Column("Effect", number=True),
    )
    rows = tuple(
        (
            Cell(day(str(event["date"])), str(event["date"])),
            Cell(listed([str(move) for move in event.get("moves") or []], limit=6)),
            _figure(event.get("detectable")),
            _figure(event.get("effect")),
        )
        for event in evidence.past.get("events") or []
    )
    table = Table("past", "Past reorganisations", columns, rows)
    return Section("past", "Did earlier reorganisations help?", (lead, table))


def forecast(evidence: Evidence) -> Section | None:
    """Return what follows when changes come faster."""
    if evidence.outlook is None:
        return None
    rates: list[Json] = list(evidence.outlook.get("rates") or [])
    names = [key for key in (rates[0] if rates else {}) if key != "k"]
    columns = (
        Column("Changes come", number=True),
        *(Column(name.replace("_", " "), number=True) for name in names),
    )
    rows = tuple(
        (Cell(f"{shown(rate['k'], RATIO)} times"), *(_figure(rate.get(name)) for name in names))
        for rate in rates
    )
    lead = Paragraph("Loads that follow if the work stays distributed as it is.", "lead")
    table = Table("outlook", "If changes come faster", columns, rows)
    return Section("outlook", "What if changes come faster?", (lead, table))


def _figure(figure: object) -> Cell:
    return Cell(shown(figure, RATIO), reading(figure).value)
