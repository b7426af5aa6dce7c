"""Who needs whom: handoffs between teams, and who changes what.

In:  ``handoff_matrix``, ``handoff_pairs`` and ``service_team`` of the assessment.
Out: a section, or ``None`` where teams are unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.handoffs import handoffs, team_by_service
from conway.reporting.document import (
    Block,
    Cell,
    Column,
    Evidenced,
    Heading,
    Paragraph,
    Section,
    Table,
)
from conway.reporting.quantities import PER_100, number, plural, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_PAIRS = 40
MOST_EVIDENCED = 12


def crossings(evidence: Evidence) -> Section | None:
    """Return who needs whom, with the services and files behind each pair."""
    if not evidence.has_teams:
        return None
    pairs: list[Json] = list(evidence.assessment.get("handoff_pairs") or [])
    blocks: list[Block | None] = [
        Paragraph(
            "A handoff is a team that a change set needs beyond its author's. It is counted from "
            "who owns the files that changed. Whether anyone waited is another question, which "
            "this does not answer.",
            "lead",
        ),
        handoffs(evidence),
    ]
    if pairs:
        blocks += [_pairs_table(pairs), *(_evidence(pair) for pair in pairs[:MOST_EVIDENCED])]
    services = team_by_service(evidence)
    if services:
        blocks += [Heading("who-changes-what", "Who changes what"), services]
    kept = tuple(block for block in blocks if block is not None)
    return Section("crossings", "Who needs whom", kept)


def _pairs_table(pairs: list[Json]) -> Table:
    columns = (
        Column("Author's team"),
        Column("Also needs"),
        Column("Change sets", number=True),
        Column("Per 100", number=True),
        Column("Mostly through"),
    )
    rows = tuple(
        (
            Cell(str(pair["from"])),
            Cell(str(pair["to"])),
            Cell(number(pair["changes"]), float(pair["changes"])),
            Cell(shown(pair["per_100"], PER_100), reading(pair["per_100"]).value),
            Cell(_first(pair)),
        )
        for pair in pairs[:MOST_PAIRS]
    )
    left = len(pairs) - MOST_PAIRS
    note = f"And {plural(left, 'pair')} with fewer change sets." if left > 0 else ""
    return Table("handoff-pairs", "Handoffs from team to team", columns, rows, note)


def _first(pair: Json) -> str:
    services = list(pair.get("services") or [])
    return str(services[0]["name"]) if services else ""


def _evidence(pair: Json) -> Evidenced:
    """Return the services, files and change sets behind one pair, to open."""
    rows = [
        *(
            _row("service", s["name"], changes=s["changes"])
            for s in (pair.get("services") or [])[:10]
        ),
        *(_row("file", f["path"], changes=f["changes"]) for f in (pair.get("files") or [])[:10]),
    ]
    columns = (Column("What"), Column("Name"), Column("Change sets", number=True))
    title = f"{pair['from']} needs {pair['to']}"
    table = Table("", f"{title}: through which services and files", columns, tuple(rows))
    examples = ", ".join(str(name) for name in (pair.get("sets") or [])[:8])
    blocks: tuple[Block, ...] = (table,)
    if examples:
        blocks += (Paragraph(f"Change sets, for example: {examples}", "note"),)
    return Evidenced(f"{title}: {plural(pair['changes'], 'change set')}", blocks)


def _row(what: str, name: str, *, changes: float) -> tuple[Cell, ...]:
    return (
        Cell(what),
        Cell(str(name), code=what == "file"),
        Cell(number(changes), float(changes)),
    )
