"""Who needs whom, opened down to the services, files, rules and change sets behind it.

In:  an ``Assessment``.
Out: ``handoff_pairs`` and ``handoff_matrix`` of ``assess.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conway.assessment.handoff_ways import Needs
from conway.assessment.recent import RECENT_WEEKS, recent_handoffs
from conway.delivery.handoffs import handoff_matrix, handoff_rows
from conway.figures import figure_json, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from conway.assessment.assessment import Assessment
    from conway.boundaries.work import Work

Opened = dict[Any, list[Any]]  # by pair of team codes

_SHOWN = 10
_BENEATH = 5
_PAIR = ["from_team", "to_team"]


def handoff_pairs_json(one: Assessment) -> list[dict[str, Any]]:
    """List pairs of teams, those with most change sets first.

    A pair that only wrote together, without an approval needed, has no changes.
    """
    work, found = one.work, one.delivery.handoffs
    needs = Needs.of(one)
    behind = handoff_rows(work, found)
    opened: dict[str, Opened] = {
        "services": _things(behind, "service", names=work.services, key="name"),
        "files": _things(behind, "path", names=work.paths, key="path"),
        "rules": _rules(behind, work=work),
        "sets": _latest(found, _PAIR, work=work, shown=_SHOWN),
        "functions": dict(one.functions),
    }
    teams, why = work.teams, _reasons(found, needs.why)
    lately = recent_handoffs(one)
    never = {"weeks": min(RECENT_WEEKS, work.week_count), "changes": 0, "per_100": 0.0}
    pairs = [
        {
            "from": teams[row["from_team"]],
            "to": teams[row["to_team"]],
            "per_100": figure_json(rate),
            "changes": row["changes"],
            "recent": lately.get((row["from_team"], row["to_team"]), never),
            "visiting": row["visiting"],
            "intended": row["intended"],
            "intended_as": why.get((row["from_team"], row["to_team"]), []),
            "written": needs.written(row["written"]),
            "approved_and_written": needs.written(row["approved_and_written"]),
            **{
                key: beneath.get((row["from_team"], row["to_team"]), [])
                for key, beneath in opened.items()
            },
        }
        for row, rate in zip(needs.pairs.to_dict("records"), needs.rates(one), strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-pair["changes"], pair["from"], pair["to"]))


def _things(
    rows: pd.DataFrame, column: str, *, names: Sequence[str], key: str, by: Sequence[str] = _PAIR
) -> Opened:
    """Return for each pair the things with most change sets, ties by name."""
    known = rows.loc[rows[column] >= 0, [*by, "set", column]].drop_duplicates()
    counts = known.groupby([*by, column], as_index=False).size()
    rank = np.empty(len(names), dtype=np.int64)
    rank[sorted(range(len(names)), key=lambda code: names[code])] = np.arange(len(names))
    counts = counts.assign(less=-counts["size"], place=rank[counts[column].to_numpy()])
    shown = _SHOWN if len(by) == len(_PAIR) else _BENEATH
    first = counts.sort_values([*by, "less", "place"]).groupby(list(by)).head(shown)
    return {
        pair: [
            {key: names[code], "changes": int(count)}
            for code, count in zip(part[column], part["size"], strict=True)
        ]
        for pair, part in first.groupby(list(by))
    }


def _rules(rows: pd.DataFrame, *, work: Work) -> Opened:
    """Return for each pair the approval rules that cause it, with the files and sets of each."""
    by = [*_PAIR, "rule"]
    files = _things(rows, "path", names=work.paths, key="path", by=by)
    sets = _latest(rows[[*by, "set"]].drop_duplicates(), by, work=work, shown=_BENEATH)
    named = {
        (author, needed, work.rules[rule]): rule for author, needed, rule in files if rule >= 0
    }
    found = _things(rows, "rule", names=work.rules, key="rule")
    return {
        pair: [
            {
                **rule,
                "files": files[*pair, code],
                "sets": sets[*pair, code],
            }
            for rule in rules
            for code in [named[*pair, rule["rule"]]]
        ]
        for pair, rules in found.items()
    }


def _latest(rows: pd.DataFrame, by: list[str], *, work: Work, shown: int) -> Opened:
    """Return the latest change sets of each group."""
    names = work.sets["change_set"]
    last = rows.sort_values("set", ascending=False, kind="stable").groupby(by).head(shown)
    return {key: names.iloc[part["set"]].tolist() for key, part in last.groupby(by)}


def _reasons(found: pd.DataFrame, why: np.ndarray) -> Opened:
    """Return why handoffs of each pair are intended."""
    meant = found[_PAIR].assign(why=why)
    meant = meant[meant["why"] != ""].drop_duplicates()
    return {pair: sorted(part["why"]) for pair, part in meant.groupby(_PAIR)}


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
