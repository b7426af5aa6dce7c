"""Who needs whom: handoffs between teams, in which way, over time, and who changes what.

In:  ``handoff_matrix``, ``handoff_pairs``, ``handoff_ways``, ``handoff_trend``, ``lockstep``
     and ``service_team`` of the assessment.
Out: a section, or ``None`` where teams are unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.released_together import released_together
from conway.reporting.chapters.ways import over_time, ways
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
from conway.reporting.quantities import (
    COUNT,
    PER_100,
    SHARE,
    listed,
    number,
    plural,
    reading,
    shown,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_PAIRS = 60
MOST_EVIDENCED = 6


def crossings(evidence: Evidence) -> Section | None:
    """Return who needs whom, with the services and files behind the first pairs."""
    if not evidence.has_teams:
        return None
    pairs = evidence.pairs
    lead = Paragraph(
        "A handoff is a team that a change set needs beyond its author's. It is counted from who "
        "owns the files that changed; where either of two teams could approve, each counts half. "
        "Whether anyone waited is another question, which this does "
        "not answer.",
        "lead",
    )
    blocks: list[Block | None] = [lead, handoffs(evidence)]
    if pairs:
        blocks += [ways(evidence), over_time(evidence)]
        blocks.append(Heading("handoff-evidence", "What stands behind them"))
        blocks += [_evidence(pair) for pair in pairs[:MOST_EVIDENCED]]
        blocks.append(Evidenced(f"All {plural(len(pairs), 'pair')} of teams", (_table(pairs),)))
    services = team_by_service(evidence)
    if services:
        blocks += [Heading("who-changes-what", "Who changes what"), services]
    blocks += released_together(evidence)
    kept = tuple(block for block in blocks if block is not None)
    return Section("crossings", "Who needs whom", kept)


def _table(pairs: list[Json]) -> Table:
    columns = (
        Column("Author's team"),
        Column("Also needs"),
        Column("Change sets", number=True),
        Column("Handoffs per 100", number=True),
        Column("Owns none of the files", number=True),
        Column("Intended", number=True),
        Column("Wrote together", number=True),
        Column("Mostly through"),
    )
    rows = tuple(
        (
            Cell(str(pair["from"])),
            Cell(str(pair["to"])),
            Cell(number(pair["changes"]), float(pair["changes"])),
            Cell(shown(pair["per_100"], PER_100), reading(pair["per_100"]).value),
            _share(pair, "visiting"),
            _share(pair, "intended"),
            _written(pair),
            Cell(_first(pair)),
        )
        for pair in pairs[:MOST_PAIRS]
    )
    left = len(pairs) - MOST_PAIRS
    note = f"And {plural(left, 'more pair')} with fewer change sets." if left > 0 else ""
    return Table("handoff-pairs", "Handoffs from team to team", columns, rows, note)


def _share(pair: Json, key: str) -> Cell:
    share = pair.get(key, 0) / pair["changes"]
    return Cell(shown(share, SHARE), share)


def _written(pair: Json) -> Cell:
    """Return the change sets in which people of both teams wrote, where that can be seen."""
    read = reading(pair.get("written"))
    return Cell(number(read.value, COUNT) if read.value is not None else "unknown", read.value)


def _first(pair: Json) -> str:
    services = list(pair.get("services") or [])
    return str(services[0]["name"]) if services else ""


def _evidence(pair: Json) -> Evidenced:
    """Return the services, files, rules, functions and change sets behind one pair, to open."""
    rows = [
        *(_row("service", s["name"], changes=s["changes"]) for s in _top(pair, "services")),
        *(_row("file", f["path"], changes=f["changes"]) for f in _top(pair, "files")),
        *(_rule(r) for r in _top(pair, "rules")),
        *(
            _row("function", f"{f['function']} in {f['path']}", changes=f["changes"])
            for f in _top(pair, "functions")
        ),
    ]
    columns = (Column("What"), Column("Name"), Column("Change sets", number=True), Column("For"))
    title = f"{pair['from']} needs {pair['to']}"
    table = Table("", f"{title}: through which services, files and rules", columns, tuple(rows))
    examples = ", ".join(str(name) for name in (pair.get("sets") or [])[:8])
    blocks: tuple[Block, ...] = (table,)
    if examples:
        blocks += (Paragraph(f"Change sets, for example: {examples}", "note"),)
    per_100 = shown(pair["per_100"], PER_100, interval=False)
    count = plural(pair["changes"], "change set")
    return Evidenced(f"{title}: {per_100} handoffs per 100, in {count}", blocks)


def _top(pair: Json, key: str) -> list[Json]:
    return list(pair.get(key) or [])[:10]


def _rule(rule: Json) -> tuple[Cell, ...]:
    """Return one approval rule with the files and change sets that it decided."""
    files = [str(file["path"]) for file in rule.get("files") or []]
    sets = [str(name) for name in rule.get("sets") or []]
    told = f"{listed(files, limit=2)}; e.g. {listed(sets, limit=2)}" if files and sets else ""
    return _row("rule", rule["rule"], changes=rule["changes"], behind=told)


def _row(what: str, name: str, *, changes: float, behind: str = "") -> tuple[Cell, ...]:
    return (
        Cell(what),
        Cell(str(name), code=what in {"file", "rule", "function"}),
        Cell(number(changes), float(changes)),
        Cell(behind, code=bool(behind)),
    )
