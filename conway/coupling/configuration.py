"""What co-change would look like by chance: the bipartite configuration model.

In:  how many services each change set touches, how many change sets touch each service.
Out: the chance that a set of each size touches a service, or two services.

Among all tables of change sets and services in which every set keeps its size and every
service its number of sets in expectation, take the distribution of largest entropy:

    P(set = S) = product of y_s over S / e_d(y),   d = size of the set

with ``e_d`` the elementary symmetric polynomial; ``y`` solves
``sum over sets of P(s in set) = n_s`` for every service. A set counts through its size
alone, so everything is done over distinct sizes: a million change sets are as cheap as
a thousand. BiCM (Saracco et al. 2015) keeps sizes in expectation only; it lets the many
sets of one service meet pairs, expects twice the joint changes that are possible where
most sets are small, and finds next to nothing there.

The logarithm of ``y`` is found by steps ``log(n_s / expected_s)``, Hunter's (2004)
minorise-maximise step, longer for services in more than half of the sets: by
``expected_s / (2 variance_s)``, which is still below twice what Newton's method allows,
because the covariance of a fixed-size draw is a graph Laplacian and at most twice its
diagonal. Where the margins force cells (a service in every
set), no finite solution exists: the table falls apart, where Gale and Ryser's inequality
is an equality, into blocks that are independent, and each is solved alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

PRECISION = 1e-8
"""Largest error of a reproduced service count, relative to the count."""

_STEPS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Services of which every set of size ``d`` has ``sizes[d]``, weighted ``coins``.

    ``coins`` is ``y / (1 + y)``: the set is what independent coins show, given how many.
    """

    services: np.ndarray
    sizes: np.ndarray
    coins: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """A solved configuration model.

    Attributes
    ----------
    sizes, counts
        Distinct sizes of change sets, and how many sets have each (shape: sizes).
    services
        Number of services.
    """

    sizes: np.ndarray
    counts: np.ndarray
    services: int
    _blocks: tuple[_Block, ...]

    def touching(self) -> np.ndarray:
        """Return the chance that a set touches a service (sizes × services)."""
        chances = np.zeros((len(self.sizes), self.services))
        for block in self._blocks:
            chances[:, block.services] = _single(block.coins, block.sizes)
        return chances

    def meeting(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Return the chance that a set touches both services of a pair (sizes × pairs)."""
        alone = self.touching()
        chances: np.ndarray = alone[:, first] * alone[:, second]
        home = np.full(self.services, -1)
        place = np.zeros(self.services, dtype=np.int64)
        for number, block in enumerate(self._blocks):
            home[block.services] = number
            place[block.services] = np.arange(len(block.services))
        for number, block in enumerate(self._blocks):
            inside = np.flatnonzero((home[first] == number) & (home[second] == number))
            if len(inside):
                places = np.sort([place[first[inside]], place[second[inside]]], axis=0)
                chances[:, inside] = _double(block, places)
        return chances


def configuration(sizes: np.ndarray, services: np.ndarray) -> Configuration:
    """Solve the configuration model.

    Parameters
    ----------
    sizes
        Services that each change set touches (shape: sets); sets of size 0 are left out.
    services
        Change sets that touch each service (shape: services).

    Returns
    -------
    Configuration
        Sizes are kept exactly, counts of services to a relative ``PRECISION``.

    Raises
    ------
    ValueError
        If no table has these two margins.

    Examples
    --------
    Two sets of one service and one of two; three services that change once, once, twice:

    >>> model = configuration(np.array([1, 1, 2]), np.array([1, 1, 2]))
    >>> (model.counts @ model.touching()).round(6).tolist()
    [1.0, 1.0, 2.0]
    """
    size, counts = np.unique(sizes[sizes > 0], return_counts=True)
    order = np.argsort(-services, kind="stable")[: int((services > 0).sum())]
    blocks, start = [], 0
    for stop in _cuts(size, counts, degrees=services[order]):
        inside = order[start:stop]
        part = np.clip(size - start, 0, stop - start)
        coins = _solve(part, counts, degrees=services[inside].astype(np.float64))
        blocks.append(_Block(inside, part, coins))
        start = stop
    return Configuration(size, counts, len(services), tuple(blocks))


def _cuts(sizes: np.ndarray, counts: np.ndarray, *, degrees: np.ndarray) -> list[int]:
    """Return where blocks end: the k busiest services fill all they can of every set."""
    held = np.cumsum(degrees)
    number = np.arange(1, len(degrees) + 1)
    room = np.array([int(counts @ np.minimum(sizes, k)) for k in number.tolist()], dtype=np.int64)
    total = int(counts @ sizes)
    if (held > room).any() or (int(held[-1]) if len(held) else 0) != total:
        cells = f"{total} cells by set, {degrees.sum()} by service"
        raise ValueError(f"no table has these margins: {cells}")
    return [int(k) for k in number[held == room]]


def _solve(sizes: np.ndarray, counts: np.ndarray, *, degrees: np.ndarray) -> np.ndarray:
    """Return the coins of one block, whose margins force no cell within it."""
    if len(degrees) == 1:
        return np.array([0.5])
    logs = np.log(degrees / degrees.mean() * (counts @ sizes) / counts.sum() / len(degrees))
    for _ in range(_STEPS):
        chances = _single(expit(logs), sizes)
        expected, variance = counts @ chances, counts @ (chances * (1 - chances))
        if np.abs(expected / degrees - 1).max() <= PRECISION:
            break
        longer = np.maximum(1.0, expected / (2 * variance))
        logs += np.clip(np.log(degrees / expected) * longer, -1.0, 1.0)
    return np.asarray(expit(logs))


def _sums(coins: np.ndarray, most: int) -> np.ndarray:
    """Return P(the first i coins show k), k up to ``most`` (coins + 1 × most + 1)."""
    chances = np.zeros((len(coins) + 1, most + 1))
    chances[0, 0] = 1.0
    for index, coin in enumerate(coins.tolist()):
        chances[index + 1] = chances[index] * (1 - coin)
        chances[index + 1, 1:] += chances[index, :-1] * coin
    return chances


def _single(coins: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the chance that each coin shows, given how many do (sizes × coins)."""
    most = int(sizes.max())
    before, after = _sums(coins, most)[:-1], _sums(coins[::-1], most)[-2::-1]
    others = np.zeros_like(before)
    for number in range(most + 1):
        others[:, number:] += before[:, number : number + 1] * after[:, : most + 1 - number]
    shown = others[:, np.maximum(sizes - 1, 0)] * (coins[:, None] * (sizes > 0))
    silent = others[:, sizes] * (1 - coins[:, None])
    return np.asarray((shown / (shown + silent)).T)


def _double(block: _Block, places: np.ndarray) -> np.ndarray:
    """Return the chance that both coins of each pair show (sizes × pairs).

    ``places`` holds the pairs, the smaller place first (2 × pairs). For each ``b`` the
    coins before it without ``a``, for all ``a`` at once, meet the coins after it.
    """
    coins, sizes = block.coins, block.sizes
    most = int(sizes.max())
    before, after = _sums(coins, most), _sums(coins[::-1], most)[::-1]
    all_coins = before[-1][sizes]
    rest = np.clip(sizes - 2, 0, most)
    chances = np.zeros((len(sizes), places.shape[1]))
    by_second = np.argsort(places[1], kind="stable")
    ends = np.searchsorted(places[1][by_second], np.arange(len(coins) + 1))
    without = np.zeros((len(coins), most + 1))
    for second, coin in enumerate(coins.tolist()):
        pairs = by_second[ends[second] : ends[second + 1]]
        first = places[0][pairs]
        turned = _turned(after[second + 1])[:, rest]
        others = without[first] @ turned
        chances[:, pairs] = (others * (coins[first] * coin)[:, None]).T
        shifted = without[:second, :-1] * coin
        without[:second] *= 1 - coin
        without[:second, 1:] += shifted
        without[second] = before[second]
    return np.asarray(chances * (sizes > 1)[:, None] / all_coins[:, None])


def _turned(series: np.ndarray) -> np.ndarray:
    """Return the matrix whose product with a series is their convolution."""
    offset = np.subtract.outer(np.arange(len(series)), np.arange(len(series)))
    return np.where(offset <= 0, series[np.maximum(-offset, 0)], 0.0)
