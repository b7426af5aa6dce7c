"""Two measurements compared: figures, findings, owners."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from conway.assessment.diff import Side, difference
from conway.assessment.diff_weeks import week_differences
from conway.delivery.measurement import measure_delivery
from conway.figures import Interval, value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.delivery.measurement import Delivery

OLD = {"since": "2024-01-01", "until": "2024-06-30", "weeks": 26}
NEW = {"since": "2024-07-01", "until": "2024-12-31", "weeks": 26}


def interval(value: float, low: float, high: float) -> dict[str, float]:
    """Return a figure's JSON with an interval."""
    return {"value": value, "low": low, "high": high, "level": 0.95}


def side(
    window: dict[str, Any],
    *,
    handoffs: object = 40.0,
    owners: dict[str, str | None] | None = None,
    gaps: list[dict[str, Any]] | None = None,
) -> Side:
    """Return one measurement, as far as it is compared."""
    figures = dict.fromkeys(["autonomous_share", "single_team_share", "lockstep_per_100"], 0.5)
    return Side(
        "a file",
        {
            "window": window,
            "changes": 500,
            "autonomy": {**figures, "handoffs_per_100": handoffs},
            "parallelism": {"teams": {"streams": {"value": None, "reason": "too few"}}},
            "services": [{"name": n, "owner": o} for n, o in (owners or {}).items()],
            "gaps": gaps or [],
        },
    )


def gap(kind: str, *, services: str = "", teams: str = "", **evidence: object) -> dict[str, Any]:
    """Return a finding."""
    return {
        "kind": kind, "title": f"{kind} {services} {teams}".strip(), "services": list(services),
        "teams": teams.split(), "strength": 1.0, "evidence": evidence,
    }  # fmt: skip


def handoffs(old: object, new: object, *, window: dict[str, Any] = NEW) -> dict[str, Any]:
    """Return what is said of handoffs per 100."""
    found = difference(side(OLD, handoffs=old), side(window, handoffs=new)).to_json()
    return next(one for one in found["figures"] if one["measure"] == "handoffs per 100")


@pytest.mark.parametrize(
    ("old", "new", "established", "better"),
    [
        (interval(40, 35, 45), interval(30, 25, 34), True, True),
        (interval(40, 35, 45), interval(50, 46, 54), True, False),
        (interval(40, 35, 45), interval(38, 33, 43), False, True),
        (40.0, 30.0, None, True),
        (40.0, 40.0, None, None),
    ],
)
def test_two_files_differ_where_their_intervals_lie_apart(
    old: object,
    new: object,
    established: bool | None,  # noqa: FBT001
    better: bool | None,  # noqa: FBT001
) -> None:
    """Fewer handoffs are better; without intervals nothing is established."""
    found = handoffs(old, new)

    assert (found["established"], found["better"]) == (established, better)


def test_windows_that_overlap_get_no_verdict() -> None:
    """They share change sets."""
    found = handoffs(interval(40, 35, 45), interval(30, 25, 34), window={**OLD, "weeks": 20})

    assert found["established"] is None
    assert found["note"] == "the windows overlap"


def test_an_unknown_figure_has_no_difference() -> None:
    """Streams are unknown on both sides."""
    found = difference(side(OLD), side(NEW))

    streams = found.changes[-1]
    assert (streams.difference, streams.established) == (None, None)
    assert streams.explain() == "streams of delivery: unknown (too few), then unknown (too few)"


def test_findings_are_known_by_what_they_are_about() -> None:
    """Another service behind a pair of teams is the same finding, another file is not."""
    old = [
        gap("handoff_pair", services="A", teams="web core"),
        gap("shared_file", services="AB", files=[{"path": "x"}]),
        gap("lockstep_releases", services="AB", units=["A", "B"]),
        gap("no_owner", services="C", teams="web"),
    ]
    new = [
        gap("handoff_pair", services="AB", teams="web core"),
        gap("shared_file", services="AB", files=[{"path": "y"}]),
        gap("lockstep_releases", services="ABC", units=["A", "B"]),
        gap("owner_mismatch", services="A", teams="web core"),
    ]

    found = difference(side(OLD, gaps=old), side(NEW, gaps=new))

    assert [one["kind"] for one in found.gone] == ["shared_file", "no_owner"]
    assert [one["kind"] for one in found.come] == ["shared_file", "owner_mismatch"]
    assert found.stayed == 2


def test_owners_and_services_that_changed() -> None:
    """A moves to core, B loses its owner, C goes and D comes."""
    found = difference(
        side(OLD, owners={"A": "web", "B": "web", "C": "web", "E": "web"}),
        side(NEW, owners={"A": "core", "B": None, "D": "web", "E": "web"}),
    )

    assert [one.to_json() for one in found.owners] == [
        {"service": "A", "old": "web", "new": "core"},
        {"service": "B", "old": "web", "new": None},
    ]
    assert (found.services_gone, found.services_come) == (("C",), ("D",))
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert document["schema"] == "conway.diff/1"
    assert "- B: web to no owner" in found.explain().splitlines()


def work_with(share: float, *, seed: int = 0) -> Delivery:
    """Web works 200 days; this share of its sets needs core."""
    crossing = np.random.default_rng(seed).random(200) < share
    return measure_delivery(
        work_of(
            ["B" if needs else "A" for needs in crossing],
            teams={"A": "web", "B": "core"},
            authors=["web"] * 200,
        ),
        with_trend=False,
    )


def test_weeks_tell_a_change_from_none() -> None:
    """A fifth against a half is established, a third against a third is not."""
    moved = week_differences(work_with(0.2), work_with(0.5))["handoffs_per_100"]
    still = week_differences(work_with(0.3), work_with(0.3, seed=1))["handoffs_per_100"]

    assert isinstance(moved, Interval)
    assert isinstance(still, Interval)
    assert moved.low > 0
    assert still.low < 0 < still.high


def test_a_difference_is_that_of_the_figures() -> None:
    """Law: new less old, and nothing against itself."""
    old, new = work_with(0.2), work_with(0.5)

    for name, found in week_differences(old, new).items():
        expected = value_of(getattr(new.autonomy, name)) - value_of(getattr(old.autonomy, name))
        assert value_of(found) == pytest.approx(expected)
    assert {value_of(found) for found in week_differences(old, old).values()} == {0.0}


def test_no_counted_sets_no_differences() -> None:
    """Nobody owns anything."""
    assert week_differences(measure_delivery(work_of("A A")), work_with(0.5)) == {}
