"""Footprints: which teams and release units each change set needs.

In:  ``Work``.
Out: ``Footprints``: for every change set that counts, the smallest sets of teams that hold
     its author's team and one owner of every owned file, and its release units.

A change set without an owned file or without a known author's team does not count; moves
never change which sets count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from conway.boundaries.approvers import hitting_sets
from conway.delivery.grouping import distinct_rows

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TeamSets = tuple[frozenset[int], ...]


def counted_sets(work: Work) -> np.ndarray:
    """Return which change sets count: an owned file and a known author's team (shape: sets)."""
    owned = np.zeros(len(work), dtype=bool)
    rows = work.rows
    owned[rows.loc[rows["owners"] >= 0, "set"].to_numpy()] = True
    return owned & (work.sets["author_team"].to_numpy() >= 0)


def needed_teams(
    author_team: int, requirements: frozenset[int], *, owners: tuple[tuple[int, ...], ...]
) -> TeamSets:
    """Return all smallest sets of teams that a change set may be delivered by.

    Parameters
    ----------
    author_team
        Code of the author's team, which every set holds.
    requirements
        Codes of the alternatives that its owned files ask for.
    owners
        The teams of each alternative.
    """
    alternatives = frozenset(frozenset(owners[code]) for code in requirements)
    return hitting_sets(alternatives, holding=author_team)


@dataclass(frozen=True, eq=False)
class Footprints:
    """What each counted change set needs.

    Attributes
    ----------
    sets
        Row numbers of the counted change sets in ``Work.sets`` (shape: counted).
    kinds
        For each of them its kind of footprint: index into ``teams`` (shape: counted).
    teams
        For each kind the equal smallest sets of teams.
    authors
        For each kind the author's team.
    units
        Counted change sets by release units: 1 where touched (sparse).
    unit_paths
        The same with the number of touched paths (sparse).
    """

    sets: np.ndarray
    kinds: np.ndarray
    teams: tuple[TeamSets, ...]
    authors: np.ndarray
    units: sparse.csr_array
    unit_paths: sparse.csr_array

    def keep(self, mask: np.ndarray) -> Footprints:
        """Return the footprints of the counted change sets where ``mask`` is true."""
        used, kinds = np.unique(self.kinds[mask], return_inverse=True)
        return replace(
            self,
            sets=self.sets[mask],
            kinds=kinds,
            teams=tuple(self.teams[kind] for kind in used.tolist()),
            authors=self.authors[used],
            units=self.units[mask],
            unit_paths=self.unit_paths[mask],
        )

    @property
    def handoffs(self) -> np.ndarray:
        """Teams beyond the first of each counted change set (shape: counted)."""
        size = [len(teams[0]) - 1 for teams in self.teams]
        by_kind: np.ndarray = np.array(size, dtype=np.int64)
        found: np.ndarray = by_kind[self.kinds]
        return found

    @property
    def lockstep(self) -> np.ndarray:
        """Release units beyond the first of each counted change set (shape: counted)."""
        found: np.ndarray = np.maximum(np.diff(self.units.indptr) - 1, 0).astype(np.int64)
        return found


def find_footprints(work: Work, *, counted: np.ndarray | None = None) -> Footprints:
    """Find the footprint of each counted change set.

    Parameters
    ----------
    work
        Labelled change sets.
    counted
        Which sets count (shape: sets); by default ``counted_sets(work)``. A replay gives
        those of the base.
    """
    chosen = counted_sets(work) if counted is None else counted
    sets = np.flatnonzero(chosen)
    place = np.cumsum(chosen) - 1
    rows = work.rows[chosen[work.rows["set"].to_numpy()]]
    kinds, teams, authors = _kinds(work, rows, sets=sets)
    known = rows[rows["unit"] >= 0].drop_duplicates(["set", "path"])
    paths = sparse.coo_array(
        (
            np.ones(len(known), dtype=np.int64),
            (place[known["set"].to_numpy()], known["unit"].to_numpy()),
        ),
        shape=(len(sets), len(work.units)),
    ).tocsr()
    touched = paths.copy()
    touched.data = np.ones_like(touched.data)
    return Footprints(sets, kinds, teams, authors, touched, paths)


def _kinds(
    work: Work, rows: pd.DataFrame, *, sets: np.ndarray
) -> tuple[np.ndarray, tuple[TeamSets, ...], np.ndarray]:
    """Group change sets by author's team and requirements, and solve each kind once."""
    width = len(work.owners)
    owned = rows.loc[rows["owners"] >= 0]
    cells = pd.unique(owned["set"].to_numpy() * width + owned["owners"].to_numpy())
    cells.sort()
    asking, asked = np.divmod(cells, max(width, 1))
    starts = np.searchsorted(asking, np.append(sets, np.iinfo(np.int64).max))
    authors = work.sets["author_team"].to_numpy()[sets]
    kinds, first = distinct_rows(starts, asked, heads=authors + 1)
    only = [teams[0] if len(teams) == 1 else -1 for teams in work.owners]
    required = [asked[a:b].tolist() for a, b in zip(starts[first], starts[first + 1], strict=True)]
    teams = tuple(
        _solved(team, codes, only=only, owners=work.owners)
        for team, codes in zip(authors[first].tolist(), required, strict=True)
    )
    return kinds, teams, authors[first].astype(np.int64)


def _solved(
    author_team: int, codes: list[int], *, only: list[int], owners: tuple[tuple[int, ...], ...]
) -> TeamSets:
    """Return the smallest sets; where every owner stands alone there is nothing to choose."""
    single = {only[code] for code in codes}
    if -1 in single:
        return needed_teams(author_team, frozenset(codes), owners=owners)
    return (frozenset(single | {author_team}),)
