"""The JSON form of waits: ``waits`` of ``assess.json``.

In:  ``Waits``.
Out: plain values; where waits until merge are unknown, ``value`` is null with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.figures import Unknown, figure_json

if TYPE_CHECKING:
    from conway.delivery.waits.effects import Effect
    from conway.delivery.waits.measurement import Merging, Waits
    from conway.delivery.waits.null import Delay
    from conway.delivery.waits.releasing import ReleaseWait, Releasing
    from conway.delivery.waits.reviewing import ReviewWait


def waits_json(waits: Waits) -> dict[str, Any]:
    """Return the content of ``waits``."""
    merging: Any
    if isinstance(waits.merging, Unknown):
        merging = {"value": None, "reason": waits.merging.reason}
    else:
        merging = _merging(waits.merging)
    return {
        **merging,
        "coverage": [row.to_json() for row in waits.coverage],
        "releasing": figure_json(waits.releasing)
        if isinstance(waits.releasing, Unknown)
        else _releasing(waits.releasing),
        "reviewing": figure_json(waits.reviewing)
        if isinstance(waits.reviewing, Unknown)
        else [_review(one) for one in waits.reviewing],
    }


def _merging(merging: Merging) -> dict[str, Any]:
    return {
        "delays": [_delay(one) for one in merging.delays],
        "effects": [_effect(one) for one in merging.effects],
        "verdicts": [
            {"boundary": one.boundary, "finding": one.finding, "text": one.text}
            for one in merging.verdicts
        ],
    }


def _delay(one: Delay) -> dict[str, Any]:
    figures = ("hours", "null_hours", "naive_hours", "naive_null_hours", "excess")
    return {
        "by": one.by,
        "count": one.count,
        "clock": one.clock,
        "gap_days": one.gap_days,
        "sets": one.sets,
        "people": one.people,
        **{name: figure_json(getattr(one, name)) for name in figures},
    }


def _effect(one: Effect) -> dict[str, Any]:
    return {
        "boundary": one.boundary,
        "clock": one.clock,
        "gap_days": one.gap_days,
        "among": one.among,
        "changes": one.changes,
        "crossing": one.crossing,
        "people": one.people,
        "ratio": figure_json(one.ratio),
    }


def _releasing(releasing: Releasing) -> dict[str, Any]:
    return {
        **_release(releasing.whole),
        "lead_hours": {clock: figure_json(f) for clock, f in releasing.lead_hours.items()},
        "services": [{"name": one.service, **_release(one)} for one in releasing.services],
    }


def _review(one: ReviewWait) -> dict[str, Any]:
    return {
        "event": one.event,
        "boundary": one.boundary,
        "requests": one.requests,
        "crossing": one.crossing,
        "people": one.people,
        "hours": figure_json(one.hours),
        "ratio": figure_json(one.ratio),
    }


def _release(one: ReleaseWait) -> dict[str, Any]:
    return {
        "changes": one.changes,
        "released": one.released,
        "people": one.people,
        "hours": figure_json(one.hours),
        "at_least": one.least,
    }
