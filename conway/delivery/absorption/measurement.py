"""How the system absorbs change.

In:  ``Observed``.
Out: ``Absorption``: arrivals and completions, unmerged work and its age, batch size, rework;
     what moved in surge weeks; AI-assisted change sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from conway.delivery.absorption.assisted import Assisted, measure_assisted
from conway.delivery.absorption.surges import Surges, measure_surges
from conway.delivery.absorption.traits import Trait, traits
from conway.delivery.constraints.failures import NO_REVERTS
from conway.delivery.constraints.observed import DAY, FEW_PEOPLE, FEWEST_PEOPLE
from conway.delivery.weeks import weekly
from conway.figures import Figure, Unknown
from conway.history.imports.imported import pull_requests
from conway.history.lifecycle import lifecycles

if TYPE_CHECKING:
    import pandas as pd

    from conway.delivery.constraints.observed import Observed

NO_REVIEWS = "work that was not merged is not in the history: [tables] reviews"
NO_CLOCK = "squashed commits do not say when work on them began"
_SQUASHED = 0.9


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: what it is, in which unit, from where, and how well it is known."""

    measure: str
    value: Figure
    unit: str
    source: str
    status: Literal["measured", "proxy", "unknown"]


@dataclass(frozen=True, eq=False)
class Absorption:
    """How the system absorbs change.

    Attributes
    ----------
    measures
        Figures of the whole window.
    arrivals
        Changes begun (or pull requests opened) each week; None where that is not known.
    completions
        Change sets merged each week (shape: weeks).
    surges, assisted
        Surge weeks; AI-assisted change sets.
    """

    measures: tuple[Measure, ...]
    arrivals: np.ndarray | None
    completions: np.ndarray
    surges: Surges
    assisted: Assisted


def measure_absorption(seen: Observed, *, seed: int = 0) -> Absorption:
    """Measure how the system absorbs change.

    Parameters
    ----------
    seen
        What was measured, with the imported tables.
    seed
        Seed of everything resampled here.
    """
    work, found = seen.work, traits(seen)
    count = work.week_count
    completions = weekly(work.weeks, np.ones(len(work)), count=count)
    arrivals, arriving = _arrivals(seen)
    measures = (
        arriving,
        Measure(
            "change sets completed per week (mean)", seen.per_week(work.weeks), "count", "git",
            "measured",
        ),
        *_unmerged(seen),
        *(_of_trait(seen, trait) for trait in found),
    )  # fmt: skip
    return Absorption(
        measures=measures,
        arrivals=arrivals,
        completions=completions,
        surges=measure_surges(work.weeks, found, count=count, seed=seed),
        assisted=measure_assisted(seen, found, seed=seed),
    )


def _arrivals(seen: Observed) -> tuple[np.ndarray | None, Measure]:
    """Return arrivals by week: pull requests opened, else first commits of what was merged."""
    reviews, count = seen.boundaries.imported.reviews, seen.work.week_count
    if not reviews.empty:
        opened = pull_requests(reviews)["opened"]
        weeks = seen.weeks_of(opened[seen.inside(opened)])
        source = seen.boundaries.imported.sources.get("reviews", "reviews")
        value = Measure(
            "pull requests opened per week (mean)", seen.per_week(weeks), "count", source,
            "measured",
        )  # fmt: skip
        return weekly(weeks, np.ones(len(weeks)), count=count), value
    name = "changes begun per week, of those merged so far (mean)"
    begun = _begun(seen)
    if begun is None:
        return None, Measure(name, Unknown(NO_CLOCK), "count", "git", "unknown")
    weeks = seen.weeks_of(begun[seen.inside(begun)])
    value = Measure(name, seen.per_week(weeks), "count", "git", "proxy")
    return weekly(weeks, np.ones(len(weeks)), count=count), value


def _begun(seen: Observed) -> pd.Series | None:
    """Return when work on each change began, None where commits were squashed when merged."""
    found = lifecycles(seen.history)[["repository", "change", "first_commit"]]
    rows = seen.changes.merge(found, on=["repository", "change"])
    rows = rows[rows["first_commit"].notna()]
    alike = (rows["merged"] - rows["first_commit"]).abs() < _SAME
    if rows.empty or alike.mean() > _SQUASHED:
        return None
    return rows["first_commit"]


_SAME = 60
"""Seconds between two clocks that tell nothing apart."""


def _unmerged(seen: Observed) -> tuple[Measure, ...]:
    """Return how many pull requests are open when the window ends, and for how long."""
    names = (
        "pull requests open when the window ends",
        "days that open pull requests have been open (median)",
    )
    reviews = seen.boundaries.imported.reviews
    if reviews.empty:
        return tuple(Measure(name, Unknown(NO_REVIEWS), "count", "", "unknown") for name in names)
    end = seen.work.until
    source = seen.boundaries.imported.sources.get("reviews", "reviews")
    requests = pull_requests(reviews)
    left = requests["merged"].fillna(requests["closed"])
    left = left.notna() & left.lt(end).fillna(value=False)
    still = requests[~left & requests["opened"].lt(end)]
    ages = (end - still["opened"]).to_numpy(np.float64) / DAY
    age: Figure = Unknown("none is open")
    if len(ages):
        few = still["author"].nunique() < FEWEST_PEOPLE
        age = Unknown(FEW_PEOPLE) if few else float(np.median(ages))
    return (
        Measure(names[0], float(len(still)), "count", source, "measured"),
        Measure(
            names[1], age, "days", source, "unknown" if isinstance(age, Unknown) else "measured"
        ),
    )


def _of_trait(seen: Observed, trait: Trait) -> Measure:
    values = trait.values  # noqa: PD011 - not a frame's
    known = np.isfinite(values)
    value: Figure = Unknown(NO_REVERTS)
    if known.any():
        value = seen.mean(values[known], seen.work.weeks[known])
    status: Literal["measured", "proxy", "unknown"] = "proxy" if trait.proxy else "measured"
    if isinstance(value, Unknown):
        status = "unknown"
    name = f"share of {trait.measure}" if trait.unit == "share" else f"{trait.measure} (mean)"
    return Measure(name, value, trait.unit, "git", status)
