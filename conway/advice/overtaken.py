"""Moves that what happened since the fit speaks against.

In:  fitted moves, the held-out weeks with the people's teams of the cut, and the same weeks
     with their teams as of each change.
Out: the moves that save work by the teams of the cut alone.

Held-out work is replayed with the people's teams of the cut, because teams inferred anew
follow the owners. That has a price: where people changed teams, or a service was new at the
cut, a move may save only work that its owner's people have come to do since. On GOV.UK and
MetaMask/core nearly every such move would have cost handoffs in the quarter after
(docs/evaluation.md), so a move must save by both ways of telling whose people did the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conway.advice.heldout import Trial
from conway.advice.wording import title
from conway.figures import rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.moves import Move
    from conway.boundaries.work import Work


@dataclass(frozen=True, slots=True)
class Overtaken:
    """One move that is left out, and why.

    Attributes
    ----------
    move
        The move.
    saved_at_cut, saved_since
        Handoffs and lockstep releases saved per 100 held-out change sets, by the people's
        teams of the cut and by their teams as of each change.
    """

    move: Move
    saved_at_cut: float
    saved_since: float

    def to_json(self) -> dict[str, Any]:
        """Return the row as ``title, saved_at_cut, saved_since``."""
        return {
            "title": title(self.move),
            "saved_at_cut": rounded(self.saved_at_cut),
            "saved_since": rounded(self.saved_since),
        }


def find_overtaken(moves: Sequence[Move], *, at_cut: Work, since: Work) -> tuple[Overtaken, ...]:
    """Find the moves that save by the people's teams of the cut, but not by those since.

    Leaving out only moves that the held-out test speaks for can lower a plan's held-out
    saving and never raise it.

    Parameters
    ----------
    moves
        The fitted plan.
    at_cut, since
        The held-out weeks, with the authors' teams of the cut and as of each change.
    """
    then, now = (_savings(moves, work) for work in (at_cut, since))
    rows = zip(moves, then, now, strict=True)
    return tuple(Overtaken(move, a, b) for move, a, b in rows if a > _NOTHING and b <= _NOTHING)


_NOTHING = 1e-9


def _savings(moves: Sequence[Move], work: Work) -> list[float]:
    """Return each move's Shapley share of what the plan saves per 100 change sets."""
    trial = Trial.of(work, [tuple(moves)])
    sets = float(trial.sets.sum())
    if not sets:
        return [0.0] * len(moves)
    return [100 * float(share[:2].sum()) / sets for share in trial.shapley(tuple(moves))]
