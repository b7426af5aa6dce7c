from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conway.boundaries.approvers import MOST_SETS, hitting_sets


def needs(*sets: set[int]) -> frozenset[frozenset[int]]:
    """Return the requirements as the function takes them."""
    return frozenset(frozenset(teams) for teams in sets)


def lists(found: tuple[frozenset[int], ...]) -> list[list[int]]:
    """Return the sets as sorted lists."""
    return [sorted(teams) for teams in found]


GOLDEN: list[tuple[frozenset[frozenset[int]], int | None, list[list[int]]]] = [
    (needs({1, 2}, {2, 3}, {3}), None, [[1, 3], [2, 3]]),
    (needs({1, 2}, {2, 3}, {3}), 2, [[2, 3]]),
    (needs({1, 2}, {2, 3}, {3}), 1, [[1, 3]]),
    (needs(), None, [[]]),
    (needs(), 4, [[4]]),
    (needs(set()), 4, [[4]]),
    (needs({1}), 1, [[1]]),
    (needs({2, 3}), 1, [[1, 2], [1, 3]]),
    (needs({1, 2}, {3, 4}), None, [[1, 3], [1, 4], [2, 3], [2, 4]]),
    (needs({1, 2}, {1, 3}, {1, 4}), None, [[1]]),
    (needs({1, 2}, {2, 3}, {3, 1}), None, [[1, 2], [1, 3], [2, 3]]),
    (needs({1, 2}, {1, 2, 3}), None, [[1], [2]]),
]


@pytest.mark.parametrize(("requirements", "holding", "expected"), GOLDEN)
def test_smallest_approvers(
    requirements: frozenset[frozenset[int]], holding: int | None, expected: list[list[int]]
) -> None:
    """All smallest sets, in order; the author's team is in each and meets what it can."""
    assert lists(hitting_sets(requirements, holding=holding)) == expected


@given(
    st.frozensets(st.frozensets(st.integers(0, 7), min_size=1, max_size=4), max_size=7),
    st.none() | st.integers(0, 8),
)
def test_agrees_with_trying_every_set(
    requirements: frozenset[frozenset[int]], holding: int | None
) -> None:
    """Brute force over all sets of teams, by size."""
    left = [need for need in requirements if holding not in need]
    teams = sorted(set().union(*left))
    held = set() if holding is None else {holding}
    smallest = next(
        found
        for size in range(len(teams) + 1)
        if (
            found := [
                sorted(held | set(chosen))
                for chosen in itertools.combinations(teams, size)
                if all(need & set(chosen) for need in left)
            ]
        )
    )

    assert lists(hitting_sets(requirements, holding=holding)) == sorted(smallest)[:MOST_SETS]


def test_many_equal_sets_are_capped_in_order() -> None:
    """Twenty pairs have 2^20 answers: the first 64 in order."""
    found = hitting_sets(needs(*({2 * i, 2 * i + 1} for i in range(20))))

    free = list(itertools.product((0, 1), repeat=6))
    base = [2 * i for i in range(14)]
    assert lists(found) == [
        base + [28 + 2 * i + bit for i, bit in enumerate(bits)] for bits in free
    ]


def test_a_hostile_tangle_ends_with_a_warning() -> None:
    """300 alternatives of three among 100 teams: a hitting set, said not to be exact."""
    dice = random.Random(0)
    tangle = needs(*(set(dice.sample(range(100), 3)) for _ in range(300)))

    with pytest.warns(RuntimeWarning, match="too entangled"):
        (found,) = hitting_sets(tangle)

    assert all(need & found for need in tangle)
