"""Whether planted groups are found again, and nothing where nothing is planted.

In:  organisations of 1,000 services, mixing 0.1-0.7, 200-20,000 changes, and mixing 1.
Out: a table of agreement (AMI) by mixing, and its plot in ``docs/images/planted.svg``.

The ceiling reassigns each service with the planted groups of all others known, by the
likelihood of the same block model: to the group ``g`` with the largest
``k_ig - gamma * k_i * K_g / 2m``, where ``k_ig`` is the service's weight to the group,
``K_g`` the group's weight without it, and ``gamma = (w_in - w_out) / ln(w_in / w_out)``
(Newman 2016) from the planted groups. No method knows as much.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix

from conway.coupling.clusters import HEADLINE, find_clusters
from conway.coupling.cochange import service_pairs
from conway.coupling.communities import consensus, meeting_graph
from conway.coupling.incidence import incidence
from conway.coupling.partitions import leiden
from tests.evaluations.organisations import Organisation, plant
from tests.evaluations.plots import save
from tests.evaluations.tables import Table

CHANGES = (200, 2_000, 20_000)
MIXING = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
SEEDS = 50
RESAMPLES = 10
NULL_RUNS = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found in one planted organisation."""

    what: Organisation
    agreement: float
    ceiling: float
    signal: float
    drawn: str
    together: float | None
    seconds: float


def found(what: Organisation) -> Cell:
    """Partition one planted organisation; say whether its boundary would be drawn."""
    begun = time.perf_counter()
    work, planted = plant(what)
    touches = incidence(work)
    graph = meeting_graph(touches)
    met = np.array(graph.degree()) > 0
    seeds = list(range(SEEDS))
    runs = leiden(graph, graph.es["weight"], at=HEADLINE, seeds=seeds)
    labels = np.array(consensus(graph, runs, at=HEADLINE))
    drawn = find_clusters(work, service_pairs(work), seeds=SEEDS, resamples=RESAMPLES)
    shown = np.array(drawn.labels if drawn.labels is not None else [-1] * len(planted))
    known = shown >= 0
    return Cell(
        what,
        agreement=_ami(planted[met], labels[met]),
        ceiling=_ami(planted[met], reassigned(graph, planted)[met]),
        signal=2 * graph.ecount() / len(planted) * (1 - what.mixing) ** 4,
        drawn=f"{known.sum()} by {drawn.basis}" if known.any() else "none",
        together=_together(planted[known], shown[known]) if known.any() else None,
        seconds=time.perf_counter() - begun,
    )


def reassigned(graph: object, planted: np.ndarray) -> np.ndarray:
    """Return each service's likeliest group, the groups of all others known."""
    number, groups = len(planted), int(planted.max()) + 1
    ends = np.array(graph.get_edgelist())  # type: ignore[attr-defined]
    weights = np.array(graph.es["weight"])  # type: ignore[attr-defined]
    both = (np.r_[ends[:, 0], ends[:, 1]], np.r_[ends[:, 1], ends[:, 0]])
    table = sparse.csr_array((np.r_[weights, weights], both), shape=(number, number))
    busy = np.asarray(table.sum(axis=1)).ravel()
    member = sparse.csr_array((np.ones(number), (np.arange(number), planted)))
    to_group = (table @ member).toarray()
    held, total = np.bincount(planted, busy, groups), float(busy.sum())
    inside, chance = float(to_group[np.arange(number), planted].sum()), float((held**2).sum())
    within, across = inside * total / chance, (total - inside) / (total - chance / total)
    gamma = (within - across) / np.log(within / across)
    others = np.tile(held, (number, 1))
    others[np.arange(number), planted] -= busy
    return np.asarray(np.argmax(to_group - gamma * busy[:, None] * others / total, axis=1))


def planted_groups() -> Table:
    """Return agreement by mixing and number of changes; write the plot."""
    cells = [found(Organisation(changes, mixing)) for changes in CHANGES for mixing in MIXING]
    _plot(cells)
    rows = [
        (
            f"{cell.what.changes:,}",
            cell.what.mixing,
            f"{cell.signal:.1f}",
            f"{cell.agreement:.3f}",
            f"{cell.ceiling:.3f}",
            f"{cell.ceiling - cell.agreement:+.3f}",
            cell.drawn,
            "-" if cell.together is None else f"{cell.together:.1%}",
            f"{cell.seconds:.1f}",
        )
        for cell in cells
    ]
    return Table(
        "Planted organisations",
        (
            "changes",
            "mixing",
            "AMI",
            "ceiling",
            "short by",
            "services drawn",
            "their AMI",
            "seconds",
        ),
        rows,
        (
            "1,000 services in 20 groups. AMI of the consensus of 50 seeds with the planted "
            "groups, over services that met another. The ceiling reassigns each service with "
            "the planted groups of all others known. Signal is the mean number of neighbours "
            "times the fourth power of 1 - mixing: below about 1 no efficient method is known "
            "that finds groups at all (Decelle et al. 2011). 'Services drawn' is what a user "
            "is shown; 'drawn together rightly' the share of pairs of them in one drawn group "
            "that are in one planted group."
        ),
    )  # fmt: skip


def structureless() -> Table:
    """Return how often something is drawn where nothing is planted."""
    rows = []
    for services, changes in ((50, 2_000), (200, 5_000), (1000, 2_000)):
        drawn = 0
        for seed in range(NULL_RUNS):
            what = Organisation(changes, 1.0, services=services, groups=10, seed=seed)
            work, _ = plant(what)
            groups = find_clusters(work, service_pairs(work), seeds=10, resamples=10)
            drawn += groups.labels is not None
        rows.append((services, f"{changes:,}", NULL_RUNS, drawn))
    return Table(
        "Groups drawn where nothing is planted",
        ("services", "changes", "histories", "drawn"),
        rows,
        "Mixing 1: services differ in how busy they are, and in nothing else.",
    )


def _ami(planted: np.ndarray, labels: np.ndarray) -> float:
    return float(adjusted_mutual_info_score(planted, labels))


def _together(planted: np.ndarray, labels: np.ndarray) -> float:
    table = contingency_matrix(labels, planted).astype(float)
    drawn = table.sum(axis=1)
    return float((table * (table - 1)).sum() / (drawn * (drawn - 1)).sum())


def _plot(cells: list[Cell]) -> None:
    import altair as alt
    import pandas as pd

    rows = [
        {"mixing": c.what.mixing, "AMI": value, "changes": f"{c.what.changes:,}", "line": line}
        for c in cells
        for line, value in (("found", c.agreement), ("ceiling", c.ceiling))
    ]
    lines = alt.Chart(pd.DataFrame(rows), width=420, height=280)
    lines = lines.mark_line(point=True).encode(
        x=alt.X("mixing:Q", scale=alt.Scale(domain=[0, 0.8])),
        y=alt.Y("AMI:Q", scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("changes:N", sort=[f"{n:,}" for n in CHANGES]),
        strokeDash=alt.StrokeDash("line:N", sort=["found", "ceiling"], title=None),
    )
    save(lines.properties(title="Planted groups are found as far as the changes tell"), "planted")
