"""The layers of the socio-technical graph: typed nodes and edges, in a fixed order.

In:  ``Work``, significant pairs, and what else is known (dependencies, releases, handoffs).
Out: ``Layers``.

| edge | from | to | weight |
|---|---|---|---|
| ``owns`` | team | service | 1 |
| ``contains`` | service | file | 1 |
| ``touches`` | change set | file | 1 |
| ``wrote`` | team | change set | 1 |
| ``co-change`` | service | service | joint change sets (no direction: by name) |
| ``released with`` | service | service | joint releases (no direction: by name) |
| ``depends on`` | service | service | declared dependencies |
| ``needs`` | team | team | handoffs |
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from conway.boundaries.work import Work

Key = tuple[str, str]
"""Kind and label of a node."""


@dataclass(frozen=True, slots=True)
class Node:
    """A team, service, file or change set.

    Attributes
    ----------
    team
        Owner of a service, author's team of a change set.
    changes
        Change sets that touch it; of a team those that its people wrote; of a change set
        the changes that it joins.
    """

    kind: str
    label: str
    team: str | None
    changes: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation, and in a few words what it rests on."""

    kind: str
    source: Key
    target: Key
    weight: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """Nodes and edges in order, and how many files and change sets were left out."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: tuple[int, int]


def layers_of(
    work: Work,
    pairs: pd.DataFrame,
    *,
    dependencies: pd.DataFrame | None,
    releases: pd.DataFrame | None,
    handoffs: pd.DataFrame | None,
    most: tuple[int, int],
) -> Layers:
    """Return all nodes and edges (parameters: `conway.coupling.graph.sociotechnical_graph`)."""
    files = _files(work, most=most[0])
    sets = np.arange(len(work))[max(0, len(work) - max(0, most[1])) :]
    nodes = [*_teams(work), *_services(work), *_file_nodes(work, files), *_sets(work, sets)]
    known = {(node.kind, node.label) for node in nodes}
    edges = [
        *_owns(work),
        *_contains(work, files),
        *_touches(work, files, sets=sets),
        *_wrote(work, sets),
        *_pairs("co-change", pairs),
        *(() if releases is None else _pairs("released with", releases)),
        *(() if dependencies is None else _depends(dependencies)),
        *(() if handoffs is None else _needs(work, handoffs)),
    ]
    inside = tuple(edge for edge in edges if {edge.source, edge.target} <= known)
    every = work.rows["entity"].nunique()
    return Layers(tuple(nodes), inside, (every - len(files), len(work) - len(sets)))


def _files(work: Work, *, most: int) -> pd.DataFrame:
    """Return ``entity, service, changes`` of the files with most change sets, by name."""
    rows = work.rows
    last = rows.drop_duplicates("entity", keep="last").set_index("entity")["service"]
    counts = rows[["set", "entity"]].drop_duplicates()["entity"].value_counts()
    frame = counts.rename("changes").to_frame().assign(service=last).reset_index()
    names = np.array(work.paths, dtype=object)
    frame = frame.assign(name=names[frame["entity"].to_numpy(dtype=np.int64)])
    kept = frame.sort_values(["changes", "name"], ascending=[False, True]).head(max(0, most))
    return kept.sort_values("name", ignore_index=True)


def _teams(work: Work) -> Iterator[Node]:
    wrote = Counter(work.sets["author_team"].tolist())
    for code, name in enumerate(work.teams):
        yield Node("team", name, None, wrote[code])


def _services(work: Work) -> Iterator[Node]:
    cells = work.rows[["set", "service"]].drop_duplicates()
    touched = Counter(cells["service"].tolist())
    for code, (name, owner) in enumerate(zip(work.services, work.service_teams, strict=True)):
        yield Node("service", name, work.teams[owner] if owner >= 0 else None, touched[code])


def _file_nodes(work: Work, files: pd.DataFrame) -> Iterator[Node]:
    owner = [*work.service_teams, -1]
    for name, service, changes in zip(
        files["name"], files["service"].tolist(), files["changes"].tolist(), strict=True
    ):
        team = owner[service]
        yield Node("file", name, work.teams[team] if team >= 0 else None, changes)


def _sets(work: Work, sets: np.ndarray) -> Iterator[Node]:
    part = work.sets.iloc[sets]
    for name, team, changes in zip(
        part["change_set"], part["author_team"].tolist(), part["changes"].tolist(), strict=True
    ):
        yield Node("change set", name, work.teams[team] if team >= 0 else None, changes)


def _owns(work: Work) -> Iterator[Edge]:
    for name, owner in zip(work.services, work.service_teams, strict=True):
        if owner >= 0:
            yield Edge("owns", ("team", work.teams[owner]), ("service", name), 1.0)


def _contains(work: Work, files: pd.DataFrame) -> Iterator[Edge]:
    for name, service in zip(files["name"], files["service"].tolist(), strict=True):
        if service >= 0:
            yield Edge("contains", ("service", work.services[service]), ("file", name), 1.0)


def _touches(work: Work, files: pd.DataFrame, *, sets: np.ndarray) -> Iterator[Edge]:
    rows = work.rows[["set", "entity"]].drop_duplicates()
    rows = rows[rows["entity"].isin(files["entity"]) & rows["set"].isin(sets)]
    names = work.sets["change_set"].tolist()
    for number, entity in rows.itertuples(index=False):
        yield Edge("touches", ("change set", names[number]), ("file", work.paths[entity]), 1.0)


def _wrote(work: Work, sets: np.ndarray) -> Iterator[Edge]:
    part = work.sets.iloc[sets]
    for name, team in zip(part["change_set"], part["author_team"].tolist(), strict=True):
        if team >= 0:
            yield Edge("wrote", ("team", work.teams[team]), ("change set", name), 1.0)


def _pairs(kind: str, pairs: pd.DataFrame) -> Iterator[Edge]:
    columns = ["a", "b", "joint", "degree"]
    for a, b, joint, degree in pairs.sort_values(["a", "b"])[columns].itertuples(index=False):
        yield Edge(kind, ("service", a), ("service", b), float(joint), f"degree {degree:.3f}")


def _depends(dependencies: pd.DataFrame) -> Iterator[Edge]:
    grouped = dependencies.groupby(["from_service", "to_service"], sort=True)
    for (source, target), found in grouped:
        reasons = zip(found["kind"], found["evidence"], strict=True)
        said = sorted({f"{kind}: {why}" for kind, why in reasons})
        yield Edge(
            "depends on",
            ("service", str(source)),
            ("service", str(target)),
            float(len(found)),
            "; ".join(said[:_SAID]),
        )


_SAID = 5
"""Pieces of evidence that one edge carries."""


def _needs(work: Work, handoffs: pd.DataFrame) -> Iterator[Edge]:
    summed = handoffs.groupby(["from_team", "to_team"], sort=True, as_index=False)["weight"].sum()
    for author, needed, weight in summed.itertuples(index=False):
        ends = ("team", work.teams[int(author)]), ("team", work.teams[int(needed)])
        yield Edge("needs", *ends, round(float(weight), 9))
