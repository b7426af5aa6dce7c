"""Search: the plan of a few moves that saves most, within the limits.

In:  ``Work`` of the fitting window, candidates and options.
Out: the best plan found.

Objective: handoffs and lockstep releases per 100 change sets plus transition cost, to be
made small. Moves are added one by one, the best net gain first (cheaper kinds win ties);
where none helps, two at once that touch the same change sets: an exchange of services
between teams, or services that change together and only help together. Then every one and
every two moves of the plan are taken back and the rest is grown again, while that helps.

``conway.advice.bound`` says how much any plan could save at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from conway.advice.bound import most_saved
from conway.advice.exact import solve
from conway.advice.limits import Limits
from conway.advice.scores import Scores
from conway.advice.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conway.advice.instance import Instance
    from conway.advice.move import Move
    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work

_TINY = 1e-9

MOST_PAIRS = 200
"""Pairs of moves that are tried together where no single move helps."""

FEW_CANDIDATES = 150
"""Candidates up to which pairs are tried again each time that a plan is grown anew."""

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The best plan of a search.

    Attributes
    ----------
    moves
        The plan.
    value, bound
        Its net gain per 100 change sets, transition cost taken off, and what no plan within
        the limits exceeds.
    """

    moves: tuple[Move, ...]
    value: float
    bound: float


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
    judged
        The instance whose loads the limits are held against; by default the same.
    """

    instance: Instance
    candidates: Sequence[Move]
    limits: Limits
    options: AdviceOptions
    judged: Instance | None = None

    @classmethod
    def over(
        cls, work: Work, base: State, *, candidates: Sequence[Move], options: AdviceOptions
    ) -> Search:
        """Prepare a search of a window, the latest change sets counting most.

        Parameters
        ----------
        work
            The window.
        base
            Its state without moves.
        candidates, options
            What to choose from, and how.
        """
        late = base.weighed(base.instance.decayed(options.half_life_weeks))
        limits = Limits.of(work, late, options=options)
        search = cls(late.instance, candidates, limits, options)
        search.__dict__["_base"] = late
        return search

    @cached_property
    def _base(self) -> State:
        return State.base(self.instance)

    def best(self) -> tuple[Move, ...]:
        """Return the best plan found."""
        return self.found().moves

    def found(self) -> Found:
        """Return the best plan found, and how much better another can be at most.

        A small instance is solved exactly; where moves of that plan save less than
        ``min_saved``, which is no linear limit, the local search decides.
        """
        base = Scores.of(self._base, self.candidates)
        exact = None
        if self.judged is None:
            exact = solve(base, limits=self.limits, options=self.options)
        if exact is not None and self._each_saves(base, exact.places):
            places = exact.places
        else:
            places = self._improved(base)
        value = self.scored(base, places)[1]
        bound = self._bound(base) if exact is None else exact.bound
        moves = tuple(self.candidates[place] for place in places)
        return Found(moves, value, max(bound, value))

    def _bound(self, base: Scores) -> float:
        """Return a bound of the net gain per 100 change sets."""
        most = most_saved(base, moves=self.options.moves)
        return 100 * most / self.instance.total if self.instance.total else 0.0

    def _improved(self, base: Scores) -> Places:
        """Grow a plan, then take back one or two moves and grow the rest again, while it helps."""
        best, value = self._grown(base, ())
        improved = True
        while improved:
            improved = False
            for rest in _without_some(best):
                other, gain = self._grown(base, rest)
                if gain > value + _TINY:
                    best, value, improved = other, gain, True
                    break
        return best

    def net(self, move: Move, saved: float) -> float:
        """Return what a move saves per 100 change sets after its transition cost."""
        per_100 = 100 * saved / self.instance.total if self.instance.total else 0.0
        return per_100 - self.options.transition_cost.get(move.kind, 0.0)

    def scored(self, base: Scores, plan: Places) -> tuple[Scores, float]:
        """Return the scores after a plan, and its net gain per 100 change sets."""
        scores, value = base, 0.0
        for place in plan:
            value += self.net(self.candidates[place], scores.differences[place].saved)
            scores = scores.after(place)
        return scores, value

    def _each_saves(self, base: Scores, plan: Places) -> bool:
        """Whether the plan without any one of its moves saves at least ``min_saved`` less."""
        whole = self._saved(base, plan)
        return all(
            whole - self._saved(base, tuple(p for p in plan if p != place))
            >= self.options.min_saved - _TINY
            for place in plan
        )

    def _saved(self, base: Scores, plan: Places) -> float:
        after, weights = self.scored(base, plan)[0].state, self.instance.weights
        return float(((base.state.costs - after.costs).sum(axis=1) * weights).sum())

    def _grown(self, base: Scores, rest: Places) -> tuple[Places, float]:
        """Return a plan that holds ``rest``, grown while a move or two help, and its net gain."""
        scores, value = self.scored(base, rest)
        plan = rest
        if rest and not self._allow(scores.state):
            return (), 0.0
        while len(plan) < self.options.moves:
            found = self._next(scores, plan)
            if found is None and self._tries_pairs(rest, plan):
                found = self._next_two(scores, plan)
            if found is None:
                break
            for place in found:
                value += self.net(self.candidates[place], scores.differences[place].saved)
                scores = scores.after(place)
                plan = (*plan, place)
        return plan, value

    def _tries_pairs(self, rest: Places, plan: Places) -> bool:
        """Whether to add two moves at once: there is room, and the candidates are few."""
        few = len(self.candidates) <= FEW_CANDIDATES
        return len(plan) + 2 <= self.options.moves and (few or not rest)

    def _next(self, scores: Scores, plan: Places) -> Places | None:
        """Return the best move to add that the limits allow."""
        moves, ranked = scores.state.moves, []
        for place, difference in enumerate(scores.differences):
            move = self.candidates[place]
            net = self.net(move, difference.saved)
            if net > _TINY and difference.saved >= self.options.min_saved and place not in plan:
                ranked.append((-net, place))
        for _, place in sorted(ranked):
            move = self.candidates[place]
            if not self.limits.combine(move, moves):
                continue
            if self._allow(scores.state.after(move, scores.differences[place])):
                return (place,)
        return None

    def _next_two(self, scores: Scores, plan: Places) -> Places | None:
        """Return the best two moves to add together that the limits allow."""
        found: list[tuple[float, Places, State]] = []
        for one, other in self._pairs(scores, plan):
            first, second = self.candidates[one], self.candidates[other]
            state = scores.state.after(first, scores.differences[one])
            difference = state.difference(second)
            saved = scores.differences[one].saved + difference.saved
            alone = scores.differences[other].saved
            least = min(difference.saved, saved - alone)
            net = self.net(first, scores.differences[one].saved)
            net += self.net(second, difference.saved)
            if net > _TINY and least >= self.options.min_saved:
                found.append((-net, (one, other), state.after(second, difference)))
        for _, places, state in sorted(found, key=lambda each: each[:2]):
            if self._allow(state):
                return places
        return None

    def _pairs(self, scores: Scores, plan: Places) -> list[Places]:
        """Return pairs of moves that touch the same change sets, the most promising first.

        Two moves save at most what each saves alone and three times the change sets that both
        touch: alone each may add a team, together both remove one.
        """
        moves, ranked = scores.state.moves, []
        for (one, other), shared in scores.meeting().items():
            saved = scores.differences[one].saved + scores.differences[other].saved
            most = saved + 3 * shared
            if most < max(self.options.min_saved, _TINY) or {one, other} & set(plan):
                continue
            first, second = self.candidates[one], self.candidates[other]
            if self.limits.combine(first, moves) and self.limits.combine(second, (*moves, first)):
                ranked.append((-most, (one, other)))
        return [places for _, places in sorted(ranked)[:MOST_PAIRS]]

    def _allow(self, state: State) -> bool:
        """Whether the limits allow a state."""
        return self.limits.allow(self._judged(state))

    def _judged(self, state: State) -> State:
        """Return the state of the instance that the limits are about."""
        if self.judged is None:
            return state
        judged = self._judged_base
        for move in state.moves:
            judged = judged.after(move)
        return judged

    @cached_property
    def _judged_base(self) -> State:
        return State.base(self.instance if self.judged is None else self.judged)


def _without_some(plan: Places) -> Iterator[Places]:
    """Yield the plan without each one, then without each two of its moves."""
    for size in (1, 2):
        for gone in combinations(range(len(plan)), min(size, len(plan))):
            if len(gone) == size:
                yield tuple(place for n, place in enumerate(plan) if n not in gone)
