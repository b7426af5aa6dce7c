"""Code Maat's churn: lines by day, author and entity, ownership and main developers.

In:  a log.
Out: the tables ``abs-churn``, ``author-churn``, ``entity-churn``, ``entity-ownership``,
     ``main-dev`` and ``refactoring-main-dev``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.coupling.maat import schemas
from conway.coupling.maat.groups import (
    contributions,
    distinct_revs,
    groups,
    lines,
    name_order,
    sums,
)
from conway.coupling.maat.numbers import two_digits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conway.coupling.maat.groups import Contributions, Groups
    from conway.tables import Schema


def abs_churn(log: pd.DataFrame) -> pd.DataFrame:
    """Sum lines added and deleted and count revisions by day, in order of days."""
    by = groups(log, "date")
    return _churn(log, by, sorting=name_order(by.names), schema=schemas.ABS_CHURN)


def author_churn(log: pd.DataFrame) -> pd.DataFrame:
    """Sum lines added and deleted and count revisions by author, in order of names."""
    by = groups(log, "author")
    return _churn(log, by, sorting=name_order(by.names), schema=schemas.AUTHOR_CHURN)


def entity_churn(log: pd.DataFrame) -> pd.DataFrame:
    """Sum lines added and deleted and count revisions by entity, most added first."""
    by = groups(log, "entity")
    added = sums(lines(log, "loc-added"), by.of_row, size=len(by.names))
    return _churn(log, by, sorting=-added, schema=schemas.ENTITY_CHURN)


def _churn(
    log: pd.DataFrame, by: Groups, *, sorting: NDArray[np.int64], schema: Schema
) -> pd.DataFrame:
    size = len(by.names)
    table = pd.DataFrame(
        {
            schema.names[0]: by.names,
            "added": sums(lines(log, "loc-added"), by.of_row, size=size),
            "deleted": sums(lines(log, "loc-deleted"), by.of_row, size=size),
            "commits": distinct_revs(groups(log, "rev"), by),
        }
    )
    return schema.check(table.take(np.lexsort((by.place, sorting))))


def entity_ownership(log: pd.DataFrame) -> pd.DataFrame:
    """Sum lines added and deleted by entity and author, in order of entities."""
    found = contributions(log)
    table = pd.DataFrame(
        {
            "entity": found.entities.names[found.entity],
            "author": found.authors.names[found.author],
            "added": found.added,
            "deleted": found.deleted,
        }
    )
    order = np.argsort(name_order(found.entities.names)[found.entity], kind="stable")
    return schemas.ENTITY_OWNERSHIP.check(table.take(order))


def main_dev(log: pd.DataFrame) -> pd.DataFrame:
    """Name who added most lines to each entity; of equals the last of the group."""
    found = contributions(log)
    return _main(found, found.added, latest=True, schema=schemas.MAIN_DEV)


def refactoring_main_dev(log: pd.DataFrame) -> pd.DataFrame:
    """Name who removed most lines from each entity; of equals the last of the group."""
    found = contributions(log)
    return _main(found, found.deleted, latest=True, schema=schemas.REFACTORING_MAIN_DEV)


def main_dev_by_revs(log: pd.DataFrame) -> pd.DataFrame:
    """Name who changed each entity most often; of equals the first of the group."""
    found = contributions(log)
    return _main(found, found.revs, latest=False, schema=schemas.MAIN_DEV_BY_REVS)


def _main(
    found: Contributions, amount: NDArray[np.int64], *, latest: bool, schema: Schema
) -> pd.DataFrame:
    """Pick for each entity the author with the largest amount."""
    place = np.arange(len(amount))
    order = np.lexsort((-place if latest else place, -amount, found.entities.place[found.entity]))
    best = order[found.start]
    total = sums(amount, found.entity, size=len(found.entities.names))[found.entity[best]]
    _, _, part, whole, _ = schema.names
    table = pd.DataFrame(
        {
            "entity": found.entities.names[found.entity[best]],
            "main-dev": found.authors.names[found.author[best]],
            part: amount[best],
            whole: total,
            "ownership": two_digits(amount[best], np.maximum(total, 1)),
        }
    )
    names = name_order(found.entities.names)[found.entity[best]]
    return schema.check(table.take(np.argsort(names, kind="stable")))
