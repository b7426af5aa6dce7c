"""What the headline rests on: other choices, and errors of the authors' teams.

In:  an ``Assessment``.
Out: ``sensitivity`` and ``inference`` of ``assess.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.delivery.autonomy import MEASURES
from conway.figures import figure_json

if TYPE_CHECKING:
    from conway.assessment.assessment import Assessment

_STREAMS = ("streams", "streams_uncoupled", "retained")
_EFFECTS = ("single_team_share", "autonomous_share", "handoffs_per_100")


def sensitivity_json(one: Assessment) -> list[dict[str, Any]]:
    """List the headline under each choice, the one that was made first."""
    return [
        {
            "choice": row.choice,
            "setting": row.setting,
            "chosen": row.chosen,
            "counted": row.counted,
            **{name: figure_json(getattr(row.autonomy, name)) for name in MEASURES},
            **{name: figure_json(getattr(row.teams, name)) for name in _STREAMS},
        }
        for row in one.scenarios
    ]


def inference_json(one: Assessment) -> dict[str, Any]:
    """Return the accuracy of inferred teams, and the headline under their errors."""
    found = one.inference
    return {
        "source": found.source,
        "accuracy": figure_json(found.accuracy),
        "tested": found.tested,
        "not_inferred": found.unknown,
        "effects": [
            {
                "errors": effect.errors,
                "status": "measured" if effect.measured else "stated",
                **{name: figure_json(getattr(effect, name)) for name in _EFFECTS},
            }
            for effect in found.effects
        ],
    }
