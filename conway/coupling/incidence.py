"""Which change set touches what, as a sparse matrix, and how often two things meet.

In:  ``Work``, and the column of its rows that names the entities.
Out: incidence (sets × entities), and for each pair of entities that met, how often.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.boundaries.work import Work

Entity = Literal["service", "entity", "unit", "service_team"]
"""Columns of ``Work.rows``: services, files by today's path, release units, owning teams."""


@dataclass(frozen=True, slots=True, eq=False)
class Meetings:
    """Pairs of entities that at least one change set touches together.

    Attributes
    ----------
    first, second
        Codes of the two entities (shape: pairs).
    joint
        Change sets that touch both (shape: pairs).
    """

    first: np.ndarray
    second: np.ndarray
    joint: np.ndarray

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.joint)

    def by_name(self, names: Sequence[str]) -> Meetings:
        """Turn each pair so that the name of ``first`` sorts before that of ``second``."""
        rank = np.empty(len(names), dtype=np.int64)
        rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        turned = rank[self.first] > rank[self.second]
        first = np.where(turned, self.second, self.first)
        return replace(self, first=first, second=np.where(turned, self.first, self.second))

    def renumbered(self, codes: np.ndarray) -> Meetings:
        """Return the pairs under other codes: ``codes[i]`` for ``i``."""
        return replace(self, first=codes[self.first], second=codes[self.second])

    def where(self, mask: np.ndarray) -> Meetings:
        """Return the pairs where ``mask`` (shape: pairs) is true."""
        return Meetings(self.first[mask], self.second[mask], self.joint[mask])


def incidence(work: Work, entity: Entity = "service") -> sparse.csr_array:
    """Return which change set touches which entity, huge sets, reverts and picks left empty.

    Returns
    -------
    scipy.sparse.csr_array
        Sets × entities, 1.0 where touched; the columns are those of `names_of`.
    """
    rows, codes = work.rows["set"].to_numpy(), work.rows[entity].to_numpy()
    usable = work.pairable[rows] & (codes >= 0)
    width = len(names_of(work, entity))
    cells = np.unique(rows[usable] * np.int64(max(width, 1)) + codes[usable])
    place = (cells // max(width, 1), cells % max(width, 1))
    return sparse.csr_array((np.ones(len(cells)), place), shape=(len(work.sets), width))


def names_of(work: Work, entity: Entity) -> tuple[str, ...]:
    """Return the names that the codes of a column index."""
    return {
        "service": work.services,
        "entity": work.paths,
        "unit": work.units,
        "service_team": work.teams,
    }[entity]


def meetings(touches: sparse.csr_array, weights: np.ndarray | None = None) -> Meetings:
    """Return the pairs of columns that share a row, with the number of rows they share.

    Parameters
    ----------
    touches
        Rows × entities, 1.0 where touched.
    weights
        What each row counts (shape: rows); 1 by default.
    """
    weighted = touches if weights is None else sparse.diags_array(weights) @ touches
    shared = sparse.coo_array(sparse.triu(touches.T @ weighted, k=1))
    order = np.lexsort((shared.col, shared.row))
    return Meetings(
        first=shared.row[order].astype(np.int64),
        second=shared.col[order].astype(np.int64),
        joint=shared.data[order],
    )
