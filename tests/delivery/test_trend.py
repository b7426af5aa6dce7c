"""The trend: equal numbers of change sets, and steps that split exactly."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conway.delivery.footprints import find_footprints
from conway.delivery.measurement import measure_delivery
from conway.delivery.parallelism import pair_counts, team_shares
from conway.figures import Interval, Unknown, value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.delivery.trend import Quarter

TEAMS = {"A": "t1", "B": "t2", "C": "t3", "D": "t4"}
QUARTER_DAYS = 91


def trend_of(*quarters: tuple[str, int], per_day: int = 2) -> tuple[Quarter, ...]:
    """Return the trend of quarters, each of words drawn at random with a seed."""
    words, days, authors = [], [], []
    for number, (choice, seed) in enumerate(quarters):
        rng = np.random.default_rng(seed)
        drawn = rng.choice(choice.split(), QUARTER_DAYS * per_day)
        words += drawn.tolist()
        authors += [TEAMS[word[0]] for word in drawn]
        days += [QUARTER_DAYS * number + place / per_day for place in range(len(drawn))]
    work = work_of(" ".join(words), teams=TEAMS, authors=authors, days=days,
                   until=QUARTER_DAYS * len(quarters))  # fmt: skip
    return measure_delivery(work).quarters


@settings(max_examples=30)
@given(
    st.lists(st.sets(st.sampled_from("ABCD"), min_size=1), min_size=4, max_size=6),
    st.integers(2, 4),
)
def test_equal_numbers_need_no_thinning(sets: list[set[str]], size: int) -> None:
    """The mean of ``q`` over all subsets of a size is ``q`` of all change sets."""
    work = work_of(" ".join("".join(sorted(one)) for one in sets), teams=TEAMS)
    every = team_shares(find_footprints(work), teams=len(work.teams))

    def q(chosen: list[int]) -> float:
        part = replace(every, kinds=every.kinds[chosen])
        return pair_counts(part, np.zeros(len(chosen), dtype=int), count=1).q

    thinned = [q(list(part)) for part in combinations(range(len(sets)), size)]

    assert np.mean(thinned) == pytest.approx(q(list(range(len(sets)))))


def test_steps_split_exactly() -> None:
    """The parts add up to the whole, and the whole is the ratio of streams."""
    first, second = trend_of(("A B C D", 1), ("A AB AC D", 2))
    step = second.team_step
    whole, work, coupling = (
        value_of(one) for one in (step.streams, step.distribution, step.coupling)
    )

    assert isinstance(first.team_step.streams, Unknown)
    assert whole == pytest.approx(work + coupling)
    ratio = value_of(second.teams.streams) / value_of(first.teams.streams)
    assert whole == pytest.approx(np.log(ratio))


def test_causes_are_told_apart() -> None:
    """The same authors with more coupling: coupling moves, distribution does not."""
    coupled = trend_of(("A B C D", 1), ("AB BC CD DA", 1))[1].team_step
    moved = trend_of(("A B C D", 1), ("A A A B", 1))[1].team_step

    assert isinstance(coupled.coupling, Interval)
    assert coupled.coupling.high < 0
    assert value_of(coupled.distribution) == pytest.approx(0, abs=1e-9)
    assert isinstance(moved.distribution, Interval)
    assert moved.distribution.high < 0
    assert value_of(moved.coupling) == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_the_interval_of_a_step_covers_no_step() -> None:
    """Two quarters alike, drawn 60 times: a 95 % interval holds zero in most of them."""
    held = 0
    for seed in range(60):
        step = trend_of(("A AB B C CD D", seed), ("A AB B C CD D", 1000 + seed))[
            1
        ].team_step.streams
        assert isinstance(step, Interval)
        held += step.low <= 0 <= step.high

    assert held >= 50


def test_few_change_sets_are_no_quarter() -> None:
    """29 change sets in a quarter: unknown with the number, and so is the step after it."""
    few = trend_of(("A B", 1), ("A B", 2), per_day=1)
    work = work_of("A " * 29, teams=TEAMS, days=[d * 3 for d in range(29)], until=91)
    (quarter,) = measure_delivery(work).quarters

    assert all(one.changes == QUARTER_DAYS for one in few)
    assert isinstance(quarter.teams.streams, Unknown)
    assert "29" in quarter.teams.streams.reason


def test_a_quarter_is_what_it_is_alone() -> None:
    """Each quarter measures as its own window does."""
    rng = np.random.default_rng(5)
    words = rng.choice(["A", "AB", "B", "C", "CD"], 400).tolist()
    work = work_of(" ".join(words), teams=TEAMS, days=[d / 2 for d in range(400)], until=200)
    for quarter in measure_delivery(work).quarters:
        alone = measure_delivery(work.between(quarter.since, quarter.until), with_trend=False)

        assert quarter.changes == len(alone.prints.sets)
        assert (quarter.autonomy, quarter.teams, quarter.units) == (
            alone.autonomy,
            alone.teams,
            alone.units,
        )
