"""What moved the streams from quarter to quarter: distribution of work, or coupling.

In:  the ``step`` of each quarter in ``parallelism.teams.trend``.
Out: a sentence and a table, to open on page one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from conway.reporting.document import Cell, Column, Evidenced, Paragraph, Table
from conway.reporting.quantities import MINUS, NBSP, STREAMS, level, reading, shown, window

if TYPE_CHECKING:
    from conway.reporting.evidence import Json

PARTS = (
    ("log_streams", "Streams"),
    ("log_distribution", "Through distribution of work"),
    ("log_coupling", "Through coupling"),
)


def _last_step(trend: list[Json]) -> list[Paragraph]:
    """Say what the last quarter changed, split into its two causes; nothing where unknown."""
    step: Json = trend[-1].get("step") or {}
    if not reading(step.get("log_streams")).known:
        return []
    whole, work, coupling = (changed(step.get(key)) for key, _ in PARTS)
    text = (
        f"Last quarter the streams changed by {whole} against the one before: {work} through how "
        f"work is distributed, {coupling} through coupling (the two multiply)."
    )
    return [Paragraph(text)]


def steps(teams: Json) -> Evidenced | None:
    """Return every quarter's step with its two parts."""
    trend: list[Json] = list(teams.get("trend") or [])
    known = [row for row in trend if reading((row.get("step") or {}).get("log_streams")).known]
    if not known:
        return None
    columns = (
        Column("Quarter"),
        Column("Streams", number=True),
        *(Column(f"{head}, change", number=True) for _, head in PARTS),
    )
    rows = tuple(
        (
            Cell(window(row["from"], row["until"]), str(row["from"])),
            Cell(shown(row["streams"], STREAMS), reading(row["streams"]).value),
            *(
                Cell(changed(row["step"].get(key)), reading(row["step"].get(key)).value)
                for key, _ in PARTS
            ),
        )
        for row in known
    )
    note = (
        "Change against the quarter before. Quarters compare at equal numbers of change sets: the "
        "estimate counts pairs, and its mean over all subsets of a size is the estimate itself."
    )
    title = "What moved the streams: distribution of work, or coupling"
    table = Table("steps", title, columns, rows, note)
    return Evidenced(title, (*_last_step(trend), table))


def changed(figure: object) -> str:
    """Say a logarithm of a ratio as a change in per cent, with its interval.

    Examples
    --------
    >>> changed(0.0953).replace(NBSP, " ")
    '+10 %'
    """
    read = reading(figure)
    if read.value is None:
        return f"unknown: {read.reason}"
    text = f"{_per_cent(read.value)}{NBSP}%"
    if not read.has_interval:
        return text
    low, high = _per_cent(read.low or 0.0), _per_cent(read.high or 0.0)
    return f"{text} ({level(read)}: {low} to {high})"


def _per_cent(log: float) -> str:
    value = round(100 * math.expm1(log))
    return f"{MINUS if value < 0 else '+' if value > 0 else ''}{abs(value)}"
