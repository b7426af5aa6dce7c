"""Autonomy and handoffs on histories small enough to count by hand."""

from __future__ import annotations

import pytest

from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import handoff_matrix, handoff_rows, list_handoffs
from conway.delivery.measurement import measure_delivery
from conway.figures import Unknown, value_of
from tests.works import work_of

TEAMS = {"A": "t1", "B": "t2", "C": "t3"}


def test_ten_changes_by_hand() -> None:
    """Ten changes: 7 need one team, one of those two units; 4 handoffs in all."""
    work = work_of(
        "A A A B B C AB ABC AD AA",
        teams={**TEAMS, "D": "t1"},
        authors="t1 t1 t1 t2 t2 t3 t1 t1 t1 t2",
    )
    found = measure_delivery(work, with_trend=False).autonomy

    assert value_of(found.single_team_share) == pytest.approx(0.7)
    assert value_of(found.autonomous_share) == pytest.approx(0.6)
    assert value_of(found.handoffs_per_100) == pytest.approx(40)
    assert value_of(found.lockstep_per_100) == pytest.approx(40)


def test_minimum_hitting_set() -> None:
    """G18: files that {t1|t2}, {t2|t3} and {t3} own need two teams, not three."""
    work = work_of(
        [["A/1.py", "A/2.py", "A/3.py"]],
        owners={"A/1.py": "t1|t2", "A/2.py": "t2|t3", "A/3.py": "t3"},
        authors="t3",
    )

    assert find_footprints(work).teams == ((frozenset({0, 2}), frozenset({1, 2})),)


def test_authors_team_is_chosen_where_it_saves_one() -> None:
    """An author of t2 needs only t3 for the same files; an author of t4 needs two others."""
    owners = {"A/1.py": "t1|t2", "A/2.py": "t2|t3", "A/3.py": "t3"}
    paths = sorted(owners)
    work = work_of([paths, paths], owners=owners, authors="t2 t4")

    assert find_footprints(work).handoffs.tolist() == [1, 2]


def test_unowned_and_unknown_do_not_count() -> None:
    """A set without an owned file, or without a known author's team, leaves every figure."""
    work = work_of("A E A", teams=TEAMS, authors="t1 t1 -")

    assert find_footprints(work).sets.tolist() == [0]


def test_no_teams_is_unknown_with_a_reason() -> None:
    """Without owners the headline is unknown, and services are still measured."""
    found = measure_delivery(work_of("A AB B"), with_trend=False)

    assert isinstance(found.autonomy.autonomous_share, Unknown)
    assert isinstance(found.teams.streams, Unknown)
    assert found.services.changes == 3


def test_handoffs_have_a_direction_and_files() -> None:
    """t1 writes in B and waits for t2, through B's file only."""
    work = work_of("AB B", teams=TEAMS, authors="t1 t1")
    found = list_handoffs(find_footprints(work))
    rows = handoff_rows(work, found)

    assert found[["set", "from_team", "to_team", "weight"]].to_numpy().tolist() == [
        [0, 0, 1, 1.0],
        [1, 0, 1, 1.0],
    ]
    assert [work.paths[path] for path in rows["path"]] == ["B/b.py", "B/b.py"]
    assert handoff_matrix(work, find_footprints(work), found=found).tolist()[0][:2] == [0.0, 2.0]
