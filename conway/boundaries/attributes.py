"""Reads from ``.gitattributes`` which paths linguist takes for generated or vendored.

In:  every ``.gitattributes`` of a repository as of its newest mainline change.
Out: for a path, the linguist attributes that its last matching line sets or unsets.

Only the two attributes of interest are read. As in git, a pattern without a slash names
files at any depth below its own folder, later lines go before earlier ones, and a file in
a deeper folder before one above it. Lines with ranges of characters (``[a-z]``) or a
negative pattern are passed over, as is anything else that makes no sense.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.patterns import Matcher, glob_matcher
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

FILE = ".gitattributes"
NAMES = ("linguist-generated", "linguist-vendored")


@dataclass(frozen=True, slots=True)
class Attributes:
    """Lines with linguist attributes, those that count first.

    Attributes
    ----------
    lines
        The folder that a line holds in (empty: all), its pattern, and what it sets.
    """

    lines: tuple[tuple[str, Matcher, Mapping[str, bool]], ...] = ()

    def of(self, path: str) -> Mapping[str, bool]:
        """Return the attributes of a path that any line sets or unsets."""
        found: dict[str, bool] = {}
        for folder, matcher, sets in self.lines:
            below = path.startswith(folder)
            if below and sets.keys() - found.keys() and matcher.matches(path[len(folder) :]):
                found = {**sets, **found}
        return found


def read_attributes(boundary_files: pd.DataFrame) -> Mapping[str, Attributes]:
    """Return the attributes of each repository that has any.

    Parameters
    ----------
    boundary_files
        Schema ``BOUNDARY_FILES``, in mainline order.
    """
    names = boundary_files["path"]
    files = boundary_files[(names == FILE) | names.str.endswith(f"/{FILE}")]
    newest = files.drop_duplicates(["repository", "path"], keep="last").dropna(subset="content")
    by_repository: dict[str, list[tuple[str, str]]] = {}
    columns = (newest[name].tolist() for name in ("repository", "path", "content"))
    for repository, path, content in zip(*columns, strict=True):
        by_repository.setdefault(repository, []).append((path.removesuffix(FILE), content))
    return {
        repository: Attributes(tuple(_lines(found)))
        for repository, found in sorted(by_repository.items())
    }


def _lines(files: list[tuple[str, str]]) -> Iterator[tuple[str, Matcher, Mapping[str, bool]]]:
    """Yield the lines of all files, the deepest folder and the last line first."""
    for folder, content in sorted(files, key=lambda one: (-one[0].count("/"), one[0])):
        for line in reversed(content.splitlines()):
            pattern, *words = _words(line)
            sets = dict(filter(None, map(_set, words)))
            if pattern and sets and not pattern.startswith(("#", "!", "[attr]")):
                matcher = _matcher(pattern)
                if matcher is not None:
                    yield folder, matcher, sets


def _words(line: str) -> list[str]:
    """Return pattern and attributes; a pattern with spaces stands in quotes."""
    text = line.strip()
    if text.startswith('"') and '"' in text[1:]:
        pattern, _, rest = text[1:].partition('"')
        return [pattern, *rest.split()]
    return text.split() or [""]


def _set(word: str) -> tuple[str, bool] | None:
    name, equals, value = word.lstrip("-!").partition("=")
    if name not in NAMES:
        return None
    return name, not word.startswith(("-", "!")) and (not equals or value.casefold() == "true")


def _matcher(pattern: str) -> Matcher | None:
    if "[" in pattern or pattern.endswith("/"):
        return None
    anywhere = "/" not in pattern
    try:
        return glob_matcher(f"**/{pattern}" if anywhere else pattern)
    except BoundariesError:
        return None
