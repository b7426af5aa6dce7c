"""What changes ask of approvers, suites and releases, by week.

In:  an ``Assessment``.
Out: ``ChangeType``s and ``Load``s: weekly totals, what they are today, and the most that was
     demonstrated.

Today is the mean of the last 26 whole weeks. Demonstrated is the largest mean of 13 weeks in a
row: so much was carried for a quarter, whatever it cost. It is no capacity: more may be
possible, it was only never seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from conway.boundaries.work import WEEK
from conway.delivery.constraints.validation import needing
from conway.delivery.measurement import service_lanes
from conway.delivery.weeks import Resampling, weekly

if TYPE_CHECKING:
    from conway.assessment import Assessment
    from conway.figures import Figure

Kind = Literal["approver", "validation", "release"]

TODAY_WEEKS = 26
SUSTAINED_WEEKS = 13


@dataclass(frozen=True, eq=False)
class Weekly:
    """Totals of whole weeks.

    Attributes
    ----------
    totals
        Shape: whole weeks of the window.
    seed
        Seed of the resampled weeks.
    """

    totals: np.ndarray
    seed: int = 0

    @property
    def recent(self) -> np.ndarray:
        """The weeks that are today."""
        return self.totals[-TODAY_WEEKS:]

    @cached_property
    def today(self) -> Figure:
        """The mean of a week today, with its interval."""
        weeks = len(self.recent)
        resampling = Resampling.of(weeks, seed=self.seed)
        return resampling.ratio(self.recent, np.ones(weeks))

    @property
    def mean(self) -> float:
        """The mean of a week today."""
        return float(self.recent.mean())

    @property
    def demonstrated(self) -> float:
        """The largest mean of 13 weeks in a row, or of all where there are fewer."""
        length = min(SUSTAINED_WEEKS, len(self.totals))
        sums = np.convolve(self.totals, np.ones(length), mode="valid")
        return float(sums.max() / length)


@dataclass(frozen=True, eq=False)
class Load:
    """What one resource had to do.

    Attributes
    ----------
    kind, resource
        What it is, and its name.
    unit
        What is counted in a week.
    status
        ``measured`` or ``proxy``.
    weekly
        The totals.
    """

    kind: Kind
    resource: str
    unit: str
    status: Literal["measured", "proxy"]
    weekly: Weekly

    @property
    def at_k(self) -> float:
        """How many times today's load was demonstrated; infinite where there is none today."""
        return self.weekly.demonstrated / self.weekly.mean if self.weekly.mean else np.inf


@dataclass(frozen=True, eq=False)
class ChangeType:
    """Change sets that need alike: by teams and release units."""

    name: str
    sets: Weekly
    handoffs: Weekly
    lockstep: Weekly


def whole_weeks(assessment: Assessment) -> int:
    """Return how many whole weeks the window has."""
    return int((assessment.work.until - assessment.work.since) // WEEK)


def change_types(assessment: Assessment) -> tuple[ChangeType, ...]:
    """Return the four types of counted change sets: one or several teams, one or several units."""
    prints, work = assessment.delivery.prints, assessment.work
    weeks, count, seed = work.weeks[prints.sets], whole_weeks(assessment), assessment.seed
    several, joint = prints.handoffs > 0, prints.lockstep > 0
    found = []
    for teams in (False, True):
        for units in (False, True):
            chosen = (several == teams) & (joint == units)
            name = (
                f"{'several teams' if teams else 'one team'}, "
                f"{'several release units' if units else 'one release unit'}"
            )
            totals = [
                Weekly(weekly(weeks[chosen], values[chosen], count=work.week_count)[:count], seed)
                for values in (np.ones(len(weeks)), prints.handoffs, prints.lockstep)
            ]
            found.append(ChangeType(name, *totals))
    return tuple(found)


def loads(assessment: Assessment) -> tuple[Load, ...]:
    """Return the load of every approver team, suite and release unit."""
    return (*_approvers(assessment), *_validation(assessment), *_releases(assessment))


def _approvers(assessment: Assessment) -> list[Load]:
    """Return by team the approvals that others' change sets need of it."""
    work, rows = assessment.work, assessment.delivery.handoffs
    weeks = work.weeks[rows["set"].to_numpy()]
    found = []
    for team, name in enumerate(work.teams):
        mine = (rows["to_team"] == team).to_numpy()
        if mine.any():
            totals = _totals(assessment, weeks[mine], rows["weight"].to_numpy()[mine])
            found.append(Load("approver", name, "approvals for other teams", "proxy", totals))
    return found


def _validation(assessment: Assessment) -> list[Load]:
    """Return by suite the hours that its runs take; else what dependencies say is concerned."""
    work, runs = assessment.work, assessment.boundaries.imported.pipeline_runs
    runs = runs[runs["started"].notna() & runs["finished"].notna()]
    runs = runs[runs["started"].ge(work.since) & runs["started"].lt(work.until)]
    found = []
    for suite in sorted(runs["suite"].unique()):
        part = runs[runs["suite"] == suite]
        hours = (part["finished"] - part["started"]).to_numpy(dtype=np.float64) / 3600
        weeks = (part["started"].to_numpy(dtype=np.int64) - work.since) // WEEK
        totals = _totals(assessment, weeks, hours)
        found.append(Load("validation", suite, "hours of runs", "measured", totals))
    if found or assessment.dependencies.empty:
        return found
    concerned = service_lanes(work) @ sparse.csr_array(
        needing(work.services, assessment.dependencies)
    )
    counts = np.diff(concerned.tocsr().indptr).astype(np.float64)
    totals = _totals(assessment, work.weeks, counts)
    unit = "services touched or needing what is touched"
    return [Load("validation", "all suites", unit, "proxy", totals)]


def _releases(assessment: Assessment) -> list[Load]:
    """Return by release unit the change sets that it has to release."""
    work = assessment.work
    rows = work.rows.loc[work.rows["unit"] >= 0, ["set", "unit"]].drop_duplicates()
    weeks = pd.Series(work.weeks[rows["set"].to_numpy()], index=rows.index)
    return [
        Load(
            "release",
            work.units[unit],
            "change sets to release",
            "proxy",
            _totals(assessment, weeks[part.index].to_numpy(), np.ones(len(part))),
        )
        for unit in sorted(rows["unit"].unique().tolist())
        for part in [rows[rows["unit"] == unit]]
    ]


def _totals(assessment: Assessment, weeks: np.ndarray, values: np.ndarray) -> Weekly:  # noqa: PLR0917
    totals = weekly(weeks, values, count=assessment.work.week_count)
    return Weekly(totals[: whole_weeks(assessment)], assessment.seed)
