"""Which paths a pattern names, in time that a hostile pattern cannot blow up.

In:  patterns of an ownership file (GitHub's or GitLab's dialect) or globs of ``conway.toml``.
Out: ``Matcher``, one pattern; ``PatternIndex``, the first or last of many that names a
     path; ``PathPatterns``, whether any glob of a list does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from conway.boundaries.path_regex import path_regex, tokens
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_PATTERN = 1024


@dataclass(frozen=True, slots=True)
class Matcher:
    """One pattern over paths.

    Attributes
    ----------
    pattern
        As written.
    regex
        The equivalent regular expression, which matches a whole path.
    literal
        The path that a pattern without wildcards names, else None.
    exact, below
        For a literal: whether it names the path itself, and whether all below it.
    """

    pattern: str
    regex: str
    literal: str | None = None
    exact: bool = False
    below: bool = False

    def matches(self, path: str) -> bool:
        """Tell whether the pattern names ``path``."""
        if self.literal is None:
            return _compiled(self.regex).match(path) is not None
        if self.exact and path == self.literal:
            return True
        return self.below and path.startswith(self.literal + "/")

    def captures(self, path: str) -> tuple[str, ...] | None:
        """Return what the lone ``*`` segments matched, None if the path is not named."""
        found = _compiled(self.regex).match(path)
        return None if found is None else found.groups()


@lru_cache(maxsize=65536)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.DOTALL)


@lru_cache(maxsize=65536)
def github_matcher(pattern: str) -> Matcher:
    """Return the matcher of a pattern in GitHub's CODEOWNERS dialect.

    As gitignore's, but without ``!`` and ``[ ]``, case-sensitive, and ``docs/*`` names one
    level only. A pattern without a slash before its end names at any depth; a trailing
    slash names everything below a folder.

    Raises
    ------
    BoundariesError
        If GitHub does not accept the pattern.

    Examples
    --------
    >>> github_matcher("docs/*").matches("docs/build-app/troubleshooting.md")
    False
    >>> github_matcher("apps/").matches("src/apps/cart.py")
    True
    """
    _refuse_github(pattern)
    segments = pattern.split("/")
    if segments[0] == "" and len(segments) > 1:
        segments = segments[1:]
    elif len(segments) == 1 or segments[1:] == [""]:
        segments = ["**", *segments]
    if len(segments) > 1 and segments[-1] == "":
        segments[-1:] = ["*", "**"] if segments[-2] == "**" else ["**"]
    if "" in segments:
        return Matcher(pattern, regex=r"(?!)")
    return _matcher(pattern, segments, descend=segments[-1] not in {"*", "**"})


def _refuse_github(pattern: str) -> None:
    reason = ""
    if len(pattern.encode("utf-8", "surrogatepass")) > LONGEST_PATTERN:
        reason = f"is longer than {LONGEST_PATTERN} bytes"
    elif pattern.startswith("!"):
        reason = "starts with '!', but patterns cannot be negated"
    elif pattern.startswith("\\#"):
        reason = "starts with '\\#', but a leading '#' cannot be escaped"
    elif "[" in pattern or "]" in pattern:
        reason = "has '[ ]', but ranges of characters are not supported"
    elif "***" in pattern:
        reason = "has three asterisks in a row"
    if reason:
        raise BoundariesError(f"pattern {reason}; GitHub skips such a line")


@lru_cache(maxsize=65536)
def gitlab_matcher(pattern: str) -> Matcher:
    r"""Return the matcher of a pattern in GitLab's CODEOWNERS dialect.

    As Ruby's ``File.fnmatch`` with ``PATHNAME`` and ``DOTMATCH``: a pattern names whole
    paths only, ``**/`` is any number of folders, ``[a-z]`` a class. Without a leading slash
    it names at any depth; a trailing slash names everything below a folder.

    Examples
    --------
    >>> gitlab_matcher("docs").matches("docs/a.md"), gitlab_matcher("docs/").matches("docs/a.md")
    (False, True)
    """
    if len(pattern.encode("utf-8", "surrogatepass")) > LONGEST_PATTERN:
        raise BoundariesError(f"pattern is longer than {LONGEST_PATTERN} bytes")
    plain = pattern[1:] if pattern.startswith("\\#") else pattern
    segments = plain[1:].split("/") if plain.startswith("/") else ["**", *plain.split("/")]
    if segments in (["**", "*"], [""]):
        segments = ["**"]
    elif segments[-1] in {"", "**"}:
        segments[-1] = "**" if segments[-1] == "" else "*"
    if "" in segments:
        return Matcher(pattern, regex=r"(?!)")
    return _matcher(pattern, segments, descend=False, classes=True)


@lru_cache(maxsize=65536)
def glob_matcher(pattern: str, *, hidden: bool = True) -> Matcher:
    """Return the matcher of a glob over whole paths, as ``conway.toml`` uses them.

    ``*`` and ``?`` stay within a segment, ``**`` is any number of segments, a trailing
    slash means everything below. Everything else is literal. The glob starts at the root
    of the repository and matches the whole path.

    Parameters
    ----------
    pattern
        The glob; a leading slash is allowed.
    hidden
        Whether a segment that is only ``*`` also names those with a leading dot.

    Examples
    --------
    >>> glob_matcher("packages/*/**", hidden=False).captures("packages/cart/src/a.ts")
    ('cart',)
    >>> glob_matcher("**/CHANGELOG.md").matches("CHANGELOG.md")
    True
    """
    if len(pattern.encode("utf-8", "surrogatepass")) > LONGEST_PATTERN:
        raise BoundariesError(f"a glob is longer than {LONGEST_PATTERN} bytes; shorten it")
    segments = pattern.removeprefix("/").split("/")
    if len(segments) > 1 and segments[-1] == "":
        segments[-1] = "**"
    if "" in segments or "." in segments or ".." in segments:
        raise BoundariesError(
            f"glob '{pattern}' has an empty, '.' or '..' segment; "
            "write it from the root of the repository, such as 'src/cart/**'"
        )
    return _matcher(pattern, segments, descend=False, hidden=hidden, escapes=False)


def _matcher(
    pattern: str,
    segments: Sequence[str],
    *,
    descend: bool,
    hidden: bool = True,
    escapes: bool = True,
    classes: bool = False,
) -> Matcher:
    regex = path_regex(segments, descend=descend, hidden=hidden, escapes=escapes, classes=classes)
    folder = segments[-1] == "**"
    names = segments[:-1] if folder else segments
    if not names or any(_wild(name, escapes=escapes, classes=classes) for name in names):
        return Matcher(pattern, regex)
    literal = "/".join(_literal(name, escapes=escapes) for name in names)
    return Matcher(pattern, regex, literal, exact=not folder, below=folder or descend)


def _wild(segment: str, *, escapes: bool, classes: bool) -> bool:
    return any(kind != "text" for kind, _ in tokens(segment, escapes=escapes, classes=classes))


def _literal(segment: str, *, escapes: bool) -> str:
    return "".join(text for _, text in tokens(segment, escapes=escapes))


@dataclass(frozen=True, slots=True, eq=False)
class PatternIndex:
    """Many patterns, of which the first or the last that names a path counts.

    Literal patterns are looked up by the path's folders, the rest are tried in turn;
    every answer is remembered.
    """

    matchers: tuple[Matcher, ...]
    wins: Literal["first", "last"]
    _exact: dict[str, int] = field(init=False, default_factory=dict)
    _below: dict[str, int] = field(init=False, default_factory=dict)
    _wild: list[int] = field(init=False, default_factory=list)
    _known: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the patterns into literal ones and the rest, the strongest first."""
        order = list(range(len(self.matchers)))
        if self.wins == "last":
            order.reverse()
        for number in order:
            matcher = self.matchers[number]
            if matcher.literal is None:
                self._wild.append(number)
            else:
                if matcher.exact:
                    self._exact.setdefault(matcher.literal, number)
                if matcher.below:
                    self._below.setdefault(matcher.literal, number)

    def find(self, path: str) -> int:
        """Return the number of the pattern that counts for ``path``, -1 if none does."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._search(path)
        return known

    def _search(self, path: str) -> int:
        hits = [self._exact[path]] if path in self._exact else []
        end = path.rfind("/")
        while end > 0:
            hit = self._below.get(path[:end])
            if hit is not None:
                hits.append(hit)
            end = path.rfind("/", 0, end)
        best = -1 if not hits else (max(hits) if self.wins == "last" else min(hits))
        for number in self._wild:
            if best >= 0 and (number < best) == (self.wins == "last"):
                break
            if self.matchers[number].matches(path):
                return number
        return best


@dataclass(frozen=True, slots=True, eq=False)
class PathPatterns:
    """A list of globs; ``repository:glob`` holds in that one repository only.

    Examples
    --------
    >>> PathPatterns(("**/CHANGELOG.md",)).matches("web/CHANGELOG.md")
    True
    """

    patterns: tuple[str, ...]
    repositories: tuple[str, ...] = ()
    _indexes: dict[str, PatternIndex] = field(init=False, default_factory=dict)

    def matches(self, path: str, *, repository: str = "") -> bool:
        """Tell whether any glob names ``path`` of ``repository``."""
        index = self._indexes.get(repository)
        if index is None:
            globs = globs_of(self.patterns, repository=repository, repositories=self.repositories)
            index = PatternIndex(tuple(glob_matcher(glob) for glob in globs), "first")
            self._indexes[repository] = index
        return index.find(path) >= 0


def globs_of(patterns: Iterable[str], *, repository: str, repositories: Sequence[str]) -> list[str]:
    """Return the globs that hold in ``repository``, without their qualification."""
    globs = []
    for pattern in patterns:
        name, glob = qualified(pattern, repositories=repositories)
        if name is None or name == repository:
            globs.append(glob)
    return globs


def qualified(pattern: str, *, repositories: Sequence[str]) -> tuple[str | None, str]:
    """Split ``repository:glob``; the repository is None where the glob holds in all.

    Examples
    --------
    >>> qualified("shop:src/**", repositories=["shop", "bank"])
    ('shop', 'src/**')
    """
    name, colon, glob = pattern.partition(":")
    return (name, glob) if colon and name in repositories else (None, pattern)
