"""Simulating a plan: paired changes, what gets worse, and moves that do nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from conway.advice.comparison import compare
from conway.advice.dated import Dated
from conway.advice.moves import Decouple, Reassign
from conway.advice.planned import Planned
from conway.advice.simulation import simulate
from conway.advice.team_moves import MergeTeams, SplitTeam
from conway.boundaries.homes import Homes
from conway.config import Config
from conway.errors import PlanError
from conway.figures import Interval, Unknown, value_of
from tests.works import DAY, START, work_of

if TYPE_CHECKING:
    from conway.assessment import Assessment


def assessed(sets: str, authors: str, *, days: list[float] | None = None) -> Assessment:
    """Return an assessment of work that only simulate looks at."""
    teams = {"A": "t1", "B": "t2", "C": "t3"}
    work = work_of(sets, teams=teams, authors=authors, days=days)
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


def a_year() -> Assessment:
    """Return a year in which t2 writes A, which t1 owns, and everybody their own, week by week."""
    weeks = 52
    sets, authors = " ".join(["A B C A"] * weeks), " ".join(["t2:u t2:v t3:w t1:x"] * weeks)
    days = [7 * week + place for week in range(weeks) for place in range(4)]
    found = assessed(sets, authors, days=days)
    work = found.work
    homes = {"t1": 0, "t2": 1, "t3": 2}
    people = {int(a): int(t) for a, t in work.sets[["author", "author_team"]].to_numpy()}
    assert set(people.values()) == set(homes.values())
    object.__setattr__(work, "homes", Homes({}, lambda person, _time: people.get(person)))
    return found


def test_the_last_quarter_is_held_out_with_its_interval() -> None:
    """A goes to t2: one handoff of four is saved each week and one made; in a year nothing."""
    found = simulate(a_year(), [Reassign("A", "t2"), Reassign("B", "t2")])

    held = found.held_out
    assert held.before["handoffs_per_100"] == Interval(25.0, 25.0, 25.0, 0.95)
    assert value_of(held.change["handoffs_per_100"]) == pytest.approx(0)
    assert found.window["held_out_until"] == found.window["until"]
    short = simulate(assessed("A A B", "t2 t2 t2"), [Reassign("A", "t2")])
    assert isinstance(short.held_out.change["handoffs_per_100"], Unknown)


def test_capacity_is_held_against_every_week() -> None:
    """t2 must approve B and A: two a week are too many for a capacity of one."""
    plan = Planned((Reassign("A", "t2"),), "ours", capacities={"t2": 1, "t1": 5})
    loads = {row["team"]: row for row in simulate(a_year(), plan).loads}

    assert (loads["t2"]["before"], loads["t2"]["after"]) == (104, 156)
    assert (loads["t2"]["weeks_over_before"], loads["t2"]["weeks_over_after"]) == (52, 52)
    assert (loads["t1"]["weeks_over_after"], loads["t3"]["weeks_over_after"]) == (0, None)
    assert loads["t2"]["busiest_week_after"] == 3


def test_what_a_team_must_know_and_whether_it_does() -> None:
    """Services, files and revisions follow their owner; one person is too few to know A."""
    found = simulate(a_year(), [Reassign("A", "t3"), SplitTeam("t2", {"half": ("B",)})])
    rows = {row["team"]: row for row in found.cognitive}

    assert (rows["t3"]["services_before"], rows["t3"]["services_after"]) == (1, 2)
    assert (rows["t3"]["revisions_before"], rows["t3"]["revisions_after"]) == (52, 156)
    assert (rows["half"]["files_before"], rows["half"]["files_after"]) == (0, 1)
    assert {(row["service"], row["to"], row["enough_people"]) for row in found.knowledge} == {
        ("A", "t3", False),
        ("B", "half", False),
    }


def test_dates_make_stages_and_moves_after_the_work_hold_throughout() -> None:
    """What each date adds is told; the future is unknown, and said to be."""
    later = START + 3650 * DAY
    plan = [MergeTeams(("t1", "t2"), "one"), Dated(Reassign("C", "one"), later)]
    found = simulate(a_year(), plan)

    assert [(row["from"], row["moves"], row["handoffs_saved_per_100"]) for row in found.stages] == [
        ("", 1, 25),
        ("2033-12-29", 2, 0),
    ]
    assert any("moves dated later are replayed on all recorded work" in u for u in found.unknown)


def test_plans_stand_side_by_side() -> None:
    """Each with its outcome; the difference is paired with the first."""
    plans = {"give A": [Reassign("A", "t2")], "join": [MergeTeams(("t1", "t2"), "one")]}
    found = compare(a_year(), plans)

    assert [one.name for one in found.outcomes] == ["give A", "join"]
    assert value_of(found.differences["join"]) == pytest.approx(-25)
    assert found.to_json()["differences"][0]["than"] == "give A"
    assert found.to_pandas()["plan"].tolist() == ["give A", "join"]
    with pytest.raises(PlanError, match="at least two plans"):
        compare(a_year(), [[Reassign("A", "t2")]])


def test_faults_of_several_plans_come_together() -> None:
    """One message, whatever plan they are in."""
    with pytest.raises(PlanError) as fault:
        compare(a_year(), {"a": [Reassign("Z", "t1")], "b": [Reassign("A", "t9")]})

    assert "no service 'Z'" in str(fault.value)
    assert "no team 't9'" in str(fault.value)
