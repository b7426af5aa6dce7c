"""The graph of services that significantly change together, and of everything around them.

In:  ``Work`` and its pairs (schema ``COUPLING``); other layers where they are known.
Out: an igraph graph, or a networkx graph for whoever explores. Files of other programs
     come from `conway.coupling.exports`.

The service graph's vertices are all services, with ``name``, ``team`` (None where unowned)
and ``changes``. Edges carry ``weight``, ``joint``, ``degree``, ``q_value``, ``forecast`` and
``layer``, the name of the evidence; layers join as parallel edges.

The socio-technical graph is directed and typed (`conway.coupling.layers`): teams, services,
files and change sets; who owns, contains, touches, writes, depends on and needs what. It
holds no person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from conway.coupling.incidence import incidence
from conway.coupling.layers import Layers, layers_of
from conway.coupling.significance import FALSE_DISCOVERY_RATE

if TYPE_CHECKING:
    import igraph
    import networkx as nx
    import pandas as pd

    from conway.boundaries.work import Work

_CARRIED = ("joint", "degree", "q_value", "forecast")


def significant(
    pairs: pd.DataFrame, *, false_discovery_rate: float = FALSE_DISCOVERY_RATE
) -> pd.DataFrame:
    """Return the pairs whose q-value is at most the false discovery rate, in order."""
    return pairs[pairs["q_value"] <= false_discovery_rate].reset_index(drop=True)


def service_graph(
    work: Work,
    pairs: pd.DataFrame,
    *,
    weight: Literal["forecast", "joint"] = "forecast",
    false_discovery_rate: float = FALSE_DISCOVERY_RATE,
) -> igraph.Graph:
    """Return the graph of significantly coupled services.

    Parameters
    ----------
    work
        Names the services, also those without an edge.
    pairs
        Schema ``COUPLING``.
    weight
        What an edge's ``weight`` is: the forecast of joint changes, or their count.
    false_discovery_rate
        Largest q-value of an edge.
    """
    import igraph

    edges = significant(pairs, false_discovery_rate=false_discovery_rate).sort_values(["a", "b"])
    code = {name: number for number, name in enumerate(work.services)}
    changes = np.asarray(incidence(work).sum(axis=0)).ravel()
    graph = igraph.Graph(
        n=len(work.services),
        edges=[(code[a], code[b]) for a, b in zip(edges["a"], edges["b"], strict=True)],
        vertex_attrs={
            "name": list(work.services),
            "team": [work.teams[t] if t >= 0 else None for t in work.service_teams],
            "changes": [round(count) for count in changes.tolist()],
        },
        edge_attrs={name: edges[name].tolist() for name in _CARRIED},
    )
    graph.es["weight"] = edges[weight].astype("float64").tolist()
    graph.es["layer"] = ["co-change"] * graph.ecount()
    return graph


def sociotechnical_graph(
    work: Work,
    pairs: pd.DataFrame,
    *,
    dependencies: pd.DataFrame | None = None,
    releases: pd.DataFrame | None = None,
    handoffs: pd.DataFrame | None = None,
    most_files: int = 500,
    most_sets: int = 500,
) -> igraph.Graph:
    """Return teams, services, files and change sets as one typed, directed graph.

    Parameters
    ----------
    work
        The selected change sets.
    pairs
        Schema ``COUPLING``; significant pairs become edges.
    dependencies
        ``from_service, to_service, kind, evidence``: declared dependencies, where known.
    releases
        Schema ``RELEASE_COUPLING``, where known; significant pairs become edges.
    handoffs
        Schema ``HANDOFFS`` of the delivery stage, where known: which team needs which.
    most_files, most_sets
        The files with most change sets, and the latest change sets, that are kept.

    Returns
    -------
    igraph.Graph
        Vertices with ``name`` (``kind:label``), ``kind``, ``label``, ``team`` and
        ``changes``; edges with ``kind``, ``weight`` and ``evidence``. How many files and
        change sets were left out stands in the attributes of the graph.
    """
    found = layers_of(
        work,
        significant(pairs),
        dependencies=dependencies,
        releases=None if releases is None else significant(releases),
        handoffs=handoffs,
        most=(most_files, most_sets),
    )
    return _typed(found)


def _typed(found: Layers) -> igraph.Graph:
    """Return nodes and edges as a directed graph, in the order of the layers."""
    import igraph

    nodes, edges = found.nodes, found.edges
    code = {(node.kind, node.label): number for number, node in enumerate(nodes)}
    graph = igraph.Graph(
        n=len(nodes),
        edges=[(code[edge.source], code[edge.target]) for edge in edges],
        directed=True,
        vertex_attrs={
            "name": [f"{node.kind}:{node.label}" for node in nodes],
            "kind": [node.kind for node in nodes],
            "label": [node.label for node in nodes],
            "team": [node.team for node in nodes],
            "changes": [node.changes for node in nodes],
        },
        edge_attrs={
            "kind": [edge.kind for edge in edges],
            "weight": [edge.weight for edge in edges],
            "evidence": [edge.evidence for edge in edges],
        },
    )
    graph["files_left_out"], graph["change_sets_left_out"] = found.left_out
    return graph


def to_networkx(graph: igraph.Graph) -> nx.Graph:
    """Return the graph under its names; several layers make a multigraph.

    A directed graph stays directed.
    """
    import networkx as nx

    several = graph.has_multiple()
    if graph.is_directed():
        result = nx.MultiDiGraph() if several else nx.DiGraph()
    else:
        result = nx.MultiGraph() if several else nx.Graph()
    names = graph.vs["name"] if graph.vcount() else []
    for vertex in graph.vs:
        attributes = {key: value for key, value in vertex.attributes().items() if key != "name"}
        result.add_node(vertex["name"], **attributes)
    for edge in graph.es:
        result.add_edge(names[edge.source], names[edge.target], **edge.attributes())
    return result
