"""Waits until release: what is not released still waits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from conway.delivery.waits.members import member_waits
from conway.delivery.waits.releasing import measure_releasing
from conway.delivery.waits.survival import median_wait
from conway.figures import Unknown, value_of
from tests.delivery.waits_branches import Branch, history_of, work_of


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30))
def test_the_median_is_that_of_scipy(waits: list[tuple[int, bool]]) -> None:
    """The first time at which scipy's survival function is a half or less."""
    times = np.array([time for time, _ in waits], dtype=np.float64)
    ended = np.array([end for _, end in waits])

    found = median_wait(times, ended)[0]

    if not ended.any():
        assert found == np.inf
        return
    data = stats.CensoredData(uncensored=times[ended], right=times[~ended])
    curve = stats.ecdf(data).sf
    half = curve.quantiles[curve.probabilities <= 0.5 + 1e-9]
    assert found == (half[0] if len(half) else np.inf)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=12),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_a_weight_is_so_many_copies(waits: list[tuple[int, bool]], copies: list[int]) -> None:
    """Weighing a group by three is writing it down three times."""
    times = np.array([time for time, _ in waits], dtype=np.float64)
    ended = np.array([end for _, end in waits])
    group = np.arange(len(waits)) % 4
    weights = np.array([copies], dtype=np.float64)

    found = median_wait(times, ended, weights=weights, groups=group)[0]

    repeat = np.array(copies)[group]
    again, ends = np.repeat(times, repeat), np.repeat(ended, repeat)
    assert found == (median_wait(again, ends)[0] if len(again) else np.inf)


def released(tagged: float | None, *, last: float = 2000.0) -> list[Branch]:
    """Return nine changes a day apart, every third tagged, and one long after them."""
    branches = [
        Branch(
            "web", f"p{n}", "", 24 * n, 24.0 * n + 1, tag=f"v{n}" if n % 3 == 2 else "",
            tagged=None if tagged is None else 24.0 * n + 1 + tagged,
        )
        for n in range(9)
    ]  # fmt: skip
    return [*branches, Branch("web", "p9", "", last, last + 1)]


def test_waits_until_the_first_tag_that_holds_a_change() -> None:
    """Tagged six hours after every third: 54, 30, 6 hours; the last is not released."""
    history = history_of(released(6))
    work = work_of(history)
    found = measure_releasing(history, work, members=member_waits(history, work).rows)

    assert not isinstance(found, Unknown)
    assert (found.whole.changes, found.whole.released, found.whole.people) == (10, 9, 10)
    assert value_of(found.whole.hours) == pytest.approx(30)
    assert not found.whole.least
    assert value_of(found.lead_hours["author"]) == pytest.approx(31)


def test_a_tag_without_a_clock_gives_the_least() -> None:
    """Its commit's clock is when it can have been set at the earliest: 48, 24, 0 hours."""
    history = history_of(released(None))
    work = work_of(history)
    found = measure_releasing(history, work, members=member_waits(history, work).rows)

    assert not isinstance(found, Unknown)
    assert found.whole.least
    assert value_of(found.whole.hours) == pytest.approx(24)


def test_every_change_tagged_without_a_clock_says_nothing() -> None:
    """A median of no wait at all is what such tags cannot tell."""
    branches = [Branch("web", f"p{n}", "", 9 * n, 9 * n + 1, tag=f"v{n}") for n in range(9)]
    history = history_of(branches)
    work = work_of(history)
    found = measure_releasing(history, work, members=member_waits(history, work).rows)

    assert not isinstance(found, Unknown)
    assert isinstance(found.whole.hours, Unknown)
    assert "no clock of their own" in found.whole.hours.reason


def test_few_people_and_no_tags() -> None:
    """Four people are not shown; a history without tags has no waits until release."""
    branches = [
        Branch("web", f"p{n % 4}", "", 9 * n, 9 * n + 1, tag=f"v{n}", tagged=9 * n + 3)
        for n in range(9)
    ]
    history = history_of(branches)
    work = work_of(history)
    found = measure_releasing(history, work, members=member_waits(history, work).rows)
    bare = history_of([Branch("web", f"p{n}", "", 9 * n, 9 * n + 1) for n in range(9)])
    work = work_of(bare)
    none = measure_releasing(bare, work, members=member_waits(bare, work).rows)

    assert not isinstance(found, Unknown)
    assert found.whole.hours == Unknown("fewer than 5 people")
    assert none == Unknown("no tag holds a change of the window")


def test_tags_that_name_a_service_release_it_alone() -> None:
    """Of a monorepo's two packages one is tagged; the other one's changes have no release."""
    services = '[services]\n"{name}" = "{name}/**"\n'
    branches = [
        Branch("shop", f"p{n}", "", 24 * n, 24 * n + 1,
               paths=("cart/a.py",) if n % 2 else ("pay/a.py",),
               tag=f"cart@1.{n}.0" if n % 4 == 3 else "", tagged=24 * n + 5, target="cart")
        for n in range(18)
    ]  # fmt: skip
    history = history_of(branches)
    work = work_of(history, extra=services)
    found = measure_releasing(history, work, members=member_waits(history, work).rows)

    assert not isinstance(found, Unknown)
    by_name = {one.service: one for one in found.services}
    assert value_of(by_name["cart"].hours) == pytest.approx(4)
    assert by_name["pay"].hours == Unknown("no tag names a release of it")
