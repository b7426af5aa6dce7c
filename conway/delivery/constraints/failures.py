"""Failure, which stands beside every speed: reverts, and work that is soon done again.

In:  ``Observed``.
Out: shares of change sets. Git shows only what was taken back or touched again: the least
     that failed, and more than failed, in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.release_files import is_release_file
from conway.delivery.constraints.observed import DAY
from conway.figures import Figure, Unknown
from conway.history.repeats import reverted as taken_back

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.delivery.constraints.observed import Observed

FOLLOW_UP = 2 * DAY


NO_REVERTS = "no change of the window can be told to take another one back"


def reverted_sets(seen: Observed) -> np.ndarray:
    """Return which change sets were taken back before the window's end (shape: sets).

    Either the words of git or GitHub say so, or a later change goes between the same two
    contents, which on one mainline is the way back.
    """
    changes = seen.history.changes
    changes = changes[changes["committer_time"] < seen.work.until]
    pairs = taken_back(seen.history)[["repository", "change", "reverts"]]
    pairs = pairs[pairs["change"].isin(changes["change"])]
    known = changes[changes["patch"].notna()].sort_values(["repository", "position"])
    again = known.duplicated(["repository", "patch"], keep="last")
    gone = known.loc[again, ["repository", "change"]]
    keys = pd.MultiIndex.from_frame(
        pd.concat([pairs[["repository", "reverts"]].set_axis(gone.columns, axis=1), gone])
    )
    own = pd.MultiIndex.from_frame(seen.changes[["repository", "change"]])
    found = np.zeros(len(seen.work), dtype=bool)
    found[seen.changes.loc[own.isin(keys), "set"].to_numpy()] = True
    return found


def reverted_share(seen: Observed) -> Figure:
    """Return the share of change sets that were reverted so far.

    None at all is no proof that nothing failed: messages may have been rewritten.
    """
    found = reverted_sets(seen)
    return seen.mean(found, seen.work.weeks) if found.any() else Unknown(NO_REVERTS)


def followed_up(work: Work) -> tuple[np.ndarray, np.ndarray]:
    """Return which change sets have a file that changes again soon (shape: sets), twice.

    Within two days, and in the two days after these, which shows how much of it is work that
    goes on anyhow. Version manifests, changelogs and lock files are left out.
    """
    rows = work.rows[["set", "entity"]].drop_duplicates()
    names = rows["entity"].unique()
    plain = [not is_release_file(work.paths[name]) for name in names.tolist()]
    rows = rows[rows["entity"].isin(names[plain])]
    times = work.sets["time"].to_numpy()[rows["set"].to_numpy()]
    order = np.lexsort((rows["set"].to_numpy(), times, rows["entity"].to_numpy()))
    entity, time, number = (
        rows["entity"].to_numpy()[order], times[order], rows["set"].to_numpy()[order]
    )  # fmt: skip
    place = entity * _SPAN + (time - work.since)
    soon, later = np.zeros(len(work), dtype=bool), np.zeros(len(work), dtype=bool)
    end = [np.searchsorted(place, place + days * FOLLOW_UP, side="right") for days in (1, 2)]
    own = np.arange(len(place)) + 1
    soon[number[end[0] > own]] = True
    later[number[end[1] > end[0]]] = True
    return soon, later


_SPAN = 1 << 33
"""Seconds between two files on one axis: longer than any window and four days more."""
