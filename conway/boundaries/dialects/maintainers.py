"""Linux's MAINTAINERS: sections of files, each a team.

In:  the file of one commit.
Out: ``MaintainersRules``: for a path one demand, any section that names it.

``F:`` names files: a trailing slash all below a folder; without one, ``*`` and ``?`` stay on
the pattern's own level and the pattern may be the beginning of a name; ``**`` crosses
folders. ``X:`` takes files out and is tried first. ``N:`` is an expression found anywhere in
the path, blanks apart. ``K:`` looks into contents, which conway does not read: it names
nothing. A section without ``M:``, orphaned or obsolete, names nobody. A section that names
every file (THE REST) counts only where no other does.
Sources: the head of Linux's MAINTAINERS; ``scripts/get_maintainer.pl``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.boundaries.linear_regex import RegexSet, is_regex
from conway.boundaries.requirements import Demand, Dialect, Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOCATION = "MAINTAINERS"
LARGEST_FILE = 3 * 1024 * 1024
LONGEST_PATTERN = 1024

_FIELD = re.compile(r"([A-Z]):\s*(.*)")
_UNMAINTAINED = re.compile(r"orphan|obsolete", re.IGNORECASE)
_EVERYTHING = frozenset({"*", "*/", "**"})


@dataclass(frozen=True, slots=True)
class FilePattern:
    """One ``F:`` or ``X:`` value.

    Attributes
    ----------
    pattern
        As written.
    regex
        What a path begins with.
    level
        How many slashes a path has, None for any number.
    """

    pattern: str
    regex: re.Pattern[str]
    level: int | None

    @classmethod
    def of(cls, pattern: str) -> FilePattern:
        """Build the pattern's linear expression.

        Examples
        --------
        >>> FilePattern.of("drivers/net/*").matches("drivers/net/a/b.c")
        False
        """
        level = None if pattern.endswith("/") or "**" in pattern else pattern.count("/")
        texts = [
            "".join("." if char == "?" else re.escape(char) for char in text)
            for text in re.split(r"\*+", pattern)
        ]
        expression = texts[0] + "".join(f"(?>.*?{text})" for text in texts[1:] if text)
        return cls(pattern, re.compile(expression, re.DOTALL), level)

    def matches(self, path: str) -> bool:
        """Tell whether the pattern names ``path``, itself or as a folder's."""
        if path.startswith(self.pattern + "/"):
            return True
        if self.level is not None and path.count("/") != self.level:
            return False
        return self.regex.match(path) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One section: its title, line, and what it names."""

    title: str
    line: int
    files: tuple[FilePattern, ...]
    excluded: tuple[FilePattern, ...]
    everything: bool


@dataclass(frozen=True, slots=True, eq=False)
class MaintainersRules:
    """All sections that somebody maintains."""

    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]
    names: RegexSet
    _named_by: tuple[int, ...]
    _known: dict[str, tuple[Demand, ...]] = field(init=False, default_factory=dict)

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The team of each section, by the section's title."""
        return {section.title: (section.title,) for section in self.sections}

    def demands(self, path: str) -> tuple[Demand, ...]:
        """Return the approval that ``path`` needs: of any section that names it."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._demands(path)
        return known

    def _demands(self, path: str) -> tuple[Demand, ...]:
        by_name = {self._named_by[number] for number in self.names.found_in(path)}
        found = [
            section
            for number, section in enumerate(self.sections)
            if not any(pattern.matches(path) for pattern in section.excluded)
            and (
                number in by_name
                or section.everything
                or any(pattern.matches(path) for pattern in section.files)
            )
        ]
        found = [section for section in found if not section.everything] or found
        titles = tuple(dict.fromkeys(section.title for section in found))
        return (Demand(titles, " | ".join(titles)),) if titles else ()


def parse(text: str) -> MaintainersRules:
    r"""Read the file.

    Examples
    --------
    >>> rules = parse("3C59X DRIVER\nM:\tA B <a@b.c>\nS:\tMaintained\nF:\tdrivers/net/3c59x.c\n")
    >>> rules.demands("drivers/net/3c59x.c")[0].owners
    ('3C59X DRIVER',)
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        fault = Fault(LOCATION, 0, f"larger than {LARGEST_FILE} bytes")
        return MaintainersRules((), (fault,), RegexSet(()), ())
    sections: list[Section] = []
    faults: list[Fault] = []
    expressions: list[tuple[str, int]] = []
    for title, line, fields in _stanzas(text):
        status = " ".join(value for _, kind, value in fields if kind == "S")
        maintained = any(kind == "M" for _, kind, _ in fields)
        if not maintained or _UNMAINTAINED.search(status):
            continue
        files, excluded = _patterns(fields, "F"), _patterns(fields, "X")
        everything = any(pattern.pattern in _EVERYTHING for pattern in files)
        for number, kind, value in fields:
            expression = re.sub(r"\s+", "", value)
            if kind == "N" and is_regex(expression):
                expressions.append((expression, len(sections)))
            elif kind == "N":
                faults.append(Fault(LOCATION, number, "an expression that is not understood"))
            elif kind in {"F", "X"} and len(value) > LONGEST_PATTERN:
                faults.append(Fault(LOCATION, number, f"longer than {LONGEST_PATTERN}"))
        sections.append(Section(title, line, files, excluded, everything))
    names = RegexSet(tuple(expression for expression, _ in expressions))
    holders = tuple(holder for _, holder in expressions)
    return MaintainersRules(tuple(sections), tuple(faults), names, holders)


def _patterns(fields: Sequence[tuple[int, str, str]], kind: str) -> tuple[FilePattern, ...]:
    return tuple(
        FilePattern.of(value)
        for _, found, value in fields
        if found == kind and value and len(value) <= LONGEST_PATTERN
    )


def _stanzas(text: str) -> list[tuple[str, int, list[tuple[int, str, str]]]]:
    """Return title, line and fields of each section; a title is the line before the fields."""
    found: list[tuple[str, int, list[tuple[int, str, str]]]] = []
    title, begun, inside = "", 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        field_of = _FIELD.match(line)
        if field_of is not None:
            if not inside:
                found.append((title or f"section at line {number}", begun or number, []))
            found[-1][2].append((number, field_of[1], field_of[2].strip()))
            inside = True
        elif line.strip():
            title, begun, inside = line.strip(), number, False
    return found


def _read(files: Mapping[str, str]) -> MaintainersRules:
    return parse(files.get(LOCATION, ""))


LINUX = Dialect("MAINTAINERS", LOCATION, {LOCATION}.__contains__, _read)
