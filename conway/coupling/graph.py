"""The graph of services that significantly change together.

In:  ``Work`` and its pairs (schema ``COUPLING``).
Out: an igraph graph, or a networkx graph for whoever explores.

Vertices are all services, with ``name``, ``team`` (None where unowned) and ``changes``.
Edges carry ``weight``, ``joint``, ``degree``, ``q_value``, ``forecast`` and ``layer``, the
name of the evidence; layers join as parallel edges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from conway.coupling.incidence import incidence
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


def to_networkx(graph: igraph.Graph) -> nx.Graph:
    """Return the graph with services as nodes; several layers make a multigraph."""
    import networkx as nx

    result = nx.MultiGraph() if graph.has_multiple() else nx.Graph()
    names = graph.vs["name"]
    for vertex in graph.vs:
        result.add_node(vertex["name"], team=vertex["team"], changes=vertex["changes"])
    for edge in graph.es:
        result.add_edge(names[edge.source], names[edge.target], **edge.attributes())
    return result
