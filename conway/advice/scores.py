"""What every candidate would change about one state, kept up to date move by move.

In:  ``State`` and candidates.
Out: ``Scores``. After a move only the candidates that touch a kind of change set which the
     move touched are scored again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.move import Move
    from conway.advice.state import Difference, State


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
                else state.difference(move)
                for move, old in zip(self.candidates, self.differences, strict=True)
            ),
        )

    def meeting(self, place: int) -> list[int]:
        """Return the later candidates that touch a kind which the one at ``place`` touches."""
        touched = self.differences[place].costs.keys()
        return [
            other
            for other in range(place + 1, len(self.candidates))
            if not touched.isdisjoint(self.differences[other].costs.keys())
        ]
