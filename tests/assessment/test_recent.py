"""Which boundaries have been crossed in the last half year."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from conway.assessment.recent import recent_handoffs
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from tests.works import work_of

TEAMS = {"A": "t1", "B": "t2", "C": "t3"}


def measured(sets: str, *, authors: str, days: list[float]) -> Any:  # noqa: ANN401
    """Return what an assessment holds of these change sets."""
    work = work_of(sets, teams=TEAMS, authors=authors, days=days)
    prints = find_footprints(work)
    delivery = SimpleNamespace(prints=prints, handoffs=list_handoffs(prints))
    return SimpleNamespace(work=work, delivery=delivery)


def test_only_the_last_half_year_counts() -> None:
    """t1 needed t2 a year ago, and t3 twice in the last four change sets."""
    one = measured("B B C C A A", authors="t1 t1 t1 t1 t1 t1", days=[0, 1, 360, 361, 362, 363])

    assert recent_handoffs(one) == {(0, 2): {"weeks": 26, "changes": 2, "per_100": 50.0}}


def test_a_short_window_counts_whole() -> None:
    """Three weeks."""
    one = measured("B A A", authors="t1 t1 t1", days=[0, 10, 20])

    assert recent_handoffs(one)[0, 1]["weeks"] == 3
