"""Groups of services that change together, and how sure they are.

In:  ``Work`` and its pairs (schema ``COUPLING``).
Out: ``Clusters``: a label by service, their stability, and how they agree with teams.

Nothing is drawn unless a pair of services surely changes together (q-value of 0.01). Then
igraph's Leiden partitions a graph of meetings (`conway.coupling.communities`) at
modularity's resolution 1, over seeds, and the labels are the runs' consensus. Leiden is
nearly deterministic on small graphs, so agreement over seeds alone says little: the weeks
of the history are drawn again, with replacement, and the graph is weighted and partitioned
anew. Stability is the smaller of both mean adjusted Rand indices. Below 0.8 the boundary is
unclear and is not drawn.

The graph of all meetings is tried first: it groups also services whose pairs are too rare
to prove one by one; a group without a significant pair is left out. Where its boundary is
unclear, the significant pairs alone are tried; they say less, of fewer services, and chance
meetings do not blur them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from conway.coupling.alignment import Alignment, align
from conway.coupling.communities import consensus, meeting_graph, shares
from conway.coupling.graph import significant
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
"""Least stability of a boundary that is drawn; a convention, not a finding."""

STRUCTURE = 0.01
"""Something is grouped only if a pair has a q-value of at most this: at 0.05, one structureless
history in twenty would show a group."""

HEADLINE = Resolution("modularity", 1.0)

_PROFILE_SEEDS = 10
_SLIGHT = 1e-12

Basis = Literal["all meetings", "significant pairs"]

ALONE = -1
"""Label of a service in no group."""


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
        By service code: its cluster, 0 the largest, -1 in none. None where no
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
    basis
        Which meetings were partitioned.
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
    basis: Basis = "all meetings"

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
    kept = significant(pairs)
    if significant(pairs, false_discovery_rate=STRUCTURE).empty:
        return _without(
            work, "no two services change together more often than by chance", seed=seed
        )
    numbers = np.random.default_rng(seed).integers(2**31, size=seeds).tolist()
    found = _grouped(work, _core(work), seeds=numbers, resamples=resamples)
    if found.stability < CLEAR:
        sparse = _grouped(work, _core(work, kept), seeds=numbers, resamples=resamples)
        found = max(found, sparse, key=lambda one: one.stability)
    labels = _proven(work, _spread(found, number=len(work.services)), kept=kept)
    return _described(work, found, labels=labels, seed=seed, seeds=numbers)


@dataclass(frozen=True, slots=True, eq=False)
class _Core:
    """The services that met others (codes, ordered by name) and the graph of meetings."""

    basis: Basis
    services: np.ndarray
    graph: igraph.Graph


@dataclass(frozen=True, slots=True, eq=False)
class _Grouped:
    """A core, its consensus labels and how stable they are."""

    core: _Core
    labels: Labels
    over_seeds: float
    over_weeks: float

    @property
    def stability(self) -> float:
        return min(self.over_seeds, self.over_weeks)


def _grouped(work: Work, core: _Core, *, seeds: list[int], resamples: int) -> _Grouped:
    runs = leiden(core.graph, core.graph.es["weight"], at=HEADLINE, seeds=seeds)
    best = consensus(core.graph, runs, at=HEADLINE, seed=seeds[0])
    over_weeks = _over_weeks(work, core, best=best, resamples=resamples, seed=seeds[0])
    return _Grouped(core, best, agreement(runs), over_weeks)


def _described(
    work: Work, found: _Grouped, *, labels: Labels, seeds: list[int], seed: int
) -> Clusters:
    value, core = found.stability, found.core
    reason = "" if value >= CLEAR else f"unclear: stability {value:.2f} is below {CLEAR}"
    compared = Unknown(reason) if reason else align(labels, work.service_teams, seed=seed)
    return Clusters(
        services=work.services,
        labels=None if reason else labels,
        reason=reason,
        stability=value,
        over_seeds=found.over_seeds,
        over_weeks=found.over_weeks,
        ami=compared.ami if isinstance(compared, Alignment) else compared,
        ari=compared.ari if isinstance(compared, Alignment) else compared,
        alignment=compared if isinstance(compared, Alignment) else None,
        resolution=HEADLINE,
        profile=_profile(core.graph, best=found.labels, seeds=seeds[:_PROFILE_SEEDS]),
        seed=seed,
        basis=core.basis,
    )


def _core(work: Work, kept: pd.DataFrame | None = None) -> _Core:
    """Return the graph of all meetings, or of the significant pairs ``kept``."""
    by_name = np.array(sorted(range(len(work.services)), key=work.services.__getitem__))
    graph = meeting_graph(incidence(work)[:, by_name])
    if kept is not None:
        names = [work.services[code] for code in by_name.tolist()]
        place = {name: number for number, name in enumerate(names)}
        ends = zip(kept["a"].map(place), kept["b"].map(place), strict=True)
        edges = sorted(graph.get_eid(a, b) for a, b in ends)
        graph = graph.subgraph_edges(edges, delete_vertices=False)
    met = np.flatnonzero(np.array(graph.degree()) > 0)
    basis: Basis = "all meetings" if kept is None else "significant pairs"
    return _Core(basis, by_name[met], graph.induced_subgraph(met.tolist()))


def _over_weeks(work: Work, core: _Core, *, best: Labels, resamples: int, seed: int) -> float:
    """Return the mean agreement of ``best`` with partitions of resampled weeks."""
    touches = incidence(work)
    given, touches = shares(touches), touches[:, core.services]
    ends = np.array(core.graph.get_edgelist())
    meets = touches[:, ends[:, 0]].multiply(touches[:, ends[:, 1]]).T.tocsr()
    weeks, number = work.weeks, work.week_count
    random = np.random.default_rng(seed)
    scores = []
    for _ in range(resamples):
        drawn = random.multinomial(number, np.full(number, 1 / number))
        weights = meets @ (given * drawn[weeks]) + _SLIGHT
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


def _spread(found: _Grouped, *, number: int) -> np.ndarray:
    """Return the labels of all services from those of the coupled ones."""
    spread = np.full(number, ALONE, dtype=np.int64)
    spread[found.core.services] = found.labels
    return spread


def _proven(work: Work, labels: np.ndarray, *, kept: pd.DataFrame) -> Labels:
    """Return the labels without groups that hold no significant pair."""
    code = {name: number for number, name in enumerate(work.services)}
    one = labels[[code[name] for name in kept["a"]]]
    other = labels[[code[name] for name in kept["b"]]]
    proven = np.unique(one[(one == other) & (one != ALONE)])
    number = np.cumsum(np.isin(np.arange(labels.max() + 1), proven)) - 1
    return tuple(np.where(np.isin(labels, proven), number[labels], ALONE).tolist())


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
