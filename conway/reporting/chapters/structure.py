"""Where code and organisation disagree, and what changes together.

In:  ``gaps``, ``coupling``, ``file_coupling``, ``alignment``, ``concentration``.
Out: sections of findings, of coupling, and of how work spreads over services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.coupling import coupling
from conway.reporting.charts.ranges import loads
from conway.reporting.document import (
    Block,
    Callout,
    Cell,
    Column,
    Evidenced,
    Paragraph,
    Section,
    Table,
    Terms,
)
from conway.reporting.quantities import PER_100, RATIO, SHARE, number, plural, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_GAPS = 30
MOST_FILES = 30
CLEAR = 0.8

KINDS = {
    "handoff_pair": "one team needs another",
    "cross_team_coupling": "coupled across teams",
    "owner_mismatch": "owned by one, changed by another",
    "central_approver": "one approver for many",
    "no_owner": "no owner",
    "split_cluster": "one cluster, several teams",
    "mixed_team": "one team, several clusters",
    "shared_file": "a file many services share",
    "lockstep_releases": "released in lockstep",
    "hot_lane": "a busy service",
    "thin_knowledge": "few know it",
}


def disagreements(evidence: Evidence) -> Section | None:
    """Return the gaps, strongest first, each with its evidence to open."""
    gaps: list[Json] = list(evidence.assessment.get("gaps") or [])
    lead = "Places where the code's boundaries and the organisation's do not fit, strongest first."
    if not gaps:
        answer = Callout("answer", "No gap was found", ("Owners, authors and code agree.",))
        return Section("gaps", "Where code and teams disagree", (answer,))
    blocks: list[Block] = [Paragraph(lead, "lead"), _gap_table(gaps)]
    blocks += [block for gap in gaps[:MOST_GAPS] if (block := _gap_evidence(gap))]
    return Section("gaps", "Where code and teams disagree", tuple(blocks))


def together(evidence: Evidence) -> Section | None:
    """Return which services and files change together, and whether clusters fit teams."""
    matrix = coupling(evidence)
    blocks: list[Block | None] = [
        Paragraph(
            "Two services are coupled when change sets touch both more often than chance would "
            "bring about. Coupling is a reason to look, not a fault: some things belong together.",
            "lead",
        ),
        matrix,
        _alignment(evidence),
        _files(evidence),
    ]
    kept = tuple(block for block in blocks if block is not None)
    if matrix is None and len(kept) == 1:
        return None
    return Section("coupling", "What changes together", kept)


def spread(evidence: Evidence) -> Section | None:
    """Return how change sets spread over services: a diagnostic, with its caution."""
    figure = loads(evidence)
    lanes = (evidence.assessment.get("concentration") or {}).get("services") or {}
    if figure is None:
        return None
    terms = Terms(
        (
            ("Services touched", number(lanes["lanes"]), ""),
            ("Mean services per change set", number(lanes["mean_footprint"], RATIO), ""),
            (
                "Change sets over those of the busiest service",
                number(lanes["bound"], RATIO),
                "bound = W / max load",
            ),
            ("Two random change sets share a service", shown(_conflict(lanes), SHARE), ""),
        )
    )
    caution = Paragraph(
        "A busy service may be where the value is: this is a diagnostic, not a defect, and no "
        "target should be set on it.",
        "lead",
    )
    return Section("spread", "Where the work lands", (caution, figure, terms))


def constraints(evidence: Evidence) -> Section | None:
    """Return the four constraints: what was measured, what is a proxy, what is unknown."""
    rows: list[Json] = list(evidence.assessment.get("constraints") or [])
    if not rows:
        return None
    columns = (
        Column("Constraint"), Column("Measure"), Column("Value", number=True), Column("Source"),
        Column("Status"),
    )  # fmt: skip
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


def _value(row: Json) -> str:
    """Say a constraint's value as a share where the measure is one."""
    measure = str(row["measure"])
    unit = PER_100 if "per 100" in measure else SHARE if "share" in measure.split() else RATIO
    return shown(row["value"], unit)


def _conflict(lanes: Json) -> object:
    return lanes.get("conflict_probability")


def _gap_table(gaps: list[Json]) -> Table:
    columns = (Column("Finding"), Column("Kind"), Column("Change sets", number=True))
    rows = tuple(
        (
            Cell(str(gap["title"]), float(i)),
            Cell(KINDS.get(gap["kind"], str(gap["kind"]).replace("_", " "))),
            Cell(number(gap["changes"]), float(gap["changes"])),
        )
        for i, gap in enumerate(gaps[:MOST_GAPS])
    )
    left = len(gaps) - MOST_GAPS
    note = f"And {plural(left, 'weaker finding')}, in assess.json." if left > 0 else ""
    return Table("gaps", "Findings, strongest first", columns, rows, note)


def _gap_evidence(gap: Json) -> Evidenced | None:
    """Return files and change sets behind a finding, to open."""
    found = gap.get("evidence") or {}
    rows = [
        (Cell(what), Cell(str(_named(item)), code=True))
        for what, key in (("file", "files"), ("change set", "sets"))
        for item in (found.get(key) or [])[:10]
    ]
    if not rows:
        return None
    columns = (Column("What"), Column("Name"))
    table = Table("", f"Evidence: {gap['title']}", columns, tuple(rows))
    return Evidenced(f"Evidence: {gap['title']}", (table,))


def _named(item: object) -> object:
    """Return the name of a piece of evidence, which may carry a count."""
    return item.get("path", item.get("name", "")) if isinstance(item, dict) else item


def _alignment(evidence: Evidence) -> Block | None:
    alignment = evidence.assessment.get("alignment") or {}
    if not alignment:
        return None
    stability = reading(alignment.get("stability"))
    text = f"Agreement of clusters with teams (AMI): {shown(alignment.get('ami'), RATIO)}. "
    text += "1 is a perfect fit, 0 what chance would give. "
    if stability.value is None:
        return Paragraph(text + f"How stable the clusters are is {shown(None, RATIO)}.")
    held = f"Stability of the clusters over seeds: {number(stability.value, RATIO)}"
    if stability.value < CLEAR:
        return Callout("caution", "The cluster boundaries are unclear", ((f"{text}{held}, below "
                       f"{CLEAR}: do not read the outlines as facts."),))  # fmt: skip
    return Paragraph(f"{text}{held}.")


def _files(evidence: Evidence) -> Block | None:
    rows: list[Json] = list(evidence.assessment.get("file_coupling") or [])
    if not rows:
        return None
    columns = (
        Column("File"), Column("Changes with"), Column("Joint change sets", number=True),
        Column("Degree", number=True),
    )  # fmt: skip
    cells = tuple(
        (
            Cell(str(row["a"]), code=True),
            Cell(str(row["b"]), code=True),
            Cell(number(row["joint"]), float(row["joint"])),
            Cell(shown(row["degree"], SHARE), reading(row["degree"]).value),
        )
        for row in rows[:MOST_FILES]
    )
    left = len(rows) - MOST_FILES
    note = f"And {plural(left, 'weaker pair')}." if left > 0 else ""
    caption = "Files of different services that change together"
    return Table("file-coupling", caption, columns, cells, note)
