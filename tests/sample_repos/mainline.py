"""Reads a repository's mainline straight from git, apart from conway's own reader.

A repository goes in; ``Change`` rows come out, the oldest first. The tests count the planted
truth on them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sample_repos.git import git

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Change:
    """One mainline change: who wrote it, when, what it is called, which paths it touches."""

    oid: str
    time: int
    author: str
    subject: str
    parents: int
    paths: tuple[str, ...]
    body: str

    @property
    def robot(self) -> bool:
        """True for what a dependency robot wrote; an agent's author is its human."""
        return "[bot]" in self.author


@lru_cache(maxsize=8)
def mainline(repository: Path) -> tuple[Change, ...]:
    """Return the first-parent history; authors by mailmap, of a merge those it brings."""
    form = "--format=%x01%H%x02%ct%x02%aE%x02%P%x02%s%x02%B%x02"
    log = ["log", "--first-parent", "--reverse", "-m", "--name-only", "--no-renames", "-z", form]
    text = git(repository, *log).decode()
    return tuple(_change(repository, record) for record in text.split("\x01")[1:])


def _change(repository: Path, record: str) -> Change:
    oid, time, author, parents, subject, body, paths = record.split("\x02")
    brought = parents.split()[1:]
    if brought:
        author = _brought(repository, oid)
    elif author.endswith("+Copilot@users.noreply.github.com"):
        author = body.rsplit("<", 1)[1].split(">")[0]
    names = tuple(sorted(path for path in paths.strip("\0\n").split("\0") if path))
    return Change(oid, int(time), author, subject, 1 + len(brought), names, body)


def _brought(repository: Path, oid: str) -> str:
    """Return the author of most commits that a merge brings; of equals the first."""
    commits = git(repository, "log", "--reverse", "--format=%aE", f"{oid}^1..{oid}^2")
    return Counter(commits.decode().split()).most_common(1)[0][0]
