"""What options would change: dots with their intervals, and before against after.

In:  ``moves`` and ``plan`` of the advice.
Out: figures, or ``None`` where nothing was advised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from conway.reporting.document import Cell, Column, FigureBlock, Table
from conway.reporting.palette import ACCENT, LINE, MUTED, styled
from conway.reporting.quantities import (
    PER_100,
    SHARE,
    STREAMS,
    Unit,
    listed,
    reading,
    saved,
    shown,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_MOVES = 8
WIDTH = 420

BEFORE_AFTER: tuple[tuple[str, str, Unit], ...] = (
    ("handoffs_per_100", "Handoffs per 100 change sets", PER_100),
    ("lockstep_per_100", "Lockstep releases per 100 change sets", PER_100),
    ("single_team_share", "Change sets of one team", SHARE),
    ("autonomous_share", "Autonomous change sets", SHARE),
    ("streams", "Independent streams", STREAMS),
)


def options(evidence: Evidence) -> FigureBlock | None:
    """Return what each move saves on unseen work, with the fitted saving beside it."""
    moves: list[Json] = list((evidence.plan or {}).get("moves") or [])[:MOST_MOVES]
    if not moves:
        return None
    known = [m for m in moves if reading(m["gain_held_out"]).known or reading(m["gain_fit"]).known]
    sure = [move for move in moves if (reading(move["gain_held_out"]).low or 0.0) > 0]
    return FigureBlock(
        name="options",
        title=_finding(moves, sure),
        alt="One row per option: a filled dot with its 95 % interval is the saving on work the "
        "option had not seen; a hollow dot is the saving on the work it was fitted to. The "
        "vertical line at zero is doing nothing.",
        chart=_dots(known),
        table=_moves_table(moves),
        note="Filled: on work not seen, with its interval. Hollow: on the work it was fitted to, "
        "which tends to flatter. The line at zero is doing nothing.",
    )


def _finding(moves: list[Json], sure: list[Json]) -> str:
    if not sure:
        return "No option alone is sure to save anything on work it had not seen"
    best = max(sure, key=lambda move: reading(move["gain_held_out"]).value or 0.0)
    text = f"“{best['title']}” saves most on work it had not seen: "
    rest = "" if len(sure) == len(moves) else f"; {len(sure)} of {len(moves)} options surely help"
    return text + saved(best["gain_held_out"], "per 100") + rest


def _dots(moves: list[Json]) -> alt.LayerChart:
    names = [f"{i}. {move['title']}" for i, move in enumerate(moves, start=1)]
    rows = [_dot(move, name) for move, name in zip(moves, names, strict=True)]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y(
            "option:N",
            sort=names,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=330),
        )
    )
    x = alt.X(
        "held_out:Q",
        title="handoffs and lockstep releases saved, per 100 change sets",
        axis=alt.Axis(tickCount=6),
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=ACCENT, aria=False)
    layers = alt.layer(
        zero.encode(x=alt.X("zero:Q")),
        base.mark_rule(strokeWidth=2, color=LINE, aria=False).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=False, size=70, color=MUTED, aria=False).encode(x="fit:Q"),
        base.mark_point(filled=True, size=90, opacity=1, color=LINE).encode(
            x=x, description="says:N", tooltip="says:N"
        ),
    )
    return styled(layers.properties(width=WIDTH, height=34 * len(moves)))


def _dot(move: Json, name: str) -> dict[str, Any]:
    held, fit = reading(move["gain_held_out"]), reading(move["gain_fit"])
    return {
        "option": name,
        "held_out": held.value,
        "low": held.low,
        "high": held.high,
        "fit": fit.value,
        "says": f"{move['title']}: {saved(move['gain_held_out'], 'per 100')}",
    }


def _moves_table(moves: list[Json]) -> Table:
    columns = (
        Column("Option"),
        Column("Saved on unseen work", number=True),
        Column("Saved on fitted work", number=True),
        Column("Grade"),
        Column("Holds in scenarios", number=True),
        Column("Teams affected"),
    )
    rows = tuple(
        (
            Cell(f"{i}. {move['title']}", float(i)),
            Cell(saved(move["gain_held_out"]), reading(move["gain_held_out"]).value),
            Cell(saved(move["gain_fit"]), reading(move["gain_fit"]).value),
            Cell(str(move["grade"])),
            Cell(shown(move.get("survives"), SHARE), reading(move.get("survives")).value),
            Cell(listed(list(move.get("affected") or []))),
        )
        for i, move in enumerate(moves, start=1)
    )
    return Table(
        "options",
        "Handoffs and lockstep releases saved by each option, per 100 change sets",
        columns,
        rows,
    )


def before_after(evidence: Evidence) -> FigureBlock | None:
    """Return the plan's handoffs and lockstep releases before and after, with intervals."""
    plan = (evidence.plan or {}).get("plan") or {}
    before, after = plan.get("before"), plan.get("after")
    if not before or not after or not (evidence.plan or {}).get("moves"):
        return None
    rows = [row for row in BEFORE_AFTER if row[0] in before]
    first = shown(before["handoffs_per_100"], PER_100, interval=False)
    last = shown(after["handoffs_per_100"], PER_100, interval=False)
    return FigureBlock(
        name="before_after",
        title=f"Replayed where they were found, the options take handoffs from {first} to {last} "
        "per 100",
        alt="Two rows, handoffs and lockstep releases per 100 change sets: a grey dot before, a "
        "blue dot after all options, each with its interval.",
        chart=_slopes(before, after),
        table=_before_after_table(before, after, rows=rows),
        note="This is the work that the options were found on, which flatters them. What they "
        "save on unseen work is above.",
    )


def _slopes(before: Json, after: Json) -> alt.LayerChart:
    rows = [
        _slope_end(when, side[key], label=label)
        for key, label, unit in BEFORE_AFTER
        if unit is PER_100
        for when, side in (("before", before), ("after", after))
        if reading(side.get(key)).known
    ]
    colour = alt.Color(
        "when:N", scale=alt.Scale(domain=["before", "after"], range=[MUTED, LINE]), legend=None
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("measure:N", title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=330)),
        yOffset=alt.YOffset("when:N", sort=["before", "after"]),
        color=colour,
    )
    layers = alt.layer(
        base.mark_rule(strokeWidth=2, aria=False).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=90, opacity=1).encode(
            x=alt.X("value:Q", title="per 100 change sets", scale=alt.Scale(zero=True)),
            description="says:N",
            tooltip="says:N",
        ),
        base.mark_text(dy=-13, aria=False).encode(x="value:Q", text="text:N"),
    )
    return styled(layers.properties(width=WIDTH, height=190))


def _slope_end(when: str, figure: object, *, label: str) -> dict[str, Any]:
    read = reading(figure)
    return {
        "measure": label.removesuffix(" per 100 change sets"),
        "when": when,
        "value": read.value,
        "low": read.low if read.low is not None else read.value,
        "high": read.high if read.high is not None else read.value,
        "text": f"{shown(figure, PER_100, interval=False)} {when}",
        "says": f"{label} {when}: {shown(figure, PER_100)}",
    }


def _before_after_table(before: Json, after: Json, *, rows: list[tuple[str, str, Unit]]) -> Table:
    columns = (Column("Measure"), Column("Before", number=True), Column("After", number=True))
    cells = tuple(
        (
            Cell(label),
            Cell(shown(before.get(key), unit), reading(before.get(key)).value),
            Cell(shown(after.get(key), unit), reading(after.get(key)).value),
        )
        for key, label, unit in rows
    )
    return Table("before-after", "The whole plan, before and after", columns, cells)
