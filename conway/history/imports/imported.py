"""The optional tables of a history, joined to its changes: one frozen value.

In:  what ``conway.history.imports.reading`` read.
Out: ``Imported``; one row per pull request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.history.imports.schemas import (
    DEPLOYMENTS,
    INCIDENTS,
    PIPELINE_RUNS,
    PULL_REQUESTS,
    REVIEWS,
    SURVEY,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the coverage table: what was counted, how many, of how many."""

    what: str
    count: int
    of: int
    note: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Imported:
    """The optional tables; each is empty where none was given.

    Attributes
    ----------
    reviews, pipeline_runs, deployments, incidents, survey
        Schemas of these names in ``conway.history.imports.schemas``.
    runners
        By suite how many of its runs may go on at a time, where ``[capacity]`` says so.
    counted
        How many rows there were, how many join to a change, and why the others do not.
    sources
        By table the names of its files.
    """

    reviews: pd.DataFrame = field(default_factory=REVIEWS.empty)
    pipeline_runs: pd.DataFrame = field(default_factory=PIPELINE_RUNS.empty)
    deployments: pd.DataFrame = field(default_factory=DEPLOYMENTS.empty)
    incidents: pd.DataFrame = field(default_factory=INCIDENTS.empty)
    survey: pd.DataFrame = field(default_factory=SURVEY.empty)
    runners: Mapping[str, int] = field(default_factory=dict)
    counted: tuple[Counted, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Show how many rows each table has, and no one."""
        tables = ("reviews", "pipeline_runs", "deployments", "incidents", "survey")
        return f"Imported({', '.join(f'{len(getattr(self, name))} {name}' for name in tables)})"


def pull_requests(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pull request of the table ``reviews``.

    Reviews by its author and by robots are none. A review before the opening (while it was a
    draft elsewhere) counts as given at the opening.

    Returns
    -------
    pandas.DataFrame
        Schema ``PULL_REQUESTS``, ordered by repository, opening and number.
    """
    if reviews.empty:
        return PULL_REQUESTS.empty()
    keys = ["repository", "pull_request", "change", "opened", "merged", "closed"]
    approved = (reviews["state"] == "approved").fillna(value=False)
    rows = reviews.assign(
        number=reviews.groupby(keys, dropna=False, sort=False).ngroup(),
        approved=reviews["reviewed"].where(approved),
        approver=reviews["reviewer"].where(approved),
    )
    found = rows.groupby("number", as_index=False).agg(
        **{name: (name, "first") for name in (*keys, "author")},
        first_review=("reviewed", "min"),
        approved=("approved", "min"),
        approvals=("approver", "nunique"),
        reviewers=("reviewer", "nunique"),
    )
    for name in ("first_review", "approved"):
        early = (found[name] < found["opened"]).fillna(value=False)
        found[name] = found[name].mask(early, found["opened"])
    found = found.sort_values(["repository", "opened", "pull_request", "number"], kind="stable")
    return PULL_REQUESTS.check(found)
