"""Medians where some still wait, also of resampled weeks.

In:  durations, whether each has ended, and how often each counts.
Out: the first time at which half or fewer still wait (Kaplan and Meier 1958).
"""

from __future__ import annotations

import numpy as np

from conway.delivery.waits.survival import median_wait

_HALF = 0.5 + 1e-9


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
    if copies is None or groups is None:
        return median_wait(values, ended)
    if not ended.all():
        return median_wait(values, ended, weights=copies, groups=groups)
    order = np.argsort(values, kind="stable")
    return _plain(values[order], copies=copies, groups=groups[order])


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
