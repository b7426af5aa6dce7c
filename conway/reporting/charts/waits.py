"""What crossing a boundary costs: dots with their intervals, one row a boundary and clock.

In:  ``waits`` of the assessment.
Out: a figure, or ``None`` where no effect was measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from conway.reporting.document import Cell, Column, FigureBlock, Table
from conway.reporting.palette import ACCENT, LINE, MUTED, styled
from conway.reporting.quantities import RATIO, listed, number, reading, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

WIDTH = 420
NAMES = {
    "repository": "several repositories",
    "service": "several services",
    "team": "services of several teams",
    "approval": "another team's approval",
}
PARTS = {
    "all": "",
    "bulk": ", bulk work",
    "last": ", finished last",
    "earlier": ", finished earlier",
}


def crossing_costs(evidence: Evidence) -> FigureBlock | None:
    """Return how many times as long a change waits if its set crosses a boundary."""
    waits = evidence.assessment.get("waits") or {}
    effects: list[Json] = list(waits.get("effects") or [])
    known = [one for one in _widest(effects) if reading(one["ratio"]).has_interval]
    if not known:
        return None
    return FigureBlock(
        name="crossing-costs",
        title=_finding(list(waits.get("verdicts") or [])),
        alt="One row per boundary and clock: a dot says how many times as long a change waits if "
        "its change set crosses the boundary, with its 95 % interval; the vertical line at 1 is "
        "no difference. The axis is logarithmic.",
        chart=_dots(known),
        table=_table(effects),
        note="Compared within one author, repository and quarter, at equal numbers of paths. Dark: "
        "by the author's clock, grey: by the committer's. The line at 1 is no difference.",
    )


def _widest(effects: list[Json]) -> list[Json]:
    """Return the effects at the widest linkage gap."""
    last = max((one["gap_days"] for one in effects), default=0)
    return [one for one in effects if one["gap_days"] == last]


def _finding(verdicts: list[Json]) -> str:
    """Say which costs are established, in one line."""
    for finding, words in (("longer", "wait longer"), ("shorter", "wait less long")):
        found = [NAMES[one["boundary"]] for one in verdicts if one["finding"] == finding]
        if found:
            open_ones = [one for one in verdicts if one["finding"] not in {"longer", "shorter"}]
            rest = "; for the other boundaries it is not established" if open_ones else ""
            return f"Changes that need {listed(found)} {words}{rest}"
    return "It is not established that crossing a boundary makes changes wait longer"


def _named(one: Json) -> str:
    return f"{NAMES[one['boundary']]}{PARTS[one['among']]}"


def _dots(effects: list[Json]) -> alt.LayerChart:
    names = list(dict.fromkeys(_named(one) for one in effects))
    base = alt.Chart(alt.InlineData(values=[_dot(one) for one in effects])).encode(
        y=alt.Y(
            "boundary:N",
            sort=names,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=330),
        ),
        yOffset=alt.YOffset("clock:N", sort=["author", "committer"]),
        color=alt.Color(
            "clock:N",
            scale=alt.Scale(domain=["author", "committer"], range=[LINE, MUTED]),
            legend=None,
        ),
    )
    none = alt.Chart(alt.InlineData(values=[{"none": 1}])).mark_rule(color=ACCENT, aria=False)
    scale = alt.Scale(type="log", nice=False)
    layers = alt.layer(
        none.encode(x=alt.X("none:Q", scale=scale)),
        base.mark_rule(strokeWidth=2, aria=False).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=80, opacity=1).encode(
            x=alt.X(
                "ratio:Q",
                scale=scale,
                title="times as long as the same author's other changes",
                axis=alt.Axis(values=[0.25, 0.5, 0.75, 1, 1.5, 2, 4]),
            ),
            description="says:N",
            tooltip="says:N",
        ),
    )
    return styled(layers.properties(width=WIDTH, height=44 * len(names)))


def _dot(one: Json) -> dict[str, Any]:
    read = reading(one["ratio"])
    return {
        "boundary": _named(one),
        "clock": str(one["clock"]),
        "ratio": read.value,
        "low": read.low,
        "high": read.high,
        "says": f"{_named(one)}, {one['clock']}'s clock: {shown(one['ratio'], RATIO)} times",
    }


def _table(effects: list[Json]) -> Table:
    columns = (
        Column("Crossing"),
        Column("Clock"),
        Column("Gap, days", number=True),
        Column("Times as long", number=True),
        Column("Changes that cross", number=True),
        Column("People with both", number=True),
    )
    rows = tuple(
        (
            Cell(_named(one)),
            Cell(str(one["clock"])),
            Cell(number(one["gap_days"]), float(one["gap_days"])),
            Cell(shown(one["ratio"], RATIO), reading(one["ratio"]).value),
            Cell(number(one["crossing"]), float(one["crossing"])),
            Cell(number(one["people"]), float(one["people"])),
        )
        for one in effects
    )
    return Table(
        "crossing-costs", "Waits of changes whose set crosses, over those of others", columns, rows
    )
