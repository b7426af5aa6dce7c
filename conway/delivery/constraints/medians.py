"""Medians where some still wait, also of resampled weeks.

In:  durations, whether each has ended, and how often each counts.
Out: the first time at which half or fewer still wait (Kaplan and Meier 1958).
"""

from __future__ import annotations

import numpy as np

_HALF = 0.5 + 1e-9
_CHUNK = 4_000_000


def weighted_medians(
    values: np.ndarray,
    ended: np.ndarray,
    *,
    copies: np.ndarray | None = None,
    groups: np.ndarray | None = None,
) -> np.ndarray:
    """Return the median of each weighting; infinite where more than half have not ended.

    Parameters
    ----------
    values
        Durations (shape: values).
    ended
        Whether each has ended (shape: values).
    copies
        How often each group counts (shape: draws, groups); by default all once.
    groups
        The group of each value (shape: values).

    Examples
    --------
    >>> weighted_medians(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 0, 1, 1], bool)).tolist()
    [3.0]
    """
    order = np.lexsort((~ended, values))
    times, ends = values[order], ended[order].astype(np.float64)
    if copies is None or groups is None:
        return _medians(times, ends, weights=np.ones((1, len(times))))
    if ended.all():
        return _plain(times, copies=copies, groups=groups[order])
    step = max(1, _CHUNK // max(1, len(times)))
    parts = [
        _medians(times, ends, weights=copies[at : at + step, groups[order]])
        for at in range(0, len(copies), step)
    ]
    return np.concatenate(parts)


def _plain(times: np.ndarray, *, copies: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return weighted medians where everything has ended: weights up to a time by bisection."""
    sizes = np.bincount(groups, minlength=copies.shape[1]).astype(np.float64)
    half = copies @ sizes * (1 - _HALF)
    order = np.argsort(groups, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    low, high = np.zeros(len(copies), dtype=np.int64), np.full(len(copies), len(times) - 1)
    while (low < high).any():
        middle = (low + high) // 2
        cells, back = np.unique(middle, return_inverse=True)
        counts = np.array(
            [
                np.searchsorted(order[starts[group] : starts[group + 1]], cells, side="right")
                for group in range(copies.shape[1])
            ]
        )
        enough = (copies * counts.T[back]).sum(axis=1) >= half
        high, low = np.where(enough, middle, high), np.where(enough, low, middle + 1)
    found: np.ndarray = times[low]
    return found


def _medians(times: np.ndarray, ends: np.ndarray, *, weights: np.ndarray) -> np.ndarray:
    waiting = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    hazard = np.divide(weights * ends, waiting, out=np.zeros_like(waiting), where=waiting > 0)
    below = np.cumprod(1 - hazard, axis=1) <= _HALF
    found: np.ndarray = np.where(below.any(axis=1), times[below.argmax(axis=1)], np.inf)
    return found
