"""Where code and organisation disagree: the findings with their evidence.

In:  ``gaps`` of the assessment.
Out: a section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import (
    Block,
    Callout,
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

MOST_GAPS = 60
MOST_OPENED = 12
MOST_CONTEXT = 6
MOST_NAMES = 10

KINDS = {
    "handoff_pair": "one team needs another",
    "cross_team_coupling": "coupled across teams",
    "owner_mismatch": "owned by one, changed by another",
    "central_approver": "one approver for many",
    "no_owner": "no owner",
    "split_cluster": "one cluster, several teams",
    "mixed_team": "one team, several clusters",
    "shared_file": "a file that ties services",
    "lockstep_releases": "released in lockstep",
    "hot_lane": "a busy service",
    "thin_knowledge": "few know it",
}

#: Lists of evidence, in the order in which they are shown, and what one item is.
LISTS = (
    ("services", "service"), ("files", "file"), ("rules", "rule"), ("teams", "team"),
    ("waiting", "team that needs it"), ("sets", "change set"),
)  # fmt: skip


def disagreements(evidence: Evidence) -> Section:
    """Return the gaps, strongest first, each with its evidence to open."""
    gaps: list[Json] = list(evidence.assessment.get("gaps") or [])
    title = "Where code and teams disagree"
    if not gaps:
        answer = Callout("answer", "No gap was found", ("Owners, authors and code agree.",))
        return Section("gaps", title, (answer,))
    lead = (
        "Places where the code's boundaries and the organisation's do not fit, strongest first. "
        "Open one to see what stands behind it."
    )
    if evidence.has_teams:
        lead += " Pairs of teams are above, under “Who needs whom”."
    shown_here = [gap for gap in gaps if gap["kind"] != "handoff_pair"]
    first = [_opened(gap) for gap in shown_here if not _context(gap)][:MOST_OPENED]
    context = [_opened(gap) for gap in shown_here if _context(gap)][:MOST_CONTEXT]
    blocks: list[Block] = [Paragraph(lead, "lead"), *first]
    if context:
        blocks += [Heading("context", "For context: no boundary is known to be crossed"), *context]
    blocks += [Heading("every-gap", "All of them"), _every(gaps)]
    return Section("gaps", title, tuple(blocks))


def _context(gap: Json) -> bool:
    """Whether a finding says how much work there is, without a boundary it crosses."""
    return str(gap.get("unit") or "").endswith("for context")


def _every(gaps: list[Json]) -> Evidenced:
    return Evidenced(f"{plural(len(gaps), 'finding')} as a table", (_table(gaps),))


def _table(gaps: list[Json]) -> Table:
    columns = (
        Column("Finding"),
        Column("Kind"),
        Column("How much"),
        Column("Change sets", number=True),
    )
    rows = tuple(
        (
            Cell(str(gap["title"]), float(i)),
            Cell(KINDS.get(gap["kind"], str(gap["kind"]).replace("_", " "))),
            Cell(_strength(gap), reading(gap["strength"]).value),
            Cell(number(gap["changes"]), float(gap["changes"])),
        )
        for i, gap in enumerate(gaps[:MOST_GAPS])
    )
    left = len(gaps) - MOST_GAPS
    note = f"And {plural(left, 'weaker finding')}, in assess.json." if left > 0 else ""
    return Table("gaps", "Findings, strongest first", columns, rows, note)


def _strength(gap: Json) -> str:
    """Say how much of the work a finding concerns."""
    unit = str(gap.get("unit") or "")
    text = shown(gap["strength"], PER_100)
    return f"{text} {unit}".rstrip() if reading(gap["strength"]).known else text


def _opened(gap: Json) -> Evidenced:
    """Return one finding with the services, files, rules and change sets behind it."""
    found = gap.get("evidence") or {}
    rows = [
        _row(what, item)
        for key, what in LISTS
        if isinstance(found.get(key), list)
        for item in found[key][:MOST_NAMES]
    ]
    kind = KINDS.get(gap["kind"], str(gap["kind"]).replace("_", " "))
    said = Paragraph(f"{kind[:1].upper()}{kind[1:]}; {_strength(gap)}.", "note")
    columns = (Column("What"), Column("Name"), Column("Change sets", number=True))
    table = Table("", f"Behind it: {gap['title']}", columns, tuple(rows))
    return Evidenced(str(gap["title"]), (said, table) if rows else (said,))


def _row(what: str, item: object) -> tuple[Cell, ...]:
    """Return one piece of evidence: a name, or a name with its count of change sets."""
    name, count = item, None
    if isinstance(item, dict):
        count = reading(item.get("changes")).value
        names = [value for key, value in item.items() if key != "changes"]
        name = names[0] if names else ""
    code = what in {"file", "rule", "change set"}
    counted = Cell("") if count is None else Cell(number(count), count)
    return Cell(what), Cell(str(name), code=code), counted
