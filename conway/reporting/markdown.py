"""A document as Markdown, for a wiki or a pull request.

In:  a ``Document``.
Out: CommonMark with pipe tables. Text from a repository is escaped: no markup, link, mention or
     HTML of it takes effect. Charts are given by their finding and their numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from conway.reporting.document import (
        Block,
        Bullets,
        Callout,
        Document,
        Evidenced,
        FigureBlock,
        Findings,
        Heading,
        KeyFigures,
        Listing,
        Options,
        Paragraph,
        Section,
        Table,
        Terms,
    )

MOST_ROWS = 25
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&]|^[-+=])")
_MENTION = re.compile(r"(?<![\w.])@(?=\w)")
_ADDRESS = re.compile(r"(?i)(:)(?=//)|(?<=\bwww)(\.)")
_ORDERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def markdown(document: Document) -> str:
    """Return the document as Markdown."""
    head = [f"# {said(document.title)}", f"{said(document.subtitle)}  "]
    head[1] += "\n" + said(" · ".join(document.facts))
    parts = [part for section in document.parts for part in _section(section)]
    end = (
        "*Made by conway from git history. No person is named in this report, and none is ranked.*"
    )
    return "\n\n".join([*head, *parts, end]) + "\n"


def said(text: str) -> str:
    r"""Return text in which nothing is markup.

    Examples
    --------
    >>> print(said("@acme/core [x](y) <b> | 1. *"))
    @<!---->acme/core \[x\](y) \<b\> \| 1. \*
    """
    plain = _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
    plain = _MENTION.sub("@<!---->", plain)
    plain = _ADDRESS.sub(lambda found: f"{found.group()}<!---->", plain)
    return _ORDERED.sub(r"\1\\\2", plain)


def _section(section: Section) -> Iterator[str]:
    yield f"## {said(section.title)}"
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterable[str]:
    return _WRITERS[block.kind](block)


def _paragraph(block: Paragraph) -> list[str]:
    return [f"*{said(block.text)}*" if block.role == "note" else said(block.text)]


def _bullets(block: Bullets) -> list[str]:
    return ["\n".join(f"- {said(text)}" for text in block.items)]


def _terms(block: Terms) -> list[str]:
    lines = [
        f"- **{said(term)}**: {said(text)}" + (f" ({said(formula)})" if formula else "")
        for term, text, formula in block.items
    ]
    return ["\n".join(lines)]


def _heading(block: Heading) -> list[str]:
    return [f"### {said(block.text)}"]


def _evidenced(block: Evidenced) -> Iterator[str]:
    yield f"**{said(block.summary)}**"
    for one in block.blocks:
        yield from _block(one)


def _listing(block: Listing) -> list[str]:
    return [f"**{said(block.caption)}**", _fenced(block.text)]


def _table(table: Table) -> list[str]:
    heads = [said(column.head) or " " for column in table.columns]
    rules = ["---:" if column.number else "---" for column in table.columns]
    rows = [[said(cell.text) or " " for cell in row] for row in table.rows[:MOST_ROWS]]
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, rules, *rows)]
    parts = [f"**{said(table.caption)}**", "\n".join(lines)]
    left = len(table.rows) - len(rows)
    if left > 0:
        parts.append(f"*{left:,} more rows are in the HTML report.*")
    if table.note:
        parts.append(f"*{said(table.note)}*")
    return parts


def _figure(figure: FigureBlock) -> list[str]:
    note = [f"*{said(figure.note)}*"] if figure.note else []
    return [f"**{said(figure.title)}**", *_table(figure.table)[1:], *note]


def _key_figures(figures: KeyFigures) -> Iterator[str]:
    for key in figures.items:
        yield f"**{said(key.value)} {said(key.label)}** ({said(key.certainty)})"
        if key.meaning:
            yield said(key.meaning)
        if key.figure is not None:
            yield from _figure(key.figure)


def _callout(callout: Callout) -> Iterator[str]:
    lines = [f"**{said(callout.title)}**"]
    if callout.points:
        lines.append("\n".join(f"{i}. {said(point)}" for i, point in enumerate(callout.points, 1)))
    lines += [said(text) for text in callout.paragraphs]
    yield "\n>\n".join("\n".join(f"> {row}" for row in line.split("\n")) for line in lines)


def _findings(findings: Findings) -> Iterator[str]:
    for place, finding in enumerate(findings.items, 1):
        evidence = "".join(f"\n   - {said(term)}: {said(text)}" for term, text in finding.evidence)
        head = f"{place}. **{said(finding.title)}**: {said(finding.value)} {said(finding.unit)}"
        yield head + evidence


def _options(options: Options) -> Iterator[str]:
    for option in options.items:
        grade = f", grade {said(option.grade)}" if option.grade else ""
        yield f"### {said(option.label)}: {said(option.title)}"
        yield f"*{said(option.sort)}{grade}.* **{said(option.effect)}**"
        yield "\n".join(f"- {said(term)}: {said(text)}" for term, text in option.facts)


def _fenced(text: str) -> str:
    """Return text as code, in a fence longer than any run of backticks inside."""
    runs = [len(run) for run in re.findall(r"`+", text)]
    fence = "`" * max(3, *(run + 1 for run in runs), 3)
    return f"{fence}\n{text}\n{fence}"


_WRITERS: Mapping[str, Callable[[Any], Iterable[str]]] = {
    "paragraph": _paragraph,
    "bullets": _bullets,
    "terms": _terms,
    "heading": _heading,
    "table": _table,
    "figure": _figure,
    "keyfigures": _key_figures,
    "callout": _callout,
    "findings": _findings,
    "options": _options,
    "evidenced": _evidenced,
    "listing": _listing,
}
