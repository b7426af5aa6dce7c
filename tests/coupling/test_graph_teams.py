"""Coupling between teams and between release units."""

from __future__ import annotations

import pandas as pd
import pytest

from conway.coupling.cochange import service_pairs
from conway.coupling.teams import team_pairs, unit_pairs
from tests.works import work_of

TEAMS = {"A": "web", "B": "core", "C": "core", "X": "data"}


def test_teams_are_coupled_by_the_services_they_own() -> None:
    """Web's A meets core's B twice and core's C once; {A, B, C} is one set for both teams."""
    work = work_of("AB AB AC ABC A B X", teams=TEAMS)

    found = team_pairs(work)

    (row,) = found.to_dict("records")
    assert (row["a"], row["b"], row["joint"]) == ("core", "web", 4)
    assert row["degree"] == pytest.approx(2 * 4 / (5 + 5))


def test_units_are_coupled_as_their_services() -> None:
    """Where each service is its own unit, pairs of units are pairs of services."""
    work = work_of("AB AB AC ABC A B X")

    pd.testing.assert_frame_equal(unit_pairs(work), service_pairs(work))


def test_a_train_meets_nobody_inside_itself() -> None:
    """A and B share a train; only C is another unit."""
    work = work_of("AB AB AC ABC", units={"A": "train", "B": "train"})

    found = unit_pairs(work)

    assert found[["a", "b", "joint"]].to_numpy().tolist() == [["C", "train", 2]]


def test_no_owner_no_pairs_of_teams() -> None:
    """Nobody owns anything."""
    assert team_pairs(work_of("AB AB")).empty
