"""Charts for a notebook: their titles state a finding; hostile names stay data."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from conway.errors import HistoryError
from conway.reporting import plot
from conway.reporting.svg import svg_of
from tests.reporting.advice_examples import no_move, plan
from tests.reporting.examples import hostile, large, shop, without_teams
from tests.works import work_of

OF_ASSESSMENT = (
    "team_by_service", "handoffs", "coupling", "autonomy_trend", "streams_trend", "loads",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("handoffs", "checkout needs platform most: 4.5 handoffs per 100 change sets"),
        ("team_by_service", "payments owns ledger, but checkout makes 69 % of its change sets"),
        ("autonomy_trend", "Autonomous share: no clear trend (52 % to 61 %)"),
        ("coupling", "cart and orders change together most: 60 joint change sets, about 9.5"),
        ("loads", "web-shop is touched by 18 % of the change sets"),
    ],
)
def test_a_title_states_the_finding(name: str, finding: str) -> None:
    """The title is computed from the numbers."""
    chart = getattr(plot, name)(shop()).to_dict()
    title = " ".join(chart["title"]["text"]).replace("\N{NO-BREAK SPACE}", " ")

    assert title.startswith(finding)


def test_the_options_chart_names_the_surest_option() -> None:
    """Its title says the largest saving whose interval lies above zero."""
    title = " ".join(plot.options(plan()).to_dict()["title"]["text"])

    assert title.startswith("“Move ledger from payments to checkout” saves most")


@pytest.mark.parametrize("name", OF_ASSESSMENT)
def test_drawings_hold_only_known_tags_and_no_reference(name: str) -> None:
    """Hostile names become text; ids start with the figure's name."""
    drawn = svg_of(getattr(plot, name)(hostile()), name="figure", label="</svg><script>")

    assert "<script" not in drawn
    assert "href" not in drawn
    assert "<img" not in drawn
    assert 'aria-label="&lt;/svg&gt;&lt;script&gt;"' in drawn


def test_drawing_twice_gives_the_same_bytes() -> None:
    """The renderer's counters do not show."""
    first = svg_of(plot.streams_trend(shop()), name="a", label="")
    svg_of(plot.handoffs(large()), name="b", label="")

    assert svg_of(plot.streams_trend(shop()), name="a", label="") == first


def test_many_services_stay_readable() -> None:
    """Of 69 services the chart shows the most mixed ones and says what it leaves out."""
    chart = plot.team_by_service(large()).to_dict()
    subtitle = " ".join(chart["title"]["subtitle"])

    assert "And 43 more services" in subtitle
    assert chart["layer"][0]["encoding"]["x"]["scale"]["domain"][-1] == "other teams"


@pytest.mark.parametrize("name", ["team_by_service", "handoffs"])
def test_nothing_to_draw_is_said(name: str) -> None:
    """Without teams there is no heat map of teams."""
    with pytest.raises(HistoryError, match="needs teams"):
        getattr(plot, name)(without_teams())


def test_without_moves_there_is_no_chart_of_options() -> None:
    """A plan without moves has nothing to draw."""
    with pytest.raises(HistoryError, match="moves that survive"):
        plot.options(no_move())


def test_a_service_selected_shows_its_change_sets() -> None:
    """One row per change set and service; both parts read them, and the second is filtered."""
    work = work_of("AB A B AB", teams={"A": "web", "B": "core"})

    chart = plot.explore(SimpleNamespace(work=work)).to_dict()

    bars, points = chart["hconcat"]
    rows = next(iter(chart.get("datasets", {}).values()), None) or bars["data"]["values"]
    assert sorted((row["service"], row["services"]) for row in rows) == [
        ("A", 1), ("A", 2), ("A", 2), ("B", 1), ("B", 2), ("B", 2),
    ]  # fmt: skip
    assert points["transform"][0]["filter"]["param"] == chart["params"][0]["name"]
