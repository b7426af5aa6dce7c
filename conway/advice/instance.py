"""Change sets compressed to kinds, so that a move is scored by what it touches.

In:  ``Work``, which sets count, and the candidate moves.
Out: ``Instance``: labels that no candidate tells apart, kinds of change sets with weights;
     ``State``: its costs under moves, with the difference that one more move would make.

A state's costs equal those of the replayed work (held by a test).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.moves import Decouple, SplitService, unqualified
from conway.advice.relabelling import labels_of
from conway.boundaries.approvers import hitting_sets
from conway.boundaries.release_files import is_release_file

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from conway.advice.moves import Label, Move
    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Instance:
    """Kinds of change sets.

    Attributes
    ----------
    labels
        One label for each cell: a group of paths that all candidates treat alike.
    authors
        The author's team of each kind.
    cells
        The cells of each kind.
    by_week
        Change sets of each kind by week of the window (shape: kinds, weeks).
    teams
        Codes of team names.
    """

    labels: tuple[Label, ...]
    authors: tuple[int, ...]
    cells: tuple[tuple[int, ...], ...]
    by_week: np.ndarray
    teams: dict[str, int]

    @property
    def weights(self) -> np.ndarray:
        """Change sets of each kind (shape: kinds)."""
        total: np.ndarray = self.by_week.sum(axis=1)
        return total

    @property
    def total(self) -> float:
        """Counted change sets."""
        return float(self.by_week.sum())

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
            The moves that will be scored.
        """
        number, labels = labels_of(work)
        keys = _keys(labels, candidates=candidates)
        index: dict[Hashable, int] = {}
        cell = np.array([index.setdefault(key, len(index)) for key in keys], dtype=np.int64)
        first: dict[int, int] = {}
        for place, group in enumerate(cell.tolist()):
            first.setdefault(group, place)
        touched: dict[int, set[int]] = {}
        owning = work.rows["set"].tolist()
        for one, group in zip(owning, cell[number].tolist(), strict=True):
            touched.setdefault(one, set()).add(group)
        authors = work.sets["author_team"].to_numpy()
        kinds: dict[tuple[int, tuple[int, ...]], int] = {}
        sets = np.flatnonzero(counted)
        kind = [
            kinds.setdefault((int(authors[s]), tuple(sorted(touched.get(s, ())))), len(kinds))
            for s in sets.tolist()
        ]
        by_week = np.zeros((len(kinds), work.week_count))
        np.add.at(by_week, (np.array(kind, dtype=np.int64), work.weeks[sets]), 1.0)
        return cls(
            labels=tuple(labels[place] for place in first.values()),
            authors=tuple(author for author, _ in kinds),
            cells=tuple(cells for _, cells in kinds),
            by_week=by_week,
            teams={name: code for code, name in enumerate(work.teams)},
        )


def _keys(labels: list[Label], *, candidates: Sequence[Move]) -> list[Hashable]:
    """Return what tells each label from others: all but its path, and the file-level moves."""
    by_service: dict[str, list[Move]] = {}
    for move in candidates:
        if isinstance(move, SplitService | Decouple):
            for service in move.services:
                by_service.setdefault(service, []).append(move)
    return [
        (
            replace(label, path="", today=""),
            tuple(_side(move, label) for move in by_service.get(label.service, ())),
        )
        for label in labels
    ]


