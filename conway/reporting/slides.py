"""A document as six slides with native, editable charts.

In:  a ``Document``.
Out: the bytes of a PPTX: the decision, autonomy, who needs whom, options, outlook, method. Each
     slide's title is its finding; what does not fit a slide stands in its notes.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TypeVar

from conway.errors import ConwayError
from conway.reporting.document import (
    Bullets,
    Callout,
    Evidenced,
    FigureBlock,
    Findings,
    KeyFigures,
    Options,
    Paragraph,
    Table,
    Terms,
)
from conway.reporting.packages import reproducible

if TYPE_CHECKING:
    from conway.reporting.document import Block, Document, Section
    from conway.reporting.slide import Deck

_NEEDED = (
    "slides need the extra `report`: "
    '.venv/bin/pip install -c constraints.txt -e ".[report]", or write .html or .md instead'
)
_FEW, _NAME, _SHORT, _LONG, _MOST_ROWS = 3, 42, 110, 340, 8
_BlockT = TypeVar("_BlockT")


def slides(document: Document) -> bytes:
    """Return the document as six slides.

    Raises
    ------
    ConwayError
        If python-pptx is not installed.
    """
    try:
        from conway.reporting.slide import Deck
    except ImportError as fault:
        raise ConwayError(_NEEDED) from fault
    deck = Deck.of(document)
    for draw in (_decision, _autonomy, _who_needs_whom, _options, _outlook, _method):
        draw(deck, document)
    stream = io.BytesIO()
    deck.save(stream)
    return reproducible(stream.getvalue())


def _decision(deck: Deck, document: Document) -> None:
    blocks = _blocks(document, "decision")
    answer, *others = _all(blocks, Callout)
    slide = deck.slide(answer.title, kicker=document.title)
    lines = [f"{i}. {point}" for i, point in enumerate(answer.points, 1)]
    slide.text(lines, place=(0.6, 1.75, 12.1, 1.7), size=20, bold=True)
    top = 1.85 + 0.52 * len(lines)
    slide.text(_cut(answer.paragraphs), place=(0.6, top, 12.1, 2.6), size=14)
    if others:
        slide.panel(others[0].title, _cut(others[0].paragraphs), place=(0.6, 5.75, 12.1, 1.0))
    slide.notes([text for one in (answer, *others) for text in one.paragraphs])


def _autonomy(deck: Deck, document: Document) -> None:
    keys = next(iter(_all(_blocks(document, "headline"), KeyFigures)), None)
    items = keys.items if keys else ()
    title = f"{items[0].value} {items[0].label}" if items else "Autonomy is not known"
    slide = deck.slide(title, kicker="How much can one team ship alone?")
    for place, key in enumerate(items[:2]):
        left = 0.6 + 6.25 * place
        slide.text([key.value], place=(left, 1.65, 5.8, 0.9), size=44, bold=True)
        slide.text([f"{key.label} ({key.certainty})"], place=(left, 2.5, 5.8, 0.7), size=16)
        if key.figure is not None:
            slide.text([key.figure.title], place=(left, 3.3, 5.8, 0.4), size=14, bold=True)
            slide.trend(key.figure, place=(left, 3.7, 5.8, 2.9))
        elif key.meaning:
            slide.text([key.meaning], place=(left, 3.3, 5.8, 2.0), size=14)
    slide.notes([key.meaning for key in items])


def _who_needs_whom(deck: Deck, document: Document) -> None:
    found = next(iter(_all(_blocks(document, "boundaries"), Findings)), None)
    section = _section(document, "crossings", "coupling")
    figure = next(iter(_all(section.blocks, FigureBlock)), None) if section else None
    title = figure.title if figure else "No boundary that change sets cross is known"
    slide = deck.slide(title, kicker="Who needs whom")
    table = _pairs(section)
    if table is not None:
        slide.pairs(table, measure="Handoffs per 100", place=(0.6, 1.7, 7.4, 4.7))
    for place, one in enumerate(found.items[:_FEW] if found else ()):
        top = 1.75 + 1.6 * place
        slide.text(_cut([one.title], most=_NAME), place=(8.3, top, 4.5, 0.4), size=14, bold=True)
        lines = [f"{one.value} {one.unit}", *(text for _, text in one.evidence[:1])]
        slide.text(_cut(lines, most=_SHORT), place=(8.3, top + 0.38, 4.5, 1.2), size=12)
    slide.notes([f"{one.title}: {t}: {x}" for one in (found.items if found else ())
                 for t, x in one.evidence])  # fmt: skip


def _options(deck: Deck, document: Document) -> None:
    found = next(iter(_all(_blocks(document, "options"), Options)), None)
    items = found.items if found else ()
    real = [one for one in items if one.grade]
    title = (
        f"{len(real)} options, and to do nothing"
        if len(real) > 1
        else "One option, and to do nothing"
        if real
        else "No option is better than doing nothing"
    )
    slide = deck.slide(title, kicker="Options")
    heads = ("", "What", "On unseen work", "Affects", "Grade")
    rows = [
        (one.label, one.title, one.effect, dict(one.facts).get("Affects", ""), one.grade)
        for one in items
    ]
    slide.table(heads, rows, place=(0.6, 1.75, 12.1, 3.6), shares=(0.13, 0.3, 0.33, 0.16, 0.08))
    note = "Savings are boundaries that the work would not have crossed, not time."
    slide.text([note], place=(0.6, 6.1, 12.1, 0.5), size=12)
    slide.notes([f"{one.title}. {t}: {x}" for one in items for t, x in one.facts])


def _outlook(deck: Deck, document: Document) -> None:
    section = _section(document, "outlook")
    if section is None:
        slide = deck.slide("What more changes would bring is not computed", kicker="Outlook")
        text = "Run conway forecast to see which loads follow if changes come faster."
        slide.text([text], place=(0.6, 1.75, 12.1, 1), size=16)
        return
    tables = _all(section.blocks, Table)
    carried = [one for one in tables if "Most carried" in [column.head for column in one.columns]]
    table = next(iter(carried or tables), None)
    figure = next(iter(_all(section.blocks, FigureBlock)), None)
    said = [block.text for block in _all(section.blocks, Paragraph)]
    title = figure.title if figure else section.title
    slide = deck.slide(title, kicker="Outlook")
    slide.text(_cut(said[:1]), place=(0.6, 1.65, 12.1, 0.9), size=14)
    shown = figure.table if figure else table
    if shown is not None:
        heads = tuple(column.head for column in shown.columns)
        rows = [tuple(cell.text for cell in row) for row in shown.rows[:_MOST_ROWS]]
        slide.table(heads, rows, place=(0.6, 2.6, 12.1, 3.6))
    slide.notes(said)


def _method(deck: Deck, document: Document) -> None:
    slide = deck.slide("What this rests on, and what it cannot say", kicker="Method")
    rests = [text for block in _all(_blocks(document, "unknowns"), Bullets) for text in block.items]
    method = _section(document, "method")
    limits = [t for b in _all(method.blocks, Bullets) for t in b.items] if method else []
    slide.text(["Rests on"], place=(0.6, 1.7, 5.8, 0.4), size=16, bold=True)
    slide.text(_cut(rests[:4]), place=(0.6, 2.1, 5.8, 4.4), size=13, bullets=True)
    slide.text(["Limits"], place=(6.9, 1.7, 5.8, 0.4), size=16, bold=True)
    slide.text(_cut(limits[:5]), place=(6.9, 2.1, 5.8, 4.4), size=13, bullets=True)
    terms = [f"{t}: {x}" for b in (_all(method.blocks, Terms) if method else ()) for t, x, _ in
             b.items]  # fmt: skip
    slide.notes([*rests, *limits, *terms])


def _pairs(section: Section | None) -> Table | None:
    """Return the table of all pairs of teams, which a reader of the page opens."""
    opened = _all(section.blocks, Evidenced) if section else []
    tables = [block for one in opened for block in one.blocks if isinstance(block, Table)]
    return next((table for table in tables if table.name == "handoff-pairs"), None)


def _section(document: Document, *names: str) -> Section | None:
    """Return the first section of these names that the document has."""
    found = {section.name: section for section in document.parts}
    return next((found[name] for name in names if name in found), None)


def _blocks(document: Document, name: str) -> tuple[Block, ...]:
    section = _section(document, name)
    return section.blocks if section else ()


def _all(blocks: tuple[Block, ...], kind: type[_BlockT]) -> list[_BlockT]:
    return [block for block in blocks if isinstance(block, kind)]


def _cut(texts: list[str] | tuple[str, ...], *, most: int = _LONG) -> list[str]:
    """Return texts short enough for a slide; the notes have them whole."""
    return [text if len(text) <= most else f"{text[: most - 1].rstrip()}…" for text in texts]
