"""GitHub's CODEOWNERS: which owners may approve a path, by which line.

In:  the text of an ownership file.
Out: ``Rules``, the rules in order with the lines that GitHub would skip; the dialect.

The last rule that names a path counts; a rule without owners clears them; several owners
on one line are alternatives. A line that GitHub does not accept is skipped and recorded.
Source: "About code owners", docs.github.com.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.patterns import Matcher, PatternIndex, github_matcher
from conway.boundaries.requirements import Demand, Dialect, Fault
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        Every line that is skipped.
    """

    rules: tuple[Rule, ...]
    faults: tuple[Fault, ...]
    _index: PatternIndex

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The owners of each pattern, of its last line."""
        return {rule.pattern: rule.owners for rule in self.rules}

    def demands(self, path: str) -> tuple[Demand, ...]:
        """Return the approval that ``path`` needs: one of the owners on its line."""
        rule = self.rule(path)
        return () if rule is None or not rule.owners else (Demand(rule.owners, rule.pattern),)

    def rule(self, path: str) -> Rule | None:
        """Return the rule that counts for ``path``, None if none names it."""
        number = self._index.find(path)
        return None if number < 0 else self.rules[number]

    def owners(self, path: str) -> tuple[str, ...]:
        """Return who may each approve ``path``, as written; empty if it is not owned."""
        rule = self.rule(path)
        return () if rule is None else rule.owners


def github_owner(word: str) -> str | None:
    """Return an owner as GitHub knows it: ``@user``, ``@org/team`` or an e-mail address."""
    return word if _OWNER.fullmatch(word) else None


def parse(
    text: str,
    *,
    where: str = "CODEOWNERS",
    owner_of: Callable[[str], str | None] = github_owner,
) -> Rules:
    r"""Read an ownership file.

    Parameters
    ----------
    text
        Its content.
    where
        Its path, for faults.
    owner_of
        The owner that a word means, None if it is none.

    Examples
    --------
    >>> rules = parse("* @acme/core\n/docs/ @acme/docs @octocat\n/docs/old/\n")
    >>> rules.owners("docs/a.md"), rules.owners("docs/old/b.md")
    (('@acme/docs', '@octocat'), ())
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        return _unread(Fault(where, 0, f"larger than {LARGEST_FILE} bytes: it is not read"))
    rules: list[Rule] = []
    matchers: list[Matcher] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        pattern, words = split_entry(line)
        if not pattern:
            continue
        if len(rules) == MOST_RULES:
            return _unread(Fault(where, 0, f"more than {MOST_RULES} rules"))
        try:
            matcher = github_matcher(pattern)
        except BoundariesError as fault:
            faults.append(Fault(where, number, str(fault)))
            continue
        owners = [owner_of(word) for word in words]
        named = tuple(dict.fromkeys(owner for owner in owners if owner is not None))
        if None in owners:
            reason = "an owner is not a user, a team or an e-mail address as this format has them"
            faults.append(Fault(where, number, reason))
            continue
        rules.append(Rule(pattern, number, named))
        matchers.append(matcher)
    return Rules(tuple(rules), tuple(faults), PatternIndex(tuple(matchers), "last"))


def _unread(fault: Fault) -> Rules:
    return Rules((), (fault,), PatternIndex((), "last"))


def split_entry(line: str, *, comments: bool = True) -> tuple[str, list[str]]:
    """Split a line into its pattern, in which a space may be escaped, and its owners.

    Parameters
    ----------
    line
        Without its end.
    comments
        Whether a ``#`` among the owners begins a comment.
    """
    line = line.strip(" \t\r\f\v")
    if not line or line.startswith("#"):
        return "", []
    end, escaped = 0, False
    while end < len(line) and (escaped or not line[end].isspace()):
        escaped = line[end] == "\\" and not escaped
        end += 1
    rest = line[end:].partition("#")[0] if comments else line[end:]
    return line[:end], rest.split()


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


def _read(files: Mapping[str, str]) -> Rules:
    path, text = effective(files) or ("CODEOWNERS", "")
    return parse(text, where=path)


GITHUB = Dialect("github", ", ".join(LOCATIONS), LOCATIONS.__contains__, _read)
