"""How likely a count of independent yes-or-no events is at least some number.

In:  groups of events of equal chance (how many, how likely), one case a column.
Out: P(count >= j) of every case.

The count is Poisson-binomial: a sum of one binomial a group. Two exact ways:

- up to ``SMALL``, 1 - P(count < j), convolving the binomials up to j - 1;
- beyond, and where that difference loses its digits, the binomials are tilted
  (p becomes p e^s / (1 - p + p e^s), with s such that the mean is j), their common
  distribution around j is read from its characteristic function by a Fourier transform
  over a window of eight standard deviations and more, and tilted back. Tilting keeps the
  relative error small however small the tail is.

The tests hold both to brute force.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, gammaln, logit, xlog1py, xlogy

SMALL = 24
"""Largest count whose tail is summed from below."""

_TINY = 1e-7
_CHUNK = 4096
_ALMOST = 1e-12


def upper_tails(trials: np.ndarray, chances: np.ndarray, *, counts: np.ndarray) -> np.ndarray:
    """Return the chance of at least the given count, for every case.

    Parameters
    ----------
    trials
        Events of each group (shape: groups).
    chances
        Chance of an event, by group and case (shape: groups × cases).
    counts
        The count of each case (shape: cases).

    Returns
    -------
    numpy.ndarray
        ``P(count >= counts)`` (shape: cases).

    Examples
    --------
    Two dice of chance 1/2 and one of 1/4: all three succeed once in 16.

    >>> upper_tails(np.array([2, 1]), np.array([[0.5], [0.25]]), counts=np.array([3]))
    array([0.0625])
    """
    tails = np.ones(len(counts))
    order = np.argsort(counts, kind="stable")
    for start in range(0, len(order), _CHUNK):
        chunk = order[start : start + _CHUNK]
        whole = np.rint(counts[chunk]).astype(np.int64)
        tails[chunk] = _tails(trials, chances[:, chunk], counts=whole)
    return tails


def _tails(trials: np.ndarray, chances: np.ndarray, *, counts: np.ndarray) -> np.ndarray:
    certain = chances >= 1 - _ALMOST
    counts = counts - (trials[:, None] * certain).sum(axis=0)
    chances = np.where(certain, 0.0, chances)
    possible = (trials[:, None] * (chances > 0)).sum(axis=0)
    tails = np.where(counts <= 0, 1.0, 0.0)
    open_cases = (counts > 0) & (counts <= possible)
    few = open_cases & (counts <= SMALL)
    if few.any():
        tails[few] = _summed(trials, chances[:, few], counts=counts[few])
    rest = open_cases & (~few | (tails < _TINY))
    if rest.any():
        tails[rest] = _transformed(trials, chances[:, rest], counts=counts[rest])
    return np.clip(tails, 0.0, 1.0)


def _summed(trials: np.ndarray, chances: np.ndarray, *, counts: np.ndarray) -> np.ndarray:
    width = int(counts.max())
    mass = np.zeros((chances.shape[1], width))
    mass[:, 0] = 1.0
    for number, chance in zip(trials.tolist(), chances, strict=True):
        part = _binomial(number, chance, width=width)
        mixed = np.zeros_like(mass)
        for below in range(part.shape[1]):
            mixed[:, below:] += part[:, below : below + 1] * mass[:, : width - below]
        mass = mixed
    below_count = np.arange(width)[None, :] < counts[:, None]
    return np.asarray(1.0 - (mass * below_count).sum(axis=1))


def _binomial(number: int, chance: np.ndarray, *, width: int) -> np.ndarray:
    """Return P(X = 0 .. min(number, width - 1)) of a binomial (cases × values)."""
    hits = np.arange(min(number, width - 1) + 1)
    ways = gammaln(number + 1) - gammaln(hits + 1) - gammaln(number - hits + 1)
    logs = ways + xlogy(hits, chance[:, None]) + xlog1py(number - hits, -chance[:, None])
    return np.asarray(np.exp(logs))


def _transformed(trials: np.ndarray, chances: np.ndarray, *, counts: np.ndarray) -> np.ndarray:
    """Return the tails from above, or, where the count is below the mean, from below."""
    possible = (trials[:, None] * (chances > 0)).sum(axis=0)
    below = counts <= (trials[:, None] * chances).sum(axis=0)
    failing = np.where(chances > 0, 1 - chances, 0.0)
    turned = np.where(below, failing, chances)
    target = np.where(below, possible - counts + 1, counts)
    tails = np.ones(len(counts))
    inner = target < possible
    tails[~inner] = _all(trials, turned[:, ~inner])
    tilt, spread = _tilt(trials, turned[:, inner], counts=target[inner])
    reach = np.ceil(8 * spread + 14).astype(np.int64)
    found = np.empty(len(reach))
    for width in np.unique(2 ** np.ceil(np.log2(2 * reach + 1))).astype(np.int64):
        same = np.flatnonzero((2 * reach < width) & (4 * reach + 1 >= width))
        found[same] = _tilted_tail(
            trials,
            turned[:, inner][:, same],
            counts=target[inner][same],
            tilt=tilt[same],
            width=int(width),
        )
    tails[inner] = found
    return np.where(below, 1 - tails, tails)


def _tilted_tail(
    trials: np.ndarray, chances: np.ndarray, *, counts: np.ndarray, tilt: np.ndarray, width: int
) -> np.ndarray:
    number = trials[:, None].astype(np.float64)
    logs = (number * np.log1p(chances * np.expm1(tilt))).sum(axis=0) - tilt * counts
    tilted = expit(logit(chances) + tilt)
    angle = 2j * np.pi * np.arange(width // 2 + 1) / width
    spectrum = np.exp(np.outer(counts, -angle))
    for many, chance in zip(trials.tolist(), tilted, strict=True):
        spectrum *= (1 + chance[:, None] * np.expm1(angle)) ** many
    mass = np.fft.irfft(spectrum.conj(), n=width, axis=1)[:, : width // 2]
    weight = np.exp(-tilt[:, None] * np.arange(width // 2))
    return np.asarray(np.exp(logs) * np.maximum((mass * weight).sum(axis=1), 0))


def _all(trials: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """Return the chance that every possible event happens."""
    logs = np.log(np.where(chances > 0, chances, 1.0))
    return np.asarray(np.exp((trials[:, None] * logs).sum(axis=0)))


def _tilt(
    trials: np.ndarray, chances: np.ndarray, *, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Solve mean(tilted by s) = count for s >= 0, by Newton kept inside a bracket.

    Returns s, and the standard deviation of the tilted count.
    """
    number, base = trials[:, None].astype(np.float64), logit(chances)
    low, high = np.zeros(len(counts)), np.full(len(counts), 400.0)
    at = np.zeros(len(counts))
    for _ in range(200):
        tilted = expit(base + at)
        excess = (number * tilted).sum(axis=0) - counts
        variance = (number * tilted * (1 - tilted)).sum(axis=0)
        if np.all(np.abs(excess) <= 1e-6 * np.maximum(1, np.sqrt(variance))):
            break
        low, high = np.where(excess < 0, at, low), np.where(excess > 0, at, high)
        step = at - excess / np.maximum(variance, 1e-300)
        inside = (step > low) & (step < high)
        at = np.where(inside, step, (low + high) / 2)
    return at, np.sqrt(variance)
