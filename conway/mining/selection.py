"""Leaves out changes that a ``pydriller.Repository``'s dates do not ask for.

In:  all facts, and the sources they come from.
Out: facts of the changes within the dates, with a note of how many were left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conway.mining.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from conway.mining.facts import RepositoryFacts
    from conway.mining.pydriller_arguments import Dates
    from conway.mining.sources import Source

_BY_CHANGE = ("commits", "changes", "change_files", "change_links", "boundary_files")


def within_dates(facts: Facts, sources: Sequence[Source]) -> Facts:
    """Return the facts within each source's dates; positions stay as they are."""
    dates = {source.name: source.dates for source in sources if source.dates is not None}
    if not dates:
        return facts
    changes = facts.tables["changes"]
    asked = _asked(changes, dates)
    left_out = changes.loc[~asked, ["repository", "change"]]
    tables = {
        name: _without(frame, left_out) if name in _BY_CHANGE else frame
        for name, frame in facts.tables.items()
    }
    counts = left_out["repository"].value_counts()
    return Facts(
        tables,
        tuple(
            _noted(one, tables, count=int(counts.get(one.name, 0))) for one in facts.repositories
        ),
        facts.refused,
    )


def _asked(changes: pd.DataFrame, dates: Mapping[str, Dates]) -> pd.Series:
    asked = changes["repository"].notna()
    for name, limits in dates.items():
        here = changes["repository"] == name
        if limits.since is not None:
            asked &= ~here | (changes["committer_time"] >= limits.since)
        if limits.to is not None:
            asked &= ~here | (changes["committer_time"] <= limits.to)
    return asked


def _without(frame: pd.DataFrame, left_out: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    gone = pd.MultiIndex.from_frame(left_out)
    here = pd.MultiIndex.from_frame(frame[["repository", "change"]])
    return frame[~here.isin(gone)].reset_index(drop=True)


def _noted(
    one: RepositoryFacts, tables: Mapping[str, pd.DataFrame], *, count: int
) -> RepositoryFacts:
    if not count:
        return one
    commits = int((tables["commits"]["repository"] == one.name).sum())
    note = f"{count} changes are outside the dates of the pydriller.Repository and left out"
    return replace(one, changes=one.changes - count, commits=commits, notes=(*one.notes, note))
