"""Handoffs of the last half year: those that a decision of today can still change.

In:  an ``Assessment``.
Out: for each pair of teams its change sets and handoffs per 100 in the last 26 weeks.

A window of years holds boundaries between teams that are gone. What is most crossed over the
whole window is history; what is most crossed lately is a reason to act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.boundaries.work import WEEK
from conway.figures import rounded

if TYPE_CHECKING:
    from conway.assessment.assessment import Assessment

RECENT_WEEKS = 26


def recent_handoffs(one: Assessment) -> dict[tuple[int, int], dict[str, Any]]:
    """Return ``weeks, changes, per_100`` of each pair of team codes with recent handoffs.

    ``per_100`` is 100 times the pair's handoffs by the change sets that count, both of the last
    26 weeks of the window.
    """
    work, found = one.work, one.delivery.handoffs
    times = work.sets["time"].to_numpy()
    since = max(work.since, work.until - RECENT_WEEKS * WEEK)
    counted = int((times[one.delivery.prints.sets] >= since).sum())
    late = found[times[found["set"].to_numpy()] >= since]
    groups = late.groupby(["from_team", "to_team"])["weight"]
    weeks = min(RECENT_WEEKS, work.week_count)
    return {
        (int(a), int(b)): {
            "weeks": weeks,
            "changes": int(count),
            "per_100": rounded(100 * float(total) / counted),
        }
        for (a, b), count, total in zip(groups.groups, groups.size(), groups.sum(), strict=True)
    }
