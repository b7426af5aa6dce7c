"""Code Maat's temporal period: every window of consecutive days is one change set.

In:  a log and a number of days.
Out: the log of the windows. A window begins on each day from the first of the log on, as
     long as it ends within the log. It has each entity once, in the row that touched it
     first, and its revision is the last day on which anything happened in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.errors import HistoryError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def over_periods(log: pd.DataFrame, *, days: int) -> pd.DataFrame:
    """Return the log of all windows of ``days`` days.

    One commit is in up to ``days`` windows; windows of one revision are one change set.
    A row begins an entity in the windows that begin after the entity's day before and
    no later than the row, so no row is made only to be dropped again.
    """
    import numpy as np

    if days < 1:
        raise HistoryError(f"a temporal period of {days} days is none; pass 1 or more")
    if log.empty:
        return log
    day = log["date"].to_numpy("datetime64[D]").astype("int64")
    rows, previous = _first_of_each_day(log, day)
    first, final = int(day.min()), int(day.max()) - days + 1
    opens = np.maximum(np.maximum(previous + 1, day[rows] - days + 1), first)
    closes = np.minimum(day[rows], final)
    times = np.maximum(closes - opens + 1, 0)
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    window, row = np.repeat(opens, times) + within, np.repeat(rows, times)
    order = np.lexsort((row, day[row], window))
    window, row = window[order], row[order]
    return log.take(row).assign(rev=_latest(window, day, days=days)).reset_index(drop=True)


def _first_of_each_day(
    log: pd.DataFrame, day: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each entity on each day, and the entity's day before it."""
    import numpy as np
    import pandas as pd

    entity = pd.factorize(log["entity"])[0]
    rows = np.lexsort((np.arange(len(log)), day, entity))
    same = entity[rows][1:] == entity[rows][:-1]
    new = np.concatenate([[True], ~same | (day[rows][1:] != day[rows][:-1])])
    rows = rows[new]
    previous = np.full(len(rows), np.iinfo("int64").min // 2)
    same = entity[rows][1:] == entity[rows][:-1]
    previous[1:][same] = day[rows][:-1][same]
    return rows, previous


def _latest(window: NDArray[np.int64], day: NDArray[np.int64], *, days: int) -> NDArray[np.object_]:
    """Return the last active day of each window as text."""
    import numpy as np

    active = np.unique(day)
    last = active[np.searchsorted(active, window + days, side="left") - 1]
    texts = np.datetime_as_string(active.astype("datetime64[D]")).astype(object)
    return texts[np.searchsorted(active, last)]
