"""Hostile names in every format: nothing executes, no formula, no broken file."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from pptx import Presentation

from conway.pipeline import write_tables
from conway.reporting.markdown import markdown
from conway.reporting.reports import report
from conway.reporting.slides import slides
from tests.reporting.advice_examples import plan, trial
from tests.reporting.examples import SERVICES, TEAMS, shop
from tests.reporting.hostile_names import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from conway.reporting.reports import Report

_PLACES = [*(name for name, _, _ in SERVICES), *TEAMS, "shop", "CODEOWNERS", "ledger/book.py"]
_BATCHES = [NAMES[i : i + len(_PLACES)] for i in range(0, len(NAMES), len(_PLACES))]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")
batches = pytest.mark.parametrize("batch", range(len(_BATCHES)))


def renamed(value: object, names: dict[str, str]) -> object:
    """Return a result with hostile names in the place of its own, in texts too."""
    if isinstance(value, dict):
        return {names.get(k, k): renamed(one, names) for k, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    if isinstance(value, str) and value not in names and " " in value:
        return re.sub(r"[\w-]+", lambda found: names.get(found.group(), found.group()), value)
    return names.get(value, value) if isinstance(value, str) else value


def names_of(batch: int) -> dict[str, str]:
    """Return which name becomes which; no two the same."""
    return dict(zip(_PLACES, _BATCHES[batch], strict=False))


def hostile(batch: int) -> Report:
    """Return a report in which a batch of names is everywhere."""
    names = names_of(batch)
    return report(*(renamed(one, names) for one in (shop(), plan(), trial())), title=NAMES[batch])


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.seen.append((tag, attrs))


def harmless(page: str, *, scripts: int) -> bool:
    """Tell whether a page has no script but ours, no handler, and no address but its own."""
    parser = Tags()
    parser.feed(page)
    tags = [tag for tag, _ in parser.seen]
    attributes = [pair for _, attrs in parser.seen for pair in attrs]
    addresses = [value or "" for name, value in attributes if name in {"href", "src", "action"}]
    return (
        tags.count("script") == scripts
        and not {"iframe", "object", "embed", "base", "form", "math", "image"} & set(tags)
        and not any(name.startswith("on") for name, _ in attributes)
        and all(address.startswith(("#", "data:")) for address in addresses)
    )


def test_there_are_at_least_sixty_names() -> None:
    """Each of them once."""
    assert len(set(NAMES)) == len(NAMES) >= 60


@batches
def test_a_page_holds_names_as_text(batch: int) -> None:
    """In the report and in the notebook's summary of it."""
    from conway.reporting.html import page

    written = hostile(batch)

    assert harmless(page(written.document), scripts=1)
    assert harmless(written._repr_html_(), scripts=0)
    assert "\n" not in repr(written)


@batches
def test_slides_open_and_hold_no_formula(batch: int) -> None:
    """Neither in the slides' workbooks, nor links, nor a second part."""
    content = slides(hostile(batch).document)

    assert len(Presentation(io.BytesIO(content)).slides) == 6
    package = zipfile.ZipFile(io.BytesIO(content))
    books = [package.read(name) for name in package.namelist() if name.endswith(".xlsx")]
    assert books
    for book in map(zipfile.ZipFile, map(io.BytesIO, books)):
        text = b"".join(book.read(name) for name in book.namelist() if "worksheets" in name)
        assert b"<f>" not in text
        assert b"hyperlink" not in text
    links = b"".join(package.read(n) for n in package.namelist() if "slides/_rels" in n)
    assert b'TargetMode="External"' not in links


@batches
def test_markdown_holds_names_as_text(batch: int) -> None:
    """No tag, link, image or mention of theirs."""
    text = markdown(hostile(batch).document)

    fenced = re.sub(r"(?ms)^(`{3,})\n.*?^\1$", "", text).replace("<!---->", "")
    assert not re.search(r"(?<!\\)<", fenced)
    assert not re.search(r"(?<!\\)\]\(", fenced)
    assert not re.search(r"(?m)^(#{4,}|=|\+ )", fenced)
    assert len(re.findall(r"(?m)^# ", fenced)) == 1


@batches
def test_tables_hold_no_formula(batch: int, tmp_path: Path) -> None:
    """A cell that is not a number never begins as a formula does."""
    write_tables(tmp_path / "tables", result=renamed(shop(), names_of(batch)))  # type: ignore[arg-type]

    for path in (tmp_path / "tables").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        texts = [cell for cell in cells if not re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)]
        assert [cell for cell in texts if cell.startswith(_FORMULA)] == []


@pytest.mark.slow
@batches
def test_a_pdf_opens_and_nothing_in_it_acts(batch: int, tmp_path: Path) -> None:
    """Held by a reader where one is there."""
    place = hostile(batch).save(tmp_path / "review.pdf")

    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|URI)\b", place.read_bytes())
    if reader := shutil.which("pdftotext"):
        shown = subprocess.run([reader, place, "-"], capture_output=True, text=True, check=True)
        assert "The decision" in shown.stdout
        assert shown.stderr == ""


@pytest.mark.slow
def test_an_office_suite_opens_the_slides(tmp_path: Path) -> None:
    """LibreOffice draws six pages of them, where it is there."""
    if not (office := shutil.which("libreoffice")):
        pytest.skip("needs libreoffice")
    place = hostile(0).save(tmp_path / "review.pptx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, place],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip

    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "review.pdf").read_bytes())) == 6
