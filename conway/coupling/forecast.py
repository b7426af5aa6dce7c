"""How many joint change sets the next quarter brings.

In:  when each joint change set happened, as decayed sums over the window.
Out: the expected count of the next 13 weeks, with a predictive interval.

A change set of age ``a`` weighs ``w(a) = 2^(-a / h)``, ``h`` = 180 days. Over a window
of length ``L`` a pair with a constant rate ``r`` has

    E[sum of w] = r * M,   M = integral of w  over 0..L = h / ln 2 * (1 - 2^(-L / h))

so ``forecast = 13 weeks * sum of w / M`` has the expectation ``13 weeks * r``: what a
stationary pair shows in 13 weeks. The variance of ``sum of w / M`` is ``r * M2 / M^2``,
``M2`` = integral of ``w^2``, as if the pair had been counted without decay for
``E = M^2 / M2``, and seen ``k = sum of w * M / M2`` times. With Jeffreys' prior the rate
is Gamma(k + 1/2, E), and the count of the next 13 weeks is negative binomial: its
quantiles are the interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from conway.boundaries.work import Work

HALF_LIFE = 180 * 24 * 3600
QUARTER = 13 * 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Decay:
    """Exponential decay over a window.

    Attributes
    ----------
    length
        Length of the window in seconds.
    half_life
        Seconds after which a change set counts half.
    """

    length: int
    half_life: int = HALF_LIFE

    @property
    def mass(self) -> float:
        """Integral of the weight over the window, in seconds."""
        return self._integral(self.half_life / math.log(2))

    @property
    def square_mass(self) -> float:
        """Integral of the squared weight over the window, in seconds."""
        return self._integral(self.half_life / (2 * math.log(2)))

    def weights(self, ages: np.ndarray) -> np.ndarray:
        """Return what a change set of each age (seconds) counts."""
        return np.exp2(-ages / self.half_life)

    def expected(self, decayed: np.ndarray, *, horizon: int = QUARTER) -> np.ndarray:
        """Return the expected count over ``horizon`` seconds for each decayed sum."""
        return decayed * (horizon / self.mass)

    def interval(
        self, decayed: np.ndarray, *, level: float = 0.95, horizon: int = QUARTER
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the quantiles between which the count over ``horizon`` falls."""
        from scipy.stats import nbinom

        seen = decayed * self.mass / self.square_mass + 0.5
        watched = self.mass**2 / self.square_mass
        chance = watched / (watched + horizon)
        tail = (1 - level) / 2
        low = nbinom.ppf(tail, seen, chance)
        high = nbinom.ppf(1 - tail, seen, chance)
        return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def _integral(self, scale: float) -> float:
        return scale * -math.expm1(-self.length / scale)


def decay_of(work: Work) -> tuple[Decay, np.ndarray]:
    """Return the decay over the work's window, and the weight of each change set."""
    decay = Decay(length=max(1, work.until - work.since))
    ages = np.maximum(work.until - work.sets["time"].to_numpy(), 0)
    return decay, decay.weights(ages.astype(np.float64))
