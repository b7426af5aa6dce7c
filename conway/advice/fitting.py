"""Fit a plan on one window, and what structureless work would have given.

In:  ``Work`` of the fitting window, and options.
Out: ``Fitted``: the moves found, the state of the base, and placebo plans; null gains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.candidates import Ground, propose
from conway.advice.evaluation import Tested, tested
from conway.advice.heldout import Trial
from conway.advice.instance import Instance
from conway.advice.placebo import largest_team, other_teams
from conway.advice.search import Search
from conway.advice.state import State
from conway.advice.structureless import without_structure
from conway.delivery.footprints import counted_sets

if TYPE_CHECKING:
    from conway.advice.moves import Move
    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work

NULL_RUNS = 5


@dataclass(frozen=True, eq=False)
class Fitted:
    """A plan found on a window.

    Attributes
    ----------
    work, counted
        The window, and which of its sets count.
    moves
        The plan, the best move first; empty where nothing helps.
    largest, others
        The target placebos of the plan.
    candidates
        The moves that the search chose from.
    loads
        Change sets that need each team in the window (shape: teams).
    """

    work: Work
    counted: np.ndarray
    moves: tuple[Move, ...]
    largest: tuple[Move, ...]
    others: tuple[tuple[Move, ...], ...]
    candidates: tuple[Move, ...]
    loads: np.ndarray

    def test(self, work: Work) -> Tested:
        """Replay the plan and its placebos on held-out work."""
        trial = Trial.of(work, [self.moves, self.largest, *self.others])
        return tested(trial, self.moves, largest=self.largest, others=self.others)


def certain(trial: Trial, moves: tuple[Move, ...], *, options: AdviceOptions) -> tuple[Move, ...]:
    """Leave out moves whose saving may be chance, the least certain one first.

    A move's share of what the plan saves, summed over the weeks, must exceed ``certainty``
    standard errors: ``sum(x) > certainty * sqrt(weeks) * sd(x)``.
    """
    while moves:
        weekly = np.array([share[:2].sum(axis=0) for share in trial.shapley(moves)])
        spread = weekly.std(axis=1, ddof=1) if weekly.shape[1] > 1 else np.zeros(len(moves))
        least = weekly.sum(axis=1) - options.certainty * np.sqrt(weekly.shape[1]) * spread
        worst = int(np.argmin(least))
        if least[worst] > 0:
            break
        moves = moves[:worst] + moves[worst + 1 :]
    return moves


def fit(work: Work, options: AdviceOptions) -> Fitted:
    """Search the best plan for the work of a window, of moves whose saving is no chance.

    Change sets count less the older they are, and a move must save week after week: over
    rolling quarters of public histories such plans need fewer moves for the same saving
    (docs/evaluation.md).
    """
    counted = counted_sets(work)
    found = propose(Ground.of(work, options))
    instance = Instance.of(work, counted=counted, candidates=found)
    base = State.base(instance)
    search = Search.over(work, base, candidates=found, options=options)
    moves = certain(Trial(base, instance.sets), search.best(), options=options)
    return with_placebos(
        Fitted(work, counted, moves, (), (), found, base.loads()), moves, options=options
    )


def with_placebos(fitted: Fitted, moves: tuple[Move, ...], *, options: AdviceOptions) -> Fitted:
    """Return a fitted plan with these moves of it, and their target placebos."""
    work, loads = fitted.work, fitted.loads
    return replace(
        fitted,
        moves=moves,
        largest=largest_team(work, moves, loads=loads, options=options),
        others=other_teams(work, moves, loads=loads, options=options),
    )


def null_gains(
    train: Work, test: Work, *, options: AdviceOptions, seed: int, runs: int = NULL_RUNS
) -> list[float]:
    """Return the held-out gain per 100 change sets of plans fitted on structureless work."""
    gains = []
    for run in range(runs):
        fitted = fit(without_structure(train, seed=seed + run), options)
        found = fitted.test(without_structure(test, seed=seed + runs + run))
        sets = float(found.sets.sum())
        gains.append(100 * float(found.saved[:2].sum()) / sets if sets else 0.0)
    return gains
