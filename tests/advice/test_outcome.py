"""Simulating a plan: paired changes, what gets worse, and moves that do nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from conway.advice.moves import Decouple, Reassign
from conway.advice.outcome import simulate
from conway.config import Config
from conway.figures import value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.assessment import Assessment


def assessed(sets: str, authors: str) -> Assessment:
    """Return an assessment of work that only simulate looks at."""
    teams = {"A": "t1", "B": "t2", "C": "t3"}
    work = work_of(sets, teams=teams, authors=authors)
    boundaries = SimpleNamespace(config=Config())
    return cast("Assessment", SimpleNamespace(work=work, seed=0, boundaries=boundaries))


def test_before_after_and_who_gets_worse() -> None:
    """Giving A to t2 ends two handoffs of t2 and starts one of t1."""
    found = simulate(assessed("A A A B C", "t2 t2 t1 t2 t3"), [Reassign("A", "t2")])

    assert value_of(found.before["handoffs_per_100"]) == pytest.approx(40)
    assert value_of(found.after["handoffs_per_100"]) == pytest.approx(20)
    assert value_of(found.change["handoffs_per_100"]) == pytest.approx(-20)
    assert found.pairs[0] == {"from": "t1", "to": "t2", "before": 0.0, "after": 1.0}
    assert found.worse == (found.pairs[0],)


def test_moves_without_effect_are_named() -> None:
    """A service given to its owner, and a decoupling at a file that there is not."""
    plan = [Reassign("A", "t1"), Decouple(("A", "B"), ("A/nothing.py",)), Reassign("B", "t1")]
    found = simulate(assessed("AB A B", "t1 t1 t2"), plan)

    assert found.without_effect == ("Give A to t1", "Decouple A from B at A/nothing.py")
    assert "2 without effect" in repr(found)
    assert "changes no recorded work: Give A to t1" in found.explain()
