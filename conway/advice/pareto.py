"""The Pareto front: what can be saved for how much disruption, doing nothing included.

In:  a trial and the moves of a plan.
Out: points ``moves, gain, disruption`` that no other part of the plan beats on both.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from conway.advice.wording import DISRUPTION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.heldout import Trial
    from conway.advice.move import Move

DO_NOTHING = {"moves": 0.0, "gain": 0.0, "disruption": 0.0}

MOST_MOVES = 12
"""Moves up to which every part of a plan is tried: 4,096 parts."""


def pareto_front(trial: Trial, moves: Sequence[Move]) -> list[dict[str, float]]:
    """Return the parts of a plan that none beats on gain and disruption, doing nothing first.

    Parameters
    ----------
    trial
        Held-out change sets.
    moves
        The moves of the plan; those beyond the first twelve are left out.

    Returns
    -------
    list of dict
        ``moves`` in the part, its joint ``gain`` in handoffs and lockstep releases per 100
        held-out change sets, and its ``disruption``; both rise from point to point.
    """
    chosen = tuple(moves[:MOST_MOVES])
    total = float(trial.sets.sum())
    points = []
    for size in range(1, len(chosen) + 1):
        for part in combinations(chosen, size):
            saved = float(trial.weekly_saved(part)[:2].sum())
            disruption = sum(DISRUPTION.get(move.kind, 1.0) for move in part)
            points.append((disruption, -100 * saved / total if total else 0.0, size))
    front = [dict(DO_NOTHING)]
    for disruption, loss, size in sorted(points):
        if -loss > front[-1]["gain"] + 1e-9:
            point = {"moves": float(size), "gain": -loss, "disruption": disruption}
            if front[-1]["disruption"] == disruption:
                front.pop()
            front.append(point)
    return front
