"""Intervals by resampling whole weeks.

In:  totals per week of a numerator and a denominator, or pairs of weeks.
Out: percentile intervals from circular blocks of weeks, all measures on the same draws.

Weeks next to each other resemble each other, so blocks of about the cube root of the
number of weeks (at least two) are drawn whole (Kuensch 1989; Politis and Romano 1992).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from conway.figures import Figure, Interval, Unknown

LEVEL = 0.95
REPEATS = 1000
FEWEST_WEEKS = 13


def week_copies(weeks: int, *, seed: int = 0, repeats: int = REPEATS) -> np.ndarray:
    """Draw how often each week stands in each resampled history.

    Parameters
    ----------
    weeks
        Weeks in the window.
    seed
        Seed of the random generator.
    repeats
        Number of resampled histories.

    Returns
    -------
    ndarray
        Shape ``(repeats, weeks)``; each row sums to ``weeks``.
    """
    rng = np.random.default_rng(seed)
    block = min(weeks, max(2, round(weeks ** (1 / 3))))
    starts = rng.integers(0, weeks, size=(repeats, -(-weeks // block)))
    drawn = (starts[:, :, None] + np.arange(block)) % weeks
    drawn = drawn.reshape(repeats, -1)[:, :weeks]
    copies = np.zeros((repeats, weeks), dtype=np.float64)
    np.add.at(copies, (np.arange(repeats)[:, None], drawn), 1.0)
    return copies


@dataclass(frozen=True, eq=False)
class Resampling:
    """One set of resampled histories that all figures of a measurement share."""

    copies: np.ndarray

    @classmethod
    def of(cls, weeks: int, *, seed: int = 0, repeats: int = REPEATS) -> Resampling:
        """Draw resampled histories of ``weeks`` weeks."""
        return cls(week_copies(weeks, seed=seed, repeats=repeats))

    def ratio(self, numerator: np.ndarray, denominator: np.ndarray, *, scale: float = 1) -> Figure:
        """Return ``scale * sum(numerator) / sum(denominator)`` with its interval.

        Parameters
        ----------
        numerator, denominator
            Totals per week (shape: weeks).
        scale
            Unit of the result, for example 100 for "per 100 change sets".
        """
        total = float(denominator.sum())
        if total <= 0:
            return Unknown("nothing to count in the window")
        value = scale * float(numerator.sum()) / total
        below = self.copies @ denominator
        drawn = scale * (self.copies @ numerator)[below > 0] / below[below > 0]
        return interval(value, drawn, weeks=int((denominator > 0).sum()))

    def ratios(
        self, numerators: np.ndarray, denominator: np.ndarray, *, scale: float = 1
    ) -> list[Figure]:
        """Return ``ratio`` for many numerators over one denominator (shape: many, weeks)."""
        return [self.ratio(row, denominator, scale=scale) for row in numerators]


def interval(value: float, drawn: np.ndarray, *, weeks: int) -> Figure:
    """Return a value with the percentile interval of its resampled values.

    Below 13 weeks with data the interval would be false precision: it is widened to
    nothing known, and the figure says so.
    """
    if weeks < FEWEST_WEEKS or len(drawn) == 0:
        return float(value)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(value), float(min(low, value)), float(max(high, value)), LEVEL)


def weekly(weeks: np.ndarray, values: np.ndarray, *, count: int) -> np.ndarray:
    """Sum ``values`` by week (shape: weeks)."""
    return np.bincount(weeks, weights=values, minlength=count).astype(np.float64)
