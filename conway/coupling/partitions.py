"""Partitions: made by igraph's Leiden, compared, and given canonical labels.

In:  a weighted graph, or labels of the same things by several runs.
Out: labels, agreement between labels, a representative of many runs.

igraph draws from one generator for the whole process; it is set from a seed for the time
of a run and then set back to Python's ``random``, igraph's default.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import igraph

Objective = Literal["modularity", "CPM"]
Labels = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What Leiden optimises: an objective at a resolution."""

    objective: Objective
    resolution: float


def leiden(
    graph: igraph.Graph,
    weights: Sequence[float],
    *,
    at: Resolution,
    seeds: Sequence[int],
) -> list[Labels]:
    """Return one canonical partition per seed.

    Parameters
    ----------
    graph, weights
        An undirected graph and the weight of each edge.
    at
        Objective and resolution.
    seeds
        Seeds of igraph's generator.
    """
    found = []
    for seed in seeds:
        with _igraph_seeded(seed):
            clustering = graph.community_leiden(
                objective_function=at.objective,
                weights=list(weights),
                resolution=at.resolution,
                n_iterations=-1,
            )
        found.append(canonical(clustering.membership))
    return found


def canonical(labels: Sequence[int]) -> Labels:
    """Number clusters by size, largest first, then by their smallest member.

    Examples
    --------
    >>> canonical([7, 3, 3, 9])
    (1, 0, 0, 2)
    """
    size = Counter(labels)
    first = {label: index for index, label in reversed(list(enumerate(labels)))}
    order = sorted(size, key=lambda label: (-size[label], first[label]))
    number = {label: index for index, label in enumerate(order)}
    return tuple(number[label] for label in labels)


def rand_index(first: Sequence[int], second: Sequence[int]) -> float:
    """Return the adjusted Rand index (Hubert and Arabie 1985); 1 where both are trivial.

    Examples
    --------
    >>> rand_index([0, 0, 1, 1], [0, 0, 0, 1])
    0.0
    """
    left, right = (
        np.unique(first, return_inverse=True)[1],
        np.unique(second, return_inverse=True)[1],
    )
    cells = _pairs(np.bincount(left * (right.max() + 1) + right))
    rows, columns = _pairs(np.bincount(left)), _pairs(np.bincount(right))
    chance = rows * columns / _pairs(np.array([len(left)])) if len(left) > 1 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else float((cells - chance) / (most - chance))


def agreement(runs: Sequence[Labels]) -> float:
    """Return the mean adjusted Rand index over all pairs of runs; 1 for a single run."""
    distinct = Counter(runs)
    total, pairs = 0.0, len(runs) * (len(runs) - 1) / 2
    kinds = sorted(distinct)
    for index, one in enumerate(kinds):
        total += distinct[one] * (distinct[one] - 1) / 2
        total += sum(
            distinct[one] * distinct[other] * rand_index(one, other) for other in kinds[:index]
        )
    return total / pairs if pairs else 1.0


def representative(runs: Sequence[Labels]) -> Labels:
    """Return the partition that agrees most with all runs; of equals the commonest, first."""
    distinct = Counter(runs)

    def closeness(one: Labels) -> tuple[float, int]:
        near = sum(many * rand_index(one, other) for other, many in sorted(distinct.items()))
        return round(near / len(runs), 12), distinct[one]

    return max(sorted(distinct), key=closeness)


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1) / 2).sum())


@contextmanager
def _igraph_seeded(seed: int) -> Iterator[None]:
    import igraph

    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311  not for secrets
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)
