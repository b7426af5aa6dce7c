"""The functions through which one team needs another, where the repositories are at hand.

In:  an ``Assessment``, and a deep pass over its repositories.
Out: the same assessment, with the functions behind the first pairs of teams.

The files are those behind a pair's handoffs with most change sets, the changes the latest of
its change sets. A store or bundle holds no contents: then there are none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conway.delivery.handoffs import handoff_rows

if TYPE_CHECKING:
    import pandas as pd

    from conway.assessment.assessment import Assessment
    from conway.history.methods import Deep

MOST_PAIRS = 3
MOST_FILES = 8
MOST_CHANGES = 40
SHOWN = 5


def with_functions(one: Assessment, *, deep: Deep | None) -> Assessment:
    """Return the assessment with the functions behind its first pairs of teams.

    Parameters
    ----------
    one
        An assessment.
    deep
        Where to look; None where no repository is at hand.
    """
    if deep is None or one.delivery.handoffs.empty:
        return one
    bounded = deep._replace(commits=MOST_CHANGES)
    behind = handoff_rows(one.work, one.delivery.handoffs)
    pairs = behind[["set", "from_team", "to_team"]].drop_duplicates()
    counts = pairs.groupby(["from_team", "to_team"]).size()
    first = sorted(counts.index.tolist(), key=lambda pair: (-counts[pair], pair))[:MOST_PAIRS]
    found = {pair: _functions(one, behind, pair=pair, deep=bounded) for pair in first}
    return replace(one, functions=found)


def _functions(
    one: Assessment, behind: pd.DataFrame, *, pair: tuple[int, int], deep: Deep
) -> list[dict[str, Any]]:
    """Return the functions that most of a pair's latest changes touched."""
    work, (author, needed) = one.work, pair
    rows = behind[(behind["from_team"] == author) & (behind["to_team"] == needed)]
    files = rows.groupby("path")["set"].nunique().sort_values(ascending=False, kind="stable")
    chosen = [work.paths[int(str(code))] for code in files.index[:MOST_FILES]]
    latest = rows["set"].drop_duplicates().sort_values().tail(MOST_CHANGES)
    members = work.members[work.members["set"].isin(latest)]
    changes = zip(members["repository"].tolist(), members["change"].tolist(), strict=True)
    methods, _ = deep.look(list(changes), files=chosen)
    counted = methods.groupby(["path", "method"], as_index=False).agg(
        changes=("change", "nunique"), complexity=("complexity", "last")
    )
    counted = counted.sort_values(
        ["changes", "path", "method"], ascending=[False, True, True], kind="stable"
    )
    return [
        {
            "path": str(row["path"]),
            "function": str(row["method"]),
            "changes": int(row["changes"]),
            "complexity": int(row["complexity"]),
        }
        for row in counted.head(SHOWN).to_dict("records")
    ]
