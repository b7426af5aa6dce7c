"""Streams: unbiased, bounded, and exact on small histories."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conway.delivery.footprints import find_footprints
from conway.delivery.measurement import Delivery, measure_delivery
from conway.delivery.parallelism import lane_shares, pair_counts, team_shares
from conway.delivery.weeks import week_copies
from conway.figures import Interval, Unknown, value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TEAMS = {"A": "t1", "B": "t2", "C": "t3", "D": "t1"}


def measured(work: Work) -> Delivery:
    """Measure without the trend."""
    return measure_delivery(work, with_trend=False)


def test_streams_by_hand() -> None:
    """Sets need {1}, {1,2}, {2}, {3}: 2 of 6 pairs meet, 1 of 6 by authors alone."""
    found = measured(work_of("A AB B C", teams=TEAMS, authors="t1 t1 t2 t3")).teams

    assert value_of(found.streams) == pytest.approx(3)
    assert value_of(found.streams_uncoupled) == pytest.approx(6)
    assert value_of(found.retained) == pytest.approx(0.5)


def test_one_team_is_one_stream() -> None:
    """One team: 1, 1, 1."""
    found = measured(work_of("A B AB A", teams={"A": "t", "B": "t"}, authors="t t t t")).teams

    assert [value_of(f) for f in (found.streams, found.streams_uncoupled, found.retained)] == [
        1,
        1,
        1,
    ]


def test_nothing_shared_is_unknown() -> None:
    """No two change sets meet: no number, and a reason."""
    found = measured(work_of("A B C", teams=TEAMS)).teams

    assert isinstance(found.streams, Unknown)
    assert "share" in found.streams.reason


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["t1", "t2", "t3"]), st.sets(st.sampled_from("ABCD"), min_size=1)
        ),
        min_size=3,
        max_size=25,
    )
)
def test_q_equals_the_count_over_pairs(sets: list[tuple[str, set[str]]]) -> None:
    """The estimate is the share of pairs that meet; coupling never adds streams."""
    words = " ".join("".join(sorted(touched)) for _, touched in sets)
    work = work_of(words, teams=TEAMS, authors=[author for author, _ in sets])
    prints = find_footprints(work)
    shares = team_shares(prints, teams=len(work.teams))
    q = pair_counts(shares, work.weeks[prints.sets], count=work.week_count).q

    needs = [{author} | {TEAMS[s] for s in touched} for author, touched in sets]
    pairs = list(combinations(needs, 2))
    assert q == pytest.approx(sum(bool(a & b) for a, b in pairs) / len(pairs))
    retained = measured(work).teams.retained
    assert isinstance(retained, Unknown) or value_of(retained) <= 1 + 1e-12


def test_equal_sets_share() -> None:
    """A file that t2 or t3 may approve counts half for each."""
    work = work_of("A B C", teams=TEAMS, owners={"A": "t2|t3"}, authors="t1 t2 t3")
    prints = find_footprints(work)
    shares = team_shares(prints, teams=3)

    assert pair_counts(shares, np.zeros(3, dtype=int), count=1).q == pytest.approx(2 * 0.5 / 3)


def test_resampling_drops_pairs_of_copies() -> None:
    """Drawing a week twice must not make its change sets meet themselves."""
    work = work_of("A B C D", days=[0, 7, 14, 21])
    counts = pair_counts(lane_shares(footprint_lanes(work)), work.weeks, count=4)
    copies = np.array([[2.0, 0.0, 2.0, 0.0]])

    assert counts.resampled(copies).tolist() == [0.0]


def footprint_lanes(work: Work):  # noqa: ANN201 - sparse
    """Change sets by services."""
    from conway.delivery.measurement import service_lanes

    return service_lanes(work)


def test_interval_holds_the_value_and_needs_weeks() -> None:
    """30 weeks give an interval around the value; 5 weeks give the value alone."""
    rng = np.random.default_rng(1)
    words = " ".join(rng.choice(["A", "B", "AB", "C"], 210))
    authors = ["t1"] * 210
    long = measured(work_of(words, teams=TEAMS, authors=authors)).autonomy.handoffs_per_100
    short = measured(
        work_of(words[:40], teams=TEAMS, authors=["t1"] * len(words[:40].split()))
    ).autonomy.handoffs_per_100

    assert isinstance(long, Interval)
    assert long.low < long.value < long.high
    assert isinstance(short, float)


def test_copies_keep_the_number_of_weeks() -> None:
    """Each resampled history has as many weeks as the real one."""
    copies = week_copies(29, seed=4, repeats=50)

    assert copies.sum(axis=1).tolist() == [29.0] * 50
    assert (copies == week_copies(29, seed=4, repeats=50)).all()


def test_ten_changes_by_hand() -> None:
    """The ten of the page on autonomy: their streams are those counted on paper."""
    work = work_of(
        "A A A B B C AB ABC AD AA",
        teams=TEAMS,
        authors="t1 t1 t1 t2 t2 t3 t1 t1 t1 t2",
    )
    found = measured(work).teams

    assert value_of(found.streams) == pytest.approx(45 / 29)
    assert value_of(found.streams_uncoupled) == pytest.approx(45 / 18)
