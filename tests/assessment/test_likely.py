"""The pairs of next quarter, with what orders them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from conway.assessment.likely import MOST_PAIRS, likely_json
from conway.coupling.cochange import service_pairs
from tests.coupling.test_forecast_ranker import history
from tests.works import work_of


def test_a_short_history_says_why_it_is_counted() -> None:
    """A and B met twenty times, B and C ten, A and C never."""
    work = work_of(["AB", "BC", "AB"] * 10)
    one = SimpleNamespace(work=work, coupling=service_pairs(work), seed=0)

    found = likely_json(cast("Any", one))

    assert (found["method"], found["reason"], found["quarters"]) == (
        "decayed count",
        "no earlier quarter to try a ranker on",
        [],
    )
    assert [(pair["a"], pair["b"], pair["joint"]) for pair in found["pairs"]] == [
        ("A", "B", 20),
        ("B", "C", 10),
        ("A", "C", 0),
    ]
    assert found["pairs"][0]["forecast"]["value"] > found["pairs"][1]["forecast"]["value"]
    assert found["pairs"][2]["forecast"] is None


@pytest.mark.slow
def test_a_long_history_names_its_trials() -> None:
    """Each with what ranker, decayed count and degree reached; the pairs are known services."""
    work = history()
    one = SimpleNamespace(work=work, coupling=service_pairs(work), seed=0)

    found = likely_json(cast("Any", one))

    assert len(found["pairs"]) == MOST_PAIRS
    assert all(pair["a"] < pair["b"] for pair in found["pairs"])
    assert len(found["quarters"]) > 3
    assert all(0 < quarter["ranker"] <= 1 for quarter in found["quarters"])
    assert f"over {len(found['quarters'])} earlier quarters" in found["reason"]
