"""Limits: kept, broken, unknown, and how surely."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conway.assessment.check import HEADLINES, check_limits
from conway.config import CheckTable
from conway.config.model import GapKind
from conway.errors import BoundariesError
from conway.gaps.rules import RULES


def interval(value: float, low: float, high: float) -> dict[str, float]:
    """Return a figure's JSON with an interval."""
    return {"value": value, "low": low, "high": high, "level": 0.95}


def assessed(
    *, autonomous: object = 0.5, handoffs: object = 40.0, gaps: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return as much of an assess.json as is checked."""
    return {
        "schema": "conway.assess/1",
        "window": {"since": "2024-01-01", "until": "2024-12-31", "weeks": 53},
        "autonomy": {
            "autonomous_share": autonomous,
            "single_team_share": 0.7,
            "handoffs_per_100": handoffs,
            "lockstep_per_100": 10.0,
        },
        "parallelism": {"teams": {"streams": interval(3, 2.5, 3.5)}},
        "gaps": [{"kind": kind, "title": f"It is {kind}."} for kind in gaps],
    }


def verdicts(value: object) -> list[tuple[str, str, bool | None]]:
    """Return limit, status and certainty of an autonomous share held against 0.6."""
    found = check_limits(assessed(autonomous=value), CheckTable(min_autonomous=0.6))
    return [(one.limit, one.status, one.sure) for one in found.verdicts]


@pytest.mark.parametrize(
    ("value", "status", "sure"),
    [
        (interval(0.5, 0.45, 0.55), "broken", True),
        (interval(0.58, 0.5, 0.66), "broken", False),
        (interval(0.62, 0.55, 0.7), "kept", False),
        (interval(0.7, 0.65, 0.75), "kept", True),
        (0.6, "kept", None),
        (0.59, "broken", None),
        ({"value": None, "reason": "no owners and no teams are known"}, "unknown", None),
    ],
)
def test_a_least_share(value: object, status: str, sure: bool | None) -> None:  # noqa: FBT001
    """Broken where the value lies below, sure where its interval does not reach the limit."""
    assert verdicts(value) == [("min_autonomous", status, sure)]


def test_every_limit_has_a_message() -> None:
    """Value, interval and limit in one sentence; the strongest finding of a kind too many."""
    limits = CheckTable(
        max_handoffs=30, min_streams=3.2, max_gaps={"no_owner": 1, "hot_lane": 0, "mixed_team": 0}
    )
    result = assessed(handoffs=interval(40, 35, 45), gaps=("no_owner", "hot_lane", "hot_lane"))

    found = check_limits(result, limits)

    assert [(one.limit, one.status) for one in found.verdicts] == [
        ("max_handoffs", "broken"),
        ("min_streams", "broken"),
        ("max_gaps.hot_lane", "broken"),
        ("max_gaps.mixed_team", "kept"),
        ("max_gaps.no_owner", "kept"),
    ]
    assert [one.message for one in found.broken] == [
        "handoffs per 100 is 40 [35, 45], above the limit of 30; the whole interval is",
        (
            "streams of delivery is 3 [2.5, 3.5], below the limit of 3.2; "
            "its interval includes the limit, so this may be chance"
        ),
        "2 findings of kind hot_lane, the limit is 0; the strongest: It is hot_lane.",
    ]
    assert found.explain().splitlines()[3] == (
        "kept     0 findings of kind mixed_team, the limit is 0"
    )


def test_no_worse_than_allows_for_the_old_interval() -> None:
    """Handoffs may reach the old interval's upper end, the share its lower end."""
    before = assessed(autonomous=interval(0.5, 0.45, 0.55), handoffs=interval(40, 35, 45))

    def status(now: dict[str, Any]) -> dict[str, str]:
        found = check_limits(now, CheckTable(), no_worse_than=before)
        return {one.limit: one.status for one in found.verdicts}

    same = status(before)
    assert set(same.values()) == {"kept"}
    assert set(same) == {f"no_worse_than.{headline.path[-1]}" for headline in HEADLINES}
    worse = status(assessed(autonomous=0.46, handoffs=45.5))
    assert worse["no_worse_than.autonomous_share"] == "kept"
    assert worse["no_worse_than.handoffs_per_100"] == "broken"


def test_what_was_unknown_is_no_limit() -> None:
    """The old share is unknown: the others are held."""
    before = assessed(autonomous={"value": None, "reason": "no teams"})

    found = check_limits(assessed(), CheckTable(), no_worse_than=before)

    assert "no_worse_than.autonomous_share" not in {one.limit for one in found.verdicts}
    assert len(found.verdicts) == len(HEADLINES) - 1


def test_nothing_to_check_is_said() -> None:
    """No limit at all would always pass."""
    with pytest.raises(BoundariesError, match="no limit is given"):
        check_limits(assessed(), CheckTable())


def test_the_json_is_versioned_and_plain() -> None:
    """One object per limit."""
    found = check_limits(assessed(gaps=("no_owner",)), CheckTable(max_gaps={"no_owner": 0}))

    document = json.loads(json.dumps(found.to_json(), allow_nan=False))

    assert document["schema"] == "conway.check/1"
    assert (document["broken"], document["unknown"]) == (1, 0)
    assert document["limits"] == [
        {
            "limit": "max_gaps.no_owner", "measure": "no_owner", "value": 1, "bound": 0,
            "status": "broken", "sure": None,
            "message": "1 finding of kind no_owner, the limit is 0; the strongest: It is no_owner.",
        }
    ]  # fmt: skip


def test_each_kind_of_finding_may_have_a_limit() -> None:
    """The kinds of the file are those of the rules."""
    assert set(GapKind.__args__) == {rule.__name__ for rule in RULES}  # type: ignore[attr-defined]
