"""Does a move still help when the measurement is made another way?

In:  the fitting window, and a plan.
Out: for each move, the share of scenarios in which the plan is worse without it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.heldout import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conway.advice.moves import Move
    from conway.boundaries.work import Work

SURVIVES = 0.8
"""Share of scenarios in which a move must help to be shown (DESIGN 8)."""


def survival(work: Work, moves: tuple[Move, ...], *, counted: np.ndarray) -> list[float]:
    """Return the share of scenarios that each move survives.

    Parameters
    ----------
    work
        The fitting window.
    moves
        The plan.
    counted
        Which sets count (shape: sets).
    """
    helped = np.zeros(len(moves))
    scenarios = 0
    for changed, mask, parts in _scenarios(work, counted):
        if not mask.any():
            continue
        scenarios += 1
        trial = Trial.of(changed, [moves], counted=mask)
        whole = trial.weekly_saved(moves)[parts].sum()
        for place in range(len(moves)):
            rest = moves[:place] + moves[place + 1 :]
            helped[place] += whole > trial.weekly_saved(rest)[parts].sum() + 1e-9
    return (helped / max(scenarios, 1)).tolist()


_BOTH = [0, 1]


def _scenarios(
    work: Work, counted: np.ndarray
) -> Iterator[tuple[Work, np.ndarray, list[int]]]:
    """Yield other ways to measure: the work, which sets count, which costs count."""
    sets, weeks = work.sets, work.weeks
    third = np.clip(3 * weeks // work.week_count, 0, 2)
    yield work, counted, [0]
    yield work, counted & ~sets["huge"].to_numpy(), _BOTH
    yield work, counted & ~sets["ai"].to_numpy(), _BOTH
    yield work, counted & (sets["repositories"].to_numpy() == 1), _BOTH
    for part in range(3):
        yield work, counted & (third == part), _BOTH
    fixed = work.homes.teams_of(sets["author"].to_numpy(), np.full(len(work), work.until))
    if (fixed >= 0).any():
        today = replace(work, sets=sets.assign(author_team=fixed))
        yield today, counted & (fixed >= 0), _BOTH
