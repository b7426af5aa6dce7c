"""The section about plans of one's own: what gets worse stands beside what gets better."""

from __future__ import annotations

from conway.reporting.chapters.plans import planned
from conway.reporting.document import Bullets, Heading, Table
from conway.reporting.evidence import gather
from tests.reporting import advice_examples
from tests.reporting.examples import shop


def test_no_plan_no_section() -> None:
    """Nothing was tested, so nothing is said."""
    assert planned(gather(shop())) is None


def test_plans_stand_side_by_side_then_one_by_one() -> None:
    """A table of all, how they differ, and everything about each."""
    section = planned(gather(shop(), planned=advice_examples.planned()))
    assert section is not None
    tables = {block.name: block for block in section.blocks if isinstance(block, Table)}

    assert [row[0].text for row in tables["plans"].rows] == ["Two teams", "One team"]
    assert [b.text for b in section.blocks if isinstance(b, Heading)] == ["Two teams", "One team"]
    assert tables["plan-1-worse"].rows[0][0].text == "platform needs checkout"
    assert tables["plan-1-better"].rows[0][0].text == "checkout needs payments"
    assert [cell.text for cell in tables["plan-1-loads"].rows[0]] == [
        "checkout", "400", "450", "9", "12", "10", "3",
    ]  # fmt: skip
    assert tables["plan-1-knowledge"].rows[0][-1].text == "ledger"
    assert "plan-1-stages" in tables
    assert "plan-2-stages" not in tables


def test_a_plan_that_needs_more_says_so_and_what_is_open() -> None:
    """More handoffs than the first plan, services beyond the limit, moves without effect."""
    section = planned(gather(shop(), planned=advice_examples.planned()))
    assert section is not None
    bullets = [
        item for block in section.blocks if isinstance(block, Bullets) for item in block.items
    ]

    assert any(item.startswith("One team against Two teams: 1.5 more") for item in bullets)
    assert "checkout would own 5 services, more than the limit allows" in bullets
    assert "Give cart to checkout: changes no recorded work" in bullets
    assert "how people would adapt" in bullets


def test_one_outcome_is_a_plan_alone() -> None:
    """Without others there is nothing to compare."""
    alone = advice_examples.planned()["plans"][0]
    section = planned(gather(shop(), planned=alone))

    assert section is not None
    assert not [block for block in section.blocks if isinstance(block, Heading)]
