"""How much any plan could save at most.

In:  an instance, candidates, and how many moves a plan may have.
Out: handoffs and lockstep releases that no plan of so many candidates can save more of.

    bound = sum over the largest ``moves`` groups of max over moves m of the group of
            sum over kinds k that m touches of weight(k) * min(cost(k), most(m, k))

Moves of one service, or of one rule, exclude each other and are one group. ``most(m, k)`` is
what m can take off a change set of kind k whatever other moves are made:

- giving a path's approval to another team takes off at most one handoff, since the old owner
  would still be enough beside the new approvers; and none unless the new team can be needed
  there anyway: as the author's, or by another path, or by another candidate;
- delegating a rule takes off at most one for each of its groups of paths;
- anything else at most all there is.

No kind can lose more than its cost, and no plan saves more than the sum of what its moves can.
It is an upper bound, not what a plan can reach: limits and the interplay of moves only lower it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conway.advice.exact import solve
from conway.advice.instance import Instance
from conway.advice.limits import Limits, group_of
from conway.advice.moves import Delegate, Reassign, SplitService
from conway.advice.scores import Scores
from conway.advice.state import State

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import numpy as np

    from conway.advice.difference import Difference
    from conway.advice.move import Move
    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work


def upper_bound(
    work: Work, candidates: Sequence[Move], *, counted: np.ndarray, options: AdviceOptions
) -> float:
    """Return what no plan of the candidates can save more of per 100 change sets.

    Limits other than the budget are left aside, and every week counts alike, so that it holds
    against ``gain_fit`` of any plan. Exact for small windows.

    Parameters
    ----------
    work
        The fitting window.
    candidates
        The moves to choose from.
    counted
        Which change sets count.
    options
        The budget.
    """
    instance = Instance.of(work, counted=counted, candidates=candidates)
    scores = Scores.of(State.base(instance), candidates)
    free = replace(options, transition_cost={})
    solved = solve(scores, limits=Limits.none(work, teams=instance.teams), options=free)
    if solved is not None:
        return solved.bound
    most = most_saved(scores, moves=options.moves)
    return 100 * most / instance.total if instance.total else 0.0


def most_saved(scores: Scores, *, moves: int) -> float:
    """Return what no plan of at most ``moves`` of the candidates can save more of.

    Parameters
    ----------
    scores
        The candidates at the base of an instance.
    moves
        The budget.
    """
    base, candidates, differences = scores.state, scores.candidates, scores.differences
    instance = base.instance
    coming = _coming(candidates, differences)
    best: dict[Hashable, float] = {}
    for move, difference in zip(candidates, differences, strict=True):
        most = sum(
            instance.weights[kind]
            * min(base.costs[kind].sum(), _most(move, base, kind=kind, coming=coming))
            for kind in difference.costs
        )
        group = group_of(move)
        best[group] = max(best.get(group, 0.0), float(most))
    return sum(sorted(best.values(), reverse=True)[:moves])


def _coming(
    candidates: Sequence[Move], differences: Sequence[Difference]
) -> dict[int, dict[str, set[Hashable]]]:
    """Return by kind the teams that candidates may bring in, and the groups that bring each."""
    found: dict[int, dict[str, set[Hashable]]] = {}
    for move, difference in zip(candidates, differences, strict=True):
        brought = set(move.receiving)
        if isinstance(move, Delegate):
            brought = {team for label in difference.labels.values() for team in label.owners}
        for kind in difference.costs:
            teams = found.setdefault(kind, {})
            for team in brought:
                teams.setdefault(team, set()).add(group_of(move))
    return found


def _most(
    move: Move, base: State, *, kind: int, coming: dict[int, dict[str, set[Hashable]]]
) -> float:
    """Return the most that a move can take off one change set of a kind."""
    if isinstance(move, Delegate):
        return float(sum(label.rule == move.pattern for label in base.labels_of(kind)))
    if not isinstance(move, Reassign | SplitService):
        return float("inf")
    others = [label for label in base.labels_of(kind) if label.service != move.service]
    mine = [label for label in base.labels_of(kind) if label.service == move.service]
    there = {base.author_of(kind)} | {team for label in others for team in label.owners}
    there |= {team for label in mine for team in label.owners - {label.team}}
    there |= {team for team, by in coming[kind].items() if by - {group_of(move)}}
    return 1.0 if there & set(move.receiving) else 0.0
