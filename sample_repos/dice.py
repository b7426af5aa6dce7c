"""Repeatable choices: a name goes in, the same throws come out on every machine.

Only ``random.Random.random`` is used, the one method whose sequence Python promises to keep.
"""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """A stream of choices that depends on its name alone."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of the throws."""
        return self._random.random() < share

    def number(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()

    def pick(self, items: Sequence[T]) -> T:
        """Return one of ``items``, each equally often."""
        return items[self.number(0, len(items) - 1)]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of ``items`` in proportion to ``weights``."""
        left = self._random.random() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different ``items`` (all, if there are fewer), in their order."""
        places = list(range(len(items)))
        while len(places) > max(count, 0):
            places.pop(self.number(0, len(places) - 1))
        return [items[place] for place in places]

    def flags(self, count: int, *, true: int) -> list[bool]:
        """Return ``count`` booleans of which exactly ``true`` are true, evenly spread."""
        shift = self.fraction()
        steps = [int((place + shift) * true / count) for place in range(count + 1)]
        return [after > before for before, after in itertools.pairwise(steps)]
