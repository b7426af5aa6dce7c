"""Validation: what it takes to know that a change works.

In:  ``Observed``: pipeline runs where they were imported, declared dependencies.
Out: rows, and the stage "validation" where its waits were measured.

A suite on a commit was *flaky* if it failed and passed on the same code. Without runs, the
services whose tests a change may concern are a proxy: those it touches and all that declare
to need them, directly or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.coupling.architecture import architecture
from conway.delivery.constraints.observed import FEWEST_ROWS, HOUR
from conway.delivery.constraints.row import Row
from conway.delivery.constraints.stages import Stage, rises_with_load
from conway.delivery.measurement import service_lanes
from conway.delivery.weeks import weekly
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    import pandas as pd

    from conway.delivery.constraints.observed import Observed

NO_RUNS = "no pipeline runs were given: [tables] pipeline_runs"
NO_NEEDS = "no manifest declares that one service needs another"
_FAILED = "share of runs that fail"


def validation(seen: Observed) -> tuple[list[Row], list[Stage]]:
    """Return the rows of validation, and its stage where it was measured."""
    runs = seen.boundaries.imported.pipeline_runs
    if runs.empty:
        names = (
            "hours from asking for a run to its start (median)",
            "hours that a run takes (median)",
            "share of suites on a commit that failed and passed on the same code",
        )
        rows = [Row.unknown("validation", name, reason=NO_RUNS) for name in names]
        return [*rows, *_reach(seen)], []
    source = seen.boundaries.imported.sources.get("pipeline_runs", "pipeline_runs")
    began = runs["queued"].fillna(runs["started"]).fillna(runs["finished"])
    runs = runs.assign(began=began)[seen.inside(began)]
    failed = _failed(seen, runs)
    rows = [
        _duration(seen, runs, ends=("queued", "started"), source=source, failed=failed),
        _duration(seen, runs, ends=("started", "finished"), source=source, failed=failed),
        Row.of("validation", _FAILED, value=failed, unit="share", source=source),
        *_repeated(seen, runs, source=source),
    ]
    of_changes = _of_changes(seen, runs)
    rows += _triggered(seen, of_changes, source=source)
    stage = _stage(seen, of_changes, runs=runs)
    row = Row.of(
        "validation", stage.measure, value=stage.hours, unit="hours", source=source,
        beside=(_FAILED, failed),
    )  # fmt: skip
    return [*rows, row, *_reach(seen)], [stage]


def _duration(
    seen: Observed,
    runs: pd.DataFrame,
    *,
    ends: tuple[str, str],
    source: str,
    failed: Figure,
) -> Row:
    """Return the median time between two clocks of a run."""
    first, last = ends
    known = runs[runs[first].notna() & runs[last].notna() & ~runs["result"].eq("skipped")]
    measure = (
        "hours from asking for a run to its start (median)"
        if first == "queued"
        else "hours that a run takes (median)"
    )
    value: Figure = Unknown(f"the runs do not say when they were {first} and {last}")
    if len(known):
        hours = (known[last] - known[first]).to_numpy(dtype=np.float64) / HOUR
        value = seen.median(hours, seen.weeks_of(known["began"]))
    return Row.of(
        "validation", measure, value=value, unit="hours", source=source, beside=(_FAILED, failed)
    )


def _failed(seen: Observed, runs: pd.DataFrame) -> Figure:
    ended = runs[runs["result"].isin(["success", "failure"])]
    return seen.mean(ended["result"].eq("failure").to_numpy(), seen.weeks_of(ended["began"]))


def _repeated(seen: Observed, runs: pd.DataFrame, *, source: str) -> list[Row]:
    """Return how often suites were run again on a commit, and how often that made them pass."""
    ended = runs[runs["result"].isin(["success", "failure"]) & runs["commit"].ne("")]
    marked = ended.assign(passed=ended["result"].eq("success"), broke=ended["result"].eq("failure"))
    groups = marked.groupby(["repository", "commit", "suite"], as_index=False).agg(
        attempt=("attempt", "max"),
        rows=("attempt", "size"),
        passed=("passed", "any"),
        broke=("broke", "any"),
        began=("began", "min"),
    )
    weeks = seen.weeks_of(groups["began"])
    flaky = (groups["passed"] & groups["broke"]).to_numpy()
    again = (groups["attempt"] > 1).to_numpy() | flaky
    unseen = (groups["attempt"] > groups["rows"]).any()
    value = seen.mean(flaky, weeks)
    if unseen and not flaky.any():
        value = Unknown("the runs list only the last attempt of each")
    rows = [
        Row.of(
            "validation", "share of suites on a commit that were run again",
            value=seen.mean(again, weeks), unit="share", source=source,
        ),
        Row.of(
            "validation", "share of suites on a commit that failed and passed on the same code",
            value=value, unit="share", source=source,
        ),
    ]  # fmt: skip
    tested = runs[runs["tests"].fillna(0).gt(0) & runs["flaky"].notna()]
    if len(tested):
        weeks = seen.weeks_of(tested["began"])
        count = seen.work.week_count
        above, below = (
            weekly(weeks, tested[name].to_numpy(dtype=np.float64), count=count)
            for name in ("flaky", "tests")
        )
        value = seen.resampling.ratio(above, below)
        name = "share of tests that failed and passed on the same code"
        rows.append(Row.of("validation", name, value=value, unit="share", source=source))
    return rows


def _of_changes(seen: Observed, runs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per selected change with runs: suites, tests, first request, last end."""
    joined = runs[runs["change"].notna() & ~runs["result"].eq("skipped")]
    found = joined.groupby(["repository", "change"], as_index=False).agg(
        suites=("suite", "nunique"),
        tests=("tests", "sum"),
        tested=("tests", "count"),
        began=("began", "min"),
        ended=("finished", "max"),
    )
    return found.merge(seen.changes, on=["repository", "change"])


