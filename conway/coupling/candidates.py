"""Which pairs could change together next quarter, and which did.

In:  ``Work``, what pairs are of (services or files), and a date.
Out: ``Candidates``: the pairs, known from the past alone, and their later joint count.

Candidates are the pairs that met before the date, and pairs of active things (changed in
the 26 weeks before it): of services all, of files those of one service, and of these the
100 with the largest decayed count of change sets. A pair of which one file is younger than
the date cannot be a candidate; no method could name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.forecast import HALF_LIFE, QUARTER
from conway.coupling.incidence import Entity, incidence, meetings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy import sparse

    from conway.boundaries.work import Work

ACTIVE = 2 * QUARTER
MOST = 100
"""Most active files of one service that are paired without having met."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs as of a date; ``first < second`` (shape of each: pairs)."""

    first: np.ndarray
    second: np.ndarray

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.first)

    def where(self, mask: np.ndarray) -> Candidates:
        """Return the pairs where ``mask`` (shape: pairs) is true, or of these numbers."""
        return Candidates(self.first[mask], self.second[mask])


@dataclass(frozen=True, eq=False)
class Timeline:
    """The change sets that count in pair graphs, by time.

    Attributes
    ----------
    work, entity
        What was selected, and what pairs are of.
    """

    work: Work
    entity: Entity = "service"

    @cached_property
    def touches(self) -> sparse.csr_array:
        """Sets × things, 1.0 where touched."""
        return incidence(self.work, self.entity)

    @cached_property
    def times(self) -> np.ndarray:
        """Time of each set in seconds."""
        return np.asarray(self.work.sets["time"].to_numpy())

    @property
    def names(self) -> Sequence[str]:
        """Names of the things by code."""
        return self.work.services if self.entity == "service" else self.work.paths

    @cached_property
    def homes(self) -> np.ndarray:
        """Service of each file as of its last set, -1 none; of services, their number."""
        if self.entity == "service":
            return np.arange(len(self.names))
        last = self.work.rows.drop_duplicates("entity", keep="last")
        homes = np.full(len(self.names), -1, dtype=np.int64)
        homes[last["entity"].to_numpy()] = last["service"].to_numpy()
        return homes

    def before(self, date: int) -> np.ndarray:
        """Return which sets come before the date."""
        return np.asarray(self.times < date)

    def candidates(self, date: int) -> Candidates:
        """Return the pairs that could change together after the date."""
        past = self.before(date)
        touches, width = self.touches[past], np.int64(max(1, len(self.names)))
        met = meetings(touches)
        age = (date - self.times[past]).astype(np.float64)
        recent = np.asarray(touches.T @ (age < ACTIVE)).ravel()
        decayed = np.asarray(touches.T @ np.exp2(-age / HALF_LIFE)).ravel()
        keys = [met.first * width + met.second]
        for group in self._groups(np.flatnonzero(recent > 0)):
            top = np.sort(group[np.argsort(-decayed[group], kind="stable")][:MOST])
            one, other = np.triu_indices(len(top), k=1)
            keys.append(top[one] * width + top[other])
        both = np.unique(np.concatenate(keys))
        return Candidates(both // width, both % width)

    def joint(self, pairs: Candidates, *, date: int) -> np.ndarray:
        """Return each pair's joint change sets in the quarter from the date."""
        inside = (self.times >= date) & (self.times < date + QUARTER)
        return pair_values(self.touches[inside], pairs)

    def _groups(self, active: np.ndarray) -> list[np.ndarray]:
        if self.entity == "service":
            return [active] if len(active) <= 3 * MOST else []
        homes = self.homes[active]
        return [active[homes == home] for home in np.unique(homes).tolist()]


def pair_values(
    touches: sparse.csr_array, pairs: Candidates, *, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return the summed weight of the sets that touch both of each pair (1 each by default)."""
    met = meetings(touches, weights)
    width = np.int64(max(1, touches.shape[1]))
    keys, wanted = met.first * width + met.second, pairs.first * width + pairs.second
    if not len(keys):
        return np.zeros(len(pairs))
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, met.joint[place], 0.0)
