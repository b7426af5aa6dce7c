"""Code Maat's counts: summary, authors, revisions, age, and messages.

In:  a log.
Out: the tables of these names.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.coupling.maat import schemas
from conway.coupling.maat.groups import groups, name_order
from conway.errors import HistoryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from conway.coupling.maat.groups import Whole

_NO_MESSAGE = "-"


def summary(log: pd.DataFrame) -> pd.DataFrame:
    """Count revisions, entities, rows and authors."""
    values = {
        "number-of-commits": log["rev"].nunique(),
        "number-of-entities": log["entity"].nunique(),
        "number-of-entities-changed": len(log),
        "number-of-authors": log["author"].nunique(),
    }
    table = pd.DataFrame({"statistic": list(values), "value": list(values.values())})
    return schemas.SUMMARY.check(table)


def authors(log: pd.DataFrame) -> pd.DataFrame:
    """Count authors and rows by entity, most authors first."""
    entities, people = groups(log, "entity"), groups(log, "author")
    pairs = np.unique(entities.of_row * max(len(people.names), 1) + people.of_row)
    count = np.bincount(pairs // max(len(people.names), 1), minlength=len(entities.names))
    table = pd.DataFrame({"entity": entities.names, "n-authors": count, "n-revs": entities.rows})
    return schemas.AUTHORS.check(table.take(np.lexsort((entities.place, -entities.rows, -count))))


def revisions(log: pd.DataFrame) -> pd.DataFrame:
    """Count rows by entity, most first."""
    entities = groups(log, "entity")
    table = pd.DataFrame({"entity": entities.names, "n-revs": entities.rows})
    return schemas.REVISIONS.check(table.take(np.lexsort((entities.place, -entities.rows))))


def age(log: pd.DataFrame, *, now: date | None = None) -> pd.DataFrame:
    """Count whole months since each entity changed last, the youngest first.

    Parameters
    ----------
    log
        Schema ``LOG``.
    now
        Only what was before this day counts; else the clock decides, today included.
    """
    entities = groups(log, "entity")
    until = now or datetime.now(UTC).date()
    limit = np.datetime64(until if now else until + timedelta(days=1), "D").astype("int64")
    day = log["date"].to_numpy("datetime64[D]").astype("int64")
    before = day < limit
    latest = np.full(len(entities.names), np.iinfo("int64").min)
    np.maximum.at(latest, entities.of_row[before], day[before])
    known = np.flatnonzero(latest > np.iinfo("int64").min)
    months = _months(latest[known], until)
    table = pd.DataFrame({"entity": entities.names[known], "age-months": months})
    return schemas.AGE.check(table.take(np.lexsort((entities.place[known], months))))


def _months(days: Whole, until: date) -> Whole:
    """Return whole months from days to a day; the last of a month ends longer ones too."""
    start = days.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    day_of_month = (start - month).astype("int64") + 1
    ends = (until + timedelta(days=1)).month != until.month
    if ends:
        day_of_month = np.minimum(day_of_month, until.day)
    between = (until.year - 1970) * 12 + until.month - 1 - month.astype("int64")
    whole: NDArray[np.int64] = between - (day_of_month > until.day)
    return whole


def messages(log: pd.DataFrame, *, expression: str) -> pd.DataFrame:
    """Count by entity the rows whose message a regular expression matches, most first.

    Raises
    ------
    HistoryError
        If the log has no messages, or the expression is none.
    """
    texts = groups(log, "message")
    if texts.names.tolist() == [_NO_MESSAGE]:
        raise HistoryError(
            "this log has no messages; write it in the format git: `conway maat log REPO -c git`, "
            "or git log --pretty=format:'[%h] %aN %ad %s' --date=short --numstat"
        )
    try:
        pattern = re.compile(expression)
    except re.error as fault:
        raise HistoryError(f"'{expression}' is no regular expression ({fault}); mend it") from fault
    matching = np.array([pattern.search(text) is not None for text in texts.names], dtype=bool)
    entities = groups(log, "entity")
    count = np.bincount(entities.of_row[matching[texts.of_row]], minlength=len(entities.names))
    order = np.lexsort((-name_order(entities.names), -count))
    order = order[count[order] > 0]
    return schemas.MESSAGES.check(
        pd.DataFrame({"entity": entities.names[order], "matches": count[order]})
    )
