"""Groups of services that change together, and how sure they are.

In:  ``Work`` and its pairs (schema ``COUPLING``).
Out: ``Clusters``: a label by service, their stability, and how they agree with teams.

igraph's Leiden partitions the graph of significant pairs, weighted by forecast, at
modularity's resolution 1. It runs over seeds; the label of each service is that of the
run which agrees most with the others. Leiden is nearly deterministic on small graphs, so
agreement over seeds alone says little: the weeks of the history are drawn again, with
replacement, and the graph is weighted and partitioned anew. Stability is the smaller of
both mean adjusted Rand indices. Below 0.8 the boundary is unclear and is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.alignment import Alignment, align
from conway.coupling.forecast import decay_of
from conway.coupling.graph import service_graph
from conway.coupling.incidence import incidence
from conway.coupling.partitions import (
    Labels,
    Resolution,
    agreement,
    leiden,
    rand_index,
    representative,
)
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    import igraph
    import pandas as pd

    from conway.boundaries.work import Work

CLEAR = 0.8
"""Least stability of a boundary that is drawn (DESIGN 7)."""

HEADLINE = Resolution("modularity", 1.0)

_PROFILE_SEEDS = 10
_SLIGHT = 1e-12

ALONE = -1
"""Label of a service that is coupled to no other."""


@dataclass(frozen=True, slots=True)
class Grain:
    """One row of the resolution profile: how many clusters, and how stable over seeds."""

    at: Resolution
    clusters: int
    stability: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Clusters:
    """Groups of services that change together.

    Attributes
    ----------
    labels
        By service code: its cluster, 0 the largest, -1 coupled to none. None where no
        boundary is drawn.
    reason
        Why none is drawn, else empty.
    stability
        Smaller of ``over_seeds`` and ``over_weeks``, 0-1.
    over_seeds, over_weeks
        Mean adjusted Rand index between seeds, and of resampled weeks with the labels.
    ami, ari
        Adjusted agreement with the services' teams.
    alignment
        The same with its null expectation; None where there is nothing to compare.
    resolution
        What the labels optimise.
    profile
        Other objectives and resolutions; ``agreement`` is with the labels.
    """

    services: tuple[str, ...]
    labels: Labels | None
    reason: str
    stability: Figure
    over_seeds: Figure
    over_weeks: Figure
    ami: Figure
    ari: Figure
    alignment: Alignment | None
    resolution: Resolution
    profile: tuple[Grain, ...]
    seed: int

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The clusters, largest first, each with its services by name."""
        if self.labels is None:
            return ()
        number = max(self.labels, default=ALONE) + 1
        named = sorted(zip(self.services, self.labels, strict=True))
        return tuple(tuple(s for s, label in named if label == k) for k in range(number))


