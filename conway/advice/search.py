"""Search: the plan of a few moves that saves most, within the limits.

In:  ``Work`` of the fitting window, candidates and options.
Out: moves in order, each with what it saved when it was added.

Objective: handoffs and lockstep releases per 100 change sets plus transition cost, to be
made small. Moves are added greedily, the best net gain first (cheaper kinds win ties);
then each is tried in exchange for another candidate until no exchange helps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.advice.instance import Instance
from conway.advice.limits import Limits
from conway.advice.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from conway.advice.moves import Move
    from conway.advice.options import AdviceOptions
    from conway.advice.state import Difference
    from conway.boundaries.work import Work

_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Search:
    """A search over one instance.

    Attributes
    ----------
    instance
        Kinds of change sets.
    candidates
        Moves to choose from.
    limits
        What a plan may not do.
    options
        Budget, costs and the fewest change sets a move must save.
    """

    instance: Instance
    candidates: Sequence[Move]
    limits: Limits
    options: AdviceOptions

    @classmethod
    def over(
        cls,
        work: Work,
        *,
        counted: np.ndarray,
        candidates: Sequence[Move],
        options: AdviceOptions,
    ) -> Search:
        """Prepare a search over the counted change sets of a window."""
        instance = Instance.of(work, counted=counted, candidates=candidates)
        limits = Limits.of(work, State.base(instance), options=options)
        return cls(instance, candidates, limits, options)

    def best(self) -> tuple[Move, ...]:
        """Return the best plan found."""
        base = State.base(self.instance)
        moves = self._grown(base)
        return self._exchanged(base, moves)

    def net(self, move: Move, saved: float) -> float:
        """Return what a move saves per 100 change sets after its transition cost."""
        per_100 = 100 * saved / self.instance.total if self.instance.total else 0.0
        return per_100 - self.options.transition_cost.get(move.kind, 0.0)

    def _grown(self, state: State) -> tuple[Move, ...]:
        """Add the best move while one helps."""
        while len(state.moves) < self.options.moves:
            best = self._best_next(state)
            if best is None:
                break
            state = state.after(*best)
        return state.moves

    def _best_next(self, state: State) -> tuple[Move, Difference] | None:
        scored: list[tuple[float, int, Move, Difference]] = []
        for place, move in enumerate(self.candidates):
            if not self.limits.combine(move, state.moves):
                continue
            difference = state.difference(move)
            net = self.net(move, difference.saved)
            if net > _TINY and difference.saved >= self.options.min_saved:
                scored.append((-net, place, move, difference))
        for _, _, move, difference in sorted(scored, key=lambda one: one[:2]):
            if self.limits.allow(move, state=state, difference=difference):
                return move, difference
        return None

    def _exchanged(self, base: State, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        """Exchange one move for another while that helps."""
        best, gain = moves, self._gain(base, moves)
        improved = True
        while improved:
            improved = False
            for place in range(len(best)):
                rest = best[:place] + best[place + 1 :]
                state = self._done(base, rest)
                found = self._best_next(state) if state is not None else None
                if found is None:
                    continue
                other = (*rest, found[0])
                value = self._gain(base, other)
                if value > gain + _TINY:
                    best, gain, improved = other, value, True
        return best

    def _gain(self, base: State, moves: Sequence[Move]) -> float:
        """Return the net gain of a plan per 100 change sets."""
        state, total = base, 0.0
        for move in moves:
            difference = state.difference(move)
            total += self.net(move, difference.saved)
            state = state.after(move, difference)
        return total

    def _done(self, base: State, moves: Sequence[Move]) -> State | None:
        """Return the state after ``moves`` where the limits allow each, else None."""
        state = base
        for move in moves:
            difference = state.difference(move)
            if not self.limits.allow(move, state=state, difference=difference):
                return None
            state = state.after(move, difference)
        return state
