"""Test moves on work that the search never saw.

In:  ``Work``, a fold, and moves fitted on its training weeks.
Out: the work to fit on and to test on; ``Trial``: what moves would have saved each week.

The people's teams are fixed at the cut, in training and in test: inferred anew inside the
test weeks they would follow today's owners, and every move would look harmful.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.instance import Instance
from conway.advice.moves import Reassign
from conway.advice.relabelling import replay
from conway.advice.state import State
from conway.boundaries.work import WEEK
from conway.delivery.footprints import counted_sets

if TYPE_CHECKING:
    from conway.advice.moves import Move
    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work

Plan = Sequence["Move"]


@dataclass(frozen=True, slots=True)
class Fold:
    """Training and test weeks, in seconds: ``train[0] <= time < train[1]`` and so on."""

    train: tuple[int, int]
    test: tuple[int, int]


def folds(work: Work, options: AdviceOptions) -> tuple[Fold, ...]:
    """Return rolling folds, the last one ending with the window, the earliest first.

    Each trains on ``train_weeks``, leaves ``gap_weeks`` out and tests on ``test_weeks``;
    they step by the test weeks, so no week is tested twice. Empty below one fold.
    """
    found = []
    end = work.until
    while end - options.fold_weeks * WEEK >= work.since:
        test = end - options.test_weeks * WEEK
        cut = test - options.gap_weeks * WEEK
        found.append(Fold((cut - options.train_weeks * WEEK, cut), (test, end)))
        end = test
    return tuple(reversed(found))


def fitting_work(work: Work, *, since: int, cut: int) -> Work:
    """Return the weeks before a cut as the organisation of the cut would have done them.

    Every author has the team, and every service the owner, of the cut: advice is for the
    organisation as it is then, not for one that reorganised half a year ago.
    """
    train = with_teams_at(work.between(since, cut), cut)
    pairs = zip(train.services, train.service_teams, strict=True)
    return replay(train, [Reassign(name, train.teams[team]) for name, team in pairs if team >= 0])


def at_cut(work: Work, fold: Fold) -> Work:
    """Return the test weeks of a fold with every author's team as of the cut.

    Authors without earlier work have no known team then; their change sets do not count.
    """
    return with_teams_at(work.between(*fold.test), fold.train[1])


def with_teams_at(work: Work, time: int) -> Work:
    """Return the work with every author's team as of one time."""
    people = work.sets["author"].to_numpy()
    teams = work.homes.teams_of(people, np.full(len(work), time))
    return replace(work, sets=work.sets.assign(author_team=teams))


@dataclass(frozen=True, eq=False)
class Trial:
    """Plans replayed on the same held-out change sets.

    Attributes
    ----------
    base
        The state without moves.
    sets
        Counted change sets by week (shape: weeks).
    """

    base: State
    sets: np.ndarray

    @classmethod
    def of(cls, work: Work, plans: Sequence[Plan], *, counted: np.ndarray | None = None) -> Trial:
        """Prepare a trial.

        Parameters
        ----------
        work
            Held-out change sets, with the authors' teams of the cut.
        plans
            Every plan that will be replayed.
        counted
            Which sets count; by default those with an owned file and a known team.
        """
        chosen = counted_sets(work) if counted is None else counted
        moves = list({move: None for plan in plans for move in plan})
        instance = Instance.of(work, counted=chosen, candidates=moves)
        return cls(State.base(instance), instance.sets)

    def weekly_saved(self, plan: Plan) -> np.ndarray:
        """Return what a plan saves by week (shape: 3, weeks).

        Handoffs saved, lockstep releases saved, and change sets that become autonomous.
        """
        found: np.ndarray = self.base.weekly - self.state(plan).weekly
        found[2] *= -1
        return found

    def state(self, plan: Plan) -> State:
        """Return the state after a plan."""
        state = self.base
        for move in plan:
            state = state.after(move)
        return state

    def shapley(self, plan: Plan) -> list[np.ndarray]:
        """Return each move's Shapley share of what a plan saves by week (shape: 3, weeks)."""
        count = len(plan)
        value = {
            chosen: self.weekly_saved([plan[place] for place in chosen])
            for size in range(count + 1)
            for chosen in combinations(range(count), size)
        }
        shares = []
        for place in range(count):
            share = np.zeros((3, len(self.sets)))
            for chosen, saved in value.items():
                if place not in chosen:
                    weight = factorial(len(chosen)) * factorial(count - len(chosen) - 1)
                    joined = tuple(sorted((*chosen, place)))
                    share += weight / factorial(count) * (value[joined] - saved)
            shares.append(share)
        return shares
