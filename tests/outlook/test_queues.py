"""Simulation and closed forms agree where both apply; a planted queue is found again."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conway.figures import Interval, Unknown, value_of
from conway.outlook.curve import waits_at
from conway.outlook.gate import Runs, SurgeTest, surge_test
from conway.outlook.queues import erlang_c, mmc_wait, simulate

WEEK = 168.0


@pytest.mark.parametrize(
    ("offered", "servers", "chance"),
    [(0.8, 1, 0.8), (1.5, 2, 0.642857142857), (2.0, 3, 0.444444444444), (5.0, 3, 1.0)],
)
def test_erlang_c_by_hand(offered: float, servers: int, chance: float) -> None:
    """One server: the load itself; two: 2a^2/(4 - a^2 ...) by the formula; full: certain."""
    assert erlang_c(offered, servers=servers) == pytest.approx(chance)


def test_erlang_c_is_the_sum_of_its_definition() -> None:
    """``(a^c/c!) / ((1 - rho) sum a^n/n! + a^c/c!)``, computed as it stands."""
    for servers in (1, 4, 9):
        for rho in (0.1, 0.5, 0.95):
            a = rho * servers
            top = a**servers / math.factorial(servers)
            below = sum(a**n / math.factorial(n) for n in range(servers))
            expected = top / ((1 - rho) * below + top)

            assert erlang_c(a, servers=servers) == pytest.approx(expected)


def test_no_wait_is_finite_where_more_comes_than_is_served() -> None:
    """Two hours of work an hour for two servers: for ever."""
    assert mmc_wait(2.0, 1.0, servers=2) == math.inf


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=25),
    st.integers(1, 4),
)
@settings(max_examples=40)
def test_simulation_is_first_come_first_served(rows: list[tuple[int, int]], servers: int) -> None:
    """Each piece begins when the first of the servers is free (Kiefer and Wolfowitz)."""
    rows.sort(key=lambda row: row[0])
    free = [0.0] * servers
    expected = []
    for at, took in rows:
        begins = max(float(at), heapq.heappop(free))
        expected.append(begins - at)
        heapq.heappush(free, begins + took)
    at, took = (np.array(column, dtype=float) for column in zip(*rows, strict=True))

    assert simulate(at, took, servers=servers).tolist() == pytest.approx(expected)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "rho"), [(1, 0.5), (2, 0.7), (4, 0.8)])
def test_simulation_and_closed_form_agree(servers: int, rho: float) -> None:
    """Exponential arrivals and services: M/M/c lies within four standard errors of 24 runs.

    Waits follow each other closely, so the runs give the error, not the arrivals; the first
    thousand of each, which begin with an empty queue, are left out.
    """
    exact = mmc_wait(rho * servers, 1.0, servers=servers)
    means = []
    for seed in range(24):
        rng = np.random.default_rng([servers, seed])
        arrivals = np.cumsum(rng.exponential(1 / (rho * servers), size=11_000))
        waits = simulate(arrivals, rng.exponential(1.0, size=11_000), servers=servers)
        means.append(waits[1_000:].mean())
    error = np.std(means, ddof=1) / math.sqrt(len(means))

    assert error < 0.04 * exact
    assert abs(np.mean(means) - exact) < 4 * error


def planted(*, servers: int, habit: bool, seed: int = 0, weeks: int = 60) -> Runs:
    """Return runs of a suite: a real queue, or waits that have nothing to do with load."""
    rng = np.random.default_rng(seed)
    asked: list[float] = []
    for week in range(weeks):
        rate = 90 if week > 13 and week % 8 == 0 else 50
        asked += (week * WEEK + rng.uniform(0, WEEK, size=rng.poisson(rate))).tolist()
    at = np.sort(np.array(asked))
    took = rng.exponential(4.0, size=len(at))
    waits = rng.exponential(2.0, size=len(at)) if habit else simulate(at, took, servers=servers)
    return Runs(at, waits, took, weeks)


@pytest.mark.slow
def test_a_planted_queue_is_found_and_its_surges_are_predicted() -> None:
    """Three machines: the fit says three, and a curve may be drawn."""
    runs = planted(servers=3, habit=False)
    test = surge_test("ci", runs)

    assert (test.servers, test.passed, test.declared) == (3, True, False)
    assert value_of(test.predicted) == pytest.approx(value_of(test.recorded), rel=0.05)
    now, more = (waits_at(runs, k, servers=3) for k in (1, 1.3))
    assert 0 < value_of(now.hours) < value_of(more.hours)
    assert isinstance(waits_at(runs, 5, servers=3).hours, Unknown)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_waits_of_habit_give_no_curve(seed: int) -> None:
    """Where waits have nothing to do with load, no queue predicts the surges."""
    test = surge_test("ci", planted(servers=3, habit=True, seed=seed))

    assert not test.passed
    assert "surge weeks" in test.reason


def test_without_surges_nothing_is_tested() -> None:
    """Weeks that are all alike give no curve, and say why."""
    at = np.arange(0, 40 * WEEK, 10.0)
    test = surge_test("ci", Runs(at, np.zeros(len(at)), np.ones(len(at)), 40))

    assert isinstance(test, SurgeTest)
    assert test.reason == "0 surge weeks to test on; 5 are needed"


def test_a_declared_capacity_is_not_fitted() -> None:
    """``[capacity]`` decides, also where it is wrong; the surges show it."""
    test = surge_test("ci", planted(servers=3, habit=False), servers=40)

    assert (test.servers, test.declared, test.passed) == (40, True, False)
    assert isinstance(test.gain, Interval)
