"""Who needs whom, opened down to the services, files, rules and change sets behind it.

In:  an ``Assessment``.
Out: the ``handoff_pairs`` and ``handoff_matrix`` of ``assess.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.delivery.handoffs import handoff_matrix, handoff_rows
from conway.figures import rounded

if TYPE_CHECKING:
    import pandas as pd

    from conway.assessment.assessment import Assessment
    from conway.boundaries.work import Work

_SHOWN = 10


def handoff_pairs_json(one: Assessment) -> list[dict[str, Any]]:
    """List pairs of teams, those with most change sets first."""
    work, found = one.work, one.delivery.handoffs
    counted = len(one.delivery.prints.sets)
    behind = handoff_rows(work, found)
    pairs = []
    grouped = found.groupby(["from_team", "to_team"], sort=True)
    for author, needed in found[["from_team", "to_team"]].drop_duplicates().to_numpy().tolist():
        part = grouped.get_group((author, needed))
        rows = behind[(behind["from_team"] == author) & (behind["to_team"] == needed)]
        sets = part["set"].sort_values(ascending=False).head(_SHOWN)
        pairs.append(
            {
                "from": work.teams[author],
                "to": work.teams[needed],
                "per_100": rounded(100 * float(part["weight"].sum()) / counted),
                "changes": int(part["set"].nunique()),
                "services": _named(rows, "service", names=work.services, key="name"),
                "files": _named(rows, "path", names=work.paths, key="path"),
                "rules": _named(rows, "rule", names=work.rules, key="rule"),
                "sets": work.sets["change_set"].iloc[sets].tolist(),
            }
        )
    return sorted(pairs, key=lambda pair: (-pair["changes"], pair["from"], pair["to"]))


def _named(
    rows: pd.DataFrame, column: str, *, names: tuple[str, ...], key: str
) -> list[dict[str, Any]]:
    """Return the things with most change sets."""
    known = rows.loc[rows[column] >= 0, ["set", column]].drop_duplicates()
    counts = known.groupby(column).size()
    order = sorted(counts.index.tolist(), key=lambda code: (-counts[code], names[code]))
    return [{key: names[code], "changes": int(counts[code])} for code in order[:_SHOWN]]


def handoff_matrix_json(one: Assessment) -> dict[str, Any] | None:
    """Count handoffs by author's team (rows) and needed team (columns)."""
    work: Work = one.work
    if not work.teams:
        return None
    counts = handoff_matrix(work, one.delivery.prints, found=one.delivery.handoffs)
    return {
        "teams": list(work.teams),
        "counts": [[rounded(float(value)) for value in row] for row in counts],
    }
