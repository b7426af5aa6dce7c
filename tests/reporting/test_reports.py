"""Saving a report: whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.errors import ConwayError
from conway.reporting.reports import report
from tests.reporting.examples import shop

if TYPE_CHECKING:
    from pathlib import Path


def test_a_report_is_saved_in_one_step(tmp_path: Path) -> None:
    """An older file is replaced and nothing is left beside it."""
    place = tmp_path / "review.html"
    place.write_text("old")

    assert report(shop(), title="Quarterly review").save(place) == place
    assert "<title>Quarterly review</title>" in place.read_text(encoding="utf-8")
    assert [child.name for child in tmp_path.iterdir()] == ["review.html"]


@pytest.mark.parametrize("name", ["review.docx", "review"])
def test_an_unknown_suffix_says_what_is_supported(tmp_path: Path, name: str) -> None:
    """Nothing is written, and the message names the formats."""
    with pytest.raises(ConwayError, match=r"supported: \.html"):
        report(shop()).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The message says where and what to do."""
    with pytest.raises(ConwayError, match="choose a folder that exists"):
        report(shop()).save(tmp_path / "absent" / "review.html")


def test_a_report_says_what_it_is() -> None:
    """The repr is one line."""
    assert repr(report(shop())) == "Report('Delivery autonomy: shop', 8 sections)"
