"""Whether a move still helps when the measurement is made another way.

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
"""Share of scenarios in which a move must help to be shown; a convention, not a finding."""


def share_survived(work: Work, moves: tuple[Move, ...], *, counted: np.ndarray) -> list[float]:
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
    return [float(share) for share in helped / max(scenarios, 1)]


_BOTH = [0, 1]


def _scenarios(work: Work, counted: np.ndarray) -> Iterator[tuple[Work, np.ndarray, list[int]]]:
    """Yield other ways to measure: the work, which sets count, which costs count."""
    sets = work.sets
    late = work.weeks >= work.week_count // 2
    yield work, counted, [0]
    yield work, counted & late, _BOTH
    yield work, counted & ~sets["huge"].to_numpy(), _BOTH
    yield work, counted & ~sets["ai"].to_numpy(), _BOTH
    yield work, counted & (sets["repositories"].to_numpy() == 1), _BOTH
    yield _all_must_approve(work), counted, _BOTH
    then = work.homes.teams_of(sets["author"].to_numpy(), sets["time"].to_numpy())
    if (then >= 0).any():
        yield replace(work, sets=sets.assign(author_team=then)), counted & (then >= 0), _BOTH


def _all_must_approve(work: Work) -> Work:
    """Return the work as if every owner on a line had to approve, not one of them."""
    lone = tuple((team,) for team in range(len(work.teams)))
    rows = work.rows
    several = [work.owners[code] if code >= 0 else () for code in rows["owners"].tolist()]
    counts = np.array([max(len(teams), 1) for teams in several])
    codes = [team for teams in several for team in (teams or (-1,))]
    spread = rows.loc[rows.index.repeat(counts)].assign(owners=codes).reset_index(drop=True)
    return replace(work, rows=spread, owners=lone)
