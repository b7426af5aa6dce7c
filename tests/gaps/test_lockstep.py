"""Release units that cannot be released alone, and their repair by a shared train."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import service_pairs
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from conway.figures import value_of
from conway.gaps.lockstep import lockstep_releases
from conway.gaps.measured import Measured
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

SETS = ["AB"] * 30 + ["A"] * 10 + ["C"] * 40 + ["D"] * 20


def measured(work: Work) -> Measured:
    """Measure what the rule needs, with few repeats."""
    pairs = service_pairs(work)
    found = find_clusters(work, pairs, seeds=5, resamples=5)
    return Measured(work, pairs, found, list_handoffs(find_footprints(work)))


def test_two_units_that_change_together_are_released_together() -> None:
    """All 30 sets of B touch A too; one team owns both, which changes nothing."""
    work = work_of(SETS, teams={"A": "web", "B": "web"})

    (gap,) = lockstep_releases(measured(work))

    assert (gap.kind, gap.services, gap.teams) == ("lockstep_releases", ("A", "B"), ("web",))
    assert gap.title == (
        "30 of 30 change sets of B (100%) also change A: both must be released for them."
    )
    assert value_of(gap.strength) == pytest.approx(30)
    assert gap.evidence["units"] == ["A", "B"]
    assert gap.evidence["files"] == [
        {"path": "A/a.py", "changes": 30},
        {"path": "B/b.py", "changes": 30},
    ]
    assert gap.evidence["sets"] == [f"repo@{number:04d}" for number in range(29, -1, -1)]


def test_one_train_is_released_at_once() -> None:
    """A and B share a train: nothing is released twice."""
    work = work_of(SETS, units={"A": "train", "B": "train"})

    assert lockstep_releases(measured(work)) == []


@pytest.mark.parametrize(
    "sets",
    [
        ["AB"] * 4 + ["C"] * 40 + ["D"] * 20,
        ["AB"] * 12 + ["A"] * 90 + ["B"] * 90 + ["C"] * 400,
        ["AB"] * 6 + ["A"] * 6 + ["B"] * 6,
    ],
    ids=["too few", "too small a share", "by chance"],
)
def test_lockstep_needs_evidence(sets: list[str]) -> None:
    """Five joint sets, a degree of 0.3, and more than chance gives."""
    assert lockstep_releases(measured(work_of(sets))) == []
