"""Tables of an evaluation, as Markdown.

In:  a title, heads and rows.
Out: text that is printed, and kept in ``docs/evaluation.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Table:
    """One table with what it says and what it does not."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [
            f"## {self.title}",
            "",
            *([self.note, ""] if self.note else []),
            "| " + " | ".join(self.columns) + " |",
            "|" + "---|" * len(self.columns),
            *("| " + " | ".join(str(cell) for cell in row) + " |" for row in self.rows),
            "",
        ]
        return "\n".join(lines)


def merged(document: str, tables: Sequence[Table], *, head: str) -> str:
    """Return the document with these tables in it, in place of those of the same title."""
    parts = document.split("\n## ")[1:]
    sections = {part.split("\n", 1)[0]: f"## {part.rstrip()}\n" for part in parts}
    sections |= {table.title: table.markdown() for table in tables}
    return "\n".join([head, *sections.values()])
