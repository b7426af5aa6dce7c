"""Surges and AI-assisted work, on numbers that can be checked by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from conway.delivery.absorption.assisted import measure_assisted
from conway.delivery.absorption.surges import measure_surges, surge_weeks
from conway.delivery.absorption.traits import Trait
from conway.delivery.constraints.observed import Observed
from conway.delivery.measurement import measure_delivery
from conway.delivery.weeks import Resampling
from conway.figures import Interval, Unknown, value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.record import History


def test_surge_weeks_by_hand() -> None:
    """Four a week; six is a surge, five is not, and a surge soon becomes usual."""
    counts = np.array([4.0] * 13 + [6, 5, 4] + [8] * 13)

    assert surge_weeks(counts).tolist() == [13, *range(16, 22)]


def test_a_surge_is_compared_with_the_calm_weeks_around_it() -> None:
    """Sizes grow over the years and by 3 in surge weeks: the difference is 3, not the trend."""
    weeks = np.concatenate(
        [np.full(10 if week % 9 == 8 and week > 13 else 4, week) for week in range(100)]
    )
    surges = surge_weeks(np.bincount(weeks).astype(float))
    size = weeks * 0.5 + 3.0 * np.isin(weeks, surges)
    trait = Trait("size", "count", size)
    found = measure_surges(weeks, (trait,), count=100)

    assert found.weeks.tolist() == [17, 26, 35, 44, 53, 62, 71, 80, 89, 98]
    (moved,) = found.moved
    assert value_of(moved.difference) == pytest.approx(3.0, abs=0.6)
    assert isinstance(moved.difference, Interval)
    assert moved.difference.low > 1.5


def test_what_volume_alone_moves_is_not_compared() -> None:
    """More change sets a day make files meet again sooner, whoever writes them."""
    weeks = np.zeros(5, dtype=np.int64)
    trait = Trait("again", "share", np.ones(5), by_volume=True)

    assert measure_surges(weeks, (trait,), count=30).moved == ()


@dataclass(frozen=True)
class People:
    """Change sets of people: marked or not, and a number each."""

    rows: tuple[tuple[str, bool, float], ...]

    def work(self) -> Work:
        """Return work with these authors."""
        work = work_of(
            [["A/a.py"]] * len(self.rows),
            authors=[f"web:{name}" for name, *_ in self.rows],
            days=[n * 0.1 for n in range(len(self.rows))],
            until=80,
        )
        return replace(work, sets=work.sets.assign(ai=[marked for _, marked, _ in self.rows]))

    def measured(self) -> tuple[object, object, int]:
        """Return share, difference and compared sets."""
        work = self.work()
        seen = Observed(
            cast("History", None),
            cast("Boundaries", None),
            measure_delivery(work, with_trend=False),
            cast("object", None),  # type: ignore[arg-type]
            Resampling.of(work.week_count),
        )
        trait = Trait("size", "count", np.array([value for *_, value in self.rows]))
        found = measure_assisted(seen, (trait,))
        return found.share, found.within[0].difference, found.compared


def test_assisted_work_is_compared_within_people() -> None:
    """Each person's marked sets are 2 larger; those who mark more write ten times as much."""
    rows = []
    for person in range(6):
        usual = 10.0 * person
        rows += [(f"p{person}", False, usual)] * (7 - person)
        rows += [(f"p{person}", True, usual + 2)] * (1 + person)
    share, difference, compared = People(tuple(rows)).measured()

    assert value_of(cast("Interval", share)) == pytest.approx(21 / 48)
    assert value_of(cast("Interval", difference)) == pytest.approx(2.0)
    assert compared == 21


def test_few_people_are_not_shown() -> None:
    """Four who mark their work are too few for any of the figures."""
    rows = [(f"p{n % 4}", n % 2 == 0, 1.0) for n in range(40)]
    rows += [(f"q{n}", False, 1.0) for n in range(10)]
    share, difference, compared = People(tuple(rows)).measured()

    assert isinstance(share, Unknown)
    assert isinstance(difference, Unknown)
    assert compared == 0
