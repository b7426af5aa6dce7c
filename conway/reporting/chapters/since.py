"""What changed since the last review: figures, findings, owners.

In:  this assessment and an earlier one.
Out: a section, or ``None`` where no earlier one was given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.assessment.diff import Difference, Side, difference
from conway.reporting.document import Block, Bullets, Cell, Column, Paragraph, Section, Table
from conway.reporting.quantities import (
    PER_100,
    SHARE,
    STREAMS,
    Unit,
    listed,
    plural,
    shown,
    window,
)

if TYPE_CHECKING:
    from conway.assessment.diff import Change
    from conway.reporting.evidence import Evidence

_MOST = 6
_SHARES = frozenset({"autonomous share", "single-team share"})


def since_last(evidence: Evidence) -> Section | None:
    """Return what became of the headline figures, the findings and the owners."""
    if evidence.earlier is None:
        return None
    found = difference(
        Side("the last review", evidence.earlier), Side("this review", evidence.assessment)
    )
    blocks: list[Block] = [Paragraph(_lead(found), "lead"), _figures(found)]
    lines = [*_findings(found), *_owners(found)]
    if lines:
        blocks.append(Bullets(tuple(lines)))
    return Section("since", "What changed since the last review", tuple(blocks))


def _lead(found: Difference) -> str:
    """Say what is established, and over which windows."""
    before = window(found.old["window"]["since"], found.old["window"]["until"])
    moved = [change for change in found.changes if change.established]
    if moved:
        said = [f"{one.measure} is {'better' if one.better else 'worse'}" for one in moved]
        text = f"Established: {listed(said, limit=5)}"
    elif all(change.established is None for change in found.changes):
        text = "The two windows overlap or a figure has no interval, so no change is established"
    else:
        text = "No change of a headline figure is established"
    return f"{text}. The last review measured {before}."


def _figures(found: Difference) -> Table:
    columns = (
        Column("Measure"),
        Column("Last review", number=True),
        Column("This review", number=True),
        Column("What it shows"),
    )
    rows = tuple(
        (
            Cell(change.measure.capitalize()),
            Cell(shown(change.old, _unit(change))),
            Cell(shown(change.new, _unit(change))),
            Cell(_verdict(change)),
        )
        for change in found.changes
    )
    return Table("since", "Headline figures, then and now", columns, rows)


def _unit(change: Change) -> Unit:
    if change.measure in _SHARES:
        return SHARE
    return STREAMS if change.measure.startswith("streams") else PER_100


def _verdict(change: Change) -> str:
    if change.difference is None or change.established is None:
        return f"not established: {change.note}" if change.established is None else "unchanged"
    if not change.established:
        return "not established"
    return "better" if change.better else "worse"


def _findings(found: Difference) -> list[str]:
    return [
        f"{plural(len(gaps), 'finding')} {word}: {listed(_titles(gaps), limit=_MOST)}"
        for word, gaps in (("gone", found.gone), ("new", found.come))
        if gaps
    ]


def _titles(gaps: tuple[dict[str, Any], ...]) -> list[str]:
    return [str(gap["title"]) for gap in gaps]


def _owners(found: Difference) -> list[str]:
    moved = [
        f"{one.service} from {one.old or 'no owner'} to {one.new or 'no owner'}"
        for one in found.owners
    ]
    lines = [f"Owners changed: {listed(moved, limit=_MOST)}"] if moved else []
    for word, names in (("gone", found.services_gone), ("new", found.services_come)):
        if names:
            text = f"{plural(len(names), 'service')} {word}: {listed(names, limit=_MOST)}"
            lines.append(text)
    return lines
