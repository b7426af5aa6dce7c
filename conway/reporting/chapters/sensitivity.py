"""What the headline rests on: other choices, and errors of the authors' teams.

In:  ``sensitivity`` and ``inference`` of the assessment.
Out: blocks of the section on method; none where they were not computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Block, Cell, Column, Heading, Paragraph, Table
from conway.reporting.quantities import PER_100, SHARE, STREAMS, Unit, number, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

FIGURES: tuple[tuple[str, str, Unit], ...] = (
    ("autonomous_share", "Autonomous", SHARE),
    ("single_team_share", "One team", SHARE),
    ("handoffs_per_100", "Handoffs per 100", PER_100),
    ("streams", "Streams", STREAMS),
)


def sensitivity(evidence: Evidence) -> list[Block]:
    """Return the headline under other choices, and under errors of authors' teams."""
    rows: list[Json] = list(evidence.assessment.get("sensitivity") or [])
    found: Json = evidence.assessment.get("inference") or {}
    blocks: list[Block] = []
    if rows:
        blocks += [Heading("sensitivity", "The headline under other choices"), _choices(rows)]
    if found.get("effects"):
        blocks += [Heading("inference", "The authors' teams"), Paragraph(_said(found))]
        blocks.append(_effects(list(found["effects"])))
    return blocks


def _choices(rows: list[Json]) -> Table:
    columns = (
        Column("Choice"),
        Column("Change sets", number=True),
        *(Column(head, number=True) for _, head, _ in FIGURES),
    )
    known = [row for row in rows if reading(row["autonomous_share"]).known]
    cells = tuple(
        (
            Cell(_choice(row)),
            Cell(number(row["counted"]), float(row["counted"])),
            *(Cell(shown(row[key], unit), reading(row[key]).value) for key, _, unit in FIGURES),
        )
        for row in known
    )
    missing = [
        f"{_choice(row)}: {reading(row['autonomous_share']).reason}"
        for row in rows
        if not reading(row["autonomous_share"]).known
    ]
    note = f"Makes no difference here, or cannot be tried: {'; '.join(missing)}." if missing else ""
    return Table("sensitivity", "The headline under other choices", columns, cells, note)


def _choice(row: Json) -> str:
    chosen = " (chosen)" if row["chosen"] and row["setting"] else ""
    return f"{row['choice']}: {row['setting']}{chosen}" if row["setting"] else str(row["choice"])


def _said(found: Json) -> str:
    """Say how far the inferred teams were right, or that it could not be tested."""
    accuracy = reading(found["accuracy"])
    if not accuracy.known:
        return (
            f"The team of an author is inferred; how often rightly is not known "
            f"({accuracy.reason}). The table says by how much the headline would change if some "
            "of the authors were in fact in another team: a stated error, not a measured one."
        )
    return (
        "The team of an author comes from a membership list. Inferred from where people worked, it "
        f"would have been the same in {shown(found['accuracy'], SHARE)} of "
        f"{number(found['tested'])} change sets ({number(found['not_inferred'])} more gave no "
        "inference). The table says what these errors would change of the headline."
    )


def _effects(effects: list[Json]) -> Table:
    figures = FIGURES[:3]
    columns = (
        Column("If"),
        Column("Errors"),
        *(Column(head, number=True) for _, head, _ in figures),
    )
    rows = tuple(
        (
            Cell(str(effect["errors"])),
            Cell(str(effect["status"])),
            *(
                Cell(shown(effect[key], unit), reading(effect[key]).value)
                for key, _, unit in figures
            ),
        )
        for effect in effects
    )
    return Table(
        "inference",
        "What errors of the authors' teams change of the headline, in points",
        columns,
        rows,
    )
