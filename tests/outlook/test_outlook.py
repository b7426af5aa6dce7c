"""Loads at k times the changes, by hand, and the whole outlook on the samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import conway
from conway.errors import PlanError
from conway.outlook import forecast, read_rates
from conway.outlook.loads import Weekly
from conway.outlook.relief import _relief
from sample_repos import build_shop

if TYPE_CHECKING:
    from conway.assessment import Assessment

SAMPLES = Path(__file__).parents[2] / "sample_repos"


def test_today_and_the_most_that_was_carried_for_a_quarter() -> None:
    """26 weeks of 2 after 13 weeks of 6 and one of 40."""
    weekly = Weekly(np.array([40.0] + [6.0] * 13 + [2.0] * 26))

    assert weekly.mean == 2.0
    assert weekly.demonstrated == pytest.approx((40 + 12 * 6) / 13)


class _Named:
    """Stands for an assessment of three services and one team."""

    class work:  # noqa: N801 - an attribute
        services = ("A", "B", "C")
        teams = ("core",)


def test_what_must_go_by_hand() -> None:
    """Five handoffs through A, three through B, two that ask through both, one through C.

    Half of 11 must go: A frees 5, B then 3 and the 2 that asked through both.
    """
    sets = (
        [(1.0, frozenset({0}))] * 5
        + [(1.0, frozenset({1}))] * 3
        + [(1.0, frozenset({0, 1}))] * 2
        + [(1.0, frozenset({2}))]
    )
    found = _relief(_Named, 2, team=0, sets=sets)  # type: ignore[arg-type]

    assert (found.handoffs, found.must_go, found.freed) == (11, 5.5, 10)
    assert found.services == (("A", 5.0), ("B", 5.0))


def test_rates_are_numbers_above_zero() -> None:
    """All that are wrong are named."""
    with pytest.raises(PlanError, match="two, x is no number"):
        read_rates("1,two,x")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The sample shop, measured."""
    history = conway.mine(build_shop(tmp_path_factory.mktemp("shop") / "shop"), key=b"test")
    return conway.assess(history, conway.read_boundaries(SAMPLES / "shop.toml", history))


@pytest.mark.slow
def test_loads_grow_with_the_rate(shop: Assessment) -> None:
    """Everything at k is k times today; types sum to the whole; beyond is beyond."""
    found = conway.forecast(shop, rates=[1, 4]).to_json()
    one, four = found["rates"]
    for kind in ("approver", "validation", "release"):
        for now, more in zip(one[kind], four[kind], strict=True):
            assert more["load"]["value"] == pytest.approx(4 * now["load"]["value"])
            assert more["beyond"] == (more["load"]["value"] > more["demonstrated"])
    asked = sum(row["load"]["value"] for row in one["approver"])
    handoffs = sum(row["handoffs"]["value"] for row in one["types"])

    assert handoffs == pytest.approx(asked)
    assert found["first"]["at_k"] >= 1 or found["first"]["demonstrated"] > 0


@pytest.mark.slow
def test_the_json_has_its_schema(shop: Assessment) -> None:
    """docs/schema/forecast.json lists every key, and no others occur."""
    path = SAMPLES.parent / "docs" / "schema" / "forecast.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    faults = list(Draft202012Validator(schema).iter_errors(forecast(shop).to_json()))

    assert [fault.message for fault in faults] == []


@pytest.mark.slow
def test_without_tables_there_are_loads_and_no_curve(shop: Assessment) -> None:
    """And the reason; the same call gives the same bytes."""
    found = forecast(shop)
    text = json.dumps(found.to_json(), allow_nan=False)

    assert found.curves == ()
    assert "[tables] pipeline_runs" in found.to_json()["surge_test"]["reason"]
    assert text == json.dumps(forecast(shop).to_json(), allow_nan=False)
    with pytest.raises(PlanError, match="each must be above 0"):
        forecast(shop, rates=[0, 2])


@pytest.mark.slow
def test_what_must_go_is_enough(shop: Assessment) -> None:
    """For twice the changes half of each team's handoffs, unless twelve services do not do."""
    rows = forecast(shop, rates=[2]).relief

    assert rows
    for row in rows:
        assert row.must_go == pytest.approx(row.handoffs / 2)
        assert row.freed >= row.must_go or len(row.services) == 12
        assert sum(goes for _, goes in row.services) == pytest.approx(row.freed)
