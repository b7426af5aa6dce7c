"""The page in Chromium: no request, no error in the console, nothing runs but our script."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from conway.reporting.reports import report
from tests.reporting.advice_examples import plan, trial
from tests.reporting.examples import hostile, large, shop

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs chromium on PATH"),
]

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--virtual-time-budget=4000",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


def opened(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page in a fresh profile and return what Chromium printed."""
    profile = page.parent / "profile"
    return subprocess.run(
        [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *options, page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip


def framed(page: Path, *, width: int, tells: str) -> str:
    """Open a page in a frame of some width and return what a script reads off its window."""
    frame = page.parent / "frame.html"
    frame.write_text(
        f"<!doctype html><iframe src='{page.name}' width='{width}' height='2000'></iframe><script>"
        "onload=()=>{const w=document.querySelector('iframe').contentWindow;"
        f"document.title=String({tells})}}</script>"
    )
    dom = opened(frame, "--dump-dom", "--allow-file-access-from-files").stdout
    return dom.split("<title>")[1].split("</title>")[0]


@pytest.mark.parametrize(
    "assessment", [shop(), large(), hostile()], ids=["shop", "large", "hostile"]
)
def test_nothing_is_requested_and_nothing_fails(
    tmp_path: Path, assessment: dict[str, object]
) -> None:
    """The page loads no resource, and the console stays empty: nothing was refused either."""
    page = report(assessment, plan(), trial()).save(tmp_path / "review.html")

    shown = opened(page, "--dump-dom", "--enable-logging=stderr")

    assert "CONSOLE" not in shown.stderr
    assert (
        framed(page, width=1280, tells="w.performance.getEntriesByType('resource').length") == "0"
    )


def test_the_script_adds_what_sorts_and_filters(tmp_path: Path) -> None:
    """The policy lets our script run: long tables have a filter and buttons."""
    page = report(shop(), plan(), trial()).save(tmp_path / "review.html")

    dom = opened(page, "--dump-dom").stdout

    assert dom.count('<input type="search"') == dom.count('<table class="long"') > 0
    assert '<button type="button">Change sets</button>' in dom


def test_the_policy_stops_what_is_not_ours(tmp_path: Path) -> None:
    """An injected script, style and image are refused, and Chromium says so."""
    page = report(shop()).save(tmp_path / "review.html")
    injected = (
        "<script>document.title='owned'</script><img src='https://example.invalid/x.png'>"
        "<p style='color:red'>x</p></body>"
    )
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", injected), "utf-8")

    shown = opened(page, "--dump-dom", "--enable-logging=stderr")

    assert "<title>owned</title>" not in shown.stdout
    assert shown.stderr.count("Content Security Policy") >= 3


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_never_scrolls_sideways(tmp_path: Path, width: int) -> None:
    """At phone and desktop width only tables and charts scroll, inside their frames."""
    page = report(hostile(), plan(), trial()).save(tmp_path / "review.html")
    root = "w.document.documentElement"

    widths = framed(page, width=width, tells=f"{root}.scrollWidth+'/'+{root}.clientWidth")

    shown, available = map(int, widths.split("/"))
    assert shown <= available
