"""Release: how often and how much at once, how long merged work waits, and what fails.

In:  ``Observed``: tags, deployments and incidents where they were imported.
Out: rows, and the stage "release" where deployments were given.

A tag is no deployment: what rests on tags is a proxy. Failure stands beside every speed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.releases import services_of_sets, services_of_targets
from conway.delivery.constraints.deployed import deployed_waits, production, steps_back
from conway.delivery.constraints.failures import FOLLOW_UP, followed_up
from conway.delivery.constraints.observed import DAY, FEWEST_ROWS, HOUR
from conway.delivery.constraints.row import Row
from conway.delivery.constraints.stages import Stage, rises_with_load
from conway.delivery.weeks import weekly
from conway.figures import Figure, Unknown, value_of
from conway.history.lifecycle import release_contents

if TYPE_CHECKING:
    import pandas as pd

    from conway.delivery.constraints.observed import Observed
    from conway.delivery.waits.releasing import Releasing

NOT_MEASURED = Unknown("waits for tags were not measured")
NO_TAGS = "no tag of the window names a release"
NO_DEPLOYMENTS = "no deployments were given: [tables] deployments"
_REVERTED = "share of change sets that were reverted"
_LEAD = "hours from merge to production (median)"


def release(
    seen: Observed, *, reverted: Figure, releasing: Releasing | Unknown
) -> tuple[list[Row], list[Stage]]:
    """Return the rows of release, and its stage where deployments were given.

    Parameters
    ----------
    seen
        What was measured.
    reverted
        Share of change sets that were reverted.
    releasing
        Waits from merge to the first release by tags, or why they are unknown.
    """
    rows = [
        *_tags(seen, reverted=reverted, releasing=releasing),
        *_trains(seen),
        Row.of(
            "release", _REVERTED, value=reverted, unit="share", source="git", proxy=True
        ),
        _follow_ups(seen),
    ]  # fmt: skip
    if seen.boundaries.imported.deployments.empty:
        names = (_LEAD, "share of deployments that took something back")
        return [*rows, *(Row.unknown("release", one, reason=NO_DEPLOYMENTS) for one in names)], []
    found, stage = _deployments(seen)
    return [*rows, *found], [stage]


def _tags(seen: Observed, *, reverted: Figure, releasing: Releasing | Unknown) -> list[Row]:
    """Return cadence, batch size, lead and quick follow-ups of releases by tags."""
    cadence = "days from one release of a unit to the next (median)"
    batch = "changes in a release (mean)"
    lead = "hours from merge to the first tag that holds it (median)"
    soon = "share of releases that another of the same unit follows within two days"
    tags = tagged_releases(seen)
    if tags.empty:
        return [Row.unknown("release", one, reason=NO_TAGS) for one in (cadence, batch, lead, soon)]
    weeks = seen.weeks_of(tags["time"])
    gap = tags["time"] - tags.groupby(["repository", "key"])["time"].shift()
    apart = gap.notna().to_numpy()
    days = gap.to_numpy(dtype=np.float64)[apart] / DAY
    between = seen.median(days, weeks[apart])
    beside = (_REVERTED, reverted)
    return [
        Row.of(
            "release", cadence, value=between, unit="days", source="tags", proxy=True,
            beside=beside,
        ),
        Row.of(
            "release", batch, value=seen.mean(tags["size"].to_numpy(), weeks), unit="count",
            source="tags", proxy=True,
        ),
        _lead(lead, releasing, beside=beside),
        Row.of(
            "release", soon, value=_soon(seen, tags, between=between), unit="share",
            source="tags", proxy=True,
        ),
    ]  # fmt: skip


def _lead(measure: str, releasing: Releasing | Unknown, *, beside: tuple[str, Figure]) -> Row:
    """Return the wait from merge to the first tag; the least where tags have no own clock."""
    if isinstance(releasing, Unknown):
        return Row.unknown("release", measure, reason=releasing.reason)
    source = "tags; the least that it can be" if releasing.whole.least else "tags"
    return Row.of(
        "release", measure, value=releasing.whole.hours, unit="hours", source=source, proxy=True,
        beside=beside,
    )  # fmt: skip


def tagged_releases(seen: Observed) -> pd.DataFrame:
    """Return the releases of the window by tags, with their selected changes.

    Returns
    -------
    DataFrame
        ``repository, key, time, size``, by unit and time: ``key`` is the tag's target, ``size``
        how many selected changes it holds first; where the target is a service, only those that
        touch it. Tags that hold none are left out.
    """
    contents = release_contents(seen.history)
    tags = contents[seen.inside(contents["time"])]
    tags = tags.assign(key=tags["target"].fillna(""))
    codes = services_of_targets(tags["target"], seen.work.services)
    touched = seen.work.members.merge(services_of_sets(seen.work), on=["set", "repository"])
    places: dict[tuple[str, int], np.ndarray] = {}
    for (repository, service), part in touched.groupby(["repository", "service"])["position"]:
        places[str(repository), int(str(service))] = np.unique(part.to_numpy())
    for repository, part in touched.groupby("repository")["position"]:
        places[str(repository), -1] = np.unique(part.to_numpy())
    none = np.empty(0, dtype=np.int64)
    sizes = []
    cells = zip(tags["repository"], codes, tags["first"], tags["last"], strict=True)
    for repository, code, first, last in cells:
        at = places.get((repository, int(code)), none)
        begin, end = np.searchsorted(at, [first, last + 1])
        sizes.append(max(0, int(end - begin)))
    tags = tags.assign(size=np.array(sizes, dtype=np.int64))
    return tags[tags["size"] > 0].sort_values(
        ["repository", "key", "time"], kind="stable", ignore_index=True
    )


def _soon(seen: Observed, tags: pd.DataFrame, *, between: Figure) -> Figure:
    """Return how many releases are soon followed, where that is out of the ordinary."""
    usual = value_of(between)
    if np.isfinite(usual) and usual < _ORDINARY * FOLLOW_UP / DAY:
        return Unknown(
            f"a unit is released every {usual:.1f} days anyhow: another one soon tells nothing"
        )
    after = tags.groupby(["repository", "key"])["time"].shift(-1) - tags["time"]
    soon = (after <= FOLLOW_UP).fillna(value=False).to_numpy(dtype=bool)
    return seen.mean(soon, seen.weeks_of(tags["time"]))


_ORDINARY = 2


def _follow_ups(seen: Observed) -> Row:
    """Return how often work is soon touched again, beside the two days after that."""
    weeks = seen.work.weeks
    soon, later = followed_up(seen.work)
    return Row.of(
        "release", "share of change sets of which a file changes again within two days",
        value=seen.mean(soon, weeks), unit="share", source="git", proxy=True,
        beside=("in the two days after these, what goes on anyhow", seen.mean(later, weeks)),
    )  # fmt: skip


def _trains(seen: Observed) -> list[Row]:
    """Return how many services share their release with others."""
    units = [seen.boundaries.unit_of(name) for name in seen.work.services]
    shared = [units.count(unit) > 1 for unit in units]
    value = sum(shared) / len(shared) if shared else Unknown("no services")
    return [
        Row.of(
            "release", "share of services that are released together with others (trains)",
            value=value, unit="share", source="boundaries", proxy=True,
        )
    ]  # fmt: skip


def _deployments(seen: Observed) -> tuple[list[Row], Stage]:
    source = seen.boundaries.imported.sources.get("deployments", "deployments")
    rows = production(seen)
    back = steps_back(rows)
    weeks = seen.weeks_of(rows["deployed"])
    ended = rows["result"].isin(["success", "failure", "rolled_back"]).to_numpy()
    failed = rows["result"].eq("failure").to_numpy()[ended]
    failing = seen.mean(failed | back[ended], weeks[ended])
    took_back = seen.mean(back[ended], weeks[ended])
    worse = "share of deployments that failed or took something back"
    good = rows[rows["result"].eq("success")]
    gap = good["deployed"] - good.groupby(["repository", "service"])["deployed"].shift()
    apart = gap.notna().to_numpy()
    waits = deployed_waits(seen, rows)
    hours, week = waits["hours"].to_numpy(), waits["week"].to_numpy()
    done = waits["ended"].to_numpy()
    lead = seen.median(hours, week, ended=done)
    load = weekly(week, np.ones(len(week)), count=seen.work.week_count)
    found = [
        Row.of(
            "release", "days from one deployment to production to the next (median)",
            value=seen.median(
                gap.to_numpy(dtype=np.float64)[apart] / DAY, seen.weeks_of(good["deployed"])[apart]
            ),
            unit="days", source=source, beside=(worse, failing),
        ),
        Row.of("release", _LEAD, value=lead, unit="hours", source=source, beside=(worse, failing)),
        Row.of("release", worse, value=failing, unit="share", source=source),
        Row.of(
            "release", "share of deployments that took something back", value=took_back,
            unit="share", source=source,
        ),
        *_incidents(seen, deployments=int(ended.sum())),
    ]  # fmt: skip
    rises: Figure = Unknown(f"only {int(done.sum())} changes reached production")
    if done.sum() >= FEWEST_ROWS:
        rises = rises_with_load(hours[done], week[done], load=load)
    return found, Stage("release", _LEAD, lead, rises)


def _incidents(seen: Observed, *, deployments: int) -> list[Row]:
    """Return incidents per 100 deployments, and how long they last."""
    rows = seen.boundaries.imported.incidents
    if rows.empty:
        return []
    source = seen.boundaries.imported.sources.get("incidents", "incidents")
    rows = rows[seen.inside(rows["opened"])]
    often: Figure = Unknown("no deployment to production in the window")
    if deployments:
        often = 100 * len(rows) / deployments
    return [
        Row.of(
            "release", "incidents per 100 deployments to production", value=often,
            unit="per 100", source=source,
        ),
        Row.of(
            "release", "hours until an incident is resolved (median)",
            value=_lasted(seen, rows), unit="hours", source=source,
        ),
    ]  # fmt: skip


def _lasted(seen: Observed, rows: pd.DataFrame) -> Figure:
    ended = rows["resolved"].notna() & rows["resolved"].le(seen.work.until).fillna(value=False)
    stop = rows["resolved"].where(ended, seen.work.until)
    hours = (stop - rows["opened"]).to_numpy(dtype=np.float64) / HOUR
    return seen.median(hours, seen.weeks_of(rows["opened"]), ended=ended.to_numpy(dtype=bool))
