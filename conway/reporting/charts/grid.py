"""A heat map: rows, columns, and a shade with a number per cell.

In:  cells with their step of the sequential hue, and boxes to outline in the accent colour.
Out: an Altair chart that stays legible with long names and many cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import altair as alt

from conway.reporting.palette import ACCENT, MUTED, STEPS, ink_on, styled

_LABEL_LIMIT = 150
_ROOMY = 40
_FEW = 8


@dataclass(frozen=True, slots=True)
class Shade:
    """One cell: where it is, how dark, what is written in it, and what it says in full."""

    row: str
    column: str
    step: int
    text: str
    says: str
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """An outline from one cell to another, both included."""

    rows: tuple[str, str]
    columns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows and columns of a heat map, in order, and what they are."""

    rows: list[str]
    columns: list[str]
    row_title: str = ""
    column_title: str = ""

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height of a cell: wide enough for its number, narrower when there are many."""
        return max(26, min(68, 600 // max(len(self.columns), 1))), 30 if self.few else 24

    @property
    def few(self) -> bool:
        """Whether there are so few rows that cells may be taller."""
        return len(self.rows) <= _FEW

    @property
    def x(self) -> alt.X:
        """The columns' axis, on top, its names slanted."""
        axis = alt.Axis.from_dict(_QUIET | {"labelAngle": -40, "orient": "top"})
        return alt.X("column:N", title=self.column_title, scale=_bands(self.columns), axis=axis)

    @property
    def y(self) -> alt.Y:
        """The rows' axis."""
        axis = alt.Axis.from_dict(_QUIET)
        return alt.Y("row:N", title=self.row_title, scale=_bands(self.rows), axis=axis)


_QUIET = {"ticks": False, "domain": False, "labelLimit": _LABEL_LIMIT, "labelOverlap": False}


def heat_map(shades: list[Shade], frame: Frame, *, boxes: list[Box]) -> alt.LayerChart:
    """Return a heat map with its outlines."""
    width, height = frame.cell
    base = alt.Chart(alt.InlineData(values=[_datum(shade) for shade in shades]))
    base = base.encode(x=frame.x, y=frame.y)
    layers = [_cells(base)]
    if boxes:
        layers.append(_outlines(boxes))
    layers.append(_numbers(base, size=12 if width >= _ROOMY else 10.5))
    size = {"width": width * len(frame.columns), "height": height * len(frame.rows)}
    return styled(alt.layer(*layers).properties(**size))


def _bands(names: list[str]) -> alt.Scale:
    return alt.Scale(domain=names, paddingInner=0.06, paddingOuter=0.04)


def _datum(shade: Shade) -> dict[str, object]:
    return {
        "row": shade.row,
        "column": shade.column,
        "fill": "none" if shade.plain else STEPS[shade.step],
        "ink": MUTED if shade.plain else ink_on(shade.step),
        "text": shade.text,
        "says": shade.says,
    }


def _cells(base: alt.Chart) -> alt.Chart:
    cells = base.mark_rect().encode(
        fill=alt.Fill("fill:N", scale=None), description="says:N", tooltip="says:N"
    )
    return cast("alt.Chart", cells)


def _outlines(boxes: list[Box]) -> alt.Chart:
    values = [
        {"row": b.rows[0], "row2": b.rows[1], "column": b.columns[0], "column2": b.columns[1]}
        for b in boxes
    ]
    outline = alt.Chart(alt.InlineData(values=values)).mark_rect(
        fillOpacity=0, strokeWidth=2, stroke=ACCENT, aria=False
    )
    spanned = outline.encode(
        x=alt.X("column:N", bandPosition=0),
        x2=alt.X2("column2:N", bandPosition=1),
        y=alt.Y("row:N", bandPosition=0),
        y2=alt.Y2("row2:N", bandPosition=1),
    )
    return cast("alt.Chart", spanned)


def _numbers(base: alt.Chart, *, size: float) -> alt.Chart:
    written = base.transform_filter("datum.text != ''").mark_text(fontSize=size, aria=False)
    return cast("alt.Chart", written.encode(text="text:N", color=alt.Color("ink:N", scale=None)))
