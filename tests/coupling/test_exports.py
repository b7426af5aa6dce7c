"""The socio-technical graph, and its files as other programs read them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, get_args

import networkx as nx
import pandas as pd
import pytest

from conway.coupling.cochange import service_pairs
from conway.coupling.exports import Format, exported
from conway.coupling.graph import service_graph, sociotechnical_graph, to_networkx
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from tests.works import work_of

if TYPE_CHECKING:
    import igraph

SETS = ["AB"] * 30 + ["CD"] * 20 + ["X"] * 30
TEAMS = {"A": "web", "B": "core", "C": "web"}
HOSTILE = 'A"]; end --> <script>`&x\\#1;%%\x1b[31m\u202e\n'
FORMATS = get_args(Format)


def graph(*, teams: dict[str, str] | None = None, most: int = 500) -> igraph.Graph:
    """Return the socio-technical graph of the planted work, with every layer."""
    work = work_of(SETS, teams=TEAMS if teams is None else teams)
    dependencies = pd.DataFrame(
        [("A", "B", "npm", "A/package.json"), ("A", "gone", "npm", "A/package.json")],
        columns=["from_service", "to_service", "kind", "evidence"],
    )
    return sociotechnical_graph(
        work,
        service_pairs(work),
        dependencies=dependencies,
        handoffs=list_handoffs(find_footprints(work)),
        most_files=most,
        most_sets=most,
    )


def test_nodes_and_edges_are_typed() -> None:
    """Two teams, five services with a file each, 80 sets; web writes AB and needs core."""
    found = graph()

    kinds = pd.Series(found.vs["kind"]).value_counts().to_dict()
    assert kinds == {"change set": 80, "service": 5, "file": 5, "team": 2}
    relations = pd.Series(found.es["kind"]).value_counts().to_dict()
    assert relations == {
        "touches": 130, "wrote": 50, "contains": 5, "owns": 3, "co-change": 2,
        "depends on": 1, "needs": 1,
    }  # fmt: skip
    needs = found.es.find(kind="needs")
    assert found.vs[needs.source]["name"] == "team:web"
    assert found.vs[needs.target]["name"] == "team:core"
    assert needs["weight"] == 30
    assert found.es.find(kind="depends on")["evidence"] == "npm: A/package.json"
    assert found.vs.find(name="service:A").attributes() == {
        "name": "service:A", "kind": "service", "label": "A", "team": "web", "changes": 30,
    }  # fmt: skip
    assert found.is_directed()


def test_what_is_left_out_is_said() -> None:
    """The three files with most change sets, the three latest sets."""
    found = graph(most=3)

    kinds = pd.Series(found.vs["kind"]).value_counts().to_dict()
    assert (kinds["file"], kinds["change set"]) == (3, 3)
    assert (found["files_left_out"], found["change_sets_left_out"]) == (2, 77)
    assert {v["label"] for v in found.vs if v["kind"] == "file"} == {
        "A/a.py", "B/b.py", "X/x.py"
    }  # fmt: skip


def test_released_together_is_a_layer() -> None:
    """Only the significant pair becomes an edge."""
    work = work_of(SETS)
    releases = pd.DataFrame(
        [("A", "B", 9, 0.9, 0.001), ("A", "C", 1, 0.1, 0.9)],
        columns=["a", "b", "joint", "degree", "q_value"],
    )

    found = sociotechnical_graph(work, service_pairs(work), releases=releases)

    (edge,) = found.es.select(kind="released with")
    assert (edge["weight"], edge["evidence"]) == (9, "degree 0.900")


def test_no_person_is_a_node() -> None:
    """Authors' codes and names are in no attribute."""
    work = work_of(["A"] * 20, teams=TEAMS, authors=["web:ann"] * 20)
    found = sociotechnical_graph(work, service_pairs(work))

    assert set(found.vs["kind"]) == {"team", "service", "file", "change set"}
    assert "ann" not in exported(found, "graphml")


