"""What a report is made of, whatever its format.

In:  texts and figures that the chapters write.
Out: frozen blocks. A renderer (HTML now) walks ``Document.sections`` and asks each block for
     its ``kind``; it computes nothing, so every format says the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from altair import LayerChart


Audience = Literal["everyone", "leadership", "engineering"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is read, what it sorts by, and whether it is a path or an id."""

    text: str
    sort: float | str | None = None
    code: bool = False

    @property
    def key(self) -> str:
        """What a reader's click sorts by: digits for numbers, else the text."""
        if self.sort is None:
            return self.text
        return f"{self.sort:.10g}" if isinstance(self.sort, float) else str(self.sort)


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, and whether it holds numbers."""

    head: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; the first column names the row."""

    kind: ClassVar[str] = "table"
    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences. ``lead`` opens a section, ``note`` says how to read or what is unsure."""

    kind: ClassVar[str] = "paragraph"
    text: str
    role: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short statements, in order."""

    kind: ClassVar[str] = "bullets"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with what they mean; ``formula`` is shown as code."""

    kind: ClassVar[str] = "terms"
    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A chart: its finding as title, what it shows in words, its numbers as table.

    ``chart`` is an Altair chart without a title; a renderer may also draw from ``table``.
    """

    kind: ClassVar[str] = "figure"
    name: str
    title: str
    alt: str
    chart: LayerChart
    table: Table
    note: str = ""
    width: Literal["half", "full"] = "full"


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A headline number, what it is, how sure it is, and what it means."""

    label: str
    value: str
    certainty: str
    meaning: str
    figure: FigureBlock | None = None


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Headline numbers side by side."""

    kind: ClassVar[str] = "keyfigures"
    items: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A statement that must not be overlooked: an answer, or a warning about the evidence."""

    kind: ClassVar[str] = "callout"
    tone: Literal["answer", "caution"]
    title: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A numbered finding with its count and its evidence."""

    title: str
    value: str
    unit: str
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings, strongest first."""

    kind: ClassVar[str] = "findings"
    items: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One option of the decision, with everything that speaks for and against it."""

    label: str
    title: str
    sort: str
    grade: str
    effect: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Options:
    """The options, side by side; the last is to do nothing."""

    kind: ClassVar[str] = "options"
    items: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Evidenced:
    """A block that a reader opens: a summary and what stands behind it."""

    kind: ClassVar[str] = "evidenced"
    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Text shown as it is written to a file, such as an edit of an ownership file."""

    kind: ClassVar[str] = "listing"
    caption: str
    text: str


Block = (
    Paragraph
    | Bullets
    | Terms
    | Heading
    | Table
    | FigureBlock
    | KeyFigures
    | Callout
    | Findings
    | Options
    | Evidenced
    | Listing
)


@dataclass(frozen=True, slots=True)
class Section:
    """A question and its answer."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    short: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """A checked image: its bytes, its media type, its size in pixels."""

    content: bytes = field(repr=False)
    media: Literal["image/png", "image/jpeg"]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: page one, then a section a question."""

    title: str
    subtitle: str
    facts: tuple[str, ...]
    page_one: tuple[Section, ...]
    sections: tuple[Section, ...]
    language: str = field(default="en")
    logo: Logo | None = None
    audience: Audience = "everyone"

    @property
    def parts(self) -> tuple[Section, ...]:
        """All sections in reading order."""
        return self.page_one + self.sections
