"""What earlier reorganisations did.

In:  the result of ``look_back``.
Out: a section, or ``None`` where it was not computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Cell, Column, Paragraph, Section, Table
from conway.reporting.quantities import PER_100, SHARE, day, listed, reading, shown

if TYPE_CHECKING:
    from conway.reporting.document import Block
    from conway.reporting.evidence import Evidence, Json


def past_moves(evidence: Evidence) -> Section | None:
    """Return what past reorganisations changed, the smallest detectable effect first."""
    if evidence.past is None:
        return None
    past = evidence.past
    columns = (
        Column("Date"),
        Column("Kind"),
        Column("Services that changed hands"),
        Column("Detectable", number=True),
        Column("Change of behaviour", number=True),
        Column("Fakes as large", number=True),
    )
    rows = tuple(
        (
            Cell(day(str(event["date"])), str(event["date"])),
            Cell(_KINDS.get(str(event.get("kind")), str(event.get("kind")))),
            Cell(listed([str(move) for move in event.get("moves") or []], limit=6)),
            Cell(shown(event.get("detectable"), PER_100), reading(event.get("detectable")).value),
            Cell(shown(event.get("effect"), PER_100), reading(event.get("effect")).value),
            Cell(shown(event.get("rank"), SHARE), reading(event.get("rank")).value),
        )
        for event in past.get("events") or []
    )
    blocks: list[Block] = [Paragraph(_past_lead(past), "lead")]
    if rows:
        caption = "Past reorganisations: handoffs per 100 change sets of the moved services"
        blocks.append(Table("past", caption, columns, rows, _PAST_NOTE))
    blocks += [Paragraph(_set_apart(past.get("set_apart") or {}), "note")]
    blocks += [Paragraph(f"{str(note)[:1].upper()}{str(note)[1:]}.", "note")
               for note in past.get("notes") or []]  # fmt: skip
    return Section("past", "Did earlier reorganisations help?", tuple(blocks))


_KINDS = {"move": "services moved", "split": "a team split up", "en_bloc": "a team went as a whole"}
_PAST_NOTE = (
    "Detectable is the smallest effect that could be told from none in 80 of 100 cases; a smaller "
    "effect cannot be told from none. Fewer handoffs are negative."
)


def _past_lead(past: Json) -> str:
    """Say what could be seen, and then what was."""
    if not past.get("events"):
        return "No service changed hands in the window, so there is nothing to look back on."
    pooled: Json = (past.get("pooled") or {}).get("handoffs_per_100") or {}
    detectable = reading(pooled.get("detectable"))
    if not detectable.known:
        return f"Whether they helped cannot be measured: {detectable.reason}."
    effect = reading(pooled.get("effect"))
    sure = effect.has_interval and not (effect.low or 0.0) <= 0 <= (effect.high or 0.0)
    verdict = (
        f"People's work changed by {shown(pooled['effect'], PER_100)}"
        if sure
        else f"No change of behaviour is established: {shown(pooled['effect'], PER_100)}"
    )
    return (
        f"With {pooled.get('services')} moved services that can be compared with services that "
        f"stayed, an effect below {shown(pooled['detectable'], PER_100)} handoffs per 100 change "
        f"sets cannot be told from none. {verdict}. Apart from it the change of owners itself "
        f"meant {shown(pooled['people_stay'], PER_100)} if nobody changed teams and "
        f"{shown(pooled['people_follow'], PER_100)} if people went along, which is arithmetic."
    )


def _set_apart(apart: Json) -> str:
    """Count what is no reorganisation."""
    counts = (
        (len(apart.get("renames") or []), "renames of teams"),
        (apart.get("passing_owners") or 0, "owners for less than four weeks"),
        (apart.get("file_edits") or 0, "edits of ownership files that moved no service"),
        (apart.get("first_owners") or 0, "first owners"),
        (apart.get("lost_owners") or 0, "services that lost their owner"),
    )
    return "Not counted as reorganisations: " + ", ".join(f"{n} {what}" for n, what in counts) + "."
