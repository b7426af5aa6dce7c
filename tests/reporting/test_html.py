"""The page: self-contained, escaped, structured, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from conway.reporting.html import page
from conway.reporting.reports import Report, report
from tests.reporting.advice_examples import no_move, plan, trial
from tests.reporting.examples import Result, hostile, large, shop, without_teams

MEGABYTE = 1_000_000
ROOT = Path(__file__).parents[2]


class Page(HTMLParser):
    """What the tests look at in a page: tags, attributes, text by tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note text under the last tag."""
        if data.strip() and self.tags:
            self.text.append((self.tags[-1][0], data.strip()))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]


EXAMPLES = {
    "shop": (shop(), plan(), trial()),
    "large": (large(), plan(), trial()),
    "no teams": (without_teams(), None, None),
    "no move": (shop(), no_move(), trial()),
    "hostile": (hostile(), plan(), trial()),
}


@cache
def rendered(name: str) -> str:
    """Return the page of an example, drawn once."""
    return page(report(*EXAMPLES[name]).document)


@pytest.fixture
def shop_page() -> str:
    """Return the shop's page."""
    return rendered("shop")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_page_is_self_contained_and_small(name: str) -> None:
    """No reference leaves the page; it stays below a megabyte."""
    text = rendered(name)
    parsed = Page(text)

    assert len(text.encode()) < MEGABYTE
    assert not [a for a in parsed.all("script") if a]
    assert [a["href"] for a in parsed.all("link")] == ["data:,"]
    assert all((a["href"] or "").startswith("#") for a in parsed.all("a"))
    assert not parsed.all("img", "iframe", "object", "embed", "form", "base", "image", "use")
    assert "@import" not in text
    assert "url(" not in text.replace("url(#", "")


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_attribute_runs_code_or_styles(name: str) -> None:
    """No handler and no style attribute exists, whatever names the history holds."""
    parsed = Page(rendered(name))

    attributes = {key for _, attributes in parsed.tags for key in attributes}
    assert not {key for key in attributes if key.startswith("on") or key in {"style", "src"}}
    assert len(parsed.all("script")) == 1
    assert len(parsed.all("style")) == 1


def test_the_policy_allows_only_the_hashed_style_and_script(shop_page: str) -> None:
    """The hashes in the policy are those of what stands in the page."""
    metas = [a for a in Page(shop_page).all("meta") if "http-equiv" in a]
    assert len(metas) == 1
    policy = str(metas[0]["content"])
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        content = re.search(f"<{tag}>(.*?)</{tag}>", shop_page, re.DOTALL)
        assert content
        digest = base64.b64encode(hashlib.sha256(content.group(1).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_headings_and_landmarks_are_in_order(shop_page: str) -> None:
    """One h1, no level skipped, one main, navigation, every region named, every table captioned."""
    parsed = Page(shop_page)
    levels = [int(tag[1]) for tag, _ in parsed.tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(parsed.all("main")) == len(parsed.all("nav")) == len(parsed.all("header")) == 1
    assert len(parsed.all("table")) == len(parsed.all("caption"))
    assert all("scope" in a for a in parsed.all("th"))
    assert all(a.get("aria-label") for a in parsed.all("svg"))
    assert parsed.all("html")[0]["lang"] == "en"


def test_ids_are_unique_and_links_arrive(shop_page: str) -> None:
    """Every link of the contents leads somewhere; no id occurs twice."""
    parsed = Page(shop_page)
    ids = [str(a["id"]) for _, a in parsed.tags if "id" in a]

    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in parsed.all("a")} <= set(ids)
    named = {str(a["aria-labelledby"]) for _, a in parsed.tags if "aria-labelledby" in a}
    assert named <= set(ids)


def test_each_figure_states_a_finding_and_has_its_table(shop_page: str) -> None:
    """Charts come with a title, a text alternative and their numbers."""
    parsed = Page(shop_page)

    assert len(parsed.all("svg")) == 8
    assert shop_page.count("The numbers as a table") == 8
    assert "checkout needs platform most: 4.5 handoffs per 100 change sets" in shop_page


def test_hostile_names_are_shown_and_harmless() -> None:
    """Markup stays text, control and direction characters are spelt out."""
    text = rendered("hostile")

    assert "alert(1)</script>" not in text
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "\\u{202E}" in text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\ud800-\udfff]", text)
    assert "49" not in re.findall(r">(\d+)\$\{", text)


def test_the_same_input_gives_the_same_bytes_in_every_environment(tmp_path: Path) -> None:
    """Hash seed, time zone, locale and what was drawn before do not matter."""
    program = (
        "import sys\n"
        "from conway.reporting.reports import report\n"
        "from tests.reporting.advice_examples import plan, trial\n"
        "from tests.reporting.examples import shop, large\n"
        "if sys.argv[2] == 'after another': report(large()).save(sys.argv[1])\n"
        "report(shop(), plan(), trial()).save(sys.argv[1])\n"
    )
    pages = []
    for seed, zone, before in (("1", "UTC", ""), ("2", "Pacific/Auckland", "after another")):
        place = tmp_path / f"{seed}.html"
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        subprocess.run(
            [sys.executable, "-c", program, str(place), before],
            cwd=ROOT, env=environment, check=True,
        )  # fmt: skip
        pages.append(place.read_bytes())

    assert pages[0] == pages[1]


def test_numbers_in_text_and_tables_are_said_alike(shop_page: str) -> None:
    """The headline's interval is the one that the details say."""
    plain = shop_page.replace("\N{NO-BREAK SPACE}", " ")

    assert "<strong>60 %</strong>" in plain
    assert "95 %: 57–63" in plain
    assert "60 % (95 %: 57–63)" in plain


def test_a_notebook_shows_a_small_escaped_outline() -> None:
    """The outline holds no script and stays small."""
    shown = Report(report(hostile(), plan()).document)._repr_html_()

    assert len(shown) < 5_000
    assert "<script" not in shown
    assert "<img" not in shown


@pytest.mark.parametrize(
    "forbidden",
    ["elite", "low performer", "ranking", "will deliver faster", "hours lost", "unsafe-inline"],
)
def test_a_page_says_nothing_of_the_never_list(shop_page: str, forbidden: str) -> None:
    """What a report must never say is not in it."""
    assert forbidden not in shop_page.lower()


def test_results_can_be_objects_or_plain_values() -> None:
    """An object's JSON form gives the same page as the plain value."""

    class Assessment:
        def to_json(self) -> Result:
            return shop()

    assert page(report(Assessment()).document) == page(report(shop()).document)
