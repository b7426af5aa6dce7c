"""Takes a git log of Code Maat's two formats apart, line by line.

In:  the text of a log.
Out: ``Parsed``: its commits, its paths, and for each row the number of both.

A commit begins with a line ``--id--day--author`` (format git2) or ``[id] author day
message`` (format git). Several in a row are merges: the last one counts. Lines
``added TAB deleted TAB path`` follow; a blank line ends the commit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, NoReturn

from conway.display import visible
from conway.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

Format = Literal["git2", "git"]
Commit = tuple[str, str, str, str]

NO_MESSAGE = "-"
_GIT2 = re.compile(r"--([0-9a-f]+)--([0-9]{4}-[0-9]{2}-[0-9]{2})--(.*)")
_GIT = re.compile(
    r"\[([0-9a-f]+)\][ \t\f\v](.+?)[ \t\f\v]([0-9]{4}-[0-9]{2}-[0-9]{2})[ \t\f\v](.*)"
)
_BEGIN: Mapping[Format, str] = {"git2": "--", "git": "["}
_LIKE: Mapping[Format, str] = {"git2": "--1a2b3c4--2025-03-31--Author",
                               "git": "[1a2b3c4] Author 2025-03-31 Message"}  # fmt: skip
_WRITE = (
    "write it with `conway maat log REPO`, or with git log --all --numstat --date=short "
    "--pretty=format:'--%h--%ad--%aN' --no-renames"
)
_LARGEST = 2**31 - 1
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Parsed:
    """A log taken apart.

    Attributes
    ----------
    commits
        Id, day, author and message of each commit, in the order of the log.
    paths
        Distinct paths, by first appearance.
    commit_of, path_of
        For each row the number of its commit and of its path.
    added, deleted
        Lines of each row; -1 for binary files.
    """

    commits: list[Commit] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    commit_of: list[int] = field(default_factory=list)
    path_of: list[int] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)


def parse(text: str, *, where: str, version_control: Format | None = None) -> Parsed:
    """Take the text of a log apart.

    Raises
    ------
    HistoryError
        At the first line that such a log cannot have.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    return _Reader(where, version_control or _recognised(lines, where=where)).read(lines)


def _recognised(lines: list[str], *, where: str) -> Format:
    """Return the format that the first line is in."""
    for number, line in enumerate(lines, 1):
        if line.startswith("["):
            return "git"
        if line.startswith("--"):
            return "git2"
        if line and not line.isspace():
            raise HistoryError(
                f"{where}:{number}: this is not a git log that Code Maat reads: it begins with "
                f"'{_short(line)}', not with '{_LIKE['git2']}' or '{_LIKE['git']}'; {_WRITE}"
            )
    return "git2"


def _short(line: str) -> str:
    return visible(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}...")


class _Reader:
    """Reads lines of one format; remembers numbers, days and paths that it has seen."""

    def __init__(self, where: str, version_control: Format) -> None:
        self._where = where
        self._format: Format = version_control
        self._counts: dict[str, int] = {"-": -1}
        self._days: set[str] = set()

    def read(self, lines: list[str]) -> Parsed:
        """Return the rows of all lines."""
        found = Parsed()
        places: dict[str, int] = {}
        begin, counts, inside = _BEGIN[self._format], self._counts, False
        for number, line in enumerate(lines, 1):
            if line.startswith(begin) and self._begins(line, number=number, found=found):
                inside = True
                continue
            fields = line.split("\t", 2)
            if len(fields) == 3 and inside and fields[2]:  # noqa: PLR2004
                added, deleted, path = fields
                if added not in counts or deleted not in counts:
                    self._count(added, deleted, number=number)
                found.commit_of.append(len(found.commits) - 1)
                found.path_of.append(places.setdefault(path, len(places)))
                found.added.append(counts[added])
                found.deleted.append(counts[deleted])
            elif not line or line.isspace():
                inside = False
            else:
                self._refuse(line, number=number, inside=inside)
        found.paths.extend(places)
        return found

    def _begins(self, line: str, *, number: int, found: Parsed) -> bool:
        """Keep the commit that a line begins; say whether it begins one."""
        if self._format == "git2":
            match = _GIT2.fullmatch(line)
            if match is None:
                return False
            rev, day, author = match.groups()
            message = NO_MESSAGE
        else:
            match = _GIT.fullmatch(line)
            if match is None:
                return False
            rev, author, day, message = match.groups()
        if day not in self._days:
            self._check_day(day, number=number)
        found.commits.append((rev, day, author, message))
        return True

    def _check_day(self, day: str, *, number: int) -> None:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise HistoryError(
                f"{self._where}:{number}: '{day}' is no day of the calendar; {_WRITE}"
            ) from None
        self._days.add(day)

    def _count(self, *texts: str, number: int) -> None:
        """Remember the value of numbers of lines, checked."""
        for text in texts:
            if text in self._counts:
                continue
            if not (text.isascii() and text.isdigit()) or int(text) > _LARGEST:
                raise HistoryError(
                    f"{self._where}:{number}: '{_short(text)}' is no number of lines; {_WRITE}"
                )
            self._counts[text] = int(text)

    def _refuse(self, line: str, *, number: int, inside: bool) -> NoReturn:
        due = f"a commit such as '{_LIKE[self._format]}'"
        if inside:
            due = f"'added TAB deleted TAB path', a blank line or {due}"
        raise HistoryError(
            f"{self._where}:{number}: expected {due}, found '{_short(line)}'; {_WRITE}"
        )
