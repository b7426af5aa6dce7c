"""Costs of an instance under moves, with the difference that one more move would make.

In:  ``Instance``.
Out: ``State``: handoffs and lockstep releases of every kind, and loads of teams.

A state's costs equal those of the replayed work (held by a test). A state never changes:
``after`` gives a new one, so undoing is going back to the old.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.difference import Difference
from conway.boundaries.approvers import hitting_sets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from conway.advice.instance import Instance
    from conway.advice.move import Author, Label, Move

_NONE: Mapping[int, tuple[int, ...]] = {}


class State:
    """Labels and costs of an instance after some moves. ``after`` gives a new state."""

    def __init__(
        self,
        instance: Instance,
        *,
        labels: list[Label],
        cells: list[tuple[int, ...]],
        authors: list[str],
        costs: np.ndarray,
        moves: tuple[Move, ...],
        touching: dict[int, list[int]],
    ) -> None:
        self.instance = instance
        self.moves = moves
        self._labels = labels
        self._cells = cells
        self._authors = authors
        self._costs = costs
        self._kinds = touching

    @classmethod
    def base(cls, instance: Instance) -> State:
        """Return the state without moves."""
        touching: dict[int, list[int]] = {}
        for kind, members in enumerate(instance.cells):
            for cell in members:
                touching.setdefault(cell, []).append(kind)
        state = cls(
            instance,
            labels=list(instance.labels),
            cells=list(instance.cells),
            authors=[author.team for author in instance.authors],
            costs=np.zeros((len(instance.cells), 2)),
            moves=(),
            touching=touching,
        )
        costs = [state._cost(kind) for kind in range(len(instance.cells))]
        state._costs = np.array(costs, dtype=np.float64).reshape(-1, 2)
        return state

    def reach(self, move: Move) -> frozenset[int]:
        """Return the cells that a move may relabel."""
        return frozenset(self._reach(move))

    @staticmethod
    def relocates(done: Difference, *, before: State) -> bool:
        """Whether a difference gives paths to another service, or to another rule."""
        return any(
            (old := before._labels[cell]).service != new.service or old.rule != new.rule
            for cell, new in done.labels.items()
        )

    def weighed(self, instance: Instance) -> State:
        """Return the state of an instance that differs in its weights alone."""
        return State(
            instance,
            labels=self._labels,
            cells=self._cells,
            authors=self._authors,
            costs=self._costs,
            moves=self.moves,
            touching=self._kinds,
        )

    @property
    def costs(self) -> np.ndarray:
        """Handoffs and lockstep releases of each kind (shape: kinds, 2)."""
        return self._costs

    @property
    def labels(self) -> tuple[Label, ...]:
        """The label of each cell."""
        return tuple(self._labels)

    def labels_of(self, kind: int) -> list[Label]:
        """Return the labels of a kind's cells."""
        return [self._labels[cell] for cell in self._cells[kind]]

    def author_of(self, kind: int) -> str:
        """Return the team that writes a kind, empty where it is not known."""
        return self._authors[kind]

    def under(self, kind: int, moves: Sequence[Move]) -> tuple[int, int, np.ndarray]:
        """Return handoffs, lockstep releases and loads of one change set of a kind after moves.

        Worked out from the labels alone, in the order of the moves.
        """
        labels = [self._labels[cell] for cell in self._cells[kind]]
        author = _in(self.instance.authors[kind], self._authors[kind])
        for move in moves:
            labels = [move.relabel(label) for label in labels]
            gone = move.released(labels) if move.releases else frozenset()
            labels = [label for place, label in enumerate(labels) if place not in gone]
            author = _in(author, move.rehome(author))
        codes = self.instance.teams
        asked = frozenset(
            frozenset(codes[name] for name in label.owners) for label in labels if label.owners
        )
        teams = hitting_sets(asked, holding=codes[author.team] if author.team else None)
        loads = np.zeros(len(codes))
        self._add(loads, teams, weight=1.0)
        units = {label.unit for label in labels} - {""}
        return len(teams[0]) - 1, max(len(units) - 1, 0), loads

    @property
    def weekly(self) -> np.ndarray:
        """Handoffs, lockstep releases, autonomous change sets by week (shape: 3, weeks)."""
        alone = (self._costs.sum(axis=1) == 0).astype(np.float64)
        found: np.ndarray = self.instance.by_week.T @ np.column_stack([self._costs, alone])
        return found.T

    def difference(self, move: Move) -> Difference:
        """Return what ``move`` would change, without doing it."""
        labels = self._relabelled(move)
        cells = self._released(move)
        authors = self._rehomed(move)
        kinds = {kind for cell in labels for kind in self._kinds.get(cell, ())}
        kinds |= set(cells) | set(authors)
        costs = {
            kind: self._cost(kind, cells=cells, labels=labels, authors=authors)
            for kind in sorted(kinds)
        }
        weights, saved = self.instance.weights, [0.0, 0.0]
        for kind, new in costs.items():
            saved[0] += weights[kind] * (self._costs[kind, 0] - new[0])
            saved[1] += weights[kind] * (self._costs[kind, 1] - new[1])
        return Difference(labels, cells, costs, float(saved[0]), float(saved[1]), authors)

    def refreshed(self, old: Difference, *, before: State, changed: Collection[int]) -> Difference:
        """Return what a move changes now that only the costs of some kinds have changed.

        Parameters
        ----------
        old
            What it would have changed at ``before``; it neither releases paths nor moves people.
        before
            The state before the last move, which relabelled none of the same cells.
        changed
            The kinds whose costs the last move changed.
        """
        costs, weights = dict(old.costs), self.instance.weights
        saved = [old.saved_handoffs, old.saved_lockstep]
        for kind in sorted(old.costs.keys() & changed):
            new = self._cost(kind, labels=old.labels)
            for part in (0, 1):
                gain = self._costs[kind, part] - new[part]
                gain -= before._costs[kind, part] - old.costs[kind][part]
                saved[part] += weights[kind] * gain
            costs[kind] = new
        return Difference(old.labels, {}, costs, float(saved[0]), float(saved[1]), {})

    def after(self, move: Move, difference: Difference | None = None) -> State:
        """Return the state after ``move``."""
        found = self.difference(move) if difference is None else difference
        labels, costs = list(self._labels), self._costs.copy()
        cells = list(self._cells) if found.cells else self._cells
        authors = list(self._authors) if found.authors else self._authors
        for place, label in found.labels.items():
            labels[place] = label
        for kind, members in found.cells.items():
            cells[kind] = members
        for kind, team in found.authors.items():
            authors[kind] = team
        for kind, cost in found.costs.items():
            costs[kind] = cost
        state = State(
            self.instance,
            labels=labels,
            cells=cells,
            authors=authors,
            costs=costs,
            moves=(*self.moves, move),
            touching=self._kinds,
        )
        state.__dict__["_loads"] = self.loads(found)
        before = (self._labels[place] for place in found.labels)
        pairs = list(zip(before, found.labels.values(), strict=True))
        if all(old.service == new.service for old, new in pairs):
            state.__dict__["_by_service"] = self._by_service
        if all(old.rule == new.rule for old, new in pairs):
            state.__dict__["_by_rule"] = self._by_rule
        return state

    def loads(self, difference: Difference | None = None) -> np.ndarray:
        """Return how many change sets need each team (shape: teams)."""
        if difference is None:
            return self._loads
        loads, weights = self._loads.copy(), self.instance.weights
        for kind in difference.costs:
            self._add(loads, self._teams(kind), weight=-weights[kind])
            teams = self._teams(
                kind,
                cells=difference.cells,
                labels=difference.labels,
                authors=difference.authors,
            )
            self._add(loads, teams, weight=weights[kind])
        return loads

    @cached_property
    def _loads(self) -> np.ndarray:
        loads, weights = np.zeros(len(self.instance.teams)), self.instance.weights
        for kind in range(len(self._cells)):
            self._add(loads, self._teams(kind), weight=weights[kind])
        return loads

    def _add(
        self, loads: np.ndarray, options: tuple[frozenset[int], ...], *, weight: float
    ) -> None:
        share = weight / len(options)
        for teams in options:
            for team in teams:
                loads[team] += share

    @cached_property
    def _by_service(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for cell, label in enumerate(self._labels):
            found.setdefault(label.service, []).append(cell)
        return found

    @cached_property
    def _by_rule(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for cell, label in enumerate(self._labels):
            found.setdefault(label.rule, []).append(cell)
        return found

    def _reach(self, move: Move) -> Iterable[int]:
        """Return the cells that a move may relabel."""
        if not move.local:
            return range(len(self._labels))
        of_services = (c for s in move.services for c in self._by_service.get(s, ()))
        of_rules = (c for rule in move.names.rules for c in self._by_rule.get(rule, ()))
        return sorted({*of_services, *of_rules})

    def _relabelled(self, move: Move) -> dict[int, Label]:
        found: dict[int, Label] = {}
        for cell in self._reach(move):
            label = self._labels[cell]
            moved = move.relabel(label)
            if moved is not label and moved != label:
                found[cell] = moved
        return found

    def _released(self, move: Move) -> dict[int, tuple[int, ...]]:
        """Return the remaining cells of each kind from which the move releases some."""
        if not move.releases:
            return {}
        places = [self._touching(service) for service in move.services]
        among = set.intersection(*places) if places else set(range(len(self._cells)))
        found: dict[int, tuple[int, ...]] = {}
        for kind in sorted(among):
            members = self._cells[kind]
            gone = move.released([self._labels[cell] for cell in members])
            if gone:
                found[kind] = tuple(c for n, c in enumerate(members) if n not in gone)
        return found

    def _rehomed(self, move: Move) -> dict[int, str]:
        """Return the author's team of each kind where the move gives another one."""
        if not move.moves_people:
            return {}
        found = {}
        for kind, author in enumerate(self.instance.authors):
            team = self._authors[kind]
            moved = move.rehome(_in(author, team))
            if moved != team:
                found[kind] = moved
        return found

    def _touching(self, service: str) -> set[int]:
        cells = self._by_service.get(service, ())
        return {kind for cell in cells for kind in self._kinds.get(cell, ())}

    def _teams(
        self,
        kind: int,
        *,
        cells: Mapping[int, tuple[int, ...]] = _NONE,
        labels: Mapping[int, Label] | None = None,
        authors: Mapping[int, str] | None = None,
    ) -> tuple[frozenset[int], ...]:
        coded, changed = self.instance.coded, labels or {}
        members = cells.get(kind, self._cells[kind])
        needs = {(changed.get(cell) or self._labels[cell]).owners for cell in members}
        asked = frozenset(coded(need) for need in needs if need)
        author = (authors or {}).get(kind, self._authors[kind])
        return hitting_sets(asked, holding=self.instance.teams[author] if author else None)

    def _cost(
        self,
        kind: int,
        *,
        cells: Mapping[int, tuple[int, ...]] = _NONE,
        labels: Mapping[int, Label] | None = None,
        authors: Mapping[int, str] | None = None,
    ) -> tuple[int, int]:
        """Return handoffs and lockstep releases of one change set of a kind."""
        changed = labels or {}
        members = cells.get(kind, self._cells[kind])
        units = {(changed.get(cell) or self._labels[cell]).unit for cell in members} - {""}
        teams = self._teams(kind, cells=cells, labels=labels, authors=authors)
        return len(teams[0]) - 1, max(len(units) - 1, 0)


def _in(author: Author, team: str) -> Author:
    return author if author.team == team else type(author)(author.person, team, author.since)


__all__ = ["Difference", "State"]
