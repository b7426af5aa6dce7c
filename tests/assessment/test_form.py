"""What assess.json says of agreement: never without what chance gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.assessment import assess
from conway.pipeline import Job, boundaries_of, read_job
from tests.cli_runs import config_in

if TYPE_CHECKING:
    from pathlib import Path

OWNED = '[services]\n"{name}" = "{name}/**"\n[teams]\nsource = "CODEOWNERS"\n'
UNOWNED = '[services]\n"{name}" = "{name}/**"\n[teams]\nsource = "none"\n'


@pytest.mark.parametrize("text", [OWNED, UNOWNED], ids=["owners", "no owners"])
def test_agreement_comes_with_its_chance(tmp_path: Path, good: Path, text: str) -> None:
    """Known figures have a null, unknown ones a reason and no null."""
    job = Job((str(good),), boundaries=config_in(tmp_path, text=text), quiet=True)
    history = read_job(job)
    result = assess(history, boundaries_of(job, history=history)).to_json()

    for figure, chance in (
        (result["alignment"]["ami"], result["alignment"]["chance"]),
        (result["congruence"], result["congruence_chance"]),
    ):
        known = not isinstance(figure, dict) or figure["value"] is not None
        assert (chance is not None) is known
        if known:
            assert 0 < chance["p_value"] <= 1
            assert chance["null_mean"] <= chance["null_high"]
        else:
            assert figure["reason"]


def test_teams_releases_and_the_graph_are_at_hand(tmp_path: Path, good: Path) -> None:
    """Two teams are coupled by their services; nothing was tagged; no person is a node."""
    job = Job((str(good),), boundaries=config_in(tmp_path, text=OWNED), quiet=True)
    history = read_job(job)
    measured = assess(history, boundaries_of(job, history=history))

    result, graph = measured.to_json(), measured.to_igraph()

    (pair,) = result["team_coupling"]
    assert (pair["a"], pair["b"]) == ("money", "web")
    assert result["release_coupling"] == []
    assert (result["dependencies"]["pairs"], result["dependencies"]["cycles"]) == (0, [])
    assert result["dependencies"]["propagation_cost"]["reason"]
    assert set(graph.vs["kind"]) == {"team", "service", "file", "change set"}
