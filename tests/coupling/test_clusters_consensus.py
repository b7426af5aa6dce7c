"""The graph of meetings, its consensus, and planted organisations."""

from __future__ import annotations

import igraph
import numpy as np
import pytest
from scipy import sparse

from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import service_pairs
from conway.coupling.communities import consensus, meeting_graph, shares
from conway.coupling.incidence import incidence
from conway.coupling.partitions import Resolution
from tests.evaluations.organisations import Organisation, plant
from tests.evaluations.planted import reassigned
from tests.evaluations.significance import swapped
from tests.evaluations.tables import Table, merged
from tests.works import work_of

AT = Resolution("modularity", 1.0)


def test_every_service_counts_each_of_its_sets_once() -> None:
    """AB and ABC: A's edges weigh 1 and 1/2 + 1/2, two sets in all; a lone set adds none."""
    touches = incidence(work_of("AB ABC A"))
    graph = meeting_graph(touches)

    assert shares(touches).tolist() == [1.0, 0.5, 1.0]
    assert graph.get_edgelist() == [(0, 1), (0, 2), (1, 2)]
    assert graph.es["weight"] == [1.5, 0.5, 0.5]
    assert graph.strength(weights="weight") == [2.0, 2.0, 1.0]


def test_the_consensus_keeps_what_most_runs_keep() -> None:
    """A square with one run of three that cuts it the other way."""
    graph = igraph.Graph([(0, 1), (2, 3), (0, 2), (1, 3)])
    graph.es["weight"] = [1.0] * 4

    agreed = consensus(graph, [(0, 0, 1, 1), (0, 0, 1, 1), (0, 1, 0, 1)], at=AT)

    assert agreed == (0, 0, 1, 1)


def test_rare_pairs_are_grouped_together_where_their_sum_is_clear() -> None:
    """Four groups of twelve: hardly a pair is significant, and all services are grouped."""
    what = Organisation(changes=1500, mixing=0.1, services=48, groups=4)
    work, planted = plant(what)

    found = find_clusters(work, service_pairs(work), seeds=10, resamples=10)

    assert found.basis == "all meetings"
    assert found.labels is not None
    assert len(set(zip(found.labels, planted.tolist(), strict=True))) == len(found.groups) == 4


def test_blurred_boundaries_leave_the_significant_pairs() -> None:
    """Two tight pairs among services that meet at random: only the four are drawn."""
    random = np.random.default_rng(0)
    noise = ["".join(random.choice(list("ABCDEFGHIJKLMNOP"), 2, replace=False)) for _ in range(150)]
    work = work_of(["AB"] * 12 + ["CD"] * 12 + noise)

    found = find_clusters(work, service_pairs(work), seeds=10, resamples=20)

    assert found.basis == "significant pairs"
    assert found.groups == (("A", "B"), ("C", "D"))


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_drawn_where_nothing_is_planted(seed: int) -> None:
    """Forty services that differ in how busy they are, and in nothing else."""
    what = Organisation(changes=800, mixing=1.0, services=40, groups=4, seed=seed)
    work, _ = plant(what)

    assert find_clusters(work, service_pairs(work), seeds=5, resamples=5).labels is None


def test_the_ceiling_returns_each_service_to_its_group() -> None:
    """At little mixing the planted groups are what reassignment finds."""
    work, planted = plant(Organisation(changes=3000, mixing=0.1, services=48, groups=4))

    assert reassigned(meeting_graph(incidence(work)), planted).tolist() == planted.tolist()


def test_shuffling_keeps_both_margins() -> None:
    """Sizes of sets and counts of services stay; the cells do not."""
    random = np.random.default_rng(0)
    table = sparse.csr_array((random.random((60, 12)) < 0.2).astype(float))

    found = swapped(table, np.random.default_rng(1))

    for axis in (0, 1):
        assert found.sum(axis=axis).tolist() == table.sum(axis=axis).tolist()
    assert (found.toarray() != table.toarray()).any()


def test_tables_take_the_place_of_those_of_the_same_title() -> None:
    """One table is renewed, one is kept, one is added."""
    old = merged("", [Table("A", "x", [(1,)]), Table("B", "x", [(2,)])], head="# H\n")

    text = merged(old, [Table("A", "x", [(3,)]), Table("C", "x", [(4,)])], head="# H\n")

    assert [line for line in text.splitlines() if line.startswith(("#", "| "))] == [
        "# H", "## A", "| x |", "| 3 |", "## B", "| x |", "| 2 |", "## C", "| x |", "| 4 |",
    ]  # fmt: skip


def test_a_group_without_a_significant_pair_is_left_out() -> None:
    """Two tight pairs, and two that met once."""
    work = work_of(["AB"] * 60 + ["CD"] * 60 + ["EF", "GH"] + list("EFGH") * 9)

    found = find_clusters(work, service_pairs(work), seeds=5, resamples=10)

    assert found.basis == "all meetings"
    assert found.groups == (("A", "B"), ("C", "D"))
    assert found.labels == (0, 0, 1, 1, -1, -1, -1, -1)
