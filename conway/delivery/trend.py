"""How delivery moves from quarter to quarter.

In:  a window, and the parallelism of quarters.
Out: whole quarters of 13 weeks, the last one ending with the window (a begun first quarter
     is left out), and each step split into its two causes.

``streams = streams_uncoupled * retained``, so each step of ``log streams`` splits exactly
into a step of the distribution of work (``streams_uncoupled``) and one of coupling
(``retained``). All three are ratios of unbiased estimates and do not drift with the number
of change sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.work import WEEK
from conway.figures import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conway.delivery.autonomy import Autonomy
    from conway.delivery.parallelism import Parallelism

QUARTER_WEEKS = 13
FEWEST_SETS = 30


@dataclass(frozen=True, slots=True)
class Quarter:
    """Delivery in one quarter.

    Attributes
    ----------
    since, until
        Seconds.
    changes
        Counted change sets.
    """

    since: int
    until: int
    changes: int
    autonomy: Autonomy
    teams: Parallelism
    units: Parallelism


def quarters(since: int, until: int) -> Iterator[tuple[int, int]]:
    """Yield the whole quarters of a window, aligned to its end, the earliest first.

    Examples
    --------
    >>> [(a // WEEK, b // WEEK) for a, b in quarters(0, 30 * WEEK)]
    [(4, 17), (17, 30)]
    """
    length = QUARTER_WEEKS * WEEK
    for step in range((until - since) // length, 0, -1):
        yield until - step * length, until - (step - 1) * length


def split_of_step(before: Parallelism, after: Parallelism) -> tuple[float, float, float]:
    """Split the step of ``log streams`` into distribution of work and coupling.

    Returns
    -------
    tuple
        The whole step, the part of ``streams_uncoupled``, the part of ``retained``;
        ``nan`` where either quarter has no value.
    """

    def log(parallelism: Parallelism, name: str) -> float:
        value = value_of(getattr(parallelism, name))
        return float(np.log(value)) if value > 0 else float("nan")

    names = ("streams", "streams_uncoupled", "retained")
    whole, work, coupling = (log(after, name) - log(before, name) for name in names)
    return whole, work, coupling
