"""The expected count of the next quarter."""

from __future__ import annotations

import numpy as np
import pytest

from conway.coupling.cochange import service_pairs
from conway.coupling.forecast import HALF_LIFE, QUARTER, Decay, decay_of
from tests.works import DAY, work_of

WEEK = 7 * DAY


def test_a_change_set_of_one_half_life_counts_half() -> None:
    """Ages of nothing, one and two half-lives."""
    weights = Decay(length=1).weights(np.array([0, HALF_LIFE, 2 * HALF_LIFE], dtype=float))

    assert weights.tolist() == [1.0, 0.5, 0.25]


@pytest.mark.parametrize("weeks", [8, 26, 104, 520])
def test_a_constant_rate_is_forecast_as_itself(weeks: int) -> None:
    """One joint change set a day, evenly: 7 a week, so 91 in 13 weeks, whatever the window."""
    days = np.arange(weeks * 7) + 0.5
    work = work_of(["AB"] * len(days), days=days.tolist(), until=weeks * 7)

    assert service_pairs(work)["forecast"].item() == pytest.approx(91, rel=1e-3)


def test_poisson_arrivals_are_forecast_without_bias() -> None:
    """Rate 0.8 a week over two years: the mean of 2,000 forecasts is 13 * 0.8."""
    random = np.random.default_rng(1)
    decay = Decay(length=104 * WEEK)
    sums = np.array(
        [
            decay.weights(random.uniform(0, decay.length, size=random.poisson(0.8 * 104))).sum()
            for _ in range(2000)
        ]
    )
    forecasts = decay.expected(sums)

    assert forecasts.mean() == pytest.approx(13 * 0.8, abs=4 * forecasts.std() / 2000**0.5)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_covers_the_next_quarter(level: float) -> None:
    """Of 4,000 stationary pairs at least the stated share falls inside, and not far more."""
    random = np.random.default_rng(2)
    decay = Decay(length=104 * WEEK)
    rates = random.gamma(0.7, 1.5, size=4000) / WEEK
    sums = np.array(
        [
            decay.weights(random.uniform(0, decay.length, random.poisson(r * decay.length))).sum()
            for r in rates
        ]
    )
    low, high = decay.interval(sums, level=level)
    came = random.poisson(rates * QUARTER)

    inside = ((low <= came) & (came <= high)).mean()
    assert level - 0.02 <= inside <= level + 0.12  # counts are whole: short intervals overcover


def test_the_interval_holds_the_forecast() -> None:
    """For every decayed sum, nothing included."""
    decay = Decay(length=52 * WEEK)
    sums = np.array([0.0, 0.3, 1.0, 20.0, 400.0])
    low, high = decay.interval(sums)

    assert (low <= decay.expected(sums)).all()
    assert (decay.expected(sums) <= high).all()


def test_ages_count_from_the_end_of_the_window() -> None:
    """A set 180 days before the end counts half."""
    _, weights = decay_of(work_of("A", days=[0], until=180))

    assert weights.tolist() == [0.5]
