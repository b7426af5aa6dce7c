"""Median waits where some still wait: Kaplan and Meier.

In:  waits, and which of them have ended.
Out: the time by which half have ended, also for resampled groups.

    S(t) = product over ends at times <= t of (1 - ends / those still waiting)

The median is the first time at which ``S`` is a half or less (Kaplan and Meier 1958).
"""

from __future__ import annotations

import numpy as np

_CHUNK = 2_000_000
_EVEN = 1e-9


def median_wait(
    waits: np.ndarray,
    ended: np.ndarray,
    *,
    weights: np.ndarray | None = None,
    groups: np.ndarray | None = None,
) -> np.ndarray:
    """Return the median wait of each weighting; infinite where more than half still wait.

    Parameters
    ----------
    waits
        How long each has waited, or waits so far (shape: waits).
    ended
        Whether each wait has ended (shape: waits).
    weights
        How often each group counts (shape: draws, groups); by default all once.
    groups
        The group of each wait (shape: waits).

    Examples
    --------
    >>> ended = np.array([True, False, True, True])
    >>> median_wait(np.array([1.0, 2.0, 3.0, 4.0]), ended).tolist()
    [3.0]
    """
    order = np.lexsort((~ended, waits))
    times, ends = waits[order], ended[order].astype(np.float64)
    if weights is None:
        return _medians(times, ends, weights=np.ones((1, len(times))))
    groups = np.zeros(len(times), dtype=np.int64) if groups is None else groups[order]
    step = max(1, _CHUNK // max(1, len(times)))
    parts = [
        _medians(times, ends, weights=weights[first : first + step, groups])
        for first in range(0, len(weights), step)
    ]
    return np.concatenate(parts)


def _medians(times: np.ndarray, ends: np.ndarray, *, weights: np.ndarray) -> np.ndarray:
    """Return the median of each row of weights over sorted times (shape: draws)."""
    waiting = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    hazard = np.divide(weights * ends, waiting, out=np.zeros_like(waiting), where=waiting > 0)
    half = np.cumprod(1 - hazard, axis=1) <= 0.5 + _EVEN
    found: np.ndarray = np.where(half.any(axis=1), times[half.argmax(axis=1)], np.inf)
    return found
