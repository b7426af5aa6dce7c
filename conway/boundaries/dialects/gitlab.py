"""GitLab's CODEOWNERS: sections, each of which asks for its own approval.

In:  the text of an ownership file.
Out: ``GitlabRules``: for a path one demand of each section that owns it.

In each section the last entry that names a path counts; an entry without owners has those
of the section's heading, and without those asks for nobody. ``!pattern`` frees a path from
its section for good. ``^[Optional]`` asks for nothing, unless a section of the same name is
not optional. ``[Section][2]`` asks for two approvals: a group can give both, a person one.
Sources: "Syntax of CODEOWNERS file", "Advanced CODEOWNERS configuration", docs.gitlab.com.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

from conway.boundaries.codeowners import LARGEST_FILE, MOST_RULES, split_entry
from conway.boundaries.patterns import Matcher, PatternIndex, gitlab_matcher
from conway.boundaries.requirements import Demand, Dialect, Fault
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOCATIONS = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
MOST_DEMANDS = 64
DEFAULT = ""

_HEADING = re.compile(
    r"(?P<optional>\^)?\[(?P<name>[^\]]*)\](?:\[(?P<approvals>[^\]]*)\])?(?P<owners>(?:\s.*)?)"
)
_OWNER = re.compile(
    r"@@(?P<role>developers?|maintainers?|owners?)|@[A-Za-z0-9_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_-])?"
    r"|[^@\s\"<>]+@[^@\s\"<>]+\.[^@\s\"<>]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section; ``owners`` are those that count, ``approvals`` how many."""

    pattern: str
    line: int
    owners: tuple[str, ...]
    approvals: int


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A section, of one or more headings of the same name."""

    name: str
    optional: bool
    entries: tuple[Entry, ...]
    _index: PatternIndex
    _freed: PatternIndex

    def entry(self, path: str) -> Entry | None:
        """Return the entry that counts for ``path``, None if none does."""
        if self._freed.find(path) >= 0:
            return None
        number = self._index.find(path)
        return None if number < 0 else self.entries[number]


@dataclass(frozen=True, slots=True, eq=False)
class GitlabRules:
    """The sections of one file in order; entries before the first heading are their own."""

    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The owners that each pattern of each section names."""
        return {
            _named(section, entry): entry.owners
            for section in self.sections
            for entry in section.entries
        }

    def demands(self, path: str) -> tuple[Demand, ...]:
        """Return the approvals that ``path`` needs, at least one of each section."""
        found: list[Demand] = []
        for section in self.sections:
            entry = None if section.optional else section.entry(path)
            if entry is not None and entry.owners:
                found += _demands(entry, rule=_named(section, entry))
        return tuple(dict.fromkeys(found))


def _named(section: Section, entry: Entry) -> str:
    return f"[{section.name}] {entry.pattern}" if section.name else entry.pattern


def _demands(entry: Entry, *, rule: str) -> Iterator[Demand]:
    """Write ``n of these`` as alternatives that must all be met; a group can give several.

    Any ``n`` of the persons, or a group: of each choice of all but ``n - 1`` persons, with
    the groups, one must approve.
    """
    persons = [owner for owner in entry.owners if _is_person(owner)]
    groups = [owner for owner in entry.owners if not _is_person(owner)]
    asked = min(entry.approvals, len(persons)) if persons else 1
    if asked < 1 or comb(len(persons), asked - 1) > MOST_DEMANDS:
        asked = 1
    size = len(persons) - asked + 1 if persons else 0
    for chosen in combinations(persons, size):
        yield Demand((*chosen, *groups), rule)


def _is_person(owner: str) -> bool:
    return "@" in owner and "/" not in owner


def owners_in(words: list[str]) -> tuple[str, ...]:
    """Return the owners among words, as written; others are ignored, as GitLab does.

    Examples
    --------
    >>> owners_in(["@group", "user_without_at_symbol", "@user_with_at_symbol", "@@Maintainers"])
    ('@group', '@user_with_at_symbol', 'role maintainer')
    """
    found: dict[str, None] = {}
    for word in words:
        match = _OWNER.fullmatch(word)
        if match is not None:
            role = match["role"]
            found[f"role {role.lower().removesuffix('s')}" if role else word] = None
    return tuple(found)


@dataclass(slots=True)
class _Draft:
    """A section while it is read."""

    name: str
    optional: bool = True
    entries: list[Entry] = field(default_factory=list)
    matchers: list[Matcher] = field(default_factory=list)
    freed: list[Matcher] = field(default_factory=list)

    def done(self) -> Section:
        """Return the section."""
        return Section(
            self.name,
            self.optional,
            tuple(self.entries),
            PatternIndex(tuple(self.matchers), "last"),
            PatternIndex(tuple(self.freed), "first"),
        )


def parse(text: str, *, where: str = "CODEOWNERS") -> GitlabRules:
    r"""Read an ownership file.

    Examples
    --------
    >>> rules = parse("* @admin\n[Docs] @docs\n*.md\n!LICENSE.md\n")
    >>> [demand.owners for demand in rules.demands("a.md")]
    [('@admin',), ('@docs',)]
    >>> [demand.owners for demand in rules.demands("LICENSE.md")]
    [('@admin',)]
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        return GitlabRules((), (Fault(where, 0, f"larger than {LARGEST_FILE} bytes"),))
    drafts = {DEFAULT: _Draft(DEFAULT, optional=False)}
    section, owners, approvals = drafts[DEFAULT], tuple[str, ...](), 1
    faults: list[Fault] = []
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        heading = _HEADING.fullmatch(line)
        if heading is not None and heading["name"].strip():
            name = heading["name"].strip()
            section = drafts.setdefault(name.lower(), _Draft(name))
            section.optional = section.optional and bool(heading["optional"])
            owners, approvals = owners_in(heading["owners"].split()), _count(heading["approvals"])
        elif heading is not None:
            faults.append(Fault(where, number, "a section without a name"))
        else:
            reason = _add(section, line, number=number, owners=owners, approvals=approvals)
            faults += [Fault(where, number, reason)] if reason else []
        if sum(len(draft.entries) for draft in (section,)) > MOST_RULES:
            return GitlabRules((), (Fault(where, 0, f"more than {MOST_RULES} rules"),))
    return GitlabRules(tuple(draft.done() for draft in drafts.values()), tuple(faults))


def _count(text: str | None) -> int:
    """Return the number of approvals; what is no number from 1 on counts as 1."""
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 5 else 1  # noqa: PLR2004


def _add(
    section: _Draft, line: str, *, number: int, owners: tuple[str, ...], approvals: int
) -> str:
    """Add an entry or an exclusion; return what is wrong with it."""
    pattern, words = split_entry(line, comments=False)
    excluded = pattern.startswith("!")
    try:
        matcher = gitlab_matcher(pattern[1:] if excluded else pattern)
    except BoundariesError as fault:
        return str(fault)
    if excluded:
        section.freed.append(matcher)
        return ""
    named = owners_in(words)
    section.entries.append(Entry(pattern, number, named or (() if words else owners), approvals))
    section.matchers.append(matcher)
    return "" if named or owners or not words else "none of its owners is one"


def effective(files: Mapping[str, str]) -> tuple[str, str] | None:
    """Return path and text of the file that GitLab uses: the first of ``LOCATIONS``."""
    return next(((path, files[path]) for path in LOCATIONS if path in files), None)


def _read(files: Mapping[str, str]) -> GitlabRules:
    path, text = effective(files) or ("CODEOWNERS", "")
    return parse(text, where=path)


GITLAB = Dialect("gitlab", ", ".join(LOCATIONS), LOCATIONS.__contains__, _read)
