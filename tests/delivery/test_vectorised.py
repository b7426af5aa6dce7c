"""Footprints by columns are those of a loop over change sets, bit for bit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from conway.delivery import meeting
from conway.delivery.concentration import span
from conway.delivery.footprints import find_footprints, needed_teams
from conway.delivery.grouping import distinct_rows
from conway.delivery.handoffs import list_handoffs
from conway.delivery.meeting import meeting_pairs
from conway.delivery.parallelism import lane_shares, main_lane, pair_counts, team_shares
from tests.works import work_of

LANES = 9
ROWS = st.lists(st.lists(st.integers(0, LANES - 1), max_size=8), min_size=1, max_size=30)


def incidence(rows: list[list[int]]) -> sparse.csr_array:
    """Return rows by lanes: how often each lane stands in a row."""
    cells = [(place, lane) for place, row in enumerate(rows) for lane in row]
    places, lanes = zip(*cells, strict=True) if cells else ((), ())
    found = sparse.coo_array((np.ones(len(cells), dtype=np.int64), (places, lanes)),
                             shape=(len(rows), LANES)).tocsr()  # fmt: skip
    found.sum_duplicates()
    return found


@given(ROWS, st.lists(st.integers(0, 2), min_size=30, max_size=30))
def test_distinct_rows(rows: list[list[int]], heads: list[int]) -> None:
    """Kinds are numbered as a dictionary would number them."""
    starts = np.cumsum([0, *map(len, rows)])
    codes = np.array([code for row in rows for code in row], dtype=np.int64)
    kinds, first = distinct_rows(starts, codes, heads=np.array(heads[: len(rows)]))

    index: dict[tuple[int, ...], int] = {}
    slow = [
        index.setdefault((head, *row), len(index)) for head, row in zip(heads, rows, strict=False)
    ]
    assert kinds.tolist() == slow
    assert first.tolist() == [slow.index(kind) for kind in range(len(index))]


@given(
    st.lists(
        st.tuples(st.sampled_from(["t1", "t2", "t3", "-"]),
                  st.sets(st.sampled_from("ABCDE"), min_size=1)),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_footprints_of_teams(sets: list[tuple[str, set[str]]]) -> None:
    """The smallest sets of teams of each change set, and its handoffs, one set at a time."""
    owners = {"A": "t1", "B": "t1|t2", "C": "t2|t3|t4", "D": "t3", "E": ""}
    words = " ".join("".join(sorted(touched)) for _, touched in sets)
    work = work_of(words, owners=owners, authors=[author for author, _ in sets])
    prints = find_footprints(work)
    found = list_handoffs(prints).to_numpy().tolist()

    slow, rows = [], []
    for number, author in enumerate(work.sets["author_team"].tolist()):
        asked = frozenset(work.rows.loc[work.rows["set"] == number, "owners"]) - {-1}
        if author < 0 or not asked:
            continue
        options = needed_teams(author, asked, owners=work.owners)
        slow.append((number, author, options))
        weights: dict[int, float] = {}
        for team_set in options:
            for team in team_set - {author}:
                weights[team] = weights.get(team, 0.0) + 1 / len(options)
        rows += [[number, author, team, weight] for team, weight in sorted(weights.items())]

    assert [
        (number, int(prints.authors[kind]), prints.teams[kind])
        for number, kind in zip(prints.sets.tolist(), prints.kinds.tolist(), strict=True)
    ] == slow
    assert found == rows


@given(ROWS)
def test_lanes(rows: list[list[int]]) -> None:
    """Distinct lanes, the main lane and the longest chain, one change set at a time."""
    paths = incidence(rows)
    touched = paths.copy()
    touched.data = np.ones_like(touched.data)
    shares, main = lane_shares(touched), main_lane(paths)
    index: dict[tuple[int, ...], int] = {}
    free = [0] * LANES

    for place, row in enumerate(rows):
        lanes = tuple(sorted(set(row)))
        assert shares.kinds[place] == index.setdefault(lanes, len(index))
        assert tuple(np.flatnonzero(shares.resources[[shares.kinds[place]]].toarray()[0])) == lanes
        heaviest = sorted(lanes, key=lambda lane: (-row.count(lane), lane))[:1]
        assert main.indices[main.indptr[place] : main.indptr[place + 1]].tolist() == heaviest
        done = max((free[lane] for lane in lanes), default=-1) + 1
        free = [done if lane in lanes else at for lane, at in enumerate(free)]
    assert span(touched[np.diff(touched.indptr) > 0]) == max(free)


@given(ROWS, st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_pairs_that_meet(rows: list[list[int]], weeks: int, seed: int) -> None:
    """By subsets, by indicator, and one pair at a time: the same whole numbers."""
    resources = lane_shares(incidence(rows)).resources
    count = resources.shape[0]
    drawn = np.random.default_rng(seed).integers(0, 4, (weeks, count))
    weekly = sparse.csr_array(drawn.astype(np.float64))
    dense = resources.toarray() > 0
    slow = np.zeros((weeks, weeks))
    for k in range(count):
        for other in range(count):
            if (dense[k] & dense[other]).any():
                slow += np.outer(drawn[:, k], drawn[:, other])

    few = meeting_pairs(weekly, resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meeting, "FEW", 0)
        many = meeting_pairs(weekly, resources)

    assert few.tolist() == slow.tolist()
    assert many.tolist() == slow.tolist()


def test_equal_sets_meet_themselves_in_part() -> None:
    """{1, 2} or {1, 3} always meets itself; {2} or {3} does in half of the cases."""
    work = work_of("A B", owners={"A": "t2|t3", "B": "t2|t3"}, authors="t1 t2")
    both = team_shares(find_footprints(work), teams=3)

    assert both.own.tolist() == [1.0, 1.0]
    apart = type(both)(np.array([0]), sparse.csr_array([[0.5, 0.5]]),
                       sparse.csr_array([[1.0, 0.0], [0.0, 1.0]]))  # fmt: skip
    assert apart.own.tolist() == [0.5]


def test_pairs_of_a_set_with_itself_never_count() -> None:
    """A set that touches no lane meets nothing, itself neither."""
    touched = incidence([[0], [], [0, 1]])
    counts = pair_counts(lane_shares(touched), np.array([0, 0, 0]), count=1)

    assert (counts.meeting.tolist(), counts.every.tolist()) == ([[2.0]], [[6.0]])


def test_rows_without_columns_are_one_kind() -> None:
    """Nothing touched anywhere is a kind too, and no rows are none."""
    assert [
        one.tolist() for one in distinct_rows(np.array([0, 0, 0]), np.array([], dtype=int))
    ] == [
        [0, 0],
        [0],
    ]
    assert list(pairwise(distinct_rows(np.array([0]), np.array([], dtype=int))[0])) == []
