"""In which ways teams need each other, and how that moved.

In:  ``handoff_ways``, ``handoff_trend`` and ``handoff_pairs`` of the assessment.
Out: blocks of the chapter on who needs whom, or ``None`` where they were not computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Cell, Column, Table, Terms
from conway.reporting.quantities import PER_100, number, plural, shown, window

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_PAIRS = 12
MOST_QUARTERS = 8


def ways(evidence: Evidence) -> Terms | None:
    """Return how much goes through approval, how much is intended, how much through authorship."""
    found: Json | None = evidence.assessment.get("handoff_ways")
    if not found:
        return None
    several, counted = number(found["sets_of_several_commits"]), number(found["counted"])
    approval, meant, written = (
        shown(found[f"{way}_per_100"], PER_100) for way in ("approval", "intended", "written")
    )
    items = (
        (
            "Through approval, per 100 change sets",
            f"{approval}: another team must approve files that the author's team may not.",
        ),
        (
            "Of them intended",
            (
                f"{meant}: towards a platform team, or within an interaction that the teams "
                "declared and dated. The headline counts them too."
            ),
        ),
        (
            "Through authorship, per 100 change sets",
            (
                f"{written}: people of another team than the author's wrote commits of the same "
                "change set. It shows only where a change set holds more than one commit: "
                f"{several} of {counted} do."
            ),
        ),
    )
    return Terms(tuple((term, text, "") for term, text in items))


def over_time(evidence: Evidence) -> Table | None:
    """Return the handoffs of the first pairs by quarter."""
    rows: list[Json] = list(evidence.assessment.get("handoff_trend") or [])
    quarters = [
        (str(quarter["from"]), str(quarter["until"]))
        for quarter in (evidence.assessment.get("autonomy") or {}).get("trend") or []
    ][-MOST_QUARTERS:]
    if not rows or len(quarters) < _FEWEST:
        return None
    rate = {(row["from"], row["to"], row["since"]): row for row in rows}
    pairs = evidence.pairs
    columns = (
        Column("Who needs whom"),
        *(Column(window(since, until), number=True) for since, until in quarters),
    )
    cells = tuple(
        (
            Cell(f"{pair['from']} needs {pair['to']}"),
            *(_cell(rate.get((pair["from"], pair["to"], since))) for since, _ in quarters),
        )
        for pair in pairs[:MOST_PAIRS]
    )
    left = len(pairs) - MOST_PAIRS
    note = f"And {plural(left, 'more pair')} in the table of all pairs." if left > 0 else ""
    caption = "Handoffs per 100 change sets of the quarter, and in how many change sets"
    return Table("handoff-trend", caption, columns, cells, note)


_FEWEST = 2


def _cell(row: Json | None) -> Cell:
    if row is None:
        return Cell("0", 0.0)
    text = f"{shown(row['per_100'], PER_100)} ({number(row['changes'])})"
    return Cell(text, float(row["per_100"]))
