"""How autonomy and streams moved: lines over time with their interval.

In:  the ``trend`` of ``autonomy`` and ``parallelism`` of the assessment.
Out: figures, or ``None`` where there are fewer than two periods.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import altair as alt

from conway.reporting.document import Cell, Column, FigureBlock, Table
from conway.reporting.palette import LINE, MUTED, styled
from conway.reporting.quantities import (
    SHARE,
    STREAMS,
    Unit,
    day,
    plural,
    reading,
    shown,
    window,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

WIDTH, HEIGHT = 275, 150

Series = tuple[str, str]  # key in the trend's rows, and what a reader calls it


def autonomy_trend(evidence: Evidence) -> FigureBlock | None:
    """Return the trend of the autonomous share, above it the single-team share."""
    trend = (evidence.assessment.get("autonomy") or {}).get("trend") or []
    series = (("autonomous_share", "autonomous"), ("single_team_share", "one team"))
    return _trend(
        trend, series, unit=SHARE, name="autonomy_trend", noun="Autonomous share",
        caption="Share of change sets per quarter; no interval below 13 weeks with change sets",
    )  # fmt: skip


def streams_trend(evidence: Evidence) -> FigureBlock | None:
    """Return the trend of independent streams, above it what authors alone would allow."""
    teams = (evidence.assessment.get("parallelism") or {}).get("teams") or {}
    series = (("streams", "streams"), ("streams_uncoupled", "possible"))
    return _trend(
        teams.get("trend") or [], series, unit=STREAMS, name="streams_trend", noun="Streams",
        caption="Effective independent streams among the change sets of one quarter",
    )  # fmt: skip


def _trend(
    trend: list[Json], series: tuple[Series, Series], *, unit: Unit, name: str, noun: str,
    caption: str,
) -> FigureBlock | None:  # fmt: skip
    key = series[0][0]
    known = [row for row in trend if reading(row.get(key)).known]
    if len(known) < _FEWEST:
        return None
    title = finding(known, key, unit=unit, noun=noun)
    alt_text = (
        f"Line over {plural(len(known), 'period')}, from {day(known[0]['from'])} to "
        f"{day(known[-1]['until'])}: {title}. The grey line is {series[1][1]}; "
        "the band is the 95 % interval."
    )
    return FigureBlock(
        name=name,
        title=title,
        alt=alt_text,
        chart=_chart(known, series, unit=unit),
        table=_table(trend, series, unit=unit, name=name, caption=caption),
        width="half",
    )


_FEWEST = 2


def finding(known: list[Json], key: str, *, unit: Unit, noun: str) -> str:
    """Say whether the last period differs from the first by more than their intervals."""
    first, last = reading(known[0][key]), reading(known[-1][key])
    begin = shown(known[0][key], unit, interval=False)
    end = shown(known[-1][key], unit, interval=False)
    if not (first.has_interval and last.has_interval):
        return f"{noun}: {begin} to {end}; how sure is not known"
    if (last.low or 0.0) > (first.high or 0.0):
        return f"{noun} rose from {begin} to {end}"
    if (last.high or 0.0) < (first.low or 0.0):
        return f"{noun} fell from {begin} to {end}"
    return f"{noun}: no clear trend ({begin} to {end})"


def _chart(known: list[Json], series: tuple[Series, Series], *, unit: Unit) -> alt.LayerChart:
    rows = [_datum(row, line, unit=unit) for line in series for row in known]
    rows = [row for row in rows if row["value"] is not None]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "when:T",
            title=None,
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(format="%b %Y", grid=False, tickCount=4, labelFlush=True),
        )
    )
    ink = alt.Color(
        "series:N",
        scale=alt.Scale(domain=[label for _, label in series], range=[LINE, MUTED]),
        legend=None,
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=4, domain=False, ticks=False, labelExpr=_label(unit)),
    )
    first = alt.datum.series == series[0][1]
    band = base.transform_filter(first).mark_area(opacity=0.18, color=LINE, aria=False)
    layers = alt.layer(
        band.encode(y=alt.Y("low:Q", title=None), y2="high:Q"),
        base.mark_line(strokeWidth=2, aria=False).encode(y=y, color=ink),
        base.mark_point(filled=True, size=34, opacity=1).encode(
            y=y, color=ink, description="says:N", tooltip="says:N"
        ),
        *(_name_at_end(rows, label, above=label != series[0][1]) for _, label in series),
    )
    return styled(layers.properties(width=WIDTH, height=HEIGHT))


def _name_at_end(rows: list[dict[str, Any]], label: str, *, above: bool) -> alt.Chart:
    """Return the name of a line beside its last point; the upper line's stands higher."""
    last = [row for row in rows if row["series"] == label][-1:]
    text = alt.Chart(alt.InlineData(values=last)).mark_text(
        align="left", dx=9, dy=-6 if above else 6, aria=False, color=MUTED if above else LINE
    )
    return cast("alt.Chart", text.encode(x="when:T", y="value:Q", text="series:N"))


def _label(unit: Unit) -> str:
    return "format(datum.value * 100, '.0f') + ' %'" if unit is SHARE else "format(datum.value,'~')"


def _datum(row: Json, line: Series, *, unit: Unit) -> dict[str, Any]:
    key, label = line
    read = reading(row.get(key))
    return {
        "when": _middle(str(row["from"]), str(row["until"])),
        "series": label,
        "value": read.value,
        "low": read.low if read.low is not None else read.value,
        "high": read.high if read.high is not None else read.value,
        "says": f"{window(row['from'], row['until'])}: {label} {shown(row.get(key), unit)}",
    }


def _middle(since: str, until: str) -> str:
    first, last = date.fromisoformat(since[:10]), date.fromisoformat(until[:10])
    return date.fromordinal((first.toordinal() + last.toordinal()) // 2).isoformat()


def _table(
    trend: list[Json], series: tuple[Series, Series], *, unit: Unit, name: str, caption: str
) -> Table:
    columns = (
        Column("Period"),
        Column("Change sets", number=True),
        *(Column(label, number=True) for _, label in series),
    )
    rows = tuple(
        (
            Cell(window(row["from"], row["until"]), str(row["from"])),
            Cell(shown(row["changes"], Unit(1, 0)), float(row["changes"])),
            *(Cell(shown(row.get(key), unit), reading(row.get(key)).value) for key, _ in series),
        )
        for row in trend
    )
    return Table(name, caption, columns, rows)
