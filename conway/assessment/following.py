"""Who follows whom among the services that change together.

In:  an ``Assessment``.
Out: ``direction`` of ``assess.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.coupling.direction import NOT_ESTABLISHED, Following, following
from conway.coupling.graph import significant
from conway.figures import Interval, figure_json, rounded

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from conway.assessment.assessment import Assessment

MOST_PAIRS = 60
"""Significant pairs of services that are looked at, the largest forecast first."""


def direction_json(one: Assessment) -> dict[str, Any]:
    """Return how many pairs were looked at, and those with an established direction.

    Of two that go ``both ways`` one row is given, the stronger.
    """
    listed = significant(one.coupling).head(MOST_PAIRS)
    pairs = zip(listed["a"].tolist(), listed["b"].tolist(), strict=True)
    found = following(one.work, pairs=pairs, options=Following(seed=one.seed))
    known = found[found["finding"] != NOT_ESTABLISHED]
    rows: dict[frozenset[str], dict[str, Any]] = {}
    for row in known.to_dict("records"):
        rows.setdefault(frozenset((row["leader"], row["follower"])), _row(row))
    return {"pairs": len(found) // 2, "established": list(rows.values())}


def _row(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    excess = Interval(row["excess_per_100"], row["excess_low"], row["excess_high"])
    return {
        "leader": row["leader"],
        "follower": row["follower"],
        "finding": row["finding"],
        "sets": int(row["sets"]),
        "followed": int(row["followed"]),
        "excess_per_100": figure_json(excess),
        "lag_days": rounded(row["lag_days"]),
    }
