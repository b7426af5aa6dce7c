"""The same work under fixed boundaries: owners and people's teams of one day.

In:  ``Work``.
Out: handoffs and autonomy of its change sets as if a given day's owners and a given day's
     people's teams had held all along.

What changes between two periods measured in this way is the work itself: who writes what,
and what is touched together. Owners cannot change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.boundaries.approvers import hitting_sets
from conway.boundaries.homes import TRAILING_SECONDS
from conway.delivery.measurement import service_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Reading:
    """Change sets of a window under fixed boundaries.

    Attributes
    ----------
    first, last
        Which sets: ``first <= number < last``.
    handoffs
        Of each (shape: sets); nan where the set does not count.
    autonomous
        1 where one team and one release unit suffice, else 0 (shape: sets); nan as above.
    """

    first: int
    last: int
    handoffs: np.ndarray
    autonomous: np.ndarray


@dataclass(frozen=True, eq=False)
class FixedWork:
    """Change sets compressed to what fixed boundaries can tell apart.

    Attributes
    ----------
    work
        The labelled work.
    times
        Of each set, in order.
    touches
        Sets by services, 1 where touched (sparse).
    shares
        The same, each set's shares summing to 1, so that rates of services add up to those
        of all change sets and no large set counts many times.
    cells
        For each distinct label its service, its service's team, its alternatives.
    kinds
        The cells of each kind of change set.
    kind
        The kind of each set (shape: sets).
    alone
        Whether a set touches at most one release unit (shape: sets).
    """

    work: Work
    times: np.ndarray
    touches: sparse.csr_array
    shares: sparse.csr_array
    cells: tuple[tuple[int, int, frozenset[int]], ...]
    kinds: tuple[tuple[int, ...], ...]
    kind: np.ndarray
    alone: np.ndarray

    @classmethod
    def of(cls, work: Work) -> FixedWork:
        """Compress the labelled work."""
        rows = work.rows
        keys = list(zip(rows["service"], rows["service_team"], rows["owners"], strict=True))
        index: dict[tuple[int, int, int], int] = {}
        cell = [index.setdefault(key, len(index)) for key in keys]
        members: list[set[int]] = [set() for _ in range(len(work))]
        for number, one in zip(rows["set"].tolist(), cell, strict=True):
            members[number].add(one)
        kinds: dict[tuple[int, ...], int] = {}
        kind = [kinds.setdefault(tuple(sorted(one)), len(kinds)) for one in members]
        units = rows.loc[rows["unit"] >= 0, ["set", "unit"]].drop_duplicates()
        lanes = np.bincount(units["set"].to_numpy(), minlength=len(work))
        owners = [frozenset(teams) for teams in work.owners]
        touches = service_lanes(work)
        return cls(
            work=work,
            times=work.sets["time"].to_numpy(),
            touches=touches,
            shares=(sparse.diags_array(1 / np.diff(touches.indptr)) @ touches).tocsr(),
            cells=tuple((s, t, owners[o] if o >= 0 else frozenset()) for s, t, o in index),
            kinds=tuple(kinds),
            kind=np.array(kind, dtype=np.int64),
            alone=lanes <= 1,
        )

    def within(self, since: int, until: int) -> tuple[int, int]:
        """Return the first and the last number of the sets of a window."""
        first, last = np.searchsorted(self.times, [since, until])
        return int(first), int(last)

    def teams_at(self, time: int, sets: tuple[int, int], *, owners: np.ndarray) -> np.ndarray:
        """Return the author's team of each set of a window as of ``time`` (shape: sets).

        Members' teams where a table gives them; else the team that owns most of what a person
        touched in the 180 days before, by the given owners of services: one vote for each
        change set and team, ties by name. It is the rule of ``conway.boundaries.homes``, with
        the owners of one day.
        """
        homes, people = self.work.homes, self.work.sets["author"].to_numpy()
        distinct, place = np.unique(people[sets[0] : sets[1]], return_inverse=True)
        if homes.members is not None:
            return homes.teams_of(distinct, np.full(len(distinct), time))[place]
        first, last = self.within(time - TRAILING_SECONDS, time)
        known = owners >= 0
        owns = sparse.coo_array(
            (np.ones(known.sum()), (np.flatnonzero(known), owners[known])),
            shape=(len(owners), len(self.work.teams)),
        ).tocsr()
        voted = (self.touches[first:last] @ owns).sign().tocoo()
        voter = np.searchsorted(distinct, people[first:last])
        voter[(voter == len(distinct)) | (distinct[np.minimum(voter, len(distinct) - 1)]
                                          != people[first:last])] = -1  # fmt: skip
        votes = np.zeros((len(distinct), len(self.work.teams)))
        counts = (voter[voted.row] >= 0) & (people[first:last][voted.row] >= 0)
        np.add.at(votes, (voter[voted.row][counts], voted.col[counts]), 1)
        found = np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
        return found[place]

    def read(self, sets: tuple[int, int], *, teams: np.ndarray, owners: np.ndarray) -> Reading:
        """Measure the sets of a window under fixed boundaries.

        Parameters
        ----------
        sets
            First and last number.
        teams
            The author's team of each set, -1 unknown (shape: sets).
        owners
            The team that owns each service, -1 none (shape: services).
        """
        first, last = sets
        kind = self.kind[first:last]
        asked = {
            int(number): frozenset(self._alternatives(self.kinds[number], owners))
            for number in np.unique(kind).tolist()
        }
        wide = len(self.work.teams) + 1
        distinct, place = np.unique(kind * wide + teams + 1, return_inverse=True)
        costs = np.array(
            [_handoffs(asked[code // wide], code % wide - 1) for code in distinct.tolist()]
        )
        handoffs = costs[place] if len(distinct) else np.empty(0)
        autonomous = np.where(np.isnan(handoffs), np.nan, (handoffs == 0) & self.alone[first:last])
        return Reading(first, last, handoffs, autonomous)

    def _alternatives(self, cells: Sequence[int], owners: np.ndarray) -> set[frozenset[int]]:
        """Return who may approve, with each service's owner in the place of its own."""
        found = set()
        for number in cells:
            service, team, asked = self.cells[number]
            owner = int(owners[service]) if service >= 0 else -1
            if owner >= 0 and owner != team:
                if team < 0:
                    asked = asked or frozenset((owner,))
                elif team in asked:
                    asked = asked - {team} | {owner}
            if asked:
                found.add(asked)
        return found


def _handoffs(asked: frozenset[frozenset[int]], team: int) -> float:
    """Return the teams that a change set needs beyond its author's, nan if it does not count."""
    if team < 0 or not asked:
        return float("nan")
    return float(len(hitting_sets(asked, holding=team)[0]) - 1)
