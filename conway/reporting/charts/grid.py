"""A heat map: rows, columns, and a shade with a number per cell.

In:  cells with their step of the sequential hue, marked ones outlined in the accent colour.
Out: an Altair chart that stays legible with long names and many cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import altair as alt

from conway.reporting.palette import ACCENT, MUTED, STEPS, ink_on, styled

CELL_HEIGHT = 24
_LABEL_LIMIT = 170
_ROOMY = 40


@dataclass(frozen=True, slots=True)
class Shade:
    """One cell: where it is, how dark, what is written in it, and what it says in full."""

    row: str
    column: str
    step: int
    text: str
    says: str
    marked: bool = False
    plain: bool = False


def heat_map(
    shades: list[Shade], *, rows: list[str], columns: list[str], row_title: str, column_title: str
) -> alt.LayerChart:
    """Return a heat map of ``rows`` by ``columns``, both in the order given."""
    width = _cell_width(len(columns))
    x = alt.X(
        "column:N",
        sort=columns,
        title=column_title,
        scale=alt.Scale(domain=columns, paddingInner=0.06, paddingOuter=0.02),
        axis=_axis(top=True),
    )
    y = alt.Y(
        "row:N",
        sort=rows,
        title=row_title,
        scale=alt.Scale(domain=rows, paddingInner=0.08, paddingOuter=0.02),
        axis=_axis(top=False),
    )
    base = alt.Chart(alt.InlineData(values=[_datum(shade) for shade in shades])).encode(x=x, y=y)
    layers = alt.layer(
        _cells(base), _outline(base), _numbers(base, size=12 if width >= _ROOMY else 10.5)
    )
    return styled(layers.properties(width=width * len(columns), height=CELL_HEIGHT * len(rows)))


def _cell_width(columns: int) -> int:
    """Return a cell's width: wide enough for its number, narrower when there are many."""
    return max(26, min(64, 620 // max(columns, 1)))


def _axis(*, top: bool) -> alt.Axis:
    """Return a quiet axis; the one on top slants its names."""
    quiet = {"ticks": False, "domain": False, "labelLimit": _LABEL_LIMIT, "labelOverlap": False}
    slant: dict[str, object] = {"labelAngle": -40, "orient": "top"} if top else {}
    return alt.Axis.from_dict(quiet | slant)


def _datum(shade: Shade) -> dict[str, object]:
    return {
        "row": shade.row,
        "column": shade.column,
        "fill": "none" if shade.plain else STEPS[shade.step],
        "ink": MUTED if shade.plain else ink_on(shade.step),
        "text": shade.text,
        "says": shade.says,
        "marked": shade.marked,
    }


def _cells(base: alt.Chart) -> alt.Chart:
    cells = base.mark_rect(cornerRadius=2).encode(
        fill=alt.Fill("fill:N", scale=None), description="says:N", tooltip="says:N"
    )
    return cast("alt.Chart", cells)


def _outline(base: alt.Chart) -> alt.Chart:
    marked = base.transform_filter("datum.marked")
    outline = marked.mark_rect(
        cornerRadius=2, fillOpacity=0, strokeWidth=2, stroke=ACCENT, aria=False
    )
    return cast("alt.Chart", outline)


def _numbers(base: alt.Chart, *, size: float) -> alt.Chart:
    written = base.transform_filter("datum.text != ''").mark_text(fontSize=size, aria=False)
    return cast("alt.Chart", written.encode(text="text:N", color=alt.Color("ink:N", scale=None)))
