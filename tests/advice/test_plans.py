"""A plan of one's own: read with all its faults at once, replayed with what gets worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.advice.moves import Decouple, Delegate, Reassign, SplitService
from conway.advice.plans import plan_text, read_plan
from conway.errors import PlanError

if TYPE_CHECKING:
    from pathlib import Path

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
"""


def written(folder: Path, text: str) -> Path:
    """Write a plan."""
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_kind_is_read(tmp_path: Path) -> None:
    """The documented example gives the four moves in order."""
    globs = {"orders-shipping": ("services/orders/shipping/**",)}

    assert read_plan(written(tmp_path, PLAN)) == (
        Reassign("billing", "payments"),
        SplitService("orders", globs, {"orders-shipping": "logistics"}),
        Decouple(("checkout", "catalog"), ("services/catalog/prices.json",)),
        Delegate("/deploy/", ("web", "core")),
    )


def test_a_written_plan_reads_back(tmp_path: Path) -> None:
    """What a run writes is what simulate reads, odd names included."""
    moves = (
        *read_plan(written(tmp_path, PLAN)),
        Reassign('q"uote\\ \n', "tab\t\x7f\u202e"),
        SplitService("a", {"b.c d": ("x/**", "y")}),
        Delegate("**/deploy/", "service owners"),
    )

    assert read_plan(written(tmp_path, plan_text(moves))) == moves


def test_all_faults_come_in_one_message(tmp_path: Path) -> None:
    """Unknown kinds and keys, missing ones, wrong types."""
    text = """
    when = 2024
    [[move]]
    kind = "Sack"
    [[move]]
    kind = "Reassign"
    service = 7
    two = "payments"
    """
    with pytest.raises(PlanError) as fault:
        read_plan(written(tmp_path, text))

    message = str(fault.value)
    for part in (
        "5 problems",
        "unknown key 'when'",
        "kind is 'Sack'; choose one of Decouple, Delegate, Reassign, SplitService",
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
