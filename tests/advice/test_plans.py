"""A plan of one's own: read with all its faults at once, replayed with what gets worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from conway.advice.dated import Dated
from conway.advice.moves import (
    Approve,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.plan_forms import FORMS
from conway.advice.plans import plan_text, read_plan, read_planned
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam
from conway.config import seconds
from conway.errors import PlanError
from tests.works import work_of

MARCH = seconds("2025-03-01")
PLAN = """
[[move]]
kind = "Reassign"
service = "billing"
to = "payments"

[[move]]
kind = "SplitService"
service = "orders"
parts = { orders-shipping = ["services/orders/shipping/**"] }
owners = { orders-shipping = "logistics" }

[[move]]
kind = "Decouple"
services = ["checkout", "catalog"]
files = ["services/catalog/prices.json"]

[[move]]
kind = "Delegate"
pattern = "/deploy/"
team = ["web", "core"]

[[move]]
kind = "Approve"
pattern = "/docs/"
teams = ["service owners"]

[[move]]
kind = "MoveWithPeople"
service = "search"
to = "discovery"
people = ["Ann Example"]
from = "2025-03-01"

[[move]]
kind = "MergeServices"
services = ["a", "b"]
name = "ab"
to = "core"

[[move]]
kind = "MergeTeams"
teams = ["web", "core"]
name = "one"

[[move]]
kind = "SplitTeam"
team = "one"
parts = { half = ["a"] }
people = { half = ["Bob"] }
"""


def written(folder: Path, text: str) -> Path:
    """Write a plan."""
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_kind_is_read(tmp_path: Path) -> None:
    """The documented examples give the moves in order."""
    globs = {"orders-shipping": ("services/orders/shipping/**",)}

    assert read_plan(written(tmp_path, PLAN)) == (
        Reassign("billing", "payments"),
        SplitService("orders", globs, {"orders-shipping": "logistics"}),
        Decouple(("checkout", "catalog"), ("services/catalog/prices.json",)),
        Delegate("/deploy/", ("web", "core")),
        Approve("/docs/", ("service owners",)),
        Dated(MoveWithPeople("search", "discovery", people=("Ann Example",)), MARCH),
        MergeServices(("a", "b"), "ab", "core"),
        MergeTeams(("web", "core"), "one"),
        SplitTeam("one", {"half": ("a",)}, people={"half": ("Bob",)}),
    )


def test_a_written_plan_reads_back(tmp_path: Path) -> None:
    """What a run writes is what simulate reads, odd names included."""
    moves = (
        *read_plan(written(tmp_path, PLAN))[:5],
        Dated(MoveWithPeople("search", "discovery"), seconds("2025-03-01T12:00:00Z")),
        MergeServices(("a", "b"), "ab", "core"),
        MergeTeams(("web", "core"), "one"),
        SplitTeam("one", {"half": ("a",)}),
        Reassign('q"uote\\ \n', "tab\t\x7f\u202e"),
        SplitService("a", {"b.c d": ("x/**", "y")}),
        Delegate("**/deploy/", "service owners"),
    )

    assert read_plan(written(tmp_path, plan_text(moves))) == moves


def test_all_faults_come_in_one_message(tmp_path: Path) -> None:
    """Unknown kinds and keys, missing ones, wrong types."""
    text = """
    when = 2024
    capacities = { core = -1 }
    [[move]]
    kind = "Sack"
    [[move]]
    kind = "Reassign"
    service = 7
    two = "payments"
    from = "soon"
    """
    with pytest.raises(PlanError) as fault:
        read_plan(written(tmp_path, text))

    message = str(fault.value)
    for part in (
        "7 problems",
        "'core' is not a number above 0",
        "line 4, move 1: kind is 'Sack'",
        "line 6, move 2 (Reassign): 'from': 'soon' is not a day",
        "unknown key 'when'",
        "choose one of Approve, Decouple, Delegate, MergeServices, MergeTeams, MoveWithPeople, ",
        "'to' is missing",
        "unknown key 'two'",
        "'service' has a wrong type",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "no [[move]] table"), ("[[move]", "not TOML"), ("move = 3", "no [[move]] table")],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """Empty, broken, or something else."""
    with pytest.raises(PlanError) as fault:
        read_plan(written(tmp_path, text))

    assert says in str(fault.value)


def test_a_missing_plan_is_named(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(PlanError, match=r"nowhere\.toml"):
        read_plan(tmp_path / "nowhere.toml")


def test_names_that_are_not_there_are_told_with_their_lines(tmp_path: Path) -> None:
    """Services, teams and capacities, all in one message with the choices."""
    text = """
name = "ours"

[capacities]
nobody = 3

[[move]]
kind = "Reassign"
service = "A"
to = "t9"

[[move]]
kind = "MergeServices"
services = ["A", "Z"]
name = "B"
to = "t1"
"""
    work = work_of("A B", teams={"A": "t1", "B": "t2"})
    with pytest.raises(PlanError) as fault:
        read_planned(written(tmp_path, text)).check(work)

    message = str(fault.value)
    for part in (
        "4 problems",
        "line 7, move 1 (Reassign): no team 't9' (teams: t1, t2)",
        "line 12, move 2 (MergeServices): no service 'Z' (services: A, B)",
        "line 12, move 2 (MergeServices): part 'B' is a service already",
        "[capacities]: no team 'nobody' (teams: t1, t2)",
    ):
        assert part in message


def test_a_plan_never_writes_persons() -> None:
    """Who moves is left out of what a run writes."""
    text = plan_text([MoveWithPeople("a", "core", people=("Ann",), codes=frozenset({3}))])

    assert "Ann" not in text
    assert "people" not in text


def test_the_documented_plan_is_read(tmp_path: Path) -> None:
    """The example of docs/plans.md holds a move of every kind."""
    page = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
    text = page.split("```toml\n")[1].split("```")[0]
    plan = read_planned(written(tmp_path, text))

    assert {move.kind for move in plan.moves} == set(FORMS)
    assert (plan.name, plan.capacities) == ("Two product teams", {"platform": 25})