def _triggered(seen: Observed, changes: pd.DataFrame, *, source: str) -> list[Row]:
    """Return how many suites and tests a change triggers, also by author's team."""
    weeks, sets = changes["week"].to_numpy(), changes["set"].to_numpy()
    rows = []
    for name, part in (("suites", changes), ("tests", changes[changes["tested"] > 0])):
        if part.empty and name == "tests":
            continue
        chosen = part.index.to_numpy()
        values = part[name].to_numpy(dtype=np.float64)
        rows.append(
            Row.of(
                "validation", f"{name} that a change triggers (mean)",
                value=seen.mean(values, weeks[chosen]), unit="count", source=source,
                teams=seen.by_team(sets[chosen], values),
            )
        )  # fmt: skip
    return rows


def _stage(seen: Observed, changes: pd.DataFrame, *, runs: pd.DataFrame) -> Stage:
    measure = "hours from the first request of a change's runs to the last end (median)"
    known = changes[changes["ended"].notna()]
    known = known[seen.inside(known["began"])]
    hours = (known["ended"] - known["began"]).to_numpy(dtype=np.float64) / HOUR
    weeks = seen.weeks_of(known["began"])
    load = weekly(seen.weeks_of(runs["began"]), np.ones(len(runs)), count=seen.work.week_count)
    if len(known) < FEWEST_ROWS:
        few = Unknown(f"only {len(known)} changes with runs that have ended")
        return Stage("validation", measure, few, few)
    return Stage(
        "validation", measure, seen.median(hours, weeks), rises_with_load(hours, weeks, load=load)
    )


def _reach(seen: Observed) -> list[Row]:
    """Return how far changes reach through declared dependencies: a proxy of tests to run."""
    name = "services that a change set concerns, needed by or touched (mean)"
    spread = "share of pairs of services of which one needs the other (propagation cost)"
    if seen.dependencies.empty:
        return [Row.unknown("validation", one, reason=NO_NEEDS) for one in (name, spread)]
    work = seen.work
    cost = architecture(work.services, seen.dependencies).propagation_cost or 0.0
    concerned = service_lanes(work) @ sparse.csr_array(needing(work.services, seen.dependencies))
    counts = np.diff(concerned.tocsr().indptr).astype(np.float64)
    source = "declared dependencies"
    return [
        Row.of(
            "validation", name, value=seen.mean(counts, work.weeks), unit="count", source=source,
            proxy=True, teams=seen.by_team(np.arange(len(work)), counts),
        ),
        Row.of("validation", spread, value=cost, unit="share", source=source, proxy=True),
    ]  # fmt: skip


def needing(services: tuple[str, ...], dependencies: pd.DataFrame) -> np.ndarray:
    """Return which service each one's change concerns: itself and all that need it.

    Returns
    -------
    ndarray
        1 where the column's service is, or needs, directly or not, the row's (shape:
        services × services); what only tests and tools need is left out.
    """
    code = {name: place for place, name in enumerate(services)}
    concerns = np.eye(len(services), dtype=np.float64)
    pairs = dependencies[["from_service", "to_service", "kind"]].itertuples(index=False, name=None)
    for one, other, kind in pairs:
        if one in code and other in code and not kind.endswith(" dev"):
            concerns[code[other], code[one]] = 1.0
    while True:
        further = ((concerns @ concerns) > 0).astype(np.float64)
        if np.array_equal(further, concerns):
            return concerns
        concerns = further
