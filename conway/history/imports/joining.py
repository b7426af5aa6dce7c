"""Which change a row of an optional table speaks of, and who its people are.

In:  a ``History``; repository, pull request number, commit id of a row; a person's name,
     address or login.
Out: the change, or the reason why there is none; the pseudonym.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.history.record import History

SHORTEST_COMMIT = 7
_HIDDEN_ADDRESS = re.compile(r"^(?:\d+\+)?(.+)@users\.noreply\.github\.com$")

NO_REPOSITORY = "do not say of which repository"
OTHER_REPOSITORY = "are of a repository that is not read"
NOT_MERGED = "are of pull requests that were not merged"
NO_CHANGE = "are of a commit or pull request that is not in the history"
NOTHING = "name neither a commit nor a pull request"


@dataclass(frozen=True, slots=True)
class Place:
    """A change: its repository, object id, place in mainline order and time."""

    repository: str
    change: str
    position: int
    time: int


@dataclass(frozen=True, eq=False)
class Changes:
    """Finds the changes of a history."""

    repositories: tuple[str, ...]
    _by_commit: Mapping[str, Mapping[str, Place]]
    _by_request: Mapping[tuple[str, int], Sequence[Place]]
    _ids: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, history: History) -> Changes:
        """Index the changes and commits of a history."""
        places: dict[tuple[str, str], Place] = {}
        columns = ["repository", "change", "position", "committer_time"]
        for row in history.changes[columns].itertuples(index=False, name=None):
            places[row[0], row[1]] = Place(*row)
        requests: dict[tuple[str, int], list[Place]] = {}
        numbered = history.changes.dropna(subset="pull_request")
        numbers = numbered["pull_request"].astype("int64").tolist()
        for home, change, number in zip(
            numbered["repository"], numbered["change"], numbers, strict=True
        ):
            requests.setdefault((home, number), []).append(places[home, change])
        commits: dict[str, dict[str, Place]] = {one.name: {} for one in history.repositories}
        for (repository, change), place in places.items():
            commits.setdefault(repository, {})[change] = place
        columns = ["repository", "commit", "change"]
        for repository, commit, change in history.commits[columns].itertuples(
            index=False, name=None
        ):
            if (repository, change) in places:
                commits[repository].setdefault(commit, places[repository, change])
        ids = {name: sorted(found) for name, found in commits.items()}
        return cls(tuple(sorted(commits)), commits, requests, ids)

    def repository(self, named: object, *, fallback: str = "") -> str:
        """Return the repository that a row means: by its last part; "" where none is named."""
        text = str(named or fallback).strip().rstrip("/")
        if not text:
            return self.repositories[0] if len(self.repositories) == 1 else ""
        last = re.split(r"[/:]", text)[-1]
        return last.removesuffix(".git")

    def find(
        self, repository: str, *, commit: object = None, request: object = None, near: int = 0
    ) -> Place | str:
        """Return the change of a row, or the reason why there is none.

        Parameters
        ----------
        repository
            As ``repository`` returned it; "" for any, where only a whole commit id is given.
        commit, request
            Object id (or its beginning), and number of the pull request.
        near
            Of several changes with one number, that whose time is nearest.
        """
        if repository and repository not in self._by_commit:
            return OTHER_REPOSITORY
        name = str(commit or "").strip().casefold()
        if name:
            homes = [repository] if repository else list(self.repositories)
            found = [place for home in homes if (place := self._at(home, name)) is not None]
            if len(found) == 1:
                return found[0]
            if found:
                return NO_REPOSITORY
        if isinstance(request, int):
            if not repository:
                return NO_REPOSITORY
            several = self._by_request.get((repository, request), ())
            if several:
                return min(several, key=lambda place: (abs(place.time - near), place.position))
        return NO_CHANGE if name or request is not None else NOTHING

    def _at(self, repository: str, name: str) -> Place | None:
        commits = self._by_commit[repository]
        if name in commits or len(name) < SHORTEST_COMMIT:
            return commits.get(name)
        ids = self._ids[repository]
        first = bisect_left(ids, name)
        if first >= len(ids) or not ids[first].startswith(name):
            return None
        if first + 1 < len(ids) and ids[first + 1].startswith(name):
            return None
        return commits[ids[first]]


@dataclass(eq=False, repr=False)
class People:
    """Gives the people of a table their pseudonyms; their names do not stay."""

    _known: dict[str, str]
    _strangers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, history: History) -> People:
        """Index the people of a history by name, address and login."""
        people = history._people  # noqa: SLF001 - readers may ask who a pseudonym is
        known: dict[str, str] = {}
        for person, name, email in people[["person", "name", "email"]].itertuples(
            index=False, name=None
        ):
            address = str(email).strip().casefold()
            hidden = _HIDDEN_ADDRESS.match(address)
            for key in (address, str(name).strip().casefold(), hidden[1] if hidden else ""):
                if key:
                    known.setdefault(key, person)
        return cls(known)

    def pseudonym(self, named: object) -> str | None:
        """Return who is named, None where nobody is; strangers are told apart, not known."""
        text = str(named or "").strip().casefold()
        if not text:
            return None
        if text in self._known:
            return self._known[text]
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._strangers.setdefault(digest, f"stranger {len(self._strangers)}")

    @staticmethod
    def is_robot(named: object) -> bool:
        """Tell whether a login is a robot's."""
        return str(named or "").strip().casefold().endswith("[bot]")
