"""How the system absorbs change: what came in and got done, surges, AI-assisted work.

In:  ``absorption`` of the assessment.
Out: a section, or ``None`` where nothing was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Cell, Column, Paragraph, Section, Table
from conway.reporting.quantities import RATIO, SHARE, plural, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json


def absorption(evidence: Evidence) -> Section | None:
    """Return what comes in and gets done, and what moved when more came."""
    found: Json = evidence.assessment.get("absorption") or {}
    if "measures" not in found:
        return None
    lead = (
        "Velocity is how well a system absorbs change. These figures describe it; none of them "
        "is a target, and none is a person's."
    )
    return Section(
        "absorption",
        "How much change is absorbed, and how?",
        (
            Paragraph(lead, "lead"),
            _measures(found["measures"]),
            *_surges(found["surges"]),
            *_assisted(found["ai"]),
        ),
    )


def _measures(rows: list[Json]) -> Table:
    columns = (Column("Measure"), Column("Value", number=True), Column("Source"), Column("Status"))
    cells = tuple(
        (
            Cell(str(row["measure"])),
            _figure(row["value"], row),
            Cell(str(row["source"])),
            Cell(str(row["status"])),
        )
        for row in rows
    )
    return Table("absorption", "Arrivals, completions, sizes and rework", columns, cells)


def _surges(surges: Json) -> tuple[Paragraph | Table, ...]:
    weeks = len(surges["weeks"])
    text = (
        f"{plural(weeks, 'week')} completed at least {surges['times_usual']} times the median of "
        "the 13 weeks before."
    )
    known = [row for row in surges["moved"] if reading(row["difference"]).known]
    if not known:
        return (Paragraph(f"{text} That is too few to say what moves in such weeks."),)
    columns = (
        Column("In surge weeks"),
        Column("Calm weeks around", number=True),
        Column("Surge weeks", number=True),
        Column("Difference", number=True),
    )
    cells = tuple(
        (
            Cell(str(row["measure"])),
            _figure(row["calm"], row),
            _figure(row["surge"], row),
            _figure(row["difference"], row),
        )
        for row in known
    )
    note = "Against the calm weeks at most 13 weeks away. An interval around zero: no difference."
    table = Table("surges", "What moved in surge weeks", columns, cells, note)
    return (Paragraph(text), table)


def _assisted(assisted: Json) -> tuple[Paragraph | Table, ...]:
    share = reading(assisted["share_at_least"])
    known = [
        row for row in assisted["within_author_and_repository"]
        if reading(row["difference"]).known
    ]  # fmt: skip
    if not share.value or not known:
        return ()
    text = (
        f"At least {shown(assisted['share_at_least'], SHARE)} of the change sets are marked as "
        "AI-assisted. Below, marked ones against others of the same person in the same repository "
        "and quarter; what work is given to assistants is chosen, so this is no effect."
    )
    columns = (Column("AI-assisted change sets"), Column("Difference", number=True))
    cells = tuple((Cell(str(row["measure"])), _figure(row["difference"], row)) for row in known)
    note = f"{plural(assisted['compared'], 'marked change set')} could be compared."
    return (Paragraph(text), Table("assisted", "AI-assisted work", columns, cells, note))


def _figure(figure: object, row: Json) -> Cell:
    unit = SHARE if row["unit"] == "share" else RATIO
    return Cell(shown(figure, unit), reading(figure).value)
