"""What changes together: the matrix of services in the order of their clusters.

In:  ``coupling`` and ``alignment.clusters`` of the assessment.
Out: a figure, or ``None`` where no two services change together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.charts.grid import Box, Frame, Shade, heat_map
from conway.reporting.document import Cell, Column, FigureBlock, Table
from conway.reporting.palette import step_of
from conway.reporting.quantities import PER_100, RATIO, SHARE, number, plural, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_SERVICES = 24
MOST_ROWS = 60
CLEAR = 0.8
LARGEST_Q = 0.05


def coupling(evidence: Evidence) -> FigureBlock | None:
    """Return the service × service matrix of the degree of coupling, in cluster order."""
    pairs: list[Json] = list(evidence.assessment.get("coupling") or [])
    if not pairs:
        return None
    order, cluster = _cluster_order(evidence, pairs)
    largest = max(float(pair["degree"]) for pair in pairs)
    clear = (
        reading((evidence.assessment.get("alignment") or {}).get("stability")).value or 0
    ) >= CLEAR
    degrees = {(p["a"], p["b"]): p for p in pairs} | {(p["b"], p["a"]): p for p in pairs}
    shades = [
        _shade(degrees.get((row, column)), row=row, column=column, largest=largest)
        for row in order
        for column in order
    ]
    left = _services(pairs) - len(order)
    note = "Numbers are the degree of coupling in per cent. Pairs that chance explains are blank. "
    note += "A box is a cluster of services that change together. " if clear else ""
    if left > 0:
        note += f"And {plural(left, 'more service')} with weaker coupling: in the table."
    return FigureBlock(
        name="coupling",
        title=_finding(evidence, [pair for pair in pairs if significant(pair)]),
        alt=f"Symmetric matrix of {len(order)} services, ordered by cluster; the darker a cell, "
        "the larger the share of the two services' change sets that touch both.",
        chart=heat_map(shades, Frame(order, order), boxes=_boxes(order, cluster) if clear else []),
        table=_table(pairs),
        note=note,
    )


def _cluster_order(evidence: Evidence, pairs: list[Json]) -> tuple[list[str], dict[str, int]]:
    """Return the most coupled services cluster by cluster, and the cluster of each."""
    clusters: list[Json] = (evidence.assessment.get("alignment") or {}).get("clusters") or []
    cluster = {name: i for i, group in enumerate(clusters) for name in group["services"]}
    weight: dict[str, float] = {}
    for pair in pairs:
        for name in (pair["a"], pair["b"]):
            weight[name] = weight.get(name, 0.0) + float(pair["joint"])
    kept = sorted(weight, key=lambda name: (-weight[name], name))[:MOST_SERVICES]
    return sorted(kept, key=lambda n: (cluster.get(n, len(clusters)), -weight[n], n)), cluster


def _services(pairs: list[Json]) -> int:
    return len({name for pair in pairs for name in (pair["a"], pair["b"])})


def _boxes(order: list[str], cluster: dict[str, int]) -> list[Box]:
    """Return one box for each cluster that shows at least two services."""
    members: dict[int, list[str]] = {}
    for name in order:
        members.setdefault(cluster.get(name, -1), []).append(name)
    return [
        Box((names[0], names[-1]), (names[0], names[-1]))
        for position, names in members.items()
        if position >= 0 and len(names) > 1
    ]


def _shade(pair: Json | None, *, row: str, column: str, largest: float) -> Shade:
    if row == column:
        return Shade(row, column, 0, "", row, plain=True)
    if pair is None or not significant(pair):
        return Shade(row, column, 0, "", "")
    degree = float(pair["degree"])
    says = (
        f"{row} and {column}: {plural(pair['joint'], 'joint change set')}, "
        f"degree {number(degree, RATIO)}"
    )
    text = number(degree, SHARE) if degree >= _LEAST_SHOWN else ""
    return Shade(row, column, step_of(degree, largest), text, says)


_LEAST_SHOWN = 0.0995


def significant(pair: Json) -> bool:
    """Whether a pair changes together more often than chance would bring about."""
    q = reading(pair.get("q_value")).value
    return q is None or q <= LARGEST_Q


def _finding(evidence: Evidence, found: list[Json]) -> str:
    if not found:
        return "No two services change together more often than chance would bring about"
    first = found[0]
    owners = {s["name"]: s.get("owner") for s in evidence.assessment.get("services") or []}
    a, b = first["a"], first["b"]
    owned = owners.get(a) and owners.get(b)
    across = ", across two owners" if owned and owners[a] != owners[b] else ""
    coming = reading(expected(first)).value
    forecast = ""
    if coming is not None:
        forecast = f", about {number(coming, PER_100)} expected next quarter"
    joint = plural(first["joint"], "joint change set")
    return f"{a} and {b} change together most{across}: {joint}{forecast}"


def _table(pairs: list[Json]) -> Table:
    columns = (
        Column("Service"),
        Column("Changes with"),
        Column("Joint change sets", number=True),
        Column("Degree", number=True),
        Column("Expected next quarter", number=True),
        Column("False alarms (q)", number=True),
    )
    left = len(pairs) - MOST_ROWS
    note = f"And {plural(left, 'more pair')}, in coupling.csv." if left > 0 else ""
    rows = tuple(_row(pair) for pair in pairs[:MOST_ROWS])
    return Table("coupling", "Pairs of services that change together", columns, rows, note)


def _row(pair: Json) -> tuple[Cell, ...]:
    q = reading(pair.get("q_value"))
    return (
        Cell(str(pair["a"])),
        Cell(str(pair["b"])),
        Cell(number(pair["joint"]), float(pair["joint"])),
        Cell(shown(pair["degree"], SHARE), float(pair["degree"])),
        _sortable(expected(pair)),
        Cell(_small(q.value) if q.value is not None else "unknown", q.value),
    )


def expected(pair: Json) -> object:
    """Return the forecast as a figure, with the bounds that stand beside it."""
    if isinstance(pair["forecast"], int | float) and pair.get("forecast_low") is not None:
        bounds = {"low": pair["forecast_low"], "high": pair["forecast_high"]}
        return {"value": pair["forecast"], **bounds}
    return pair["forecast"]


def _sortable(figure: object) -> Cell:
    return Cell(shown(figure, PER_100), reading(figure).value)


def _small(value: float) -> str:
    return "below 0.001" if value < _TINY else f"{value:.3f}"


_TINY = 0.001
