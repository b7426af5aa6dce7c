"""axe-core in Chromium finds nothing serious: whoever reads with a keyboard or a screen reader."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from conway.reporting.reports import report
from tests.reporting.advice_examples import plan, trial
from tests.reporting.examples import hostile, large, shop, without_teams
from tests.reporting.test_browser import CHROMIUM, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs chromium on PATH"),
]

EXAMPLES = {"shop": shop, "large": large, "teamless": without_teams, "hostile": hostile}
LIGHT, DARK = "1", "0"
RUN = (
    "axe.run(document,{resultTypes:['violations']}).then(found=>{"
    "const told=document.createElement('pre');told.id='axe';"
    "told.textContent=JSON.stringify({passes:found.passes.length,violations:found.violations.map("
    "one=>[one.id,one.impact,one.nodes[0].html])});document.body.append(told)})"
)


def judged(page: Path, *, scheme: str = LIGHT) -> dict[str, Any]:
    """Return what axe-core says of a page without its policy, which would stop axe-core too."""
    axe = pytest.importorskip("axe_core_python", reason="needs axe-core-python")
    (library,) = Path(axe.__path__[0]).rglob("axe.min.js")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
    scripts = f"<script>{library.read_text('utf-8')}</script><script>{RUN}</script></body>"
    page.write_text(text.replace("</body>", scripts), "utf-8")
    dom = opened(
        page, "--dump-dom", "--window-size=1280,900", "--virtual-time-budget=60000",
        f"--blink-settings=preferredColorScheme={scheme}",
    ).stdout  # fmt: skip
    found = re.search(r'<pre id="axe">(.*?)</pre>', dom, re.DOTALL)
    assert found, "axe-core did not finish"
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_axe_finds_nothing_serious(tmp_path: Path, name: str, scheme: str) -> None:
    """With all evidence unfolded, in both colour schemes."""
    written = report(EXAMPLES[name](), plan(), trial(), audience="engineering")

    told = judged(written.save(tmp_path / "review.html"), scheme=scheme)

    assert told["passes"] > 20
    assert [one for one in told["violations"] if one[1] in {"serious", "critical"}] == []


def test_axe_would_find_an_image_without_a_text(tmp_path: Path) -> None:
    """A control: the judge is awake."""
    page = report(shop()).save(tmp_path / "review.html")
    text = page.read_text("utf-8").replace("</main>", "<img src='data:,'></main>")
    page.write_text(text, "utf-8")

    assert "image-alt" in {one[0] for one in judged(page)["violations"]}
