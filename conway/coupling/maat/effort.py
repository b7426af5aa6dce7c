"""Code Maat's effort: rows by entity and author, fragmentation, communication.

In:  a log.
Out: the tables ``entity-effort``, ``fragmentation`` and ``communication``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.coupling.maat import schemas
from conway.coupling.maat.groups import contributions, name_order, sums
from conway.coupling.maat.numbers import two_digits
from conway.coupling.maat.order import places
from conway.coupling.maat.pairs import Members, by_trie, joint

if TYPE_CHECKING:
    from conway.coupling.maat.groups import Contributions, Whole


def entity_effort(log: pd.DataFrame) -> pd.DataFrame:
    """Count rows by entity and author: by entity, most rows first."""
    found = contributions(log)
    order = _effort_order(found)
    entity = found.entity[order]
    table = pd.DataFrame(
        {
            "entity": found.entities.names[entity],
            "author": found.authors.names[found.author[order]],
            "author-revs": found.revs[order],
            "total-revs": found.entities.rows[entity],
        }
    )
    return schemas.ENTITY_EFFORT.check(table)


def _effort_order(found: Contributions) -> Whole:
    names = name_order(found.entities.names)[found.entity]
    return np.lexsort((np.arange(len(names)), -found.revs, names))


def fragmentation(log: pd.DataFrame) -> pd.DataFrame:
    """Compute 1 - sum of squared shares of authors by entity, the most spread first."""
    found = contributions(log)
    total = found.entities.rows
    squares = sums(found.revs**2, found.entity, size=len(total))
    value = two_digits(total**2 - squares, total**2)
    table = pd.DataFrame(
        {"entity": found.entities.names, "fractal-value": value, "total-revs": total}
    )
    return schemas.FRAGMENTATION.check(
        table.take(np.lexsort((found.entities.place, -total, -value)))
    )


def communication(log: pd.DataFrame) -> pd.DataFrame:
    """Relate authors by the entities that both touched, the strongest first."""
    found = contributions(log)
    order = _effort_order(found)
    entity, names = found.entity[order], found.authors.names
    by_name = entity[np.flatnonzero(np.diff(entity, prepend=-1))]
    place = np.empty(len(by_name), dtype="int64")
    place[by_name] = places(found.entities.names[by_name], key="entity")
    members = Members(entity, found.author[order], place, ordered=True)
    me, peer, shared = joint(members, items=len(names))
    touched = np.bincount(found.author, minlength=len(names))
    average = (touched[me] + touched[peer] + 1) // 2
    strength = 100 * shared // np.maximum(average, 1)
    tie = by_trie(names, (me, peer), members=members, total=len(me) + len(names))
    sorting = np.lexsort((tie, -name_order(names)[me], -strength))
    table = pd.DataFrame(
        {
            "author": names[me],
            "peer": names[peer],
            "shared": shared,
            "average": average,
            "strength": strength,
        }
    )
    return schemas.COMMUNICATION.check(table.take(sorting))
