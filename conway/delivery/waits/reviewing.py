"""How long pull requests wait for review, approval and merge, and whether crossing adds to it.

In:  a history, its ``Work``, and the table of pull requests where one was given.
Out: by event the median hours from opening, and what crossing a boundary costs.

Opening and events come from the forge, so squashed histories have these waits too. A pull
request belongs to the change that its number names; sets are linked by when their pull requests
were opened. Medians count every request of the window, open ones as waiting (Kaplan and Meier
1958); what crossing costs rests on those that join a change and had the event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK
from conway.delivery.constraints.coordination import waiting
from conway.delivery.trend import QUARTER_WEEKS
from conway.delivery.waits.cluster import hidden
from conway.delivery.waits.crossings import BOUNDARIES, find_crossings
from conway.delivery.waits.effects import within_effect
from conway.delivery.waits.members import MEMBER_WAITS, SIZE_BREAKS
from conway.delivery.waits.survival import median_wait
from conway.delivery.weeks import Resampling, interval
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.history.change_sets import Unit
    from conway.history.record import History

EVENTS = ("first_review", "approved", "merged")
NO_REVIEWS = Unknown("no reviews were given: [tables] reviews")
GAP = 14


@dataclass(frozen=True, slots=True)
class ReviewWait:
    """The wait from opening to one event, and what crossing one boundary does to it.

    Attributes
    ----------
    event, boundary
        ``first_review``, ``approved`` or ``merged``; as in ``Effect``.
    requests, crossing, people
        Pull requests that joined a change and had the event, those of a set that crosses,
        and authors with both kinds.
    hours
        Median hours from opening to the event, of all requests of the window.
    ratio
        Waits of those that cross over those of others, within author, repository, quarter.
    """

    event: str
    boundary: str
    requests: int
    crossing: int
    people: int
    hours: Figure
    ratio: Figure


def measure_reviewing(
    history: History,
    work: Work,
    *,
    requests: pd.DataFrame,
    unit: Unit = "mainline",
    seed: int = 0,
) -> tuple[ReviewWait, ...] | Unknown:
    """Measure waits from opening to first review, to approval and to merge.

    Parameters
    ----------
    history
        Changes, which pull requests are joined to.
    work
        Whose change sets they belong to.
    requests
        Schema ``PULL_REQUESTS``.
    unit
        The unit of change that ``work`` was selected with.
    seed
        Seed of the resampled authors.
    """
    if requests.empty:
        return NO_REVIEWS
    joined = _joined(history, work, requests=requests)
    if joined.empty:
        return Unknown("no pull request joins a change of the window")
    found: list[ReviewWait] = []
    for event in EVENTS:
        rows = _waited(joined, event)
        if rows.empty:
            continue
        hours = _hours(work, requests, event=event, seed=seed)
        at = find_crossings(history, work, members=rows, unit=unit, gaps=(GAP,))[GAP]
        for boundary in BOUNDARIES:
            crosses = np.where(at.bulk, np.nan, at.crosses(boundary))
            _, crossing, people, ratio = within_effect(rows, crosses, clock="author", seed=seed)
            found.append(ReviewWait(event, boundary, len(rows), crossing, people, hours, ratio))
    return tuple(found)


def _hours(work: Work, requests: pd.DataFrame, *, event: str, seed: int) -> Figure:
    """Return the median hours from opening to an event, over resampled weeks."""
    inside = (requests["opened"] >= work.since) & (requests["opened"] < work.until)
    rows = waiting(requests[inside].reset_index(drop=True), until=event, end=work.until)
    if (reason := hidden(pd.factorize(rows["author"])[0])) is not None:
        return reason
    hours = np.maximum(rows["hours"].to_numpy(dtype=np.float64), 0)
    ended = rows["ended"].to_numpy(dtype=bool)
    week = ((rows["opened"] - work.since) // WEEK).to_numpy(dtype=np.int64)
    value = float(median_wait(hours, ended)[0])
    if not np.isfinite(value):
        return Unknown("more than half of the pull requests still wait when the window ends")
    copies = Resampling.of(work.week_count, seed=seed).copies
    drawn = median_wait(hours, ended, weights=copies, groups=week)
    return interval(value, drawn[np.isfinite(drawn)], weeks=len(np.unique(week)))


def _joined(history: History, work: Work, *, requests: pd.DataFrame) -> pd.DataFrame:
    """Return the pull requests of member changes, with author, size and quarter."""
    columns = ["repository", "change", "opened", *EVENTS]
    known = requests.loc[requests["change"].notna(), columns].rename(columns={"merged": "landed"})
    known = known.drop_duplicates(["repository", "change"])
    rows = work.members[["set", "repository", "change"]].merge(known, on=["repository", "change"])
    authors = history.changes[["repository", "change", "author", "paths"]]
    rows = rows.merge(authors, on=["repository", "change"], how="left")
    person, _ = pd.factorize(rows["author"], sort=True)
    return rows.assign(
        person=person.astype(np.int64),
        size=np.searchsorted(SIZE_BREAKS, rows["paths"].to_numpy()).astype(np.int64),
        quarter=(rows["opened"] - work.since) // (QUARTER_WEEKS * WEEK),
    )


def _waited(joined: pd.DataFrame, event: str) -> pd.DataFrame:
    """Return those that had the event as ``MEMBER_WAITS``: from opening to the event."""
    until = joined["landed" if event == "merged" else event]
    rows = joined[until.notna() & (until >= joined["opened"]).fillna(value=False)]
    ends = {"author_end": rows["opened"], "committer_end": rows["opened"]}
    rows = rows.assign(merged=until[rows.index].astype("int64"), agree=True, **ends)
    rows = rows.sort_values(["set", "repository", "change"], kind="stable", ignore_index=True)
    return MEMBER_WAITS.check(rows)
