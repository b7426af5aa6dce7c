"""PDF, slides and Markdown: from the same document, the same bytes, nothing executable."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from pptx import Presentation

from conway.errors import ConwayError
from conway.reporting import pdf as pdf_module
from conway.reporting.markdown import markdown, said
from conway.reporting.reports import report
from conway.reporting.slides import slides
from tests.reporting.advice_examples import plan, trial
from tests.reporting.examples import hostile, large, shop, without_teams

if TYPE_CHECKING:
    from pathlib import Path

    from pptx.presentation import Presentation as PptxPresentation

EXAMPLES = {"shop": shop, "large": large, "teamless": without_teams, "hostile": hostile}
KICKERS = ["Delivery autonomy", "How much can one team ship alone?", "Who needs whom", "Options",
           "Outlook", "Method"]  # fmt: skip


def presented(assessment: dict[str, Any]) -> PptxPresentation:
    """Return the slides of a report, read back."""
    return Presentation(io.BytesIO(slides(report(assessment, plan(), trial()).document)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_there_are_six_slides_each_with_a_finding_as_title(name: str) -> None:
    """The decision, autonomy, who needs whom, options, outlook, method."""
    deck = presented(EXAMPLES[name]())

    texts = [[shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
             for slide in deck.slides]  # fmt: skip
    assert all(slide.shapes.title.text_frame.text for slide in deck.slides)
    assert len(texts) == len(KICKERS)
    assert all(any(k in text for text in on) for k, on in zip(KICKERS[1:], texts[1:], strict=True))


def test_charts_are_native_and_hold_the_numbers_of_the_tables() -> None:
    """The trend of autonomy is a chart whose workbook has the table's values."""
    document = report(shop(), plan(), trial()).document
    chart = next(shape.chart for shape in presented(shop()).slides[1].shapes if shape.has_chart)

    block, *_ = next(s for s in document.page_one if s.name == "headline").blocks
    table = block.items[0].figure.table
    assert [list(plotted.values) for plotted in chart.plots[0].series] == [
        [row[i].sort for row in table.rows] for i in (2, 3)
    ]
    assert [plotted.name for plotted in chart.plots[0].series] == [
        column.head for column in table.columns[2:]
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_workbook_holds_a_formula_or_a_link(name: str) -> None:
    """Whatever a team is called."""
    package = zipfile.ZipFile(io.BytesIO(slides(report(EXAMPLES[name](), plan()).document)))
    books = [part for part in package.namelist() if part.endswith(".xlsx")]

    for part in books:
        book = zipfile.ZipFile(io.BytesIO(package.read(part)))
        sheets = b"".join(book.read(n) for n in book.namelist() if n.startswith("xl/worksheets"))
        assert b"<f>" not in sheets
        assert b"<hyperlink" not in sheets
    assert books or name == "teamless"


def test_a_team_called_like_a_formula_stays_text() -> None:
    """In the workbook behind a chart too."""
    document = report(_renamed(shop(), old="payments", new='=HYPERLINK("http://x")')).document
    package = zipfile.ZipFile(io.BytesIO(slides(document)))

    sheets = b""
    for part in package.namelist():
        if part.endswith(".xlsx"):
            book = zipfile.ZipFile(io.BytesIO(package.read(part)))
            sheets += b"".join(book.read(n) for n in book.namelist() if n.startswith("xl/works"))
    assert sheets
    assert b"<f>" not in sheets


def _renamed(value: object, *, old: str, new: str) -> object:
    if isinstance(value, dict):
        return {key: _renamed(one, old=old, new=new) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, old=old, new=new) for one in value]
    return new if value == old else value


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pptx", ".pdf", ".md", ".html"])
def test_bytes_do_not_tell_when_or_where_they_were_written(tmp_path: Path, suffix: str) -> None:
    """Two processes with other hash seeds, zones and clocks write the same file."""
    code = (
        "from conway.reporting.reports import report\n"
        "from tests.reporting.examples import shop\n"
        "from tests.reporting.advice_examples import plan, trial\n"
        "import sys, time; time.sleep(1.1); report(shop(), plan(), trial()).save(sys.argv[1])"
    )
    written = []
    for seed, zone, epoch in (("1", "UTC", "1"), ("2", "Asia/Tokyo", "1700000000")):
        place = tmp_path / f"{seed}{suffix}"
        subprocess.run(
            [sys.executable, "-c", code, str(place)], check=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": epoch, "PATH": "/usr/bin",
                 "HOME": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path))},
        )  # fmt: skip
        written.append(place.read_bytes())

    assert written[0] == written[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shop", "hostile"])
def test_the_pdf_is_tagged_has_bookmarks_and_nothing_active(tmp_path: Path, name: str) -> None:
    """A reader with a screen reader finds the sections; nothing runs and nothing is attached."""
    place = report(EXAMPLES[name](), plan(), trial()).save(tmp_path / "review.pdf")

    content = place.read_bytes()
    assert content.startswith(b"%PDF-1.7")
    assert b"/MarkInfo" in content or b"/ObjStm" in content
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction)\b", content)


def test_without_weasyprint_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And names the way out that needs nothing."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf_module.check_library.cache_clear()

    with pytest.raises(ConwayError, match="print the HTML report from a browser"):
        pdf_module.check_library()


def test_without_python_pptx_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is written."""
    monkeypatch.setitem(sys.modules, "pptx", None)
    monkeypatch.delitem(sys.modules, "conway.reporting.slide", raising=False)
    monkeypatch.delitem(sys.modules, "conway.reporting.slide_charts", raising=False)

    with pytest.raises(ConwayError, match="extra `report`"):
        report(shop()).save(tmp_path / "review.pptx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", EXAMPLES)
def test_markdown_has_every_section_and_no_markup_of_a_name(name: str) -> None:
    """Names neither link, nor embed, nor mention."""
    document = report(EXAMPLES[name](), plan(), trial()).document
    text = markdown(document)

    heads = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert heads == [said(section.title) for section in document.parts]
    outside = re.sub(r"(?ms)^(`{3,})$.*?^\1$", "", text).replace("<!---->", "")
    assert not re.search(r"(?<!\\)<", outside)
    assert not re.search(r"(?<!\\)\]\(", outside)
    assert not re.search(r"(?<![\w.<>-])@\w", text.split("```")[0])


def test_numbers_are_the_same_in_every_format() -> None:
    """The headline stands on the slide and in the Markdown as the page says it."""
    document = report(shop(), plan(), trial()).document
    block, *_ = next(s for s in document.page_one if s.name == "headline").blocks
    shown = [key.value for key in block.items]

    on_slide = [shape.text_frame.text for shape in presented(shop()).slides[1].shapes
                if shape.has_text_frame]  # fmt: skip
    assert set(shown) <= set(on_slide)
    assert all(said(value) in markdown(document) for value in shown)
