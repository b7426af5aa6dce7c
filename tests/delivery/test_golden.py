"""The worked examples of deploy parallelism, on teams and in the long run."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from conway.delivery.concentration import measure_concentration
from conway.delivery.measurement import Delivery, measure_delivery, service_lanes
from conway.figures import value_of
from tests.works import work_of

MIXED = "A B AB C CD D A BC"


def by_teams(sets: str, teams: dict[str, str]) -> Delivery:
    """Measure sets whose authors belong to the team of their first service."""
    return measure_delivery(work_of(sets, teams=teams), with_trend=False)


@pytest.mark.parametrize(
    ("groups", "bound", "footprint", "balance", "loads"),
    [
        ({"A": "t1", "B": "t1", "C": "t2", "D": "t2"}, 8 / 5, 9 / 8, 0.9, [5, 4]),
        ({"A": "t1", "C": "t1", "B": "t2", "D": "t2"}, 4 / 3, 11 / 8, 11 / 12, [6, 5]),
    ],
)
def test_teams_over_the_mixed_example(
    groups: dict[str, str], bound: float, footprint: float, balance: float, loads: list[int]
) -> None:
    """G2 and G3: the same eight changes under {AB}{CD} and under {AC}{BD}."""
    found = by_teams(MIXED, groups).team_lanes

    assert found.loads.tolist() == loads
    assert value_of(found.bound) == pytest.approx(bound)
    assert value_of(found.mean_footprint) == pytest.approx(footprint)
    assert value_of(found.balance) == pytest.approx(balance)


def test_no_assignment_of_services_beats_the_services_themselves() -> None:
    """P4, the reorganisation ceiling: over all assignments to three teams."""
    ceiling = value_of(by_teams(MIXED, dict.fromkeys("ABCD", "t1")).services.bound)

    bounds = [
        value_of(by_teams(MIXED, dict(zip("ABCD", teams, strict=True))).team_lanes.bound)
        for teams in product(["t1", "t2", "t3"], repeat=4)
    ]
    assert max(bounds) <= ceiling + 1e-9


def test_the_best_two_teams_need_a_swap() -> None:
    """G3: from {AC}{BD} no single move of a service helps, a swap gives 8/5."""
    start = {"A": "t1", "C": "t1", "B": "t2", "D": "t2"}
    single = [
        value_of(by_teams(MIXED, {**start, service: other}).team_lanes.bound)
        for service in "ABCD"
        for other in ("t1", "t2")
    ]
    swapped = {"A": "t1", "B": "t1", "C": "t2", "D": "t2"}

    assert max(single) == pytest.approx(4 / 3)
    assert value_of(by_teams(MIXED, swapped).team_lanes.bound) == pytest.approx(8 / 5)


def test_changes_that_lock_everything() -> None:
    """G9: ten lanes, one change in ten takes all of them: 1/0.19 streams at most."""
    lanes = "ABCDEFGHIJ"
    words = [lanes] * 10 + [lane for lane in lanes for _ in range(9)]
    found = measure_concentration(
        service_lanes(work_of(" ".join(words))), conflict_probability=float("nan")
    )

    assert value_of(found.bound) == pytest.approx(1 / 0.19)


def test_a_random_heap() -> None:
    """G10: two lanes, one change in five takes both: bound 5/3, in order 15/11, q 0.68."""
    rng = np.random.default_rng(2)
    words = rng.choice(["AB", "A", "B"], p=[0.2, 0.4, 0.4], size=20_000)
    work = work_of([[f"{s}/x.py" for s in word] for word in words])
    found = measure_delivery(work, with_trend=False).services

    assert value_of(found.bound) == pytest.approx(5 / 3, rel=0.02)
    assert value_of(found.in_order) == pytest.approx(15 / 11, rel=0.02)
    assert value_of(found.conflict_probability) == pytest.approx(0.68, abs=0.01)


def test_uneven_lanes() -> None:
    """G12: shares 1/2, 1/4, 1/8, 1/8 bound 2, and q is the sum of squared shares."""
    words = ["A"] * 400 + ["B"] * 200 + ["C"] * 100 + ["D"] * 100
    found = measure_delivery(work_of(" ".join(words)), with_trend=False).services
    total, squares = 800, 400**2 + 200**2 + 2 * 100**2

    assert value_of(found.bound) == pytest.approx(2)
    assert value_of(found.conflict_probability) == pytest.approx(
        (squares - total) / (total * (total - 1))
    )
    assert total**2 / squares == pytest.approx(2.90909, abs=1e-5)
