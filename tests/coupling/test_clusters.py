"""Partitions, clusters with their stability, alignment with teams."""

from __future__ import annotations

import random as python_random
from typing import TYPE_CHECKING

import igraph
import numpy as np
import pytest

from conway.coupling.alignment import Alignment, align
from conway.coupling.clusters import CLEAR, find_clusters
from conway.coupling.cochange import service_pairs
from conway.coupling.partitions import (
    Resolution,
    agreement,
    canonical,
    leiden,
    rand_index,
    representative,
)
from conway.figures import Unknown, value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

SERVICES = "ABCDEFGHIJKL"
TEAMS = {service: f"team {number // 3}" for number, service in enumerate(SERVICES)}


def planted(*, seed: int = 0, sets: int = 800, inside: float = 0.8) -> Work:
    """Four groups of three services; a share of the change sets stays inside one."""
    random = np.random.default_rng(seed)
    words = []
    for _ in range(sets):
        group, size = random.integers(4), random.choice([1, 2, 3], p=[0.6, 0.3, 0.1])
        pool = SERVICES[3 * group : 3 * group + 3] if random.random() < inside else SERVICES
        words.append("".join(random.choice(list(pool), size=size, replace=False)))
    return work_of(words, teams=TEAMS)


def test_canonical_labels_go_by_size_then_smallest_member() -> None:
    """Two clusters of two and one of one."""
    assert canonical([5, 2, 2, 9, 5]) == (0, 1, 1, 2, 0)
    assert canonical([]) == ()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([0, 0, 1, 1], [1, 1, 0, 0], 1.0),
        ([0, 0, 1, 1], [0, 0, 0, 1], 0.0),
        ([0, 0, 0], [0, 0, 0], 1.0),
        ([0, 1, 2], [0, 1, 2], 1.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
    ],
)
def test_adjusted_rand_index(first: list[int], second: list[int], expected: float) -> None:
    """Golden values, and scikit-learn's."""
    from sklearn.metrics import adjusted_rand_score

    assert rand_index(first, second) == pytest.approx(expected)
    assert rand_index(first, second) == pytest.approx(adjusted_rand_score(first, second))


def test_agreement_is_the_mean_over_pairs_of_runs() -> None:
    """Two equal runs and one that agrees with neither: (1 + 0 + 0) / 3."""
    runs = [(0, 0, 1, 1), (0, 0, 1, 1), (0, 0, 0, 1)]

    assert agreement(runs) == pytest.approx(1 / 3)
    assert agreement(runs[:1]) == 1.0
    assert representative(runs) == (0, 0, 1, 1)


def test_leiden_finds_two_triangles_and_leaves_the_generator_alone() -> None:
    """Two triangles and a bridge; igraph draws from Python's random again afterwards."""
    graph = igraph.Graph([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)])

    found = leiden(graph, [1.0] * 7, at=Resolution("modularity", 1.0), seeds=[1, 2])

    assert found == [(0, 0, 0, 1, 1, 1)] * 2
    python_random.seed(4)
    first = igraph.Graph.Erdos_Renyi(n=20, m=30).get_edgelist()
    python_random.seed(4)
    assert igraph.Graph.Erdos_Renyi(n=20, m=30).get_edgelist() == first


def test_planted_groups_are_found() -> None:
    """Four groups, 80 % of the change sets inside one: found, stable, equal to the teams."""
    work = planted()

    found = find_clusters(work, service_pairs(work), seeds=20, resamples=20)

    assert found.groups == (("A", "B", "C"), ("D", "E", "F"), ("G", "H", "I"), ("J", "K", "L"))
    assert value_of(found.stability) >= CLEAR
    assert (found.ami, found.ari) == (pytest.approx(1), pytest.approx(1))
    assert {grain.at.objective for grain in found.profile} == {"modularity", "CPM"}


def test_nothing_is_drawn_without_structure() -> None:
    """Uniform change sets have no significant pair, so there is no cluster."""
    work = planted(inside=0)

    found = find_clusters(work, service_pairs(work))

    assert found.labels is None
    assert found.groups == ()
    assert found.reason == "no two services change together more often than by chance"
    assert found.stability == Unknown(found.reason)


def test_an_unstable_boundary_is_unclear() -> None:
    """A ring of six equally coupled services can be cut anywhere."""
    work = work_of(["AB", "BC", "CD", "DE", "EF", "AF"] * 12 + list("ABCDEF") * 40)

    found = find_clusters(work, service_pairs(work), seeds=20, resamples=40)

    assert value_of(found.stability) < CLEAR
    assert found.labels is None
    assert found.reason.startswith("unclear: stability 0.")


def test_a_service_coupled_to_none_is_alone() -> None:
    """X changes as often, never with another."""
    work = work_of(["AB"] * 30 + ["CD"] * 30 + ["X"] * 30)

    found = find_clusters(work, service_pairs(work), seeds=5, resamples=5)

    assert found.labels == (0, 0, 1, 1, -1)
    assert isinstance(found.ami, Unknown)


def test_clusters_do_not_depend_on_the_order_of_names() -> None:
    """The same history under other names has the same groups, by renamed members."""
    work = planted(sets=400)
    turned = dict(zip(SERVICES, reversed(SERVICES), strict=True))
    words = [
        "".join(turned[work.services[code]] for code in sorted(set(rows["service"])))
        for _, rows in work.rows.groupby("set")
    ]
    renamed = work_of(words)

    one = find_clusters(work, service_pairs(work), seeds=5, resamples=5).groups
    other = find_clusters(renamed, service_pairs(renamed), seeds=5, resamples=5).groups

    assert sorted(one) == sorted(tuple(sorted(turned[s] for s in group)) for group in other)


def test_alignment_against_shuffled_labels() -> None:
    """Equal partitions of 12 reach 1, shuffled ones 0 on average."""
    labels = [number // 3 for number in range(12)]

    found = align(labels, labels, seed=1)

    assert isinstance(found, Alignment)
    assert (found.ami, found.ari, found.services) == (pytest.approx(1), pytest.approx(1), 12)
    assert abs(found.null_mean) < 0.1
    assert found.null_high < 1
    assert found.p_value == pytest.approx(1 / 200)


def test_alignment_equals_scikit_learns() -> None:
    """Random labels, unlabelled services left out."""
    from sklearn.metrics import adjusted_mutual_info_score

    random = np.random.default_rng(0)
    first, second = random.integers(-1, 4, size=60), random.integers(-1, 5, size=60)
    both = (first >= 0) & (second >= 0)

    found = align(first.tolist(), second.tolist())

    assert isinstance(found, Alignment)
    assert found.ami == pytest.approx(adjusted_mutual_info_score(first[both], second[both]))


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([0, 0], [-1, -1], "no service has an owning team"),
        ([0, -1], [-1, 0], "no coupled service has an owning team"),
        ([0, 0], [0, 1], "nothing to compare: coupled services form one cluster"),
        ([0, 1], [0, 0], "nothing to compare: one team owns them all"),
    ],
)
def test_alignment_says_why_it_is_unknown(first: list[int], second: list[int], reason: str) -> None:
    """Nothing to compare is no agreement and no disagreement."""
    assert align(first, second) == Unknown(reason)
