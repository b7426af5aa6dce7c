"""How many change sets the busiest services carry: a diagnostic.

In:  ``concentration`` of the assessment.
Out: a figure, or ``None`` where no service was touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from conway.reporting.document import Cell, Column, FigureBlock, Table
from conway.reporting.palette import LINE, RULE, styled
from conway.reporting.quantities import SHARE, number, plural, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_LANES = 15
WIDTH = 420


def loads(evidence: Evidence) -> FigureBlock | None:
    """Return how many change sets the busiest services carry: a diagnostic."""
    lanes = (evidence.assessment.get("concentration") or {}).get("services") or {}
    changes = lanes.get("changes") or 0
    rows: list[Json] = [
        dict(row) | {"share": row["load"] / changes if changes else 0.0}
        for row in lanes.get("loads") or []
    ]
    if not rows:
        return None
    kept = rows[:MOST_LANES]
    left = len(rows) - len(kept)
    return FigureBlock(
        name="loads",
        title=f"{kept[0]['resource']} is touched by {shown(kept[0]['share'], SHARE)} of the "
        "change sets, more than any other service",
        alt=f"Bars: the share of change sets that touch each of the {len(kept)} busiest services.",
        chart=_bars(kept),
        table=_loads_table(rows),
        note=f"And {plural(left, 'more service')} with smaller shares: in the table."
        if left > 0
        else "",
    )


def _bars(rows: list[Json]) -> alt.LayerChart:
    values = [
        {
            "lane": row["resource"],
            "share": row["share"],
            "text": shown(row["share"], SHARE),
            "says": f"{row['resource']}: {plural(row['load'], 'change set')}",
        }
        for row in rows
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y(
            "lane:N",
            sort=[value["lane"] for value in values],
            title=None,
            axis=alt.Axis(ticks=False, domainColor=RULE, labelLimit=220),
        ),
        x=alt.X("share:Q", title=None, axis=None),
    )
    layers = alt.layer(
        base.mark_bar(color=LINE, height=14, cornerRadiusEnd=2).encode(
            description="says:N", tooltip="says:N"
        ),
        base.mark_text(align="left", dx=6, aria=False).encode(text="text:N"),
    )
    return styled(layers.properties(width=WIDTH, height=22 * len(rows)))


def _loads_table(rows: list[Json]) -> Table:
    columns = (Column("Service"), Column("Change sets", number=True), Column("Share", number=True))
    cells = tuple(
        (
            Cell(str(row["resource"])),
            Cell(number(row["load"]), float(row["load"])),
            Cell(shown(row["share"], SHARE), float(row["share"])),
        )
        for row in rows
    )
    return Table("loads", "Change sets that touch each service", columns, cells)
