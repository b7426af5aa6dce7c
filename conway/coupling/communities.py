"""One partition of things that change together, agreed on by many runs.

In:  incidence of change sets and services.
Out: the graph of their meetings, and its consensus partition.

Every pair that met is an edge, whether or not it is significant alone: modularity sets the
weight inside groups against what the busyness of the members would bring by chance, and a
group shows in the sum of pairs of which each is too rare to prove. A change set of ``d``
services gives each of its pairs ``1 / (d - 1)``, so that every service counts each of its
sets once (Newman 2001) and large sets do not rule.

The consensus weighs an edge by the share of runs that keep it inside a group, and
partitions again (after Lancichinetti and Fortunato 2012, on the edges alone).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.incidence import meetings
from conway.coupling.partitions import Labels, Resolution, leiden

if TYPE_CHECKING:
    from collections.abc import Sequence

    import igraph
    from scipy import sparse


def shares(touches: sparse.csr_array) -> np.ndarray:
    """Return what each change set gives to each of its pairs (shape: sets).

    Examples
    --------
    >>> from scipy import sparse
    >>> shares(sparse.csr_array([[1.0, 1, 0], [1, 1, 1], [1, 0, 0]])).tolist()
    [1.0, 0.5, 1.0]
    """
    size = np.asarray(touches.sum(axis=1)).ravel()
    given: np.ndarray = 1 / np.maximum(size - 1, 1)
    return given


def meeting_graph(touches: sparse.csr_array) -> igraph.Graph:
    """Return the graph of all columns, an edge with its ``weight`` for each pair that met."""
    import igraph

    met = meetings(touches, shares(touches))
    ends = np.column_stack([met.first, met.second])
    graph = igraph.Graph(n=touches.shape[1], edges=ends.tolist())
    graph.es["weight"] = met.joint.tolist()
    return graph


def consensus(
    graph: igraph.Graph, runs: Sequence[Labels], *, at: Resolution, seed: int = 0
) -> Labels:
    """Return the partition that the runs agree on.

    Parameters
    ----------
    graph
        Undirected, its edges with ``weight``.
    runs
        Partitions of its vertices; one at least.
    at
        What the consensus optimises.
    seed
        Of igraph's generator.
    """
    import igraph

    ends = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    labels = np.array(runs)
    inside = (labels[:, ends[:, 0]] == labels[:, ends[:, 1]]).mean(axis=0)
    weights = np.array(graph.es["weight"]) * inside
    kept = weights > 0
    agreed = igraph.Graph(n=graph.vcount(), edges=ends[kept].tolist())
    (found,) = leiden(agreed, weights[kept].tolist(), at=at, seeds=[seed])
    return found
