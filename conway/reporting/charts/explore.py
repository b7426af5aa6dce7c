"""Services and their change sets, linked: select a service, see its changes.

In:  the labelled work of an assessment.
Out: an Altair chart of two parts for a notebook; a report has no script to link them with.
"""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import altair as alt

from conway.display import visible
from conway.reporting.palette import FONT, LINE, MUTED, RULE
from conway.reporting.quantities import plural

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from conway.boundaries.work import Work

MOST_SETS = 2_000
MOST_SERVICES = 40


def explore(work: Work) -> alt.HConcatChart:
    """Draw services by change sets; those selected show their change sets over time.

    Parameters
    ----------
    work
        The labelled change sets. The latest 2,000 and the 40 most changed services are drawn.
    """
    touched = _touched(work)
    order = touched["service"].value_counts(sort=True).index[:MOST_SERVICES]
    kept = touched[touched["service"].isin(order)]
    data = alt.InlineData(values=[_datum(row, work) for row in kept.to_dict("records")])
    chosen = alt.selection_point(fields=["service"], empty=True)
    names = [visible(work.services[code]) for code in order]
    title = (
        f"{names[0]} changes most: {plural(int((kept['service'] == order[0]).sum()), 'change set')}"
        if names
        else "No change set touches a service"
    )
    drawn: alt.HConcatChart = alt.hconcat(
        _bars(data, chosen, names=names), _points(data, chosen), spacing=28
    )
    linked: alt.HConcatChart = drawn.properties(
        title={"text": textwrap.wrap(title, 70), "subtitle": "Click a service to see its changes"}
    ).configure(font=FONT, axis={"gridColor": RULE, "domainColor": RULE, "tickColor": RULE})
    return linked


def _touched(work: Work) -> pd.DataFrame:
    """Return one row per change set and service, of the latest change sets."""
    rows = work.rows.loc[work.rows["service"] >= 0, ["set", "service"]].drop_duplicates()
    rows = rows[rows["set"] >= len(work.sets) - MOST_SETS].sort_values(["set", "service"])
    sets = work.sets[["change_set", "time", "author_team", "paths"]]
    together = rows.groupby("set")["service"].transform("size").rename("services")
    return rows.join(together).merge(sets, left_on="set", right_index=True)


def _datum(row: Mapping[Hashable, Any], work: Work) -> dict[str, Any]:
    team = int(row["author_team"])
    return {
        "service": visible(work.services[int(row["service"])]),
        "change set": visible(str(row["change_set"])),
        "day": datetime.fromtimestamp(int(row["time"]), UTC).strftime("%Y-%m-%d"),
        "author's team": visible(work.teams[team]) if team >= 0 else "unknown",
        "files": int(row["paths"]),
        "services": int(row["services"]),
    }


def _bars(data: alt.InlineData, chosen: alt.Parameter, *, names: list[str]) -> alt.Chart:
    bars = alt.Chart(data).mark_bar(color=LINE, cursor="pointer")
    drawn: alt.Chart = (
        bars.encode(
            y=alt.Y("service:N", sort=names, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("count():Q", title="change sets"),
            opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.25)),
            tooltip=["service:N", "count():Q"],
        )
        .add_params(chosen)
        .properties(width=220, height=alt.Step(18))
    )
    return drawn


def _points(data: alt.InlineData, chosen: alt.Parameter) -> alt.Chart:
    fields = ("change set", "day", "author's team", "files", "services")
    points = alt.Chart(data).transform_filter(chosen).mark_circle(size=42, opacity=0.6)
    drawn: alt.Chart = points.encode(
        x=alt.X("day:T", title=None),
        y=alt.Y("services:Q", title="services in the change set", axis=alt.Axis(tickMinStep=1)),
        color=alt.condition("datum.services > 1", alt.value(LINE), alt.value(MUTED)),
        tooltip=[alt.Tooltip(field=field, type="nominal") for field in fields],
    ).properties(width=420, height=300)
    return drawn
