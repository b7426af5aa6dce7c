"""Finds the commit that a message names, among those before it.

In:  the ids of all commits in order, the shortest way at hand to get them.
Out: the one earlier commit that a full or shortened id names. Most histories name few, so
     nothing is read until the first one asks.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(slots=True)
class Earlier:
    """All commits of a mainline, in order.

    Attributes
    ----------
    listed
        Returns their ids; asked once, when the first message names a commit.
    """

    listed: Callable[[], Sequence[str]]
    _sorted: list[str] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def resolve(self, name: str | None, *, until: int) -> str | None:
        """Return the one of the first ``until`` commits that an id names."""
        if name is None:
            return None
        if not self._sorted:
            self._places = {oid: place for place, oid in enumerate(self.listed())}
            self._sorted = sorted(self._places)
        found: list[str] = []
        at = bisect_left(self._sorted, name)
        while at < len(self._sorted) and self._sorted[at].startswith(name):
            if self._places[self._sorted[at]] < until:
                found.append(self._sorted[at])
            at += 1
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Before:
    """The commits up to one change."""

    earlier: Earlier
    until: int

    def resolve(self, name: str | None) -> str | None:
        """Return the one earlier commit that a full or shortened id names."""
        return None if name is None else self.earlier.resolve(name, until=self.until)
