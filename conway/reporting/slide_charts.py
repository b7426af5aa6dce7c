"""Charts that PowerPoint and LibreOffice can edit.

In:  labels and series of numbers.
Out: native charts. The workbook behind one is written here, as plain text and numbers:
     python-pptx would let a label that begins with ``=`` become a formula.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.util import Inches, Pt

from conway.reporting.packages import EPOCH
from conway.reporting.palette import ACCENT, LINE, MUTED, RULE, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "Arial"
Place = tuple[float, float, float, float]
_MOST_LABEL = 48
_SERIES = (LINE, ACCENT, STEPS[2], MUTED, STEPS[6], "#d99a6c", STEPS[4], "#9aa3ad")


@dataclass(frozen=True, slots=True)
class NativeChart:
    """What a chart shows: labels, and series of one number a label.

    Attributes
    ----------
    labels
        Short and distinct.
    heads
        Names of the series, short and distinct.
    values
        One row of numbers a series; None is a gap.
    """

    labels: tuple[str, ...]
    heads: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]

    @classmethod
    def of(
        cls, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]
    ) -> NativeChart:
        """Return a chart whose names fit an axis."""
        heads = _distinct([head for head, _ in series])
        return cls(_distinct(labels), heads, tuple(tuple(values) for _, values in series))

    def workbook(self) -> bytes:
        """Return the workbook that the chart is edited from: text stays text."""
        stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(stream, options) as workbook:
            workbook.set_properties({"author": "conway", "created": EPOCH})
            sheet = workbook.add_worksheet()
            for i, label in enumerate(self.labels, 1):
                sheet.write_string(i, 0, label)
            for j, (head, values) in enumerate(zip(self.heads, self.values, strict=True), 1):
                sheet.write_string(0, j, head)
                for i, value in enumerate(values, 1):
                    if value is not None:
                        sheet.write_number(i, j, value)
        return stream.getvalue()


def add_lines(slide: Any, chart: NativeChart, *, place: Place) -> Any:  # noqa: ANN401  no types
    """Draw a line a series."""
    drawn = _added(slide, chart, kind=XL_CHART_TYPE.LINE_MARKERS, place=place)
    drawn.value_axis.minimum_scale = 0
    for plotted, ink in zip(drawn.plots[0].series, _SERIES, strict=False):
        plotted.smooth = False
        plotted.format.line.color.rgb = colour(ink)
        plotted.marker.format.fill.solid()
        plotted.marker.format.fill.fore_color.rgb = colour(ink)
    return drawn


def add_bars(slide: Any, chart: NativeChart, *, place: Place) -> Any:  # noqa: ANN401  no types
    """Draw a bar a label, its parts in a colour a series."""
    drawn = _added(slide, chart, kind=XL_CHART_TYPE.BAR_STACKED, place=place)
    drawn.plots[0].overlap, drawn.plots[0].gap_width = 100, 45
    drawn.category_axis.reverse_order = True
    for plotted, ink in zip(drawn.plots[0].series, _SERIES, strict=False):
        plotted.format.fill.solid()
        plotted.format.fill.fore_color.rgb = colour(ink)
    return drawn


def colour(text: str) -> RGBColor:
    """Return a colour of the palette."""
    found: RGBColor = RGBColor.from_string(text.lstrip("#").upper())  # type: ignore[no-untyped-call]
    return found


def _added(slide: Any, chart: NativeChart, *, kind: Any, place: Place) -> Any:  # noqa: ANN401
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = chart.labels
    for i, values in enumerate(chart.values):
        data.add_series(f"series {i + 1}", values)
    drawn = slide.shapes.add_chart(kind, *map(Inches, place), data).chart
    for plotted, head in zip(drawn.plots[0].series, chart.heads, strict=True):
        (cached,) = plotted._element.tx.xpath(".//c:v")  # noqa: SLF001 - no public way
        cached.text = head
    drawn.part.chart_workbook.update_from_xlsx_blob(chart.workbook())
    drawn.font.size, drawn.font.name = Pt(11), FONT
    drawn.has_title, drawn.has_legend = False, True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.value_axis.major_gridlines.format.line.color.rgb = colour(RULE)
    drawn.value_axis.format.line.fill.background()
    return drawn


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return names short enough for an axis, none of them twice."""
    short = [name if len(name) <= _MOST_LABEL else f"{name[: _MOST_LABEL - 1]}…" for name in names]
    return tuple(
        f"{name} ({short[:i].count(name) + 1})" if name in short[:i] else name
        for i, name in enumerate(short)
    )
