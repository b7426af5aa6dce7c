"""Who needs whom in assess.json, against counts made in another way from the same history."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conway.assessment import assess
from conway.boundaries.reading import read_boundaries
from conway.errors import TableError
from conway.figures import value_of
from conway.history.sources import mine
from sample_repos import build_bank

if TYPE_CHECKING:
    from conway.assessment import Assessment
    from conway.history.record import History

pytestmark = pytest.mark.slow
SAMPLES = Path(__file__).parents[2] / "sample_repos"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """The sample bank: six repositories whose merges bring several commits."""
    return mine(*build_bank(tmp_path_factory.mktemp("bank")), key=b"test")


@pytest.fixture(scope="module")
def bank(history: History) -> Assessment:
    """Its assessment."""
    return assess(history, read_boundaries(SAMPLES / "bank.toml", history))


@pytest.fixture(scope="module")
def result(bank: Assessment) -> dict[str, Any]:
    """Its JSON form."""
    return bank.to_json()


def test_pairs_add_up_to_the_headline(bank: Assessment, result: dict[str, Any]) -> None:
    """Handoffs by pair, through approval, and the headline are one number."""
    rates = [pair["per_100"]["value"] for pair in result["handoff_pairs"]]
    headline = value_of(bank.delivery.autonomy.handoffs_per_100)

    assert sum(rates) == pytest.approx(headline)
    assert result["handoff_ways"]["approval_per_100"] == result["autonomy"]["handoffs_per_100"]


def test_writers_are_those_of_the_commits(
    history: History, bank: Assessment, result: dict[str, Any]
) -> None:
    """Commit by commit: which other team's people wrote in a change set."""
    work = bank.work
    code = {person: number for number, person in enumerate(work.homes.people)}
    commits = history.commits
    merged = commits.groupby(["repository", "change"])["commit"].transform("size") > 1
    brought = commits[
        ~(merged & (commits["parents"] > 1) & (commits["commit"] == commits["change"]))
    ]
    wrote: dict[tuple[str, str], list[str]] = {}
    for row in brought[~brought["robot"]].dropna(subset="author").to_dict("records"):
        wrote.setdefault((row["repository"], row["change"]), []).append(row["author"])
    counted, joint = set(bank.delivery.prints.sets.tolist()), set()
    for member in work.members.to_dict("records"):
        number = member["set"]
        team, time = (int(work.sets[name].iloc[number]) for name in ("author_team", "time"))
        for person in wrote.get((member["repository"], member["change"]), []):
            other = work.homes.team_at(code[person], time)
            if number in counted and other not in (-1, team):
                joint.add((number, work.teams[team], work.teams[other]))

    expected = Counter((author, other) for _, author, other in joint)
    assert {
        (p["from"], p["to"]): p["written"] for p in result["handoff_pairs"] if p["written"]
    } == {**expected}


def test_quarters_and_rules_are_parts_of_their_pair(result: dict[str, Any]) -> None:
    """No quarter, rule or way counts more change sets than the pair has."""
    total = {(pair["from"], pair["to"]): pair for pair in result["handoff_pairs"]}
    by_quarter: Counter[tuple[str, str]] = Counter()
    for row in result["handoff_trend"]:
        by_quarter[row["from"], row["to"]] += row["changes"]

    assert by_quarter
    for pair, changes in by_quarter.items():
        assert changes <= total[pair]["changes"]
    for pair in total.values():
        parts = [pair["visiting"], pair["intended"], pair["approved_and_written"]]
        parts += [rule["changes"] for rule in pair["rules"]]
        assert max(parts) <= pair["changes"]


def test_tables_as_frames(bank: Assessment) -> None:
    """Lists of rows become frames; what is none is refused with the valid names."""
    pairs = bank.to_pandas("handoff_pairs")

    assert {"from", "to", "changes", "per_100.value", "per_100.low"} <= set(pairs.columns)
    assert list(bank.to_pandas("lockstep.units").columns) == ["a", "b", "changes", "per_100"]
    with pytest.raises(TableError, match="handoff_pairs"):
        bank.to_pandas("pairs")
