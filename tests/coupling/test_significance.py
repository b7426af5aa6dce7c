"""The configuration model, tails of joint counts, and false discoveries."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import sparse

from conway.coupling.configuration import PRECISION, configuration
from conway.coupling.incidence import meetings
from conway.coupling.poisson_binomial import upper_tails
from conway.coupling.significance import adjusted, significance


def random_table(random: np.random.Generator, *, sets: int, services: int) -> np.ndarray:
    """Return a table of sets and services, some services busy and most not."""
    busy = random.beta(0.6, 3, size=services)
    return (random.random((sets, services)) < busy).astype(np.int64)


def swapped(table: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a table with the same margins, its cells shuffled by five swaps a cell."""
    rows = [set(np.flatnonzero(row).tolist()) for row in table]
    for _ in range(5 * int(table.sum())):
        first, second = random.integers(len(rows), size=2)
        mine, yours = sorted(rows[first] - rows[second]), sorted(rows[second] - rows[first])
        if mine and yours:
            exchanged = {mine[random.integers(len(mine))], yours[random.integers(len(yours))]}
            rows[first] ^= exchanged
            rows[second] ^= exchanged
    result = np.zeros_like(table)
    for number, row in enumerate(rows):
        result[number, sorted(row)] = 1
    return result


def q_values_of(table: np.ndarray) -> np.ndarray:
    """Return the q-values of all pairs that met."""
    touches = sparse.csr_array(table.astype(float))
    return significance(touches, meetings(touches)).q_values


@pytest.mark.parametrize("seed", range(20))
def test_margins_are_reproduced(seed: int) -> None:
    """Each size exactly, each service's count to 1e-8, and pairs add up to d (d - 1) / 2."""
    random = np.random.default_rng(seed)
    table = random_table(random, sets=int(random.integers(2, 200)), services=9)
    table[0, 0] = 1
    model = configuration(table.sum(axis=1), table.sum(axis=0))
    first, second = np.triu_indices(9, k=1)

    chances = model.touching()

    np.testing.assert_allclose(chances.sum(axis=1), model.sizes, rtol=1e-9)
    np.testing.assert_allclose(model.counts @ chances, table.sum(axis=0), rtol=2 * PRECISION)
    np.testing.assert_allclose(
        model.meeting(first, second).sum(axis=1), model.sizes * (model.sizes - 1) / 2, atol=1e-9
    )


def test_chances_are_those_of_the_weighted_draw() -> None:
    """Sets of 1, 2 and 3 of four services: all subsets, enumerated by weight."""
    model = configuration(np.array([1, 1, 1, 2, 2, 3]), np.array([4, 3, 2, 1]))
    (block,) = model._blocks
    odds = dict(zip(block.services.tolist(), block.coins / (1 - block.coins), strict=True))
    for row, size in enumerate(model.sizes.tolist()):
        subsets = list(itertools.combinations(range(4), size))
        weights = np.array([math.prod(odds[s] for s in subset) for subset in subsets])
        for a, b in itertools.combinations(range(4), 2):
            both = sum(
                w for w, subset in zip(weights, subsets, strict=True) if {a, b} <= set(subset)
            )
            found = model.meeting(np.array([a]), np.array([b]))[row, 0]
            assert found == pytest.approx(both / weights.sum(), abs=1e-12)


def test_a_service_in_every_set_says_nothing() -> None:
    """A is in all sets: its joint counts are those expected, and nothing is significant."""
    table = np.array([[1, 1, 0], [1, 0, 1], [1, 1, 0], [1, 0, 0]])

    touches = sparse.csr_array(table.astype(float))
    pairs = meetings(touches)

    found = significance(touches, pairs)

    np.testing.assert_allclose(found.expected, pairs.joint)
    assert (found.p_values > 0.5).all()
    assert (found.q_values > 0.5).all()


def test_forced_blocks_fall_apart() -> None:
    """A and B fill all they can; sets of three hold both and one of C and D."""
    sizes, services = np.array([1, 1, 3, 3]), np.array([3, 3, 1, 1])
    model = configuration(sizes, services)

    chances = dict(zip(model.sizes.tolist(), model.touching().tolist(), strict=True))

    assert chances[1] == pytest.approx([0.5, 0.5, 0, 0])
    assert chances[3] == pytest.approx([1, 1, 0.5, 0.5])
    assert model.meeting(np.array([2]), np.array([3]))[1, 0] == 0