def find_clusters(
    work: Work, pairs: pd.DataFrame, *, seeds: int = 50, resamples: int = 50, seed: int = 0
) -> Clusters:
    """Group services that significantly change together.

    Parameters
    ----------
    work
        The selected change sets.
    pairs
        Schema ``COUPLING``.
    seeds
        Runs of Leiden on the graph as it is.
    resamples
        Runs on the graph of resampled weeks.
    seed
        Of all that is random.

    Returns
    -------
    Clusters
        Without labels, and with a reason, where no pair is significant or the boundary
        is not stable.
    """
    core = _core(work, pairs)
    if core is None:
        return _without(
            work, "no two services change together more often than by chance", seed=seed
        )
    numbers = np.random.default_rng(seed).integers(2**31, size=seeds).tolist()
    runs = leiden(core.graph, core.graph.es["weight"], at=HEADLINE, seeds=numbers)
    best = representative(runs)
    over_seeds = agreement(runs)
    over_weeks = _over_weeks(work, core, best=best, resamples=resamples, seed=seed)
    stability = min(over_seeds, over_weeks)
    reason = "" if stability >= CLEAR else f"unclear: stability {stability:.2f} is below {CLEAR}"
    labels = _spread(best, core.services, number=len(work.services))
    compared = Unknown(reason) if reason else align(labels, work.service_teams, seed=seed)
    return Clusters(
        services=work.services,
        labels=None if reason else labels,
        reason=reason,
        stability=stability,
        over_seeds=over_seeds,
        over_weeks=over_weeks,
        ami=compared.ami if isinstance(compared, Alignment) else compared,
        ari=compared.ari if isinstance(compared, Alignment) else compared,
        alignment=compared if isinstance(compared, Alignment) else None,
        resolution=HEADLINE,
        profile=_profile(core.graph, best=best, seeds=numbers[:_PROFILE_SEEDS]),
        seed=seed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Core:
    """The coupled services (codes, ordered by name) and their graph."""

    services: np.ndarray
    graph: igraph.Graph


def _core(work: Work, pairs: pd.DataFrame) -> _Core | None:
    graph = service_graph(work, pairs)
    linked = [vertex.index for vertex in graph.vs if vertex.degree() > 0]
    if not linked:
        return None
    by_name = sorted(range(graph.vcount()), key=work.services.__getitem__)
    place = np.empty(graph.vcount(), dtype=np.int64)
    place[by_name] = np.arange(graph.vcount())
    ordered = graph.permute_vertices(place.tolist())
    kept = [index for index, code in enumerate(by_name) if graph.degree(code) > 0]
    return _Core(np.array(by_name)[kept], ordered.induced_subgraph(kept))


def _over_weeks(work: Work, core: _Core, *, best: Labels, resamples: int, seed: int) -> float:
    """Return the mean agreement of ``best`` with partitions of resampled weeks."""
    touches = incidence(work)[:, core.services]
    ends = np.array(core.graph.get_edgelist())
    meets = touches[:, ends[:, 0]].multiply(touches[:, ends[:, 1]]).T.tocsr()
    _, decayed = decay_of(work)
    weeks, number = work.weeks, work.week_count
    random = np.random.default_rng(seed)
    scores = []
    for _ in range(resamples):
        drawn = random.multinomial(number, np.full(number, 1 / number))
        weights = meets @ (decayed * drawn[weeks]) + _SLIGHT
        (labels,) = leiden(core.graph, weights, at=HEADLINE, seeds=[int(random.integers(2**31))])
        scores.append(rand_index(best, labels))
    return float(np.mean(scores)) if scores else 1.0


def _profile(graph: igraph.Graph, *, best: Labels, seeds: list[int]) -> tuple[Grain, ...]:
    """Return what other objectives and resolutions find; CPM's as multiples of density."""
    weights = graph.es["weight"]
    number = graph.vcount()
    density = sum(weights) / (number * (number - 1) / 2)
    grains = [
        *(Resolution("modularity", value) for value in (0.5, 1.0, 2.0)),
        *(Resolution("CPM", value * density) for value in (0.5, 1.0, 2.0)),
    ]
    rows = []
    for at in grains:
        runs = leiden(graph, weights, at=at, seeds=seeds)
        typical = representative(runs)
        rows.append(Grain(at, max(typical) + 1, agreement(runs), rand_index(best, typical)))
    return tuple(rows)


def _spread(labels: Labels, services: np.ndarray, *, number: int) -> Labels:
    """Return the labels of all services from those of the coupled ones."""
    spread = np.full(number, ALONE, dtype=np.int64)
    spread[services] = labels
    return tuple(spread.tolist())


def _without(work: Work, reason: str, *, seed: int) -> Clusters:
    nothing = Unknown(reason)
    return Clusters(
        services=work.services,
        labels=None,
        reason=reason,
        stability=nothing,
        over_seeds=nothing,
        over_weeks=nothing,
        ami=nothing,
        ari=nothing,
        alignment=None,
        resolution=HEADLINE,
        profile=(),
        seed=seed,
    )
