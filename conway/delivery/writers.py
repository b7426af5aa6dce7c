"""Who else wrote: the teams whose people wrote commits of a change set.

In:  a ``History`` and its labelled ``Work``.
Out: one row per change set and team that wrote any of its commits (schema ``WRITERS``).

The same commits count as for the author of a change set: robots' are left out, and so is a
merge commit that brings others. Where changes are squashed before they are merged, only one
author is left in the history: then nothing is known of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.authors import written_commits
from conway.tables import Column, Schema

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.history.record import History

WRITERS = Schema(
    "writers",
    "One row per change set and team whose people wrote commits of it; no person is in it.",
    (
        Column("set", "int", "row number of the change set"),
        Column("team", "int", "code of the team as of the change set, -1 unknown"),
        Column("commits", "int", "commits that its people wrote"),
    ),
)


def find_writers(history: History, work: Work) -> pd.DataFrame:
    """Count the commits of each change set by the team of who wrote them.

    Parameters
    ----------
    history
        Whose ``commits`` name who wrote them.
    work
        Labelled change sets of the same history.

    Returns
    -------
    DataFrame
        Schema ``WRITERS``, ordered by set, then team.
    """
    members = work.members[["set", "repository", "change"]]
    commits = written_commits(history.commits)[["repository", "change", "author"]]
    rows = members.merge(commits, on=["repository", "change"])
    code = {person: number for number, person in enumerate(work.homes.people)}
    people = rows["author"].map(code).fillna(-1).to_numpy(dtype=np.int64)
    rows = rows.assign(person=people).groupby(["set", "person"], as_index=False).size()
    times = work.sets["time"].to_numpy()[rows["set"].to_numpy()]
    teams = work.homes.teams_of(rows["person"].to_numpy(), times)
    groups = rows.assign(team=teams).groupby(["set", "team"], as_index=False)
    return WRITERS.check(groups.agg(commits=("size", "sum")))


def joint_work(work: Work, writers: pd.DataFrame) -> pd.DataFrame:
    """Return the change sets in which people of a second team wrote commits.

    Parameters
    ----------
    work
        Labelled change sets.
    writers
        Schema ``WRITERS``.

    Returns
    -------
    DataFrame
        ``set, from_team, to_team``: the author's team and the other that wrote; only sets
        whose author's team is known.
    """
    own = work.sets["author_team"].to_numpy()[writers["set"].to_numpy()]
    team = writers["team"].to_numpy()
    both = pd.DataFrame({"set": writers["set"].to_numpy(), "from_team": own, "to_team": team})
    kept: pd.DataFrame = both[(own >= 0) & (team >= 0) & (team != own)]
    return kept


def several_commits(writers: pd.DataFrame) -> np.ndarray:
    """Return the change sets of more than one commit: only there a second author can be seen."""
    commits = writers.groupby("set")["commits"].sum()
    found: np.ndarray = commits.index[commits > 1].to_numpy()
    return found
