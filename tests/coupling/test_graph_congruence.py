"""Congruence against its null: teams that meet everybody are congruent by chance."""

from __future__ import annotations

import itertools

import pytest

from conway.coupling.cochange import service_pairs
from conway.coupling.congruence import Congruence, measure_congruence
from tests.works import work_of

TEAMS = {service: f"team-{service.lower()}" for service in "ABCDEFGH"}
COUPLED = ["AB", "CD", "EF", "GH"]


def measured(visits: list[tuple[str, str]]) -> Congruence:
    """Four pairs of coupled services, a team each; ``visits`` work three times elsewhere."""
    joint = [pair for pair in COUPLED for _ in range(20)]
    away = [(TEAMS[team], service) for team, service in visits for _ in range(3)]
    work = work_of(
        joint + [service for _, service in away],
        teams=TEAMS,
        authors=[TEAMS[pair[0]] for pair in joint] + [author for author, _ in away],
    )
    return measure_congruence(work, service_pairs(work))


def test_visits_along_coupling_are_beyond_chance() -> None:
    """Exactly the four required of 28 pairs are seen: chance would give a seventh."""
    found = measured([("A", "B"), ("C", "D"), ("E", "F"), ("G", "H")])

    assert found.share == 1.0
    assert found.null_mean == pytest.approx(4 / 28, abs=0.02)
    assert found.p_value is not None
    assert found.p_value < 0.02


def test_teams_that_meet_everybody_are_congruent_by_chance() -> None:
    """All pairs are seen, required or not."""
    found = measured(list(itertools.combinations("ABCDEFGH", 2)))

    assert (found.share, found.null_mean, found.p_value) == (1.0, 1.0, 1.0)


def test_an_unknown_congruence_has_no_null() -> None:
    """Nobody owns anything."""
    work = work_of(["AB"] * 30)

    found = measure_congruence(work, service_pairs(work))

    assert (found.null_mean, found.null_high, found.p_value) == (None, None, None)
