"""Change sets compressed to kinds, so that a move is scored by what it touches.

In:  ``Work``, which sets count, and the candidate moves.
Out: ``Instance``: labels that no candidate tells apart, kinds of change sets with weights.

``conway.advice.state`` holds its costs under moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from conway.advice.dated import dates_of
from conway.advice.relabelling import authors_of_sets, distinct, labels_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from conway.advice.move import Author, Label, Move
    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Instance:
    """Kinds of change sets.

    Attributes
    ----------
    labels
        One label for each cell: a group of paths that all candidates treat alike.
    authors
        The author of each kind; people whom no candidate moves are told apart by team only.
    cells
        The cells of each kind.
    by_week
        Change sets of each kind by week of the window (sparse; shape: kinds, weeks).
    teams
        Codes of team names, those that a candidate makes included.
    """

    labels: tuple[Label, ...]
    authors: tuple[Author, ...]
    cells: tuple[tuple[int, ...], ...]
    by_week: sparse.csr_array
    teams: dict[str, int]

    @cached_property
    def weights(self) -> np.ndarray:
        """Change sets of each kind (shape: kinds)."""
        total: np.ndarray = np.asarray(self.by_week.sum(axis=1), dtype=np.float64).ravel()
        return total

    @cached_property
    def sets(self) -> np.ndarray:
        """Counted change sets of each week (shape: weeks)."""
        total: np.ndarray = np.asarray(self.by_week.sum(axis=0), dtype=np.float64).ravel()
        return total

    def decayed(self, half_life: float) -> Instance:
        """Return the instance with change sets that count less the older they are.

        Parameters
        ----------
        half_life
            Weeks after which one counts half. The weights are scaled so that a steady stream
            of change sets keeps its total.
        """
        weeks = self.by_week.shape[1]
        share = 0.5 ** (np.arange(weeks)[::-1] / half_life)
        scaled = sparse.diags_array(share * weeks / share.sum())
        return replace(self, by_week=(self.by_week @ scaled).tocsr())

    def coded(self, owners: frozenset[str]) -> frozenset[int]:
        """Return the codes of some teams."""
        found = self._codes.get(owners)
        if found is None:
            found = self._codes[owners] = frozenset(self.teams[name] for name in owners)
        return found

    @cached_property
    def _codes(self) -> dict[frozenset[str], frozenset[int]]:
        return {}

    @property
    def total(self) -> float:
        """Counted change sets."""
        return float(self.weights.sum())

    @classmethod
    def of(cls, work: Work, *, counted: np.ndarray, candidates: Sequence[Move]) -> Instance:
        """Compress the counted change sets.

        Parameters
        ----------
        work
            Labelled change sets.
        counted
            Which of them count (shape: sets).
        candidates
            The moves that will be scored; those that move people are settled.
        """
        part = work.keep(counted) if not counted.all() else work
        dates = dates_of(candidates)
        cell, labels = _cells(part, candidates=candidates, dates=dates)
        author, authors = _authors(part, candidates=candidates, dates=dates)
        kind, kinds = _kinds(part.rows["set"].to_numpy(), cell, author=author)
        ones = np.ones(len(kind))
        weeks = ((part.sets["time"].to_numpy() - work.since) // (7 * 24 * 3600)).astype(np.int64)
        by_week = sparse.coo_array((ones, (kind, weeks)), shape=(len(kinds), work.week_count))
        made = [team for move in candidates for team in move.names.new_teams]
        names = work.teams + tuple(sorted(set(made) - set(work.teams)))
        return cls(
            labels=tuple(labels),
            authors=tuple(authors[number] for number, _ in kinds),
            cells=tuple(cells for _, cells in kinds),
            by_week=by_week.tocsr(),
            teams={name: code for code, name in enumerate(names)},
        )


def _cells(
    work: Work, *, candidates: Sequence[Move], dates: Sequence[int]
) -> tuple[np.ndarray, list[Label]]:
    """Return the cell of each row, and a label that stands for each cell.

    Paths share a cell where they have the same service, unit, owners and rule, and are on the
    same side of every candidate that looks at paths.
    """
    rows = work.rows
    seeing = [move for move in candidates if move.sees_paths]
    seen = _seen(work, seeing)
    number, labels = labels_of(work, dates=dates, seen=seen)
    by_service: dict[str, list[Move]] = {}
    everywhere = []
    for move in seeing:
        if not move.local or not set(move.services) <= set(work.services):
            everywhere.append(move)
            continue
        for service in move.services:
            by_service.setdefault(service, []).append(move)
    index: dict[Hashable, int] = {}
    cell = np.empty(len(labels), dtype=np.int64)
    first: list[Label] = []
    for place, label in enumerate(labels):
        looking = (*everywhere, *by_service.get(label.service, ()))
        sides = tuple(move.side(label) for move in looking)
        key = (label.service, label.unit, label.team, label.owners, label.rule, label.since, sides)
        cell[place] = index.setdefault(key, len(index))
        if cell[place] == len(first):
            first.append(label)
    return cell[number] if len(rows) else number, first


def _seen(work: Work, seeing: Sequence[Move]) -> np.ndarray:
    """Return in which rows a candidate looks at the path (shape: rows)."""
    everywhere = any(not m.local or not set(m.services) <= set(work.services) for m in seeing)
    if everywhere:
        return np.ones(len(work.rows), dtype=bool)
    code = {name: place for place, name in enumerate(work.services)}
    looked = [code[service] for move in seeing for service in move.services]
    found: np.ndarray = np.isin(work.rows["service"].to_numpy(), looked)
    return found


def _authors(
    work: Work, *, candidates: Sequence[Move], dates: Sequence[int]
) -> tuple[np.ndarray, list[Author]]:
    """Return the place of each set's author among the authors that candidates tell apart."""
    people = any(move.moves_people for move in candidates)
    sets = work.sets[["author", "author_team"]]
    sets = sets if people else sets.assign(author=-1)
    times = work.sets["time"].to_numpy()
    known = np.array([0, *dates], dtype=np.int64)
    since = known[np.searchsorted(known[1:], times, side="right")] if people else 0
    number, keys = distinct(sets.assign(since=since))
    frame = pd.DataFrame(keys, columns=["author", "author_team", "time"])
    return number, authors_of_sets(work.teams, frame, dates=dates)


def _kinds(
    sets: np.ndarray, cells: np.ndarray, *, author: np.ndarray
) -> tuple[np.ndarray, list[tuple[int, tuple[int, ...]]]]:
    """Return the kind of each change set, and of each kind its author and cells."""
    both = np.unique(sets * (int(cells.max(initial=0)) + 1) + cells)
    sets, cells = np.divmod(both, int(cells.max(initial=0)) + 1)
    bounds = np.searchsorted(sets, np.arange(len(author) + 1))
    index: dict[tuple[int, bytes], int] = {}
    kind = np.empty(len(author), dtype=np.int64)
    codes = author.tolist()
    for place, (first, last) in enumerate(
        zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    ):
        key = (codes[place], cells[first:last].tobytes())
        kind[place] = index.setdefault(key, len(index))
    kinds = [(one, tuple(np.frombuffer(held, dtype=cells.dtype).tolist())) for one, held in index]
    return kind, kinds
