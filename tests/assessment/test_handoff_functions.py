"""The functions behind the first pairs of teams, where the repository is at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conway.assessment import assess
from conway.assessment.handoff_functions import SHOWN, with_functions
from conway.boundaries.reading import read_boundaries
from conway.history.methods import Deep
from conway.history.sources import mine
from sample_repos import build_bank

if TYPE_CHECKING:
    from conway.assessment import Assessment

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).parents[2] / "sample_repos"


def functions_of(one: Assessment) -> dict[tuple[str, str], list[dict[str, object]]]:
    """Return the functions of each pair in its JSON form."""
    pairs = one.to_json()["handoff_pairs"]
    return {(p["from"], p["to"]): p["functions"] for p in pairs if p["functions"]}


def test_functions_of_the_first_pairs(tmp_path: Path) -> None:
    """They stand in files of the pair, the most changed first; a store alone has none."""
    repositories = build_bank(tmp_path)
    history = mine(*repositories, key=b"test")
    measured = assess(history, read_boundaries(SAMPLES / "bank.toml", history))
    found = functions_of(with_functions(measured, deep=Deep.at_hand(history, repositories)))

    assert functions_of(with_functions(measured, deep=None)) == {}
    assert 0 < len(found) <= 3
    for functions in found.values():
        changes = [one["changes"] for one in functions]
        assert len(functions) <= SHOWN
        assert changes == sorted(changes, reverse=True)
        assert all(one["function"] and one["path"] for one in functions)
