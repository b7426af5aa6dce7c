"""The JSON form of the four constraints.

In:  ``Constraints``.
Out: ``constraints`` and ``largest_observed`` of ``assess.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.figures import Unknown, figure_json, rounded

if TYPE_CHECKING:
    from conway.delivery.constraints.measurement import Constraints
    from conway.delivery.constraints.row import Row
    from conway.delivery.constraints.stages import Stage


def constraints_json(found: Constraints) -> list[dict[str, Any]]:
    """Return one row per measure."""
    return [_row(row) for row in found.rows]


def largest_json(found: Constraints) -> dict[str, Any]:
    """Return the largest constraint observed, or why none is named, and what is unobserved."""
    largest = found.largest
    named: dict[str, Any]
    if isinstance(largest, Unknown):
        named = {"value": None, "reason": largest.reason}
    else:
        named = {"value": largest.constraint, **_stage(largest)}
    return named | {
        "unobserved": list(found.unobserved),
        "stages": [_stage(stage) for stage in found.stages],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "constraint": row.constraint,
        "measure": row.measure,
        "value": figure_json(row.value),
        "unit": row.unit,
        "source": row.source,
        "status": row.status,
        "beside": None
        if row.beside is None
        else {"measure": row.beside[0], "value": figure_json(row.beside[1])},
        "teams": [
            {"team": team, "value": rounded(value), "changes": count}
            for team, value, count in row.teams
        ],
    }


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "constraint": stage.constraint,
        "measure": stage.measure,
        "hours": figure_json(stage.hours),
        "rises_with_load": figure_json(stage.rises_with_load),
        "binds": stage.binds,
    }
