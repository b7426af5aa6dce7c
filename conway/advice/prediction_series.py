"""From earlier quarters to the next one, with what quarters differed by before.

In:  one number, or one count of many pairs, for each quarter.
Out: the expected value of the next quarter with a predictive interval.

A figure is smoothed over quarters, each weighing half of the one after it, on a scale on
which its errors are alike (logarithm, or log-odds of a share). How wrong that was for each
earlier quarter, given only those before, is the error of the next one:

    half width = t(level, n) * sqrt(weighted mean of squared errors) * sqrt(1 + 1 / n)

Each error weighs 0.8 of the one after it, because histories calm down and wake up; ``n`` is how
many equally weighted errors that is worth, ``(sum of w)^2 / sum of w^2``.

Resampled weeks of one quarter would say how well that quarter was measured, and nothing of
how much the next one differs from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LEVEL = 0.8
"""Level of the intervals: four of five should hold, which a few quarters can tell."""
FEWEST_ERRORS = 4
START = 2
"""Quarters that the first prediction is made from."""
HALVED = 0.5
"""What a quarter weighs of the one after it."""
FADING = 0.8
"""What an error weighs of the one after it."""
_EDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on which errors are alike, and its way back."""

    to: Callable[[float], float]
    back: Callable[[float], float]


def _odds(share: float) -> float:
    kept = min(max(share, _EDGE), 1 - _EDGE)
    return math.log(kept / (1 - kept))


LOG = Scale(math.log1p, lambda value: max(0.0, math.expm1(value)))
ODDS = Scale(_odds, lambda value: 1 / (1 + math.exp(-value)))
PLAIN = Scale(float, float)


def smoothed(values: np.ndarray) -> np.ndarray:
    """Return the weighted mean over quarters (shape: quarters, ...), the last one heaviest.

    Examples
    --------
    >>> float(smoothed(np.array([0.0, 6.0, 9.0]))) == (6 / 2 + 9) / 1.75
    True
    """
    weights = HALVED ** np.arange(len(values))[::-1]
    found: np.ndarray = np.tensordot(weights, values, axes=1) / weights.sum()
    return found


def next_value(series: Sequence[float], scale: Scale, *, level: float = LEVEL) -> Figure:
    """Return the expected value of the next quarter.

    Parameters
    ----------
    series
        Values of earlier quarters, the earliest first.
    scale
        On which errors are alike.
    level
        Confidence of the interval.
    """
    from scipy.stats import t

    known = np.array([scale.to(value) for value in series if math.isfinite(value)])
    errors = np.array([known[n] - smoothed(known[:n]) for n in range(START, len(known))])
    if not len(known):
        return Unknown("no earlier quarter could be measured")
    if len(errors) < FEWEST_ERRORS:
        return Unknown(
            f"{len(known)} earlier quarters; {START + FEWEST_ERRORS} are needed to know how "
            "much quarters differ"
        )
    weights = FADING ** np.arange(len(errors))[::-1]
    count = weights.sum() ** 2 / (weights**2).sum()
    spread = math.sqrt(float(np.average(errors**2, weights=weights)) * (1 + 1 / count))
    half = float(t.ppf((1 + level) / 2, count)) * spread
    middle = float(smoothed(known))
    low, value, high = (scale.back(middle + side) for side in (-half, 0.0, half))
    return Interval(value, low, high, level)


def next_counts(
    counts: Sequence[Mapping[tuple[str, str], float]], *, most: int, level: float = LEVEL
) -> dict[tuple[str, str], Figure]:
    """Return the expected counts of the pairs that will be largest, the largest first.

    Pairs picked as the largest fall back afterwards, and scatter by more than chance. Both are
    as they were in the earlier quarters: a common factor, and a variance of ``c + a * c^2`` of
    an expected count ``c`` (negative binomial).

    Parameters
    ----------
    counts
        By pair, for each earlier quarter, the earliest first.
    most
        At most so many pairs.
    level
        Confidence of the intervals.
    """
    pairs = sorted(set().union(*counts)) if counts else []
    if not pairs:
        return {}
    table = np.array([[one.get(pair, 0.0) for pair in pairs] for one in counts])
    expected, came = [], []
    for place in range(START, len(table)):
        chosen, values = _largest(smoothed(table[:place]), most)
        expected.append(values)
        came.append(table[place][chosen])
    if len(expected) < FEWEST_ERRORS:
        reason = Unknown(f"{len(table)} earlier quarters; {START + FEWEST_ERRORS} are needed")
        return {pairs[n]: reason for n in _largest(smoothed(table), most)[0]}
    before, after = np.concatenate(expected), np.concatenate(came)
    factor = float(after.sum() / before.sum())
    scaled = factor * before
    excess = float(((after - scaled) ** 2 - scaled).sum() / np.maximum(scaled**2, _EDGE).sum())
    chosen, values = _largest(smoothed(table), most)
    return {
        pairs[place]: _count(factor * value, max(excess, 0.0), level=level)
        for place, value in zip(chosen.tolist(), values.tolist(), strict=True)
    }


def _largest(values: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places and values of the largest, above zero, ties in order."""
    order = np.argsort(-values, kind="stable")[:most]
    order = order[values[order] > 0]
    return order, values[order]


def _count(value: float, excess: float, *, level: float) -> Interval:
    """Return a count with the quantiles of its distribution."""
    from scipy.stats import nbinom, poisson

    tails = [(1 - level) / 2, (1 + level) / 2]
    if excess > _EDGE:
        size = 1 / excess
        quantiles = nbinom.ppf(tails, size, size / (size + value))
    else:
        quantiles = poisson.ppf(tails, value)
    low, high = np.asarray(quantiles, dtype=np.float64).tolist()
    return Interval(value, min(low, value), max(high, value), level)
