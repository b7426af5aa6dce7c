"""What chance gives: fake reorganisations of services that stayed, at fake dates.

In:  differences of services that stayed, at dates at which nothing of theirs changed.
Out: ``Chance``: for an effect its interval, the smallest one that could be told from
     nothing, and its rank among fake ones.

A service's difference has a variance between services (the same for all, by moments) and one
of its finite number of change sets; effects weigh services by the inverse of the sum. How
large a studentised effect chance gives is read off fake reorganisations of the same shape:
the same number of events, each of as many services, drawn together at one fake date
(randomisation inference: Fisher 1935; in difference in differences Bertrand, Duflo and
Mullainathan 2004, whose placebo laws these are).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from conway.figures import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.lookback.levels import Differences
    from conway.advice.lookback.options import LookBackOptions

LEVEL = 0.95
POWER = 0.84
"""Standard deviations above the critical value at which 80 of 100 effects are seen."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A weighted mean of differences: its value and its standard error."""

    value: float
    error: float


@dataclass(frozen=True, eq=False)
class Chance:
    """Differences at fake dates, and what effects of some shape they give.

    Attributes
    ----------
    dates
        Differences of services that stayed, by fake date.
    between
        Variance between services.
    options, seed
        How many fake reorganisations are drawn, and the seed.
    """

    dates: tuple[Differences, ...]
    between: float
    options: LookBackOptions
    seed: int = 0
    _drawn: dict[tuple[int, ...], np.ndarray] = field(init=False, default_factory=dict)

    @classmethod
    def of(cls, dates: Sequence[Differences], *, options: LookBackOptions, seed: int = 0) -> Chance:
        """Estimate the variance between services from all fake dates."""
        filled = tuple(one for one in dates if len(one.services))
        value = np.concatenate([one.value for one in filled]) if filled else np.empty(0)
        noise = np.concatenate([one.noise for one in filled]) if filled else np.empty(0)
        between = max(0.0, float(np.mean(value**2 - noise))) if len(value) else 0.0
        return cls(filled, between, options, seed)

    @property
    def reason(self) -> str:
        """Why nothing can be told from chance; empty where it can."""
        count = sum(len(one.services) for one in self.dates)
        if count >= self.options.fewest_placebos:
            return ""
        return (
            f"only {count} comparisons of services that stayed; "
            f"{self.options.fewest_placebos} are needed to know what chance gives"
        )

    def summed(self, parts: Sequence[Differences]) -> Sum:
        """Return the weighted mean of the differences of one or more events."""
        value = np.concatenate([one.value for one in parts])
        return self._sum(value, np.concatenate([one.noise for one in parts]))

    def weights(self, noise: np.ndarray) -> np.ndarray:
        """Return the weight of each service, summing to 1."""
        weight = 1 / (self.between + np.maximum(noise, _LEAST))
        found: np.ndarray = weight / weight.sum()
        return found

    def detectable(self, error: float, shape: Sequence[int]) -> float:
        """Return the smallest effect that would be seen in 80 of 100 cases."""
        drawn = self._statistics(shape)
        return error * (self._limit(drawn) + POWER * float(np.std(drawn)))

    def interval(self, found: Sum, shape: Sequence[int]) -> Interval:
        """Return an effect with the interval that chance leaves."""
        half = self._limit(self._statistics(shape)) * found.error
        return Interval(found.value, found.value - half, found.value + half, LEVEL)

    def rank(self, found: Sum, shape: Sequence[int]) -> float:
        """Return the share of fake reorganisations with an effect at least as large."""
        drawn = np.abs(self._statistics(shape))
        beyond = int((drawn >= abs(found.value) / found.error).sum())
        return (1 + beyond) / (1 + len(drawn))

    @staticmethod
    def _limit(drawn: np.ndarray) -> float:
        return float(np.quantile(np.abs(drawn), LEVEL))

    def _sum(self, value: np.ndarray, noise: np.ndarray) -> Sum:
        weight = 1 / (self.between + np.maximum(noise, _LEAST))
        return Sum(float((weight * value).sum() / weight.sum()), float(weight.sum() ** -0.5))

    def _statistics(self, shape: Sequence[int]) -> np.ndarray:
        """Return studentised effects of fake reorganisations of one shape."""
        key = tuple(sorted(shape, reverse=True))
        if key not in self._drawn:
            rng = np.random.default_rng([self.seed, *key])
            found = [self._fake(key, rng) for _ in range(self.options.placebos)]
            self._drawn[key] = np.array(found)
        return self._drawn[key]

    def _fake(self, shape: tuple[int, ...], rng: np.random.Generator) -> float:
        values, noises = [], []
        for size in shape:
            one = self.dates[int(rng.integers(len(self.dates)))]
            take = min(size, len(one.services))
            chosen = rng.choice(len(one.services), size=take, replace=False)
            values.append(one.value[chosen])
            noises.append(one.noise[chosen])
        found = self._sum(np.concatenate(values), np.concatenate(noises))
        return found.value / found.error


_LEAST = 1e-9