def _side(move: Move, label: Label) -> str:
    """Return on which side of a file-level move a path is."""
    if isinstance(move, Decouple):
        return "in" if move.holds(label) else "follows" if is_release_file(label.path) else ""
    if isinstance(move, SplitService):
        path = unqualified(label.path)
        return next((name for name, part in move.filters.items() if part.matches(path)), "")
    return ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one move changes: labels by cell, cells by kind, costs by kind."""

    labels: dict[int, Label]
    cells: dict[int, tuple[int, ...]]
    costs: dict[int, tuple[int, int]]
    saved_handoffs: float
    saved_lockstep: float

    @property
    def saved(self) -> float:
        """Handoffs and lockstep releases saved, over all change sets."""
        return self.saved_handoffs + self.saved_lockstep


class State:
    """Labels and costs of an instance after some moves. ``after`` gives a new state."""

    def __init__(
        self,
        instance: Instance,
        *,
        labels: list[Label],
        cells: list[tuple[int, ...]],
        costs: list[tuple[int, int]],
        moves: tuple[Move, ...],
    ) -> None:
        self.instance = instance
        self.moves = moves
        self._weights = instance.weights
        self._labels = labels
        self._cells = cells
        self._costs = costs
        self._kinds: dict[int, list[int]] = {}
        for kind, members in enumerate(cells):
            for cell in members:
                self._kinds.setdefault(cell, []).append(kind)

    @classmethod
    def base(cls, instance: Instance) -> State:
        """Return the state without moves."""
        labels, cells = list(instance.labels), list(instance.cells)
        state = cls(instance, labels=labels, cells=cells, costs=[], moves=())
        state._costs = [state._cost(kind, cells[kind], labels={}) for kind in range(len(cells))]
        return state

    @property
    def costs(self) -> np.ndarray:
        """Handoffs and lockstep releases of each kind (shape: kinds, 2)."""
        return np.array(self._costs, dtype=np.float64).reshape(-1, 2)

    @property
    def weekly(self) -> np.ndarray:
        """Handoffs, lockstep releases, autonomous change sets by week (shape: 3, weeks)."""
        costs = self.costs
        alone = (costs.sum(axis=1) == 0).astype(np.float64)
        found: np.ndarray = np.column_stack([costs, alone]).T @ self.instance.by_week
        return found

    def difference(self, move: Move) -> Difference:
        """Return what ``move`` would change, without doing it."""
        labels = {
            cell: moved
            for cell, label in enumerate(self._labels)
            if (moved := move.relabel(label)) is not label and moved != label
        }
        cells = self._released(move)
        kinds = {kind for cell in labels for kind in self._kinds.get(cell, ())} | set(cells)
        costs = {
            kind: self._cost(kind, cells.get(kind, self._cells[kind]), labels=labels)
            for kind in sorted(kinds)
        }
        saved = [
            sum(self._weights[k] * (self._costs[k][part] - new[part]) for k, new in costs.items())
            for part in (0, 1)
        ]
        return Difference(labels, cells, costs, float(saved[0]), float(saved[1]))

    def after(self, move: Move, difference: Difference | None = None) -> State:
        """Return the state after ``move``."""
        found = self.difference(move) if difference is None else difference
        labels, cells, costs = list(self._labels), list(self._cells), list(self._costs)
        for place, label in found.labels.items():
            labels[place] = label
        for kind, members in found.cells.items():
            cells[kind] = members
        for kind, cost in found.costs.items():
            costs[kind] = cost
        return State(
            self.instance, labels=labels, cells=cells, costs=costs, moves=(*self.moves, move)
        )

    def loads(self, difference: Difference | None = None) -> np.ndarray:
        """Return how many change sets need each team (shape: teams)."""
        labels = {} if difference is None else difference.labels
        cells = {} if difference is None else difference.cells
        loads = np.zeros(len(self.instance.teams))
        for kind, weight in enumerate(self._weights.tolist()):
            options = self._teams(kind, cells.get(kind, self._cells[kind]), labels=labels)
            for teams in options:
                loads[list(teams)] += weight / len(options)
        return loads

    def _released(self, move: Move) -> dict[int, tuple[int, ...]]:
        """Return the remaining cells of each kind from which the move releases some."""
        if not isinstance(move, Decouple):
            return {}
        found: dict[int, tuple[int, ...]] = {}
        for kind in sorted(self._touching(move.services[0]) & self._touching(move.services[1])):
            members = self._cells[kind]
            gone = move.released([self._labels[cell] for cell in members])
            if gone:
                found[kind] = tuple(c for n, c in enumerate(members) if n not in gone)
        return found

    def _touching(self, service: str) -> set[int]:
        return {
            kind
            for cell, label in enumerate(self._labels)
            if label.service == service
            for kind in self._kinds.get(cell, ())
        }

    def _teams(
        self, kind: int, cells: Iterable[int], *, labels: dict[int, Label]
    ) -> tuple[frozenset[int], ...]:
        codes = self.instance.teams
        needs = {(labels.get(cell) or self._labels[cell]).owners for cell in cells}
        asked = frozenset(frozenset(codes[name] for name in need) for need in needs if need)
        return hitting_sets(asked, holding=self.instance.authors[kind])

    def _cost(
        self, kind: int, cells: Iterable[int], *, labels: dict[int, Label]
    ) -> tuple[int, int]:
        """Return handoffs and lockstep releases of one change set of a kind."""
        members = tuple(cells)
        units = {(labels.get(cell) or self._labels[cell]).unit for cell in members} - {""}
        teams = self._teams(kind, members, labels=labels)
        return len(teams[0]) - 1, max(len(units) - 1, 0)
