"""The team of each author: from memberships, else inferred from earlier work.

In:  for each change set its author, time, and the teams that own the services it touches.
Out: ``Homes``: the team of a person as of a time, -1 where it is not known.

Inference: a person's team is the one that owns most of the services which the
person's change sets touched in the 180 days before, one vote per change set and team, ties
by name. Only earlier change sets vote, so a change never decides its own author's team.
It is a working assumption about where people work, shown for teams and never for a person.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

TRAILING_SECONDS = 180 * 24 * 3600

Votes = Mapping[int, tuple[Sequence[int], Sequence[tuple[int, ...]]]]


@dataclass(frozen=True, eq=False)
class Homes:
    """The team of each person as of any time.

    Attributes
    ----------
    votes
        By person: the times of the person's change sets in order, and for each the
        teams that own the services it touches.
    members
        Where memberships are given: ``(person, time) -> team code`` or None; it decides
        alone, and people whom it does not know stay unknown.
    entries
        Where memberships are given: the persons of an entry of their table, as written there.
    people
        By code the pseudonym of a person, in memory only.
    """

    votes: Votes
    members: Callable[[int, int], int | None] | None = None
    entries: Callable[[str], tuple[int, ...]] | None = None
    people: tuple[str, ...] = ()

    def codes_of(self, entry: str) -> tuple[int, ...]:
        """Return the persons whom an entry of the table of memberships stands for."""
        return () if self.entries is None else self.entries(entry)

    @property
    def source(self) -> str:
        """Where teams of authors come from: ``memberships`` or ``inferred``."""
        return "inferred" if self.members is None else "memberships"

    def team_at(self, person: int, time: int) -> int:
        """Return the code of the person's team just before ``time``, -1 if unknown."""
        if person < 0:
            return -1
        if self.members is not None:
            team = self.members(person, time)
            return -1 if team is None else team
        times, teams = self.votes.get(person, ((), ()))
        first, last = bisect_left(times, time - TRAILING_SECONDS), bisect_left(times, time)
        counts = Counter(team for vote in teams[first:last] for team in vote)
        return min(counts, key=lambda team: (-counts[team], team)) if counts else -1

    def teams_of(self, people: np.ndarray, times: np.ndarray) -> np.ndarray:
        """Return the team code of each ``(person, time)`` (shape: pairs)."""
        pairs = zip(people.tolist(), times.tolist(), strict=True)
        return np.array([self.team_at(person, time) for person, time in pairs], dtype=np.int64)


def votes_of(people: np.ndarray, times: np.ndarray, *, teams: Sequence[tuple[int, ...]]) -> Votes:
    """Collect the votes of each person's change sets in order of time.

    Parameters
    ----------
    people, times
        Author and time of each change set (shape: change sets, any order).
    teams
        For each change set the teams that own its services as of the change.
    """
    collected: dict[int, tuple[list[int], list[tuple[int, ...]]]] = {}
    for index in np.argsort(times, kind="stable").tolist():
        person = int(people[index])
        if person >= 0 and teams[index]:
            seen, voted = collected.setdefault(person, ([], []))
            seen.append(int(times[index]))
            voted.append(teams[index])
    return collected
