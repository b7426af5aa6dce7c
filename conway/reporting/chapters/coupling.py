"""What changes together, and whether the clusters fit the teams.

In:  ``coupling``, ``file_coupling``, ``alignment`` and ``congruence`` of the assessment.
Out: a section, or ``None`` where nothing changes together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.coupling import CLEAR, coupling
from conway.reporting.document import (
    Block,
    Callout,
    Cell,
    Column,
    Evidenced,
    Paragraph,
    Section,
    Table,
)
from conway.reporting.quantities import RATIO, SHARE, number, plural, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_FILES = 30


def together(evidence: Evidence) -> Section | None:
    """Return which services and files change together, and whether clusters fit teams."""
    matrix, files = coupling(evidence), _files(evidence)
    if matrix is None and files is None:
        return None
    lead = Paragraph(
        "Two services are coupled when change sets touch both more often than chance would bring "
        "about. Coupling is a reason to look, not a fault: some things belong together.",
        "lead",
    )
    blocks: list[Block | None] = [lead, matrix, _alignment(evidence), files]
    kept = tuple(block for block in blocks if block is not None)
    return Section("coupling", "What changes together", kept)


def _alignment(evidence: Evidence) -> Block | None:
    """Say whether clusters are stable, and how they and the teams agree."""
    alignment = evidence.assessment.get("alignment") or {}
    stability = reading(alignment.get("stability"))
    if not alignment:
        return None
    if stability.value is None:
        reason = alignment.get("reason") or stability.reason
        return Paragraph(f"Clusters of services could not be found: {reason}.")
    held = f"Stability of the clusters over seeds: {number(stability.value, RATIO)}"
    if stability.value < CLEAR:
        text = f"{held}, below {CLEAR}, so none is drawn or compared with teams."
        return Callout("caution", "The boundaries of the clusters are unclear", (text,))
    return Paragraph(f"{held}. {_agreement(evidence, alignment)}")


def _agreement(evidence: Evidence, alignment: Json) -> str:
    if not evidence.has_teams:
        return "No teams are known to compare the clusters with."
    ami = reading(alignment.get("ami"))
    text = f"Agreement of clusters with teams (AMI): {shown(alignment.get('ami'), RATIO)}"
    text += "; 1 is a perfect fit, 0 what chance would give." if ami.known else "."
    congruence = evidence.assessment.get("congruence")
    if reading(congruence).known:
        text += (
            f" Of the pairs of teams whose services change together, {shown(congruence, SHARE)} "
            "are seen at work together in git (socio-technical congruence); that describes, and "
            "is no target."
        )
    return text


def _files(evidence: Evidence) -> Evidenced | None:
    rows: list[Json] = list(evidence.assessment.get("file_coupling") or [])
    if not rows:
        return None
    columns = (
        Column("File"),
        Column("Changes with"),
        Column("Joint change sets", number=True),
        Column("Degree", number=True),
    )
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
    note = f"And {plural(left, 'weaker pair')}, in assess.json." if left > 0 else ""
    table = Table("file-coupling", "Files that change together", columns, cells, note)
    return Evidenced(f"{plural(len(rows), 'pair')} of files that change together", (table,))
