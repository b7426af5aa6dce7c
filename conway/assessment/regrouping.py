"""The same labelled changes, joined into change sets in another way.

In:  a ``History``, the ``Work`` of one way of joining, and another unit or linkage gap.
Out: ``Work`` over the same changes and window.

The labels of paths are those of the given work, and authors' teams are inferred from its
votes, so nothing is labelled again: this takes a tenth of the time. What a path's owner was
may differ where ownership changed between two changes of one set, days apart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.authors import authors_of
from conway.boundaries.labels import HUGE_PATHS
from conway.history.change_sets import GAP_DAYS, link
from conway.tables import CHANGE_SETS, TOUCHED

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.history.change_sets import Unit
    from conway.history.record import History


def regrouped(
    history: History, work: Work, *, unit: Unit = "mainline", gap_days: int = GAP_DAYS
) -> Work:
    """Join the changes of some work in another way.

    Parameters
    ----------
    history
        What the work was labelled from.
    work
        Its labelled change sets.
    unit, gap_days
        As ``conway.history.change_sets.link`` takes them.
    """
    known = history.changes[["repository", "change", "pull_request", "committer_time", "ai"]]
    members = work.members.merge(known, on=["repository", "change"], how="left")
    changes = members.rename(columns={"set": "before"})
    changes["set"] = link(changes, history.change_links, unit=unit, gap_days=gap_days).to_numpy()
    people = authors_of(history, changes)
    order = people.sort_values(["time", "change_set"], kind="stable")
    number = pd.Series(np.arange(len(order)), index=order.index)
    changes["set"] = changes["set"].map(number)
    rows = _rows(history, work, changes=changes)
    return replace(
        work,
        sets=_sets(work, order, rows=rows),
        rows=rows,
        members=changes[["set", "repository", "change", "position"]]
        .sort_values(["set", "repository", "position"], kind="stable")
        .reset_index(drop=True),
    )


def _rows(history: History, work: Work, *, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the touched paths of the new sets, each labelled as of its last change."""
    alone = ~changes["before"].duplicated(keep=False)
    parts = [work.rows.merge(_numbered(changes[alone]), left_on="set", right_on="before")]
    if not alone.all():
        joined = _touching(history, work, changes=changes[~alone])
        parts.append(work.rows.merge(joined, left_on=["set", "path"], right_on=["before", "path"]))
    rows = pd.concat(parts, ignore_index=True).drop(columns="set").rename(columns={"now": "set"})
    last = rows.groupby(["set", "path"])["order"].transform("max") == rows["order"]
    rows = rows.loc[last, TOUCHED.names].drop_duplicates()
    return TOUCHED.check(rows.sort_values(["set", "path"], kind="stable"))


def _numbered(changes: pd.DataFrame) -> pd.DataFrame:
    """Return ``before, now, order`` of each change: its sets, and its place in time."""
    keys = ["committer_time", "repository", "position"]
    order = changes.sort_values(keys, kind="stable").index
    place = pd.Series(np.arange(len(order)), index=order)
    times = changes["committer_time"].to_numpy() * len(changes) + place[changes.index].to_numpy()
    return pd.DataFrame({"before": changes["before"], "now": changes["set"], "order": times})


def _touching(history: History, work: Work, *, changes: pd.DataFrame) -> pd.DataFrame:
    """Return ``before, now, order, path`` of each change of a set of several."""
    files = history.change_files[["repository", "change", "path", "old_path", "status"]]
    keyed = _numbered(changes).assign(repository=changes["repository"], change=changes["change"])
    files = files.merge(keyed, on=["repository", "change"])
    moved = files[(files["status"] == "R") & files["old_path"].notna()]
    both = pd.concat([files, moved.assign(path=moved["old_path"])], ignore_index=True)
    several = len(set(history.changes["repository"])) > 1
    names = both["repository"] + ":" + both["path"] if several else both["path"]
    codes = pd.Index(work.paths).get_indexer(pd.Index(names))
    found = both.assign(path=codes)[["before", "now", "order", "path"]]
    return found[codes >= 0].drop_duplicates()


def _sets(work: Work, people: pd.DataFrame, *, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the new sets with the team of each one's author."""
    code = {person: number for number, person in enumerate(work.homes.people)}
    names = people.attrs["people"]
    author = np.array([code[names[one]] if one >= 0 else -1 for one in people["author"].tolist()])
    count = rows.groupby("set")["path"].nunique().reindex(range(len(people))).fillna(0)
    paths = count.to_numpy(dtype=np.int64)
    return CHANGE_SETS.check(
        people.assign(
            author=author,
            author_team=work.homes.teams_of(author, people["time"].to_numpy()),
            paths=paths,
            huge=paths > HUGE_PATHS,
        )
    )
