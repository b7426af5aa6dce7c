"""The best plan of a small instance, exactly, as a mixed-integer program.

In:  an instance, candidates, limits and costs.
Out: ``Solved``: the best plan and how good any plan can be; None where the instance is large.

Every kind of change set has a variable for each combination of the candidates that touch it
(its configurations); its handoffs, lockstep releases and loads are worked out for each of
them, so that any move whose effect is on single change sets fits in::

    min  sum_k w_k sum_c cost(k, c) x(k, c) * 100 / W + sum_m cost(m) y(m)
    s.t. sum_c x(k, c) = 1,  sum over c with m of x(k, c) = y(m)     for m that touches k
         sum_k w_k sum_c load(t, k, c) x(k, c) <= load(t)
         owned(t) + received(t) - given(t) <= services(t)
         sum_m y(m) <= moves,  at most one of those that exclude each other,  y in {0, 1}

Once y is whole, x is too. Solved by HiGHS (Huangfu and Hall 2018).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from conway.advice.limits import group_of
from conway.advice.moves import Decouple, Delegate, Reassign, SplitService

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from conway.advice.limits import Limits
    from conway.advice.move import Move
    from conway.advice.options import AdviceOptions
    from conway.advice.scores import Scores
    from conway.advice.state import State

MOST_CONFIGURATIONS = 20_000
MOST_NODES = 2_000
_GAP = 1e-6
_TIE = 1e-5
"""Preference for earlier candidates where plans are equal: cheaper kinds come first."""

_KINDS = (Reassign, SplitService, Delegate, Decouple)


@dataclass(frozen=True, slots=True)
class Solved:
    """The best plan of a small instance.

    Attributes
    ----------
    places
        Places of its moves among the candidates, in order.
    bound
        Net gain per 100 change sets that no plan exceeds.
    """

    places: tuple[int, ...]
    bound: float


def solve(scores: Scores, *, limits: Limits, options: AdviceOptions) -> Solved | None:
    """Return the best plan, None where the instance is too large or holds other moves.

    Parameters
    ----------
    scores
        The candidates at the base of an instance.
    limits, options
        What a plan may not do; budget and costs.
    """
    candidates = scores.candidates
    usable = [
        place
        for place, move in enumerate(candidates)
        if isinstance(move, _KINDS)
        and limits.combine(move, ())
        and set(move.receiving) <= limits.able
    ]
    if not usable or not all(isinstance(move, _KINDS) for move in candidates):
        return None
    program = _Program.of(scores, usable, limits=limits, options=options)
    found = None if program is None else program.solved()
    if found is None:
        return None
    return Solved(tuple(usable[place] for place in found.places), found.bound)


class _Program:
    """Rows and columns of the program, collected kind by kind."""

    def __init__(
        self, base: State, moves: Sequence[Move], *, limits: Limits, options: AdviceOptions
    ) -> None:
        self.moves, self.limits, self.options, self.base = moves, limits, options, base
        self.scale = 100 / max(base.instance.total, 1.0)
        self.objective = [
            options.transition_cost.get(move.kind, 0.0) + _TIE * (1 + place) / len(moves)
            for place, move in enumerate(moves)
        ]
        self.loads: list[np.ndarray] = [np.zeros(len(limits.loads)) for _ in moves]
        self.rows: list[dict[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    @classmethod
    def of(
        cls, scores: Scores, usable: Sequence[int], *, limits: Limits, options: AdviceOptions
    ) -> _Program | None:
        """Collect every kind and limit; None where there are too many configurations."""
        moves = [scores.candidates[place] for place in usable]
        program = cls(scores.state, moves, limits=limits, options=options)
        touching: dict[int, list[int]] = {}
        for place, chosen in enumerate(usable):
            for kind in scores.differences[chosen].costs:
                touching.setdefault(kind, []).append(place)
        sizes = [_count(moves, places) for places in touching.values()]
        if sum(sizes) > MOST_CONFIGURATIONS:
            return None
        for kind, places in sorted(touching.items()):
            program.add_kind(kind, tuple(places))
        program.add_limits()
        return program

    def add_kind(self, kind: int, touching: tuple[int, ...]) -> None:
        """Add the combinations of candidates of one kind, as changes against none of them."""
        weight = self.base.instance.weights[kind]
        held = _combinations(self.moves, touching)
        results = [
            self.base.under(kind, [self.moves[place] for place in sorted(one)]) for one in held
        ]
        costs = [weight * self.scale * (sum(r[:2]) - sum(results[0][:2])) for r in results]
        loads = [weight * (r[2] - results[0][2]) for r in results]
        if len(touching) == 1:
            self.objective[touching[0]] += costs[1]
            self.loads[touching[0]] = self.loads[touching[0]] + loads[1]
            return
        first = len(self.objective)
        self.objective += costs
        self.loads += loads
        self.hold({first + n: 1.0 for n in range(len(held))}, 1.0, 1.0)
        for place in touching:
            row = {first + n: 1.0 for n, one in enumerate(held) if place in one}
            self.hold({**row, place: -1.0}, 0.0, 0.0)

    def hold(self, row: dict[int, float], least: float, most: float) -> None:  # noqa: PLR0917
        """Add a row of the program."""
        self.rows.append(row)
        self.low.append(least)
        self.high.append(most)

    def add_limits(self) -> None:
        """Add the budget, what excludes each other, loads, and services of a team."""
        places = range(len(self.moves))
        self.hold(dict.fromkeys(places, 1.0), 0.0, self.options.moves)
        groups: dict[Hashable, list[int]] = {}
        for place in places:
            groups.setdefault(group_of(self.moves[place]), []).append(place)
        for members in groups.values():
            self.hold(dict.fromkeys(members, 1.0), 0.0, 1.0)
        slack = self.limits.loads - self.base.loads()
        for team in np.flatnonzero(np.isfinite(slack)).tolist():
            row = {c: float(load[team]) for c, load in enumerate(self.loads) if load[team]}
            self.hold(row, -np.inf, float(slack[team]) + 1e-9)
        owned = Counter(self.limits.owners.values())
        after = [Counter(move.owners_after(self.limits.owners).values()) for move in self.moves]
        for name, most in self.limits.services.items():
            gained = {place: float(after[place][name] - owned[name]) for place in places}
            if any(gain > 0 for gain in gained.values()):
                self.hold(gained, -np.inf, most - owned[name])

    def solved(self) -> Solved | None:
        """Return the best plan by HiGHS."""
        data = [(n, c, value) for n, row in enumerate(self.rows) for c, value in row.items()]
        rows, columns, values = zip(*data, strict=True)
        shape = (len(self.rows), len(self.objective))
        matrix = sparse.coo_array((values, (rows, columns)), shape=shape).tocsc()
        count = len(self.moves)
        found = milp(
            np.array(self.objective),
            constraints=LinearConstraint(matrix, self.low, self.high),
            integrality=np.r_[np.ones(count), np.zeros(len(self.objective) - count)],
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": _GAP, "node_limit": MOST_NODES},
        )
        if found.x is None or found.mip_dual_bound is None:
            return None
        places = tuple(np.flatnonzero(found.x[:count] > 0.5).tolist())  # noqa: PLR2004 - whole
        bound = -float(found.mip_dual_bound) + _TIE * self.options.moves
        return Solved(places, max(bound, 0.0))


def _count(moves: Sequence[Move], places: Sequence[int]) -> int:
    """Return how many combinations of candidates there are that do not exclude each other."""
    groups = Counter(group_of(moves[place]) for place in places)
    return int(np.prod([1 + n for n in groups.values()], dtype=np.float64))


def _combinations(moves: Sequence[Move], places: Sequence[int]) -> list[frozenset[int]]:
    """Return the combinations of candidates, the empty one first."""
    groups: dict[Hashable, list[int]] = {}
    for place in places:
        groups.setdefault(group_of(moves[place]), []).append(place)
    choices = [(None, *members) for members in groups.values()]
    return [
        frozenset(place for place in chosen if place is not None) for chosen in product(*choices)
    ]