def test_margins_that_no_table_has_are_refused() -> None:
    """Two sets of one service cannot give a service three sets."""
    with pytest.raises(ValueError, match="no table has these margins"):
        configuration(np.array([1, 1]), np.array([3]))


def test_a_nearly_universal_service_is_solved() -> None:
    """One million sets of which all but one touch the first service."""
    sizes = np.array([1] * 999_990 + [2] * 10)
    model = configuration(sizes, np.array([999_999, 6, 5]))

    np.testing.assert_allclose(model.counts @ model.touching(), [999_999, 6, 5], rtol=2 * PRECISION)


@pytest.mark.parametrize("seed", range(25))
def test_tails_equal_brute_force(seed: int) -> None:
    """Every count of grouped binomials against plain convolution, down to 1e-250."""
    random = np.random.default_rng(seed)
    groups = int(random.integers(1, 6))
    trials = random.integers(1, 80, size=groups)
    chances = random.beta(0.6, random.choice([1, 5, 50]), size=groups)
    mass = np.ones(1)
    for number, chance in zip(trials, chances, strict=True):
        for _ in range(number):
            mass = np.convolve(mass, [1 - chance, chance])
    expected = np.cumsum(mass[::-1])[::-1][1:]
    counts = np.arange(1, len(expected) + 1)

    found = upper_tails(trials, np.repeat(chances[:, None], len(counts), axis=1), counts=counts)

    known = expected > 1e-250
    np.testing.assert_allclose(found[known], expected[known], rtol=1e-6)


def test_tails_of_certain_and_impossible_events() -> None:
    """Three certain events: at least 3 is certain, 4 takes one of two halves, 6 never comes."""
    trials = np.array([3, 2, 7])
    chances = np.repeat(np.array([[1.0], [0.5], [0.0]]), 4, axis=1)

    found = upper_tails(trials, chances, counts=np.array([0, 3, 4, 6]))

    assert found.tolist() == pytest.approx([1, 1, 0.75, 0])


def test_tails_of_many_events_equal_the_binomial() -> None:
    """A single group of a million is a binomial."""
    from scipy.stats import binom

    counts = np.array([20, 90, 100, 101, 130, 300])
    found = upper_tails(np.array([10**6]), np.full((1, len(counts)), 1e-4), counts=counts)

    np.testing.assert_allclose(found, binom.sf(counts - 1, 10**6, 1e-4), rtol=1e-6)


def test_q_values_are_benjamini_and_hochbergs() -> None:
    """Against scipy over all tests, those with p = 1 written out."""
    from scipy.stats import false_discovery_control

    p_values = np.array([0.001, 0.2, 0.03, 0.004])
    padded = np.concatenate([p_values, np.ones(6)])

    np.testing.assert_allclose(adjusted(p_values, tests=10), false_discovery_control(padded)[:4])


def test_randomised_histories_show_next_to_no_pairs() -> None:
    """Margins kept, structure gone: of 30 histories at most 5 % show any pair at q <= 0.05."""
    random = np.random.default_rng(11)
    table = random_table(random, sets=150, services=12)
    shown = sum(bool((q_values_of(swapped(table, random)) <= 0.05).any()) for _ in range(30))

    assert shown <= 2


def test_a_planted_pair_is_found_where_most_sets_are_small() -> None:
    """800 sets, 72 % of one service; 25 joint sets of two services of 12 stand out."""
    random = np.random.default_rng(5)
    table = np.zeros((800, 12), dtype=np.int64)
    for row in table:
        row[
            random.choice(12, size=random.choice([1, 2, 3], p=[0.72, 0.2, 0.08]), replace=False)
        ] = 1
    table[:25] = 0
    table[:25, [3, 7]] = 1
    touches = sparse.csr_array(table.astype(float))
    pairs = meetings(touches)
    found = significance(touches, pairs)

    shown = found.q_values <= 0.05

    assert list(zip(pairs.first[shown], pairs.second[shown], strict=True)) == [(3, 7)]


@pytest.mark.slow
def test_a_million_change_sets_of_a_thousand_services() -> None:
    """Busy services, sizes up to 30: it ends, and claims next to nothing."""
    random = np.random.default_rng(0)
    busy = random.pareto(1.2, size=1000) + 0.2
    sizes = np.minimum(random.geometric(0.45, size=10**6), 30)
    rows = np.repeat(np.arange(10**6), sizes)
    columns = random.choice(1000, size=len(rows), p=busy / busy.sum())
    touches = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(10**6, 1000))
    touches.data[:] = 1

    found = significance(touches, meetings(touches))

    assert (found.q_values > 0.05).mean() > 0.99
