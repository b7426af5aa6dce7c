"""Coordination: what must wait for other people.

In:  ``Observed``: handoffs, and reviews where they were imported.
Out: rows, and the stage "coordination" where review waits were measured.

Who waits and reviews is not shown; figures from fewer than five people are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.delivery.constraints.observed import FEW_PEOPLE, FEWEST_PEOPLE, HOUR
from conway.delivery.constraints.row import Row
from conway.delivery.constraints.stages import Stage, rises_with_load
from conway.delivery.weeks import weekly
from conway.figures import Figure, Interval, Unknown
from conway.history.imports.imported import pull_requests

if TYPE_CHECKING:
    from conway.delivery.constraints.observed import Observed

NO_REVIEWS = "no reviews were given: [tables] reviews"
_WAITS = (
    ("first_review", "hours from opening to the first review (median)"),
    ("approved", "hours from opening to the first approval (median)"),
    ("merged", "hours from opening to the merge (median)"),
)


def coordination(seen: Observed, *, reverted: Figure) -> tuple[list[Row], list[Stage]]:
    """Return the rows of coordination, and its stage where it was measured.

    Parameters
    ----------
    seen
        What was measured.
    reverted
        Share of change sets that were reverted, which stands beside each speed.
    """
    rows = _needed(seen)
    reviews = seen.boundaries.imported.reviews
    if reviews.empty:
        names = [measure for _, measure in _WAITS]
        given = "people who approve a merged pull request (mean)"
        return [
            *rows,
            *(Row.unknown("coordination", one, reason=NO_REVIEWS) for one in (*names, given)),
        ], []
    requests = pull_requests(reviews)
    requests = requests[seen.inside(requests["opened"])].reset_index(drop=True)
    source = seen.boundaries.imported.sources.get("reviews", "reviews")
    beside = ("share of change sets that were reverted", reverted)
    for column, measure in _WAITS:
        value = _wait(seen, requests, until=column)
        rows.append(
            Row.of("coordination", measure, value=value, unit="hours", source=source, beside=beside)
        )
    rows += _given(seen, requests, source=source)
    return rows, [_stage(seen, requests)]


def _needed(seen: Observed) -> list[Row]:
    """Return what ownership files ask for: a proxy of who is waited for."""
    autonomy = seen.delivery.autonomy
    return [
        Row.of(
            "coordination", "handoffs: approvals of other teams needed per 100 change sets",
            value=autonomy.handoffs_per_100, unit="per 100", source="ownership", proxy=True,
        ),
        Row.of(
            "coordination", "share of change sets that need another team's approval",
            value=_complement(autonomy.single_team_share), unit="share", source="ownership",
            proxy=True,
        ),
    ]  # fmt: skip


def _complement(share: Figure) -> Figure:
    if isinstance(share, Interval):
        return Interval(1 - share.value, 1 - share.high, 1 - share.low, share.level)
    return share if isinstance(share, Unknown) else 1 - share


def waiting(requests: pd.DataFrame, *, until: str, end: int) -> pd.DataFrame:
    """Return the waits from opening to an event, open ones counted as waiting so far.

    Parameters
    ----------
    requests
        Schema ``PULL_REQUESTS``.
    until
        ``first_review``, ``approved`` or ``merged``.
    end
        When the window ends, in seconds.

    Returns
    -------
    DataFrame
        ``opened, hours, ended, author``. One merged without the event never waited for it
        and is left out; one closed without it waited until it was closed.
    """
    happened = requests[until].notna() & requests[until].le(end).fillna(value=False)
    gone = requests["merged"].fillna(requests["closed"])
    left = gone.notna() & gone.le(end).fillna(value=False)
    skipped = left & requests["merged"].notna() & ~happened
    stop = requests[until].where(happened, gone.where(left, end))
    rows = pd.DataFrame(
        {
            "opened": requests["opened"],
            "hours": (stop - requests["opened"]).astype("float64") / HOUR,
            "ended": happened.to_numpy(dtype=bool),
            "author": requests["author"],
        }
    )
    return rows[~skipped].reset_index(drop=True)


def _wait(seen: Observed, requests: pd.DataFrame, *, until: str) -> Figure:
    rows = waiting(requests, until=until, end=seen.work.until)
    if rows["author"].nunique() < FEWEST_PEOPLE:
        return Unknown(FEW_PEOPLE)
    return seen.median(
        np.maximum(rows["hours"].to_numpy(), 0.0),
        seen.weeks_of(rows["opened"]),
        ended=rows["ended"].to_numpy(),
    )


def _given(seen: Observed, requests: pd.DataFrame, *, source: str) -> list[Row]:
    """Return what approvals merged pull requests had, and from how far they came."""
    merged = requests[requests["merged"].notna()].reset_index(drop=True)
    weeks = seen.weeks_of(merged["opened"])
    few = merged["author"].nunique() < FEWEST_PEOPLE
    hidden = Unknown(FEW_PEOPLE)
    without = merged["approvals"].eq(0).to_numpy()
    return [
        Row.of(
            "coordination", "people who approve a merged pull request (mean)",
            value=hidden if few else seen.mean(merged["approvals"].to_numpy(), weeks),
            unit="count", source=source,
        ),
        Row.of(
            "coordination", "share of merged pull requests that nobody else approved",
            value=hidden if few else seen.mean(without, weeks), unit="share", source=source,
        ),
        Row.of(
            "coordination", "share of approvals that come from another team than the author's",
            value=_external(seen), unit="share", source=f"{source}; {seen.work.homes.source} teams",
        ),
    ]  # fmt: skip


def _external(seen: Observed) -> Figure:
    """Return the share of approvals by people of other teams, where both teams are known."""
    reviews = seen.boundaries.imported.reviews
    given = reviews[reviews["state"].eq("approved") & reviews["reviewed"].notna()]
    given = given[seen.inside(given["reviewed"])]
    teams = _Teams(seen)
    rows = [
        (one, other, time)
        for author, reviewer, time in given[["author", "reviewer", "reviewed"]].itertuples(
            index=False, name=None
        )
        if (one := teams.at(author, time)) and (other := teams.at(reviewer, time))
    ]
    if given["reviewer"].nunique() < FEWEST_PEOPLE:
        return Unknown(FEW_PEOPLE)
    if not rows:
        return Unknown("the teams of reviewers are not known: [teams] members")
    other_team = np.array([one.isdisjoint(other) for one, other, _ in rows])
    return seen.mean(other_team, seen.weeks_of(pd.Series([time for *_, time in rows])))


class _Teams:
    """The teams of a pseudonym: memberships, else that of the last own change before."""

    def __init__(self, seen: Observed) -> None:
        self._members = seen.boundaries.members
        self._teams = seen.work.teams
        self._spells: dict[str, tuple[list[int], list[int]]] = {}
        alone = seen.work.sets["changes"].to_numpy() == 1
        rows = seen.changes[alone[seen.changes["set"].to_numpy()] & (seen.changes["team"] >= 0)]
        writers = seen.history.changes[["repository", "change", "author"]].rename(
            columns={"author": "person"}
        )
        rows = rows.merge(writers, on=["repository", "change"]).sort_values("merged")
        for person, time, team in rows[["person", "merged", "team"]].itertuples(
            index=False, name=None
        ):
            times, teams = self._spells.setdefault(person, ([], []))
            times.append(time)
            teams.append(team)

    def at(self, person: object, time: int) -> frozenset[str]:
        if not isinstance(person, str):
            return frozenset()
        if self._members is not None:
            return frozenset(self._members.teams_of(person, time))
        times, teams = self._spells.get(person, ([], []))
        place = bisect_left(times, time)
        return frozenset({self._teams[teams[max(place - 1, 0)]]}) if times else frozenset()


def _stage(seen: Observed, requests: pd.DataFrame) -> Stage:
    measure = "hours from opening to the first approval (median)"
    rows = waiting(requests, until="approved", end=seen.work.until)
    hours = _wait(seen, requests, until="approved")
    done = rows[rows["ended"]]
    load = weekly(
        seen.weeks_of(requests["opened"]), np.ones(len(requests)), count=seen.work.week_count
    )
    rises = rises_with_load(done["hours"].to_numpy(), seen.weeks_of(done["opened"]), load=load)
    return Stage("coordination", measure, hours, hours if isinstance(hours, Unknown) else rises)
