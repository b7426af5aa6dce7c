"""Code Maat's coupling: pairs of entities that change together, and their sum.

In:  a log, and ``Thresholds``.
Out: the tables ``coupling`` and ``soc``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.coupling.maat import schemas
from conway.coupling.maat.groups import groups, name_order, sums
from conway.coupling.maat.pairs import Members, by_trie, joint, pair_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conway.coupling.maat.groups import Groups, Whole
    from conway.coupling.maat.pairs import Pairs


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What Code Maat leaves out; its own defaults.

    Attributes
    ----------
    min_revs
        Coupling: the least mean of both entities' revisions. Sum of coupling: entities
        must exceed it with their sum.
    min_shared_revs
        The least number of revisions that touch both.
    min_coupling, max_coupling
        Bounds of the degree in percent, both included.
    max_changeset_size
        Revisions of more rows count neither for pairs nor for entities.
    """

    min_revs: int = 5
    min_shared_revs: int = 5
    min_coupling: int = 30
    max_coupling: int = 100
    max_changeset_size: int = 30


@dataclass(frozen=True, slots=True, eq=False)
class _Coupled:
    """Pairs that pass the thresholds, and the revisions of either side."""

    pair: Pairs
    shared: Whole
    revs: Pairs

    def where(self, kept: NDArray[np.bool_]) -> _Coupled:
        (a, b), (n, m) = self.pair, self.revs
        return _Coupled((a[kept], b[kept]), self.shared[kept], (n[kept], m[kept]))


def coupling(
    log: pd.DataFrame, *, thresholds: Thresholds | None = None, verbose: bool = False
) -> pd.DataFrame:
    """Relate entities by shared over average revisions in percent, highest first."""
    entities, revs = groups(log, "entity"), groups(log, "rev")
    rank = name_order(entities.names)
    names = entities.names[np.argsort(rank)]
    chosen = thresholds or Thresholds()
    members = _members(rank[entities.of_row], revs, limit=chosen.max_changeset_size)
    own = _distinct(members, items=len(names))
    often = members.only(own[members.item] >= chosen.min_shared_revs)
    first, second, shared = joint(often, items=len(names), least=chosen.min_shared_revs)
    every = _Coupled((first, second), shared, (own[first], own[second]))
    found = every.where(_within(every, chosen))
    tie = by_trie(names, found.pair, members=members, total=pair_count(members, items=len(names)))
    table = _table(names, found)
    order = np.lexsort((tie, -table["average-revs"], -table["degree"]))
    schema = schemas.VERBOSE_COUPLING if verbose else schemas.COUPLING
    return schema.check(table.take(order))


def _members(entity: Whole, revs: Groups, *, limit: int) -> Members:
    kept = revs.rows[revs.of_row] <= limit
    return Members(revs.of_row[kept], entity[kept], revs.place)


def _distinct(members: Members, *, items: int) -> Whole:
    """Count the revisions of each entity."""
    found = np.unique(members.set_of * max(items, 1) + members.item)
    return np.bincount(found % max(items, 1), minlength=items)


def _within(found: _Coupled, thresholds: Thresholds) -> NDArray[np.bool_]:
    both = found.revs[0] + found.revs[1]
    percent = 200 * found.shared
    kept: NDArray[np.bool_] = (
        (both >= 2 * thresholds.min_revs)
        & (found.shared >= thresholds.min_shared_revs)
        & (percent >= thresholds.min_coupling * both)
        & (percent // both <= thresholds.max_coupling)
    )
    return kept


def _table(names: NDArray[np.object_], found: _Coupled) -> pd.DataFrame:
    (first, second), (of_first, of_second) = found.pair, found.revs
    both = of_first + of_second
    return pd.DataFrame(
        {
            "entity": names[first],
            "coupled": names[second],
            "degree": 200 * found.shared // both,
            "average-revs": (both + 1) // 2,
            "first-entity-revisions": of_first,
            "second-entity-revisions": of_second,
            "shared-revisions": found.shared,
        }
    )


def soc(log: pd.DataFrame, *, thresholds: Thresholds | None = None) -> pd.DataFrame:
    """Sum over each entity's revisions the other rows in them, highest first.

    No change set is too large here. Entities whose sum exceeds ``min_revs`` are kept.
    """
    entities, revs = groups(log, "entity"), groups(log, "rev")
    others = revs.rows[revs.of_row] - 1
    total = sums(others, entities.of_row, size=len(entities.names))
    kept = total > (thresholds or Thresholds()).min_revs
    order = np.lexsort((-name_order(entities.names), -total))
    order = order[kept[order]]
    return schemas.SOC.check(pd.DataFrame({"entity": entities.names[order], "soc": total[order]}))
