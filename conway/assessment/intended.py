"""How teams meant to work together, and whether they did so any longer.

In:  an ``Assessment``.
Out: ``intended`` of ``assess.json``: one row per ``[[teams.interactions]]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.assessment.dates import day
from conway.boundaries.team_structure import ALWAYS, AS_A_SERVICE, NEVER

if TYPE_CHECKING:
    from conway.assessment.assessment import Assessment
    from conway.boundaries.team_structure import Interaction


def intended_json(one: Assessment) -> list[dict[str, Any]]:
    """Return the interactions with the change sets that needed both teams.

    ``during`` counts those that the findings leave out, ``after`` those since the end, which
    the findings count. A collaboration without an end quiets nothing.
    """
    return [_row(one, each) for each in one.boundaries.structure.interactions]


def _row(one: Assessment, each: Interaction) -> dict[str, Any]:
    work, rows = one.work, one.delivery.handoffs
    code = {name: number for number, name in enumerate(work.teams)}
    two = {code.get(team, -2) for team in each.teams}
    between = rows[rows["from_team"].isin(two) & rows["to_team"].isin(two)]
    times = work.sets["time"].to_numpy()[between["set"].drop_duplicates().to_numpy()]
    quiets = each.until < NEVER or each.mode == AS_A_SERVICE
    return {
        "teams": list(each.teams),
        "mode": each.mode,
        "since": _day(each.since),
        "until": _day(each.until),
        "quiets": quiets,
        "during": int(((times >= each.since) & (times < each.until)).sum()) if quiets else 0,
        "after": int((times >= each.until).sum()),
    }


def _day(seconds: int) -> str | None:
    return None if seconds in {ALWAYS, NEVER} else day(seconds)
