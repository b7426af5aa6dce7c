"""The service graph, congruence and the order of the matrix."""

from __future__ import annotations

import networkx as nx
import pytest

from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import service_pairs
from conway.coupling.congruence import measure_congruence
from conway.coupling.graph import service_graph, significant, to_networkx
from conway.coupling.ordering import matrix
from conway.figures import Unknown
from tests.works import work_of

PAIRED = ["AB"] * 30 + ["CD"] * 20 + ["X"] * 30 + ["AC"]


def test_the_graph_has_all_services_and_significant_edges() -> None:
    """AC met once, by chance: it is no edge."""
    work = work_of(PAIRED, teams={"A": "web"})

    graph = service_graph(work, service_pairs(work), weight="joint")

    assert graph.vs["name"] == ["A", "B", "C", "D", "X"]
    assert graph.vs["team"] == ["web", None, None, None, None]
    assert graph.vs["changes"] == [31, 30, 21, 20, 30]
    assert [graph.vs[edge.tuple]["name"] for edge in graph.es] == [["A", "B"], ["C", "D"]]
    assert graph.es["weight"] == [30.0, 20.0]
    assert graph.es["layer"] == ["co-change", "co-change"]


def test_networkx_gets_the_same_graph() -> None:
    """Nodes by name, edges with their numbers."""
    work = work_of(PAIRED)
    pairs = service_pairs(work)

    graph = to_networkx(service_graph(work, pairs))

    assert isinstance(graph, nx.Graph)
    assert sorted(graph.edges) == [("A", "B"), ("C", "D")]
    assert graph.edges["A", "B"]["joint"] == 30
    assert graph.nodes["X"] == {"team": None, "changes": 30}
    assert len(significant(pairs)) == 2


def test_a_graph_without_edges() -> None:
    """Nothing is coupled: vertices only."""
    work = work_of("A B")

    assert service_graph(work, service_pairs(work)).ecount() == 0


TEAMS = {"A": "web", "B": "core", "C": "web", "D": "core"}


def test_congruence_counts_visits_outside_the_joint_sets() -> None:
    """Web and core are required by A-B; two visits are not enough, three are."""
    joint, rest = ["AB"] * 30, ["CX"] * 30
    two, three = ["B", "B"], ["B", "B", "B"]
    for visits, share in [(two, 0.0), (three, 1.0)]:
        work = work_of(
            joint + rest + visits,
            teams={"A": "web", "B": "core", "C": "web"},
            authors=["web"] * (60 + len(visits)),
        )

        found = measure_congruence(work, service_pairs(work))

        assert found.required == (("core", "web"),)
        assert found.share == share
        assert found.seen == (found.required if share else ())


@pytest.mark.parametrize(
    ("teams", "authors", "reason"),
    [
        (None, None, "no service has an owning team"),
        ({"A": "web"}, ["-"] * 101, "no author's team is known"),
        (
            {"A": "web", "B": "web"},
            None,
            "no two teams own services that significantly change together",
        ),
    ],
)
def test_congruence_says_why_it_is_unknown(
    teams: dict[str, str] | None, authors: list[str] | None, reason: str
) -> None:
    """No owners, no authors, or nothing required."""
    work = work_of((PAIRED + ["X"] * 20)[:101], teams=teams, authors=authors)

    assert measure_congruence(work, service_pairs(work)).share == Unknown(reason)


def test_the_matrix_comes_in_cluster_order() -> None:
    """Largest cluster first, services without one last; the diagonal is their own sets."""
    words = ["DE"] * 30 + ["EF"] * 30 + ["AB"] * 30 + ["C"] * 40
    work = work_of(words, idle=["Z"])
    pairs = service_pairs(work)

    services, counts = matrix(
        work, pairs, clusters=find_clusters(work, pairs, seeds=5, resamples=5)
    )

    assert services in {("D", "E", "F", "A", "B", "C"), ("F", "E", "D", "A", "B", "C")}
    assert counts.diagonal().tolist() == [30, 60, 30, 30, 30, 40]
    assert counts[0, 1] == counts[1, 0] == 30
    assert counts[0, 2] == 0


def test_the_matrix_without_clusters_has_all_services() -> None:
    """No boundary is drawn: all services that changed, seriated."""
    work = work_of("AB A B C D")
    pairs = service_pairs(work)

    services, counts = matrix(work, pairs, clusters=find_clusters(work, pairs))

    assert sorted(services) == ["A", "B", "C", "D"]
    assert counts.sum() == 2 + 2 + 1 + 1 + 2
