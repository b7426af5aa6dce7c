"""What is planted in the tables of the sample bank is found again."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conway.assessment import assess
from conway.boundaries.reading import read_boundaries
from conway.figures import Interval, value_of
from conway.history.sources import mine
from sample_repos import build_bank, write_deliveries
from sample_repos.bank_tables import MEMBERS

if TYPE_CHECKING:
    from conway.assessment import Assessment

pytestmark = pytest.mark.slow
TRUTH = tomllib.loads(
    (Path(__file__).parents[3] / "sample_repos" / "bank_deliveries_truth.toml").read_text()
)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The bank with the tables of its forge, CI and deployment."""
    folder = tmp_path_factory.mktemp("bank")
    repositories = build_bank(folder / "repositories")
    toml = write_deliveries(folder / "tables", repositories)
    history = mine(*repositories, key=b"test")
    return assess(history, read_boundaries(toml, history))


def value(bank: Assessment, start: str) -> float:
    """Return the value of the measured row whose name starts so."""
    (row,) = [row for row in bank.constraints.rows if row.measure.startswith(start)]
    assert row.status == "measured"
    return value_of(row.value)


def test_every_row_joins(bank: Assessment) -> None:
    """The tables are of these repositories."""
    counted = {one.what: (one.count, one.of) for one in bank.boundaries.imported.counted}

    assert len(counted) == 5
    assert all(count == of > 0 for count, of in counted.values())


def test_validation_is_found(bank: Assessment) -> None:
    """Run time, flaky suites (one of two suites is), suites of a change."""
    truth = TRUTH["validation"]

    assert value(bank, "hours that a run takes") == pytest.approx(truth["run_hours"], rel=0.05)
    flaky = value(bank, "share of suites on a commit that failed and passed")
    assert flaky == pytest.approx(truth["flaky_end_to_end"] / 2, abs=0.01)
    assert value(bank, "suites that a change triggers") == truth["suites_per_change"]


def test_coordination_is_found(bank: Assessment) -> None:
    """Reviews, approvals, and who gives them."""
    truth = TRUTH["coordination"]

    review = value(bank, "hours from opening to the first review")
    assert review == pytest.approx(truth["first_review_hours"], rel=0.1)
    approval = value(bank, "hours from opening to the first approval")
    assert approval == pytest.approx(truth["approval_hours"], rel=0.1)
    other = value(bank, "share of approvals that come from another team")
    assert other == pytest.approx(truth["other_team"], abs=0.04)


def test_release_is_found(bank: Assessment) -> None:
    """Tuesdays, what is taken back, and how long incidents last."""
    truth = TRUTH["release"]

    assert value(bank, "days from one deployment") == truth["days_between"]
    back = value(bank, "share of deployments that took something back")
    assert back == pytest.approx(truth["rolled_back"], abs=0.01)
    assert value(bank, "hours until an incident") == truth["incident_hours"]


def test_the_largest_is_not_the_one_that_binds(bank: Assessment) -> None:
    """Changes wait longest for Tuesday; only the CI's queue rises with load."""
    stages = {stage.constraint: stage for stage in bank.constraints.stages}

    assert bank.to_json()["largest_observed"]["value"] == TRUTH["largest"]["constraint"]
    assert {name: stage.binds for name, stage in stages.items()} == {
        name: TRUTH[name]["binds"] for name in ("validation", "coordination", "release")
    }


def test_failure_stands_beside_every_speed(bank: Assessment) -> None:
    """Each row of hours or days from one event to another, where it is a speed of delivery."""
    speeds = [
        row
        for row in bank.constraints.rows
        if row.unit in {"hours", "days"} and "incident" not in row.measure
    ]

    assert len(speeds) > 6
    assert [row.measure for row in speeds if row.beside is None] == []
    assert all(isinstance(value_of(row.value), float) for row in speeds)


def test_intervals_hold_and_nobody_is_named(bank: Assessment) -> None:
    """Every measured share and median has one around its value; no member occurs."""
    for row in bank.constraints.rows:
        if isinstance(row.value, Interval):
            assert row.value.low <= row.value.value <= row.value.high
    text = json.dumps(bank.to_json())

    assert [one.name for one in MEMBERS if one.name in text or one.email in text] == []
    assert "stranger" not in text
