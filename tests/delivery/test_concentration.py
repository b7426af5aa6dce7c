"""Concentration on the worked examples of its operational laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conway.delivery.concentration import Concentration, measure_concentration, span
from conway.delivery.measurement import service_lanes
from conway.delivery.parallelism import lane_shares, pair_counts
from conway.figures import value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

MIXED = "A B AB C CD D A BC"


def over_services(work: Work) -> Concentration:
    """Measure concentration over services."""
    lanes = service_lanes(work)
    q = pair_counts(lane_shares(lanes), work.weeks, count=work.week_count).q
    return measure_concentration(lanes, conflict_probability=q)


@pytest.mark.parametrize(
    ("sets", "bound", "in_order"),
    [
        (MIXED, 8 / 3, 8 / 3),
        ("AB BC AC", 3 / 2, 1),
        ("AB BC CD DE EA", 5 / 2, 1),
        ("ABC ADE AFG BDF BEG CDG CEF", 7 / 3, 1),
        ("A AB BC CD D", 5 / 2, 1),
    ],
)
def test_bound_and_order(sets: str, bound: float, in_order: float) -> None:
    """G1, G5 to G8: the bound is changes over the largest load, the span follows order."""
    found = over_services(work_of(sets))

    assert value_of(found.bound) == pytest.approx(bound)
    assert value_of(found.in_order) == pytest.approx(in_order)


def test_worked_example() -> None:
    """G1: loads 3, 3, 3, 2; footprint 11/8; balance 11/12; 7/16 with replacement."""
    found = over_services(work_of(MIXED))

    assert found.loads.tolist() == [3, 3, 3, 2]
    assert (found.changes, found.lanes) == (8, 4)
    assert value_of(found.mean_footprint) == pytest.approx(11 / 8)
    assert value_of(found.balance) == pytest.approx(11 / 12)
    assert value_of(found.conflict_probability) == pytest.approx((7 / 16 * 64 - 8) / 56)


@given(st.lists(st.sets(st.sampled_from("ABCDE"), min_size=1), min_size=2, max_size=30))
def test_laws(sets: list[set[str]]) -> None:
    """P1 the identity, P2 the order of bounds, P9 single lanes."""
    words = ["".join(sorted(one)) for one in sets]
    found = over_services(work_of(" ".join(words)))
    bound, in_order = value_of(found.bound), value_of(found.in_order)

    identity = found.lanes / value_of(found.mean_footprint) * value_of(found.balance)
    assert bound == pytest.approx(identity)
    assert in_order <= bound + 1e-9
    if all(len(one) == 1 for one in sets):
        assert in_order == pytest.approx(bound)


@given(
    st.lists(st.sets(st.sampled_from("ABCDE"), min_size=1), min_size=2, max_size=20),
    st.permutations("ABCDE"),
)
def test_names_do_not_matter(sets: list[set[str]], names: list[str]) -> None:
    """P6: relabelling lanes changes nothing."""
    rename = dict(zip("ABCDE", names, strict=True))
    one = over_services(work_of(" ".join("".join(sorted(s)) for s in sets)))
    other = over_services(work_of(" ".join("".join(sorted(rename[x] for x in s)) for s in sets)))

    assert value_of(one.bound) == pytest.approx(value_of(other.bound))
    assert value_of(one.in_order) == pytest.approx(value_of(other.in_order))


def test_refinement_never_lowers_the_bound() -> None:
    """P3: splitting a lane never lowers the bound, merging never raises it."""
    rng = np.random.default_rng(3)
    for _ in range(50):
        sets = ["".join(sorted(set(rng.choice(list("ABCD"), 2)))) for _ in range(20)]
        merged = ["".join(sorted({x.replace("B", "A") for x in s})) for s in sets]
        fine = value_of(over_services(work_of(" ".join(sets))).bound)
        coarse = value_of(over_services(work_of(" ".join(merged))).bound)

        assert coarse <= fine + 1e-9


def test_span_counts_the_longest_chain() -> None:
    """A, AB, B, C: three wait for each other, C does not."""
    assert span(service_lanes(work_of("A AB B C"))) == 3
