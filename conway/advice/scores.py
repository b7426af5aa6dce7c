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
    """

    state: State
    candidates: Sequence[Move]
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, state: State, candidates: Sequence[Move]) -> Scores:
        """Score every candidate."""
        return cls(state, candidates, tuple(state.difference(move) for move in candidates))

    def after(self, place: int) -> Scores:
        """Return the scores after the candidate at ``place``."""
        done = self.differences[place]
        state = self.state.after(self.candidates[place], done)
        changed = done.costs.keys()
        return Scores(
            state,
            self.candidates,
            tuple(
                old
                if not old.empty and changed.isdisjoint(old.costs.keys())
                else self._again(move, old, done=done, state=state)
                for move, old in zip(self.candidates, self.differences, strict=True)
            ),
        )

    def _again(self, move: Move, old: Difference, *, done: Difference, state: State) -> Difference:
        """Score a candidate again, only where something has changed if it may be done so."""
        simple = not (old.empty or old.cells or old.authors or done.cells or done.authors)
        if simple and not move.releases and done.labels.keys().isdisjoint(old.labels.keys()):
            return state.refreshed(old, before=self.state, changed=done.costs.keys())
        return state.difference(move)

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
