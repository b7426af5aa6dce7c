"""The JSON form of absorption.

In:  ``Absorption`` and the window it was measured in.
Out: ``absorption`` of ``assess.json``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conway.boundaries.work import WEEK
from conway.delivery.absorption.surges import SURGE
from conway.figures import Unknown, figure_json

if TYPE_CHECKING:
    from conway.delivery.absorption.measurement import Absorption

NOT_MEASURED = figure_json(Unknown("not measured"))


def absorption_json(found: Absorption | None, *, since: int) -> Any:  # noqa: ANN401 - any JSON
    """Return the content of ``absorption``; ``since`` is when the window begins, in seconds."""
    if found is None:
        return NOT_MEASURED
    return {
        "measures": [
            {
                "measure": one.measure,
                "value": figure_json(one.value),
                "unit": one.unit,
                "source": one.source,
                "status": one.status,
            }
            for one in found.measures
        ],
        "weekly": [
            {
                "from": _day(since + week * WEEK),
                "arrivals": None if found.arrivals is None else int(found.arrivals[week]),
                "completions": int(count),
            }
            for week, count in enumerate(found.completions)
        ],
        "surges": _surges(found, since=since),
        "ai": _assisted(found),
    }


def ai_json(found: Absorption | None) -> dict[str, Any]:
    """Return ``ai`` of ``assess.json``: the share marked as AI-assisted, and its trend."""
    if found is None:
        return {"share": NOT_MEASURED, "trend": []}
    whole = _assisted(found)
    return {"share": whole["share_at_least"], "trend": whole["trend"]}


def _surges(found: Absorption, *, since: int) -> dict[str, Any]:
    return {
        "times_usual": SURGE,
        "weeks": [_day(since + week * WEEK) for week in found.surges.weeks.tolist()],
        "moved": [
            {
                "measure": one.measure,
                "unit": one.unit,
                "calm": figure_json(one.calm),
                "surge": figure_json(one.surge),
                "difference": figure_json(one.difference),
            }
            for one in found.surges.moved
        ],
    }


def _assisted(found: Absorption) -> dict[str, Any]:
    assisted = found.assisted
    return {
        "share_at_least": figure_json(assisted.share),
        "trend": [
            {"from": _day(since), "until": _day(until - 1), "share": figure_json(share)}
            for since, until, share in assisted.trend
        ],
        "compared": assisted.compared,
        "within_author_and_repository": [
            {
                "measure": one.measure,
                "unit": one.unit,
                "difference": figure_json(one.difference),
            }
            for one in assisted.within
        ],
    }


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
