"""One slide: texts, a table, charts.

In:  texts and figures. Places are (left, top, width, height) in inches on 13.33 × 7.5.
Out: shapes of python-pptx.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from pptx import Presentation
from pptx.util import Inches, Pt

from conway.reporting.images import fitted
from conway.reporting.packages import EPOCH
from conway.reporting.palette import INK, LINE, MUTED, PANEL
from conway.reporting.slide_charts import FONT, NativeChart, add_bars, add_lines, colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.reporting.document import Document, FigureBlock, Table
    from conway.reporting.slide_charts import Place

_TITLE_ONLY = 5
_MOST_CATEGORIES, _MOST_NAME, _ROW = 10, 24, 0.45
_WRAPPED = 60


@dataclass(frozen=True, slots=True)
class Deck:
    """A presentation and what every slide of it carries."""

    presentation: Any
    document: Document

    @classmethod
    def of(cls, document: Document) -> Deck:
        """Return an empty presentation with the document's title."""
        presentation = Presentation()
        presentation.slide_width, presentation.slide_height = Inches(13.333), Inches(7.5)
        about = presentation.core_properties
        about.title, about.author, about.last_modified_by = document.title, "conway", "conway"
        about.subject, about.keywords, about.comments = document.subtitle, "", ""
        about.created = about.modified = EPOCH
        about.revision, about.language = 1, document.language
        return cls(presentation, document)

    def slide(self, title: str, *, kicker: str) -> Slide:
        """Return a new slide with its finding as title."""
        drawn = self.presentation.slides.add_slide(self.presentation.slide_layouts[_TITLE_ONLY])
        slide = Slide(drawn)
        slide.text([kicker], place=(0.6, 0.35, 9.5, 0.4), size=12, ink=MUTED)
        _titled(drawn.shapes.title, title)
        if logo := self.document.logo:
            width, height = fitted(logo, most=(1.6, 0.6))
            stream = io.BytesIO(logo.content)
            left = Inches(12.7 - width)
            drawn.shapes.add_picture(stream, left, Inches(0.3), Inches(width), Inches(height))
        foot = " · ".join(self.document.facts)
        slide.text([foot], place=(0.6, 6.9, 12.1, 0.35), size=10, ink=MUTED)
        return slide

    def save(self, stream: IO[bytes]) -> None:
        """Write the presentation."""
        self.presentation.save(stream)


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide that is drawn on."""

    drawn: Any

    def text(
        self,
        lines: Sequence[str],
        *,
        place: Place,
        size: int,
        bold: bool = False,
        bullets: bool = False,
        ink: str = INK,
    ) -> None:
        """Write paragraphs."""
        frame = self.drawn.shapes.add_textbox(*map(Inches, place)).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        for i, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size * 0.45)
            _run(paragraph, f"•  {line}" if bullets else line, size=size, bold=bold, ink=ink)

    def panel(self, title: str, lines: Sequence[str], *, place: Place) -> None:
        """Write what must not be overlooked on a panel."""
        shape = self.drawn.shapes.add_textbox(*map(Inches, place))
        shape.fill.solid()
        shape.fill.fore_color.rgb = colour(PANEL)
        frame = shape.text_frame
        frame.word_wrap = True
        _run(frame.paragraphs[0], title, size=13, bold=True)
        for line in lines:
            _run(frame.add_paragraph(), line, size=12)

    def notes(self, lines: Sequence[str]) -> None:
        """Write the speaker's notes."""
        self.drawn.notes_slide.notes_text_frame.text = "\n".join(lines)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        place: Place,
        shares: Sequence[float] = (),
    ) -> None:
        """Draw a table; ``shares`` are the widths of its columns."""
        shape = self.drawn.shapes.add_table(len(rows) + 1, len(heads), *map(Inches, place))
        table = shape.table
        for row in table.rows:
            row.height = Inches(_ROW)
        table.horz_banding = False
        for column, share in zip(table.columns, shares, strict=bool(shares)):
            column.width = Inches(place[2] * share)
        for i, row in enumerate([tuple(heads), *rows]):
            for j, text in enumerate(row):
                cell = table.cell(i, j)
                cell.fill.solid()
                cell.fill.fore_color.rgb = colour(LINE if i == 0 else PANEL)
                _run(
                    cell.text_frame.paragraphs[0], text, size=12,
                    bold=i == 0 or j == 1, ink="#ffffff" if i == 0 else INK,
                )  # fmt: skip

    def trend(self, figure: FigureBlock, *, place: Place) -> None:
        """Draw a figure's measures over its periods as lines."""
        table = figure.table
        measures = range(2, len(table.columns))
        shares = any("%" in row[2].text.partition("(")[0] for row in table.rows)
        names = [row[0].text.split(" – ")[-1] for row in table.rows]
        series = [
            (table.columns[i].head, [_number(row[i].sort) for row in table.rows]) for i in measures
        ]
        drawn = add_lines(self.drawn, NativeChart.of(names, series), place=place)
        drawn.value_axis.tick_labels.number_format = "0%" if shares else "0.0"
        drawn.value_axis.tick_labels.number_format_is_linked = False
        self._alt(figure.alt)

    def pairs(self, table: Table, *, measure: str, place: Place) -> None:
        """Draw the first rows of a table of pairs as bars; ``measure`` is a column's head."""
        column = next(i for i, one in enumerate(table.columns) if one.head == measure)
        rows = table.rows[:_MOST_CATEGORIES]
        names = [f"{_short(row[0].text)} → {_short(row[1].text)}" for row in rows]
        values = [_number(row[column].sort) for row in rows]
        drawn = add_bars(self.drawn, NativeChart.of(names, [(measure, values)]), place=place)
        drawn.value_axis.tick_labels.number_format = "0.0"
        drawn.value_axis.tick_labels.number_format_is_linked = False
        self._alt(f"Bars: {measure} of {len(rows)} pairs of teams. {table.caption}.")

    def _alt(self, text: str) -> None:
        """Describe the last shape for those who do not see it."""
        shape = self.drawn.shapes[-1]
        shape._element.nvGraphicFramePr.cNvPr.set("descr", text)  # noqa: SLF001 - no public way


def _titled(shape: Any, title: str) -> None:  # noqa: ANN401  python-pptx has no types
    shape.left, shape.top, shape.width, shape.height = map(Inches, (0.6, 0.65, 11.0, 0.95))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = 1
    _run(paragraph, title, size=28 if len(title) <= _WRAPPED else 22, bold=True)


def _run(
    paragraph: Any,  # noqa: ANN401  python-pptx has no types
    text: str,
    *,
    size: int,
    bold: bool = False,
    ink: str = INK,
) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = colour(ink)


def _short(name: str) -> str:
    return name if len(name) <= _MOST_NAME else f"{name[: _MOST_NAME - 1]}…"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
