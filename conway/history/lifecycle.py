"""When each change was written, merged, released and reverted; what each release holds.

In:  a history.
Out: one row per release, and one row per change.

A tag holds every mainline change up to the newest one that it contains, so one walk over
positions finds what each release added; git is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.history.repeats import reverted
from conway.history.schemas import CONTENTS, LIFECYCLES

if TYPE_CHECKING:
    from conway.history.record import History

_NEVER = np.iinfo(np.int64).max


def release_contents(history: History) -> pd.DataFrame:
    """Return what each release holds that no earlier one of its target held.

    Tags of one repository and target follow each other by their clocks, then by position
    and name. One on an older change than a tag before it holds nothing new (a step back, a
    patch of an old line).

    Returns
    -------
    pandas.DataFrame
        Schema ``CONTENTS``, ordered by repository, target and time.
    """
    tags = _tags(history)
    tags = tags.sort_values(["repository", "key", "time", "position", "tag"], kind="stable")
    reached = tags.groupby(["repository", "key"])["position"].cummax()
    before = reached.groupby([tags["repository"], tags["key"]]).shift(fill_value=-1)
    first = before + 1
    new = (tags["position"] - before).clip(lower=0)
    totals = {
        str(name): np.concatenate([[0], np.cumsum(part.sort_values("position")["commits"])])
        for name, part in history.changes.groupby("repository")
    }
    commits = [
        int(totals[name][max(last, start - 1) + 1] - totals[name][start])
        for name, start, last in zip(tags["repository"], first, tags["position"], strict=True)
    ]
    found = tags.assign(first=first, last=tags["position"], changes=new, commits=commits)
    return CONTENTS.check(found)


def lifecycles(history: History, touched: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return when each change was written, merged, released and reverted.

    Parameters
    ----------
    history
        Commits, changes and release tags.
    touched
        ``repository, change, target``: what each change is released as, where tags name
        services or packages (``NAME@VERSION``). Without it any tag of the repository
        releases the change, which is the earliest that it can have been.

    Returns
    -------
    pandas.DataFrame
        Schema ``LIFECYCLES``, one row per change (and target where given), in order.
        ``released`` is the earliest clock of all tags that contain the change. Clocks that
        are not plausible are left out; a tag may be older than the merge where a branch was
        tagged before it came in.
    """
    rows = history.changes[["repository", "change", "position", "committer_time"]]
    rows = rows.rename(columns={"committer_time": "merged"})
    rows = rows.merge(_written(history), on=["repository", "change"], how="left")
    rows = rows.merge(_reverted(history), on=["repository", "change"], how="left")
    if touched is None:
        rows = rows.assign(target=None, key="")
    else:
        rows = rows.merge(touched[["repository", "change", "target"]].drop_duplicates(), how="left")
        rows = rows.assign(key=rows["target"].fillna(""))
    rows = rows.sort_values(["repository", "position", "key"], kind="stable", ignore_index=True)
    tags = _tags(history)
    tags = tags.assign(key="") if touched is None else tags
    released, names = _released(rows, tags)
    rows = rows.assign(released=released, tag=names)
    for column in ("first_commit", "last_commit", "reverted"):
        rows[column] = rows[column].astype("Int64")
    return LIFECYCLES.check(rows)


def _tags(history: History) -> pd.DataFrame:
    """Return the releases that contain a change, with its position and their key."""
    positions = history.changes[["repository", "change", "position"]]
    tags = history.releases.merge(positions, on=["repository", "change"], how="inner")
    return tags.assign(key=tags["target"].fillna(""))


def _written(history: History) -> pd.DataFrame:
    """Return the first and last author's clock of the commits that are each change's work."""
    commits = history.commits
    several = commits.groupby(["repository", "change"])["commit"].transform("size") > 1
    merger = (commits["commit"] == commits["change"]) & (commits["parents"] > 1) & several
    work = commits[~merger & commits["time_valid"]]
    return work.groupby(["repository", "change"], as_index=False).agg(
        first_commit=("author_time", "min"), last_commit=("author_time", "max")
    )


def _reverted(history: History) -> pd.DataFrame:
    """Return for each change the clock of the first change that takes it back."""
    clocks = history.changes[["repository", "change", "committer_time"]]
    found = reverted(history).merge(clocks, on=["repository", "change"], how="left")
    found = found.groupby(["repository", "reverts"], as_index=False).agg(
        reverted=("committer_time", "min")
    )
    return found.rename(columns={"reverts": "change"})


def _released(rows: pd.DataFrame, tags: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return clock and name of the earliest tag at or after each row's position."""
    times = np.full(len(rows), _NEVER, dtype=np.int64)
    names = np.full(len(rows), None, dtype=object)
    by_place = dict(iter(tags.groupby(["repository", "key"])))
    for place, part in rows.groupby(["repository", "key"]).groups.items():
        if place not in by_place:
            continue
        found = by_place[place].sort_values(["position", "time", "tag"], kind="stable")
        at = np.searchsorted(found["position"].to_numpy(), rows.loc[part, "position"].to_numpy())
        earliest = _earliest_from(found["time"].to_numpy())
        good = at < len(found)
        chosen = earliest[at[good]]
        times[part[good]] = found["time"].to_numpy()[chosen]
        names[part[good]] = found["tag"].to_numpy(dtype=object)[chosen]
    known = times != _NEVER
    released = pd.array(np.where(known, times, 0), dtype="Int64")
    released[~known] = pd.NA
    return pd.Series(released, index=rows.index), pd.Series(names, index=rows.index)


def _earliest_from(times: np.ndarray) -> np.ndarray:
    """Return for each place the place of the smallest time from there on, the first of equals."""
    places = np.arange(len(times))
    best = len(times) - 1
    for place in range(len(times) - 1, -1, -1):
        best = place if times[place] <= times[best] else best
        places[place] = best
    return places
