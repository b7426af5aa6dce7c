"""The printed pages of the documentation are those that the code prints now."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import pytest

from conway.config import parse_config
from sample_repos import build_shop

_DOCS = Path(__file__).parents[1] / "docs"
_README = _DOCS.parent / "README.md"


def blocks(language: str) -> list[str]:
    """Return the README's code blocks of one language."""
    return re.findall(rf"```{language}\n(.*?)```", _README.read_text(encoding="utf-8"), re.DOTALL)


def test_printed_pages_are_fresh() -> None:
    """``make docs`` has been run since the code changed."""
    pages = runpy.run_path(str(_DOCS / "generate.py"))["PAGES"]
    stale = [
        name for name, page in pages.items() if (_DOCS / name).read_text(encoding="utf-8") != page()
    ]

    assert stale == []


def test_links_between_pages_lead_somewhere() -> None:
    """Each relative link of the README and the docs names a file that exists."""
    pages = [_README, _DOCS.parent / "CONTRIBUTING.md", *_DOCS.rglob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_configuration_in_the_readme_is_valid() -> None:
    """Its keys and values are those that ``conway.toml`` may have."""
    (text,) = blocks("toml")
    assert parse_config(text).window.since is not None


@pytest.mark.slow
def test_the_script_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands, over the sample shop."""
    (script,) = blocks("python")
    build_shop(tmp_path / "path" / "to" / "repo")
    shutil.copy(_DOCS.parent / "sample_repos" / "shop.toml", tmp_path / "conway.toml")
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    runpy.run_path("script.py")

    assert (tmp_path / "review.html").stat().st_size > 0
