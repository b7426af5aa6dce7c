"""Who wrote a change set: the author of most of its commits, not the merger.

In:  commits of a history and the changes of each set.
Out: one row per set: ``change_set, time, first_time, author, repositories, changes, ai,
     repeat``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.history.repeats import repeats

if TYPE_CHECKING:
    from conway.history.record import History


def authors_of(history: History, changes: pd.DataFrame) -> pd.DataFrame:
    """Return one row per change set with its author as a code.

    Parameters
    ----------
    history
        Whose ``commits`` name the authors.
    changes
        ``set, repository, change, committer_time, ai``.

    Returns
    -------
    DataFrame
        Index: the set. ``author`` codes people by first appearance, -1 unknown (only
        robots or an AI agent alone); ties go to the author of the earliest commit.
        ``attrs["people"]`` lists the person of each code, then those who wrote commits but
        no set.
    """
    known = history.changes[["repository", "change"]].assign(repeat=repeats(history) != "")
    changes = changes.merge(known, on=["repository", "change"], how="left")
    groups = changes.sort_values(["committer_time", "repository", "change"]).groupby("set")
    frame = pd.DataFrame(
        {
            "change_set": groups["repository"].first() + "@" + groups["change"].first().str[:12],
            "time": groups["committer_time"].max(),
            "first_time": groups["committer_time"].min(),
            "repositories": groups["repository"].nunique(),
            "changes": groups.size(),
            "ai": groups["ai"].any(),
            "repeat": groups["repeat"].all(),
        }
    )
    frame = frame.join(_majority(history.commits, changes)).sort_values(["time", "change_set"])
    codes, people = pd.factorize(frame["person"])
    frame = frame.assign(author=codes.astype(np.int64)).drop(columns="person").sort_index()
    every = [*people, *history.commits["author"].dropna().unique()]
    frame.attrs["people"] = tuple(dict.fromkeys(str(person) for person in every))
    return frame


def written_commits(commits: pd.DataFrame) -> pd.DataFrame:
    """Return the commits that people wrote: no robots, no merge that brings others."""
    written = commits[commits["author"].notna() & ~commits["robot"]]
    merger = (written["commit"] == written["change"]) & (written["parents"] > 1)
    brought = commits.groupby(["repository", "change"])["commit"].transform("size") > 1
    return written[~(merger & brought.reindex(written.index))]


def _majority(commits: pd.DataFrame, changes: pd.DataFrame) -> pd.Series:
    """Return the author of most commits of each set."""
    written = written_commits(commits)
    written = written.merge(changes[["set", "repository", "change"]], on=["repository", "change"])
    written = written.rename(columns={"author": "person"})
    votes = written.groupby(["set", "person"], as_index=False).agg(
        commits=("commit", "size"), first=("author_time", "min")
    )
    votes = votes.sort_values(
        ["set", "commits", "first", "person"], ascending=[True, False, True, True]
    )
    return votes.drop_duplicates("set").set_index("set")["person"]
