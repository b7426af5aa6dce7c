"""The printed pages of the documentation are those that the code prints now."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

_DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("page", ["tables", "cli"])
def test_printed_pages_are_fresh(page: str) -> None:
    """``python docs/generate.py`` has been run since the code changed."""
    generate = runpy.run_path(str(_DOCS / "generate.py"))

    assert (_DOCS / f"{page}.md").read_text(encoding="utf-8") == generate[f"{page}_page"]()


def test_links_between_pages_lead_somewhere() -> None:
    """Each relative link of the README and the docs names a file that exists."""
    pages = [_DOCS.parent / "README.md", _DOCS.parent / "CONTRIBUTING.md", *_DOCS.glob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []
