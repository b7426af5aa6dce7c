"""How long each member change waited: its last commit to its merge, under both clocks.

In:  a history and its ``Work``.
Out: one row per member change whose end of work is recorded, and how many are not, by reason.

A merge brings the commits of its branch, so both ends are known. A squash or rebase merge
leaves one commit, written by the same stroke as it was merged: nothing says when work ended.
The author's clock stays when a commit is rebased, the committer's is set anew; where the two
tell different waits, nobody knows which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK, Coverage
from conway.delivery.trend import QUARTER_WEEKS
from conway.tables import Column, Schema

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.history.record import History

Clock = Literal["author", "committer"]

CLOCKS: tuple[Clock, ...] = ("author", "committer")
FEWEST_PEOPLE = 5
"""Figures on the behaviour of fewer people are not shown."""

MERGING_SHARE = 0.5
"""A repository whose people's changes are merges less often than this squashes them."""

AGREE_SECONDS = 3600
AGREE_RATIO = 1.5
SIZE_BREAKS = (2, 10)
"""Largest number of paths of a small and of a middling change."""

MEMBER_WAITS = Schema(
    "member_waits",
    "One row per member change whose last commit and merge are both recorded.",
    (
        Column("set", "int", "row number of the change set"),
        Column("repository", "text", "name of the repository"),
        Column("change", "text", "object id of the mainline commit"),
        Column("person", "int", "code of the author of most of its commits, -1 unknown"),
        Column("quarter", "int", "quarters of 13 weeks from the window's start to its last commit"),
        Column("paths", "int", "paths that it touches"),
        Column("size", "int", "0 at most 2 paths, 1 at most 10, 2 more"),
        Column("merged", "int", "committer's clock of the merge"),
        Column("author_end", "int", "author's clock of its last commit, merges aside"),
        Column("committer_end", "int", "committer's clock of its last commit, merges aside"),
        Column("agree", "bool", "whether both clocks tell about the same wait"),
    ),
)


@dataclass(frozen=True, eq=False)
class Members:
    """Member changes with a known wait.

    Attributes
    ----------
    rows
        Schema ``MEMBER_WAITS``, ordered by set, repository and change.
    coverage
        What is counted and what is left out.
    squashed
        Share of the window's changes that lie in repositories which squash.
    """

    rows: pd.DataFrame
    coverage: tuple[Coverage, ...]
    squashed: float


def member_waits(history: History, work: Work) -> Members:
    """Return the member changes of ``work`` that waited, and count the others.

    Parameters
    ----------
    history
        Clocks of commits and changes.
    work
        Whose members count.
    """
    rows = _members(history, work)
    total = len(rows)
    merges = ((rows["kind"] == "merge") & rows["author_end"].notna()).to_numpy()
    merging = pd.Series(merges).groupby(rows["repository"].to_numpy()).transform("mean")
    squashing = (merging < MERGING_SHARE).to_numpy()
    ends = rows[["author_end", "committer_end"]].max(axis=1)
    backwards = merges & (rows["merged"] < ends).to_numpy()
    kept = merges & ~squashing & ~backwards
    found = rows[kept].assign(agree=_agree(rows[kept]))
    coverage = (
        Coverage("changes whose wait is measured", int(kept.sum()), total),
        Coverage("changes in repositories that squash or rebase", int(squashing.sum()), total),
        Coverage("other changes without a branch", int((~merges & ~squashing).sum()), total),
        Coverage("changes merged before their last commit", int(backwards.sum()), total),
        Coverage(
            "measured changes whose two clocks disagree",
            int((~found["agree"]).sum()),
            len(found),
            "by more than an hour and by more than a half: their wait is unknown",
        ),
    )
    squashed = float(squashing.mean()) if total else 0.0
    return Members(MEMBER_WAITS.check(found), coverage, squashed)


def waits_of(rows: pd.DataFrame, clock: Clock) -> np.ndarray:
    """Return seconds from last commit to merge under one clock (shape: rows)."""
    waited: np.ndarray = (rows["merged"] - rows[f"{clock}_end"]).to_numpy(dtype=np.float64)
    return waited


def _members(history: History, work: Work) -> pd.DataFrame:
    """Return every member change with its clocks; empty where no branch is recorded."""
    columns = ["repository", "change", "kind", "author", "committer_time"]
    rows = work.members[["set", "repository", "change"]].merge(
        history.changes[columns], on=["repository", "change"], how="left"
    )
    rows = rows.merge(_ends(history), on=["repository", "change"], how="left")
    rows = rows.merge(_touched_paths(history), on=["repository", "change"], how="left")
    person, _names = pd.factorize(rows["author"], sort=True)
    paths = rows["paths"].fillna(0).astype("int64")
    rows = rows.assign(
        person=person.astype(np.int64),
        paths=paths,
        size=np.searchsorted(SIZE_BREAKS, paths.to_numpy()).astype(np.int64),
        merged=rows["committer_time"],
        quarter=(rows["author_end"] - work.since) // (QUARTER_WEEKS * WEEK),
    )
    return rows.sort_values(["set", "repository", "change"], kind="stable", ignore_index=True)


def _ends(history: History) -> pd.DataFrame:
    """Return both clocks of the last commit that is a change's own work.

    Merges within a branch only bring the mainline up to date.
    """
    commits = history.commits
    work = commits[
        (commits["commit"] != commits["change"]) & (commits["parents"] <= 1) & commits["time_valid"]
    ]
    return work.groupby(["repository", "change"], as_index=False).agg(
        author_end=("author_time", "max"), committer_end=("committer_time", "max")
    )


def _touched_paths(history: History) -> pd.DataFrame:
    counts = history.change_files.groupby(["repository", "change"], as_index=False).size()
    return counts.rename(columns={"size": "paths"})


def _agree(rows: pd.DataFrame) -> np.ndarray:
    """Whether both clocks tell waits that differ by an hour, or by a half, at most."""
    waits = [waits_of(rows, clock) for clock in CLOCKS]
    low, high = np.minimum(*waits), np.maximum(*waits)
    agree: np.ndarray = (high - low <= AGREE_SECONDS) | (high <= AGREE_RATIO * low)
    return agree
