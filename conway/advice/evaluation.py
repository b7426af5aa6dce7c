"""Judge a plan on held-out weeks: what it saves, against placebos, with intervals.

In:  trials of one or more folds with the plan of each.
Out: ``Evaluation``: held-out gains pooled over folds, and whether the plan counts.

A plan counts only if its held-out gain, and its gain beyond each target placebo, paired
week by week, have intervals above zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.weeks import Resampling
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.heldout import Trial
    from conway.advice.moves import Move

    Moves = tuple[Move, ...]

NO_SETS = "no held-out change set counts"


@dataclass(frozen=True, eq=False)
class Tested:
    """One fold's plan and its placebos, replayed week by week.

    Attributes
    ----------
    sets
        Counted change sets by week.
    saved
        Saved by the plan (shape: 3, weeks): handoffs, lockstep, autonomous change sets.
    largest, other
        Saved by the target placebos (shape: 3, weeks); ``other`` is the mean over teams.
    """

    sets: np.ndarray
    saved: np.ndarray
    largest: np.ndarray
    other: np.ndarray


def tested(trial: Trial, plan: Moves, *, largest: Moves, others: Sequence[Moves]) -> Tested:
    """Replay a plan and its placebos on one fold's test weeks."""
    nothing = np.zeros((3, len(trial.sets)))
    saved = [trial.weekly_saved(other) for other in others]
    return Tested(
        sets=trial.sets,
        saved=trial.weekly_saved(plan),
        largest=trial.weekly_saved(largest),
        other=np.mean(saved, axis=0) if saved else nothing,
    )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Held-out gains per 100 change sets; more is better.

    Attributes
    ----------
    gain
        Handoffs and lockstep releases saved.
    handoffs, lockstep
        Each of them.
    autonomous_share
        Rise of the autonomous share.
    beyond_largest, beyond_other
        Gain beyond each target placebo.
    """

    gain: Figure
    handoffs: Figure
    lockstep: Figure
    autonomous_share: Figure
    beyond_largest: Figure
    beyond_other: Figure

    @property
    def passes(self) -> bool:
        """Whether the gain, and the gain beyond each placebo, are above zero."""
        figures = (self.gain, self.beyond_largest, self.beyond_other)
        return all(isinstance(one, Interval) and one.low > 0 for one in figures)

    @classmethod
    def unknown(cls, reason: str) -> Evaluation:
        """Return an evaluation that knows nothing, for one reason."""
        return cls(*(Unknown(reason) for _ in range(6)))


def evaluate(folds: Sequence[Tested], *, seed: int = 0) -> Evaluation:
    """Pool held-out weeks over folds and judge the plans.

    Parameters
    ----------
    folds
        The tested plan of each fold.
    seed
        Seed of the resampled weeks.
    """
    if not folds or sum(float(fold.sets.sum()) for fold in folds) == 0:
        return Evaluation.unknown(NO_SETS)
    sets, saved, largest, other = (
        np.concatenate([getattr(fold, name) for fold in folds], axis=-1)
        for name in ("sets", "saved", "largest", "other")
    )
    resampling = Resampling.of(len(sets), seed=seed)

    def rate(values: np.ndarray, scale: float = 100) -> Figure:
        return resampling.ratio(values, sets, scale=scale)

    gain = saved[0] + saved[1]
    return Evaluation(
        gain=rate(gain),
        handoffs=rate(saved[0]),
        lockstep=rate(saved[1]),
        autonomous_share=rate(saved[2], 1),
        beyond_largest=rate(gain - largest[0] - largest[1]),
        beyond_other=rate(gain - other[0] - other[1]),
    )
