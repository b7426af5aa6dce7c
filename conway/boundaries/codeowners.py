"""GitHub's CODEOWNERS: which owners may approve a path, by which line.

In:  the text of an ownership file.
Out: ``Rules``, the rules in order with the lines that GitHub would skip.

The last rule that names a path counts; a rule without owners clears them; several owners
on one line are alternatives. A line that GitHub does not accept is skipped and recorded.
Source: "About code owners", docs.github.com.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.patterns import Matcher, PatternIndex, github_matcher
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCATIONS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
LARGEST_FILE = 3 * 1024 * 1024
MOST_RULES = 20_000

_OWNER = re.compile(
    r"@[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9_.-]+)?|[^@\s\"<>]+@[^@\s\"<>]+\.[^@\s\"<>]+"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: its pattern, its number from 1, and its owners as written."""

    pattern: str
    line: int
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The rules of one version of an ownership file.

    Attributes
    ----------
    rules
        In the order of the file.
    faults
        ``(line, reason)`` of every line that is skipped; line 0 is the whole file.
    """

    rules: tuple[Rule, ...]
    faults: tuple[tuple[int, str], ...]
    _index: PatternIndex

    def rule(self, path: str) -> Rule | None:
        """Return the rule that counts for ``path``, None if none names it."""
        number = self._index.find(path)
        return None if number < 0 else self.rules[number]

    def owners(self, path: str) -> tuple[str, ...]:
        """Return who may each approve ``path``, as written; empty if it is not owned."""
        rule = self.rule(path)
        return () if rule is None else rule.owners


def parse(text: str) -> Rules:
    r"""Read an ownership file.

    Examples
    --------
    >>> rules = parse("* @acme/core\n/docs/ @acme/docs @octocat\n/docs/old/\n")
    >>> rules.owners("docs/a.md"), rules.owners("docs/old/b.md")
    (('@acme/docs', '@octocat'), ())
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        return _unread(f"larger than {LARGEST_FILE} bytes: GitHub does not read it")
    rules: list[Rule] = []
    matchers: list[Matcher] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        pattern, owners = _split(line)
        if not pattern:
            continue
        if len(rules) == MOST_RULES:
            return _unread(f"more than {MOST_RULES} rules")
        try:
            matcher = github_matcher(pattern)
        except BoundariesError as fault:
            faults.append((number, str(fault)))
            continue
        if not all(_OWNER.fullmatch(owner) for owner in owners):
            faults.append((number, "an owner is not @user, @org/team or an e-mail address"))
            continue
        rules.append(Rule(pattern, number, tuple(dict.fromkeys(owners))))
        matchers.append(matcher)
    return Rules(tuple(rules), tuple(faults), PatternIndex(tuple(matchers), "last"))


def _unread(reason: str) -> Rules:
    return Rules((), ((0, reason),), PatternIndex((), "last"))


def _split(line: str) -> tuple[str, list[str]]:
    """Split a line into its pattern, in which a space may be escaped, and its owners."""
    line = line.strip(" \t\r\f\v")
    if not line or line.startswith("#"):
        return "", []
    end, escaped = 0, False
    while end < len(line) and (escaped or not line[end].isspace()):
        escaped = line[end] == "\\" and not escaped
        end += 1
    return line[:end], line[end:].partition("#")[0].split()


def effective(files: Mapping[str, str]) -> tuple[str, str] | None:
    """Return path and text of the file that GitHub uses: the first of ``LOCATIONS``.

    Parameters
    ----------
    files
        Texts by path, as of one commit.
    """
    for path in LOCATIONS:
        if path in files:
            return path, files[path]
    return None
