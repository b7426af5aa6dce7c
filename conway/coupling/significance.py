"""Which pairs of services change together more often than chance would have it.

In:  incidence of change sets and services, and the pairs that met.
Out: joint change sets expected by chance, p-values, and q-values over all pairs.

Chance is the configuration model (`conway.coupling.configuration`): busy services meet
often, and so do all services in a few very large change sets; neither is coupling. Under
it, change sets are independent, so a joint count is Poisson-binomial.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.configuration import configuration
from conway.coupling.poisson_binomial import upper_tails

if TYPE_CHECKING:
    from scipy import sparse

    from conway.coupling.incidence import Meetings

FALSE_DISCOVERY_RATE = 0.05
"""A pair is significant when its q-value is at most this."""


@dataclass(frozen=True, slots=True, eq=False)
class Significance:
    """What chance makes of each pair (shape of each: pairs)."""

    expected: np.ndarray
    p_values: np.ndarray
    q_values: np.ndarray


def significance(touches: sparse.csr_array, pairs: Meetings) -> Significance:
    """Return how surprising each pair's joint count is.

    Parameters
    ----------
    touches
        Sets × services, 1.0 where touched.
    pairs
        The pairs that met. All other pairs of services that change at all have p = 1
        and count in the correction.
    """
    sizes = np.rint(np.asarray(touches.sum(axis=1)).ravel()).astype(np.int64)
    services = np.rint(np.asarray(touches.sum(axis=0)).ravel()).astype(np.int64)
    model = configuration(sizes, services)
    chances = model.meeting(pairs.first, pairs.second)
    p_values = upper_tails(model.counts, chances, counts=pairs.joint)
    changing = int((services > 0).sum())
    return Significance(
        expected=model.counts @ chances,
        p_values=p_values,
        q_values=adjusted(p_values, tests=changing * (changing - 1) // 2),
    )


def adjusted(p_values: np.ndarray, *, tests: int) -> np.ndarray:
    """Return Benjamini and Hochberg's q-values.

    Parameters
    ----------
    p_values
        Of the tests that can be small.
    tests
        Tests in all; those not in ``p_values`` have p = 1.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04, 0.03]), tests=4)
    array([0.04      , 0.05333333, 0.05333333])
    """
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * tests / np.arange(1, len(p_values) + 1)
    q_values = np.empty(len(p_values))
    q_values[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(q_values, 1.0)
