"""What every candidate would change about one state, kept up to date move by move.

In:  ``State`` and candidates.
Out: ``Scores``. After a move only the candidates that touch a kind of change set which the
     move touched are scored again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.difference import Difference
    from conway.advice.move import Move
    from conway.advice.state import State


@dataclass(frozen=True, eq=False)
class Scores:
    """Differences of all candidates at one state.

    Attributes
    ----------
    state
        The state.
    candidates
        Moves to choose from.
    differences
        What each of them would change.
    reach
        The cells that each of them may relabel.
    """

    state: State
    candidates: Sequence[Move]
    differences: tuple[Difference, ...]
    reach: tuple[frozenset[int], ...]

    @classmethod
    def of(cls, state: State, candidates: Sequence[Move]) -> Scores:
        """Score every candidate."""
        differences = tuple(state.difference(move) for move in candidates)
        return cls(state, candidates, differences, tuple(state.reach(m) for m in candidates))

    def after(self, place: int) -> Scores:
        """Return the scores after the candidate at ``place``."""
        done = self.differences[place]
        state = self.state.after(self.candidates[place], done)
        if done.cells or done.authors or state.relocates(done, before=self.state):
            return Scores.of(state, self.candidates)
        each = zip(self.candidates, self.differences, self.reach, strict=True)
        again = (self._again(m, old, reach, done=done, state=state) for m, old, reach in each)
        return Scores(state, self.candidates, tuple(again), self.reach)

    def _again(  # noqa: PLR0917
        self, move: Move, old: Difference, reach: frozenset[int], *, done: Difference, state: State
    ) -> Difference:
        """Score a candidate again, only where something has changed."""
        if not done.labels.keys().isdisjoint(reach):
            return state.difference(move)
        if done.costs.keys().isdisjoint(old.costs.keys()):
            return old
        if move.releases or move.moves_people:
            return state.difference(move)
        return state.refreshed(old, before=self.state, changed=done.costs.keys())

    def meeting(self) -> dict[tuple[int, int], float]:
        """Return the pairs of candidates that touch the same kinds, and how many change sets."""
        touching: dict[int, list[int]] = {}
        for place, difference in enumerate(self.differences):
            for kind in difference.costs:
                touching.setdefault(kind, []).append(place)
        weights = self.state.instance.weights
        found: dict[tuple[int, int], float] = {}
        for kind, places in touching.items():
            for pair in combinations(places, 2):
                found[pair] = found.get(pair, 0.0) + float(weights[kind])
        return found