@pytest.mark.parametrize("hostile", [False, True])
def test_networkx_reads_graphml_and_gexf_again(*, hostile: bool) -> None:
    """As many nodes and edges, with their attributes; hostile names are spelt out."""
    teams = {**TEAMS, "A": HOSTILE} if hostile else TEAMS
    found = graph(teams=teams)

    graphml = nx.parse_graphml(exported(found, "graphml"), force_multigraph=True)
    gexf = nx.read_gexf(io.BytesIO(exported(found, "gexf").encode()))

    for again in (graphml, gexf):
        assert again.number_of_nodes() == found.vcount()
        assert again.number_of_edges() == found.ecount()
        assert again.nodes["service:B"]["changes"] == 30
        assert again.nodes["service:B"]["team"] == "core"
        assert "team" not in again.nodes["service:X"]
    if hostile:
        spelt = "team:" + HOSTILE.replace("\x1b", "\\u{1B}").replace("\u202e", "\\u{202E}").replace(
            "\n", "\\u{A}"
        )
        assert spelt in graphml
        assert spelt in gexf


def test_names_that_look_alike_stay_two() -> None:
    """A control character and its spelling are two services."""
    work = work_of([["a\x07/a.py"], ["a\\u{7}/a.py"]])

    again = nx.parse_graphml(exported(service_graph(work, service_pairs(work)), "graphml"))

    assert sorted(again) == ["a\\u{7}", "a\\u{7} (2)"]


def test_dot_quotes_every_name() -> None:
    """One statement a line; what is left outside of strings is conway's."""
    lines = exported(graph(teams={**TEAMS, "A": HOSTILE}), "dot").splitlines()

    assert (lines[0], lines[-1]) == ("digraph conway {", "}")
    rest = {re.sub(r'"(?:[^"\\]|\\.)*"', '""', line) for line in lines[2:-1]}
    form = re.compile(r'  n\d+( -> n\d+)? \[label="", (shape=\w+|weight=\d+)\];')
    assert [line for line in rest if not form.fullmatch(line)] == []


def test_mermaid_escapes_every_name() -> None:
    """No character of a hostile name can end a label, open a tag or start a directive."""
    lines = exported(graph(teams={**TEAMS, "A": HOSTILE}), "mermaid").splitlines()

    assert lines[0] == "flowchart LR"
    label = r'"(?:[^"<>`&%\\|]|#\d+;)*"'
    node = rf"  n\d+(\[/|\[|\(\[|\(){label}(\\\]|\]|\]\)|\))"
    edge = rf"  n\d+ -->\|{label}\| n\d+"
    form = re.compile(f"{node}|{edge}")
    assert [line for line in lines[1:] if not form.fullmatch(line)] == []


def test_the_service_graph_is_exported_too() -> None:
    """Undirected, with its own attributes."""
    work = work_of(SETS, teams=TEAMS)
    found = service_graph(work, service_pairs(work))

    assert "n0 -- n1" in exported(found, "dot")
    assert '  n0 ---|"co-change ' in exported(found, "mermaid")
    again = nx.parse_graphml(exported(found, "graphml"))
    assert again.edges["A", "B"]["joint"] == 30


@pytest.mark.parametrize("form", FORMATS)
def test_equal_graphs_have_equal_bytes(form: Format) -> None:
    """No clock and no order of a set in any of them."""
    assert exported(graph(), form) == exported(graph(), form)
    assert not re.search(r"20\d\d-\d\d-\d\d", exported(graph(), form))


@pytest.mark.parametrize("form", FORMATS)
def test_a_graph_without_anything(form: Format) -> None:
    """Still a file of its format."""
    work = work_of("")

    assert exported(sociotechnical_graph(work, service_pairs(work)), form)


def test_directed_graphs_stay_directed_in_networkx() -> None:
    """And parallel relations stay apart: A co-changes with B and depends on it."""
    found = to_networkx(graph())

    assert isinstance(found, nx.MultiDiGraph)
    kinds = sorted(edge["kind"] for edge in found["service:A"]["service:B"].values())
    assert kinds == ["co-change", "depends on"]
