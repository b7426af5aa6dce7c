"""How long merged work waits for its release, by the tags of its service.

In:  a history, its ``Work``, and member waits.
Out: median waits from merge to release by service, and from last commit to release.

What no tag holds when the window ends is still waiting: it is counted as waiting at least so
long (Kaplan and Meier 1958), not left out. Intervals resample whole weeks of merges: releases
take many changes at a time, so changes are no independent draws. A tag is not a deployment.
A lightweight tag has only its commit's clock and may have been set any time after: what rests
on such tags is the least that it can be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK
from conway.coupling.releases import services_of_sets, services_of_targets
from conway.delivery.waits.cluster import hidden
from conway.delivery.waits.survival import median_wait
from conway.delivery.weeks import Resampling, interval
from conway.figures import Figure, Unknown, value_of
from conway.history.lifecycle import lifecycles

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.history.record import History

NO_TAGS = "no tag names a release of it"
NO_CLOCK = "its tags mark the changes themselves and have no clock of their own"
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class ReleaseWait:
    """Waits for release of one service, or of all.

    Attributes
    ----------
    service
        Its name; empty for all services that have releases.
    changes, released, people
        Changes merged in the window, those released before its end, and their authors.
    hours
        Median hours from merge to release.
    least
        Whether ``hours`` is the least that it can be, as tags have no clock of their own.
    """

    service: str
    changes: int
    released: int
    people: int
    hours: Figure
    least: bool = False


@dataclass(frozen=True, eq=False)
class Releasing:
    """Waits for release.

    Attributes
    ----------
    services
        By service, in order of name.
    whole
        All services together.
    lead_hours
        By clock: median hours from a change's last commit to its release; the least that
        it can be where ``whole.least``.
    """

    services: tuple[ReleaseWait, ...]
    whole: ReleaseWait
    lead_hours: dict[str, Figure]


def measure_releasing(
    history: History, work: Work, *, members: pd.DataFrame, seed: int = 0
) -> Releasing | Unknown:
    """Measure waits from merge to release.

    Parameters
    ----------
    history
        Changes and release tags.
    work
        Which change belongs to which services; its window's end cuts what is known.
    members
        Schema ``MEMBER_WAITS``, for the clocks of last commits.
    seed
        Seed of the resampled weeks.
    """
    rows = _released(history, work)
    if rows.empty:
        return Unknown("no tag holds a change of the window")
    resampling = Resampling.of(work.week_count, seed=seed)
    by_code = dict(iter(rows.groupby("service")))
    services = tuple(
        _wait(by_code.get(code), resampling=resampling, service=name)
        for code, name in enumerate(work.services)
    )
    first = rows.drop_duplicates(["repository", "change"])
    lead = first.merge(
        members[["repository", "change", "author_end", "committer_end"]],
        on=["repository", "change"],
    )
    unknown = Unknown("when work on released changes ended is not recorded")
    return Releasing(
        services,
        _wait(first, resampling=resampling, service=""),
        {
            clock: _median(lead, since=f"{clock}_end", resampling=resampling)
            if len(lead)
            else unknown
            for clock in ("author", "committer")
        },
    )


def _released(history: History, work: Work) -> pd.DataFrame:
    """Return one row per change and service with releases, the earliest released first.

    ``service, repository, change, person, week, merged, until, out, least``: ``until`` is
    the release, or the window's end where there is none before (``out`` false); ``least``
    where the tag has only its commit's clock.
    """
    tags = history.releases[history.releases["time"] < work.until]
    codes = services_of_targets(tags["target"], work.services)
    named = [str(code) if code >= 0 else None for code in codes]
    targets = set(named) - {None}
    touched = _touched(work)
    targeted = touched["service"].astype(str).isin(targets)
    touched = touched.assign(target=touched["service"].astype(str).where(targeted))
    renamed = replace(history, releases=tags.assign(target=pd.array(named, dtype="str")))
    found = lifecycles(renamed, touched)
    columns = ["repository", "change", "target"]
    rows = touched.merge(found, on=columns, how="left")
    once = rows.groupby(["repository", "service"])["released"].transform("count") > 0
    rows = rows[once]
    out = (rows["released"].notna() & (rows["released"] < work.until)).to_numpy(dtype=bool)
    until = np.where(out, rows["released"].fillna(0).to_numpy(dtype=np.int64), work.until)
    least = out & _clockless(history, rows)
    authors = history.changes[["repository", "change", "author"]]
    rows = rows.assign(
        out=out, least=least, until=until, week=(rows["merged"] - work.since) // WEEK
    )
    rows = rows.merge(authors, on=["repository", "change"], how="left")
    rows = rows.assign(person=pd.factorize(rows["author"], sort=True)[0])
    order = ["repository", "position", "until", "service"]
    return rows.sort_values(order, kind="stable", ignore_index=True)


def _clockless(history: History, rows: pd.DataFrame) -> np.ndarray:
    """Whether each row's tag has no clock but its commit's (shape: rows)."""
    clocks = history.commits[["repository", "commit", "committer_time"]]
    tags = history.releases.merge(clocks, on=["repository", "commit"])
    tags = tags[tags["time"] == tags["committer_time"]]
    same = pd.MultiIndex.from_frame(tags[["repository", "tag"]])
    found: np.ndarray = pd.MultiIndex.from_frame(rows[["repository", "tag"]]).isin(same)
    return found


def _touched(work: Work) -> pd.DataFrame:
    """Return ``repository, change, service``: the services of each change's set and repository."""
    rows = work.members.merge(services_of_sets(work), on=["set", "repository"])
    return rows[["repository", "change", "service"]].drop_duplicates()


def _wait(rows: pd.DataFrame | None, *, resampling: Resampling, service: str) -> ReleaseWait:
    if rows is None:
        return ReleaseWait(service, 0, 0, 0, Unknown(NO_TAGS))
    person = rows["person"].to_numpy()
    counts = len(rows), int(rows["out"].sum()), len(np.unique(person[person >= 0]))
    hours = hidden(person) or _median(rows, since="merged", resampling=resampling)
    least = bool(rows["least"].any())
    if least and value_of(hours) == 0:
        hours = Unknown(NO_CLOCK)
    return ReleaseWait(service, *counts, hours, least)


def _median(rows: pd.DataFrame, *, since: str, resampling: Resampling) -> Figure:
    """Return the median hours until release, what is not released counted as waiting."""
    if (reason := hidden(rows["person"].to_numpy())) is not None:
        return reason
    waits = np.maximum((rows["until"] - rows[since]).to_numpy(dtype=np.float64), 0) / _HOUR
    out, week = rows["out"].to_numpy(), rows["week"].to_numpy(dtype=np.int64)
    value = float(median_wait(waits, out)[0])
    if not np.isfinite(value):
        return Unknown("more than half of the changes are not released when the window ends")
    drawn = median_wait(waits, out, weights=resampling.copies, groups=week)
    return interval(value, drawn[np.isfinite(drawn)], weeks=len(np.unique(week)))
