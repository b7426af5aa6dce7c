"""Every page on a measure has its parts, and its example gives what it says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from conway.config import parse_config
from conway.gaps.rules import RULES

_FOLDER = Path(__file__).parents[2] / "docs" / "measures"
_PAGES = sorted(path.name for path in _FOLDER.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("name", _PAGES)
def test_a_page_has_its_parts(name: str) -> None:
    """What it answers, source, example, and when not to use it."""
    text = (_FOLDER / name).read_text(encoding="utf-8")

    for part in ("answer", "**Source.**", "**Example.**", "**When not to use"):
        assert part in text


@pytest.mark.parametrize("name", _PAGES)
def test_the_example_can_be_recomputed(name: str) -> None:
    """Each ``>>>`` gives what stands below it."""
    found = doctest.testfile(str(_FOLDER / name), module_relative=False, encoding="utf-8")

    assert (found.failed, found.attempted > 0) == (0, True)


def test_every_page_is_listed_and_every_link_leads_somewhere() -> None:
    """The folder's own page names all others."""
    listed = (_FOLDER / "README.md").read_text(encoding="utf-8")

    assert [name for name in _PAGES if f"]({name})" not in listed] == []
    for page in _FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_kind_of_finding_is_described() -> None:
    """A rule without a row is a rule that nobody can check."""
    text = (_FOLDER / "findings.md").read_text(encoding="utf-8")

    assert [rule.__name__ for rule in RULES if f"`{rule.__name__}`" not in text] == []


def test_the_limits_shown_are_valid() -> None:
    """The table in check.md is one that conway reads."""
    (table,) = re.findall(r"```toml\n(.*?)```", (_FOLDER / "check.md").read_text(), re.DOTALL)

    assert parse_config(table).check.max_gaps == {"no_owner": 0, "central_approver": 1}
