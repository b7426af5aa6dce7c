"""Planted reorganisations: what people did differently is found, arithmetic is told apart."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pytest

from conway.advice.lookback import LookBack, LookBackOptions, look_back
from conway.advice.lookback.effects import Effect, SetApart
from conway.advice.lookback.events import find_events
from conway.advice.lookback.grading import graded
from conway.advice.lookback.measuring import Past
from conway.advice.moves import Decouple, Reassign
from conway.advice.plan import Advised, Plan
from conway.boundaries.dated_teams import ALWAYS
from conway.boundaries.reading import read_boundaries
from conway.config import Config
from conway.figures import Interval, Unknown, value_of
from tests.boundaries.histories import history_of
from tests.works import START, work_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.move import Move
    from conway.advice.plan import Grade
    from conway.boundaries.work import Work

DOCS = Path(__file__).parents[2] / "docs"
SERVICES = "ABCDEFGHIJKL"
TEAM = {service: f"t{number // 2}" for number, service in enumerate(SERVICES)}
WEEKS, MIDDLE = 104, 52
DAY = 24 * 3600
PEOPLE = 3


def organisation(*, later: float) -> Work:
    """Twelve services, six teams; t3 writes half of A, and ``later`` of it from the middle on.

    Of every other service people of other teams write between two and seven tenths.
    """
    rng = np.random.default_rng(7)
    teams = sorted(set(TEAM.values()))
    foreign = {name: 0.2 + 0.5 * number / 11 for number, name in enumerate(SERVICES)}
    sets, authors, days = [], [], []
    for week in range(WEEKS):
        for name in SERVICES:
            for number in range(3):
                own = TEAM[name]
                if name == "A":
                    share = 0.5 if week < MIDDLE else later
                    team = "t3" if rng.random() < share else own
                elif rng.random() < foreign[name]:
                    team = str(rng.choice([one for one in teams if one != own]))
                else:
                    team = own
                sets.append(name)
                authors.append(f"{team}:{team}{rng.integers(PEOPLE)}")
                days.append(7 * week + number)
    return work_of(sets, teams=TEAM, authors=authors, days=days, until=7 * WEEKS)


@cache
def looked_back(later: float) -> LookBack:
    """Give A from t0 to t3 in the middle."""
    owned = {name: [(ALWAYS, team)] for name, team in TEAM.items()}
    owned["A"].append((START + 7 * MIDDLE * DAY, "t3"))
    work, options = organisation(later=later), LookBackOptions()
    found = find_events(owned, window=(work.since, work.until), options=options)
    return Past.of(work, found, options=options, seed=0).result(SetApart())


def handoffs(later: float) -> Effect:
    """Return the pooled effect on handoffs."""
    return looked_back(later).pooled["handoffs_per_100"]


def test_a_change_of_behaviour_is_found() -> None:
    """From half to 95 of 100 by the new owners: about 45 fewer handoffs per 100."""
    found = handoffs(0.95)

    assert isinstance(found.effect, Interval)
    assert found.effect.high < 0
    assert found.effect.low <= -45 <= found.effect.high
    assert value_of(found.detectable) < 45
    assert value_of(found.rank) < 0.05
    assert looked_back(0.95).helped


def test_the_same_work_under_new_owners_is_no_effect() -> None:
    """t3 goes on writing half of A: the owner changed, the work did not."""
    found = handoffs(0.5)

    assert isinstance(found.effect, Interval)
    assert found.effect.low < 0 < found.effect.high
    assert not looked_back(0.5).helped


def test_a_service_that_the_new_owners_left_alone_got_worse() -> None:
    """Nobody of t3 writes A any more: handoffs rise, which is said too."""
    found = handoffs(0.0)

    assert isinstance(found.effect, Interval)
    assert found.effect.low > 0


def test_what_cannot_be_measured_says_why() -> None:
    """Half a year of history has no half year on both sides."""
    work = organisation(later=0.5)
    short = work.between(work.since, work.since + 30 * 7 * DAY)
    owned = {name: [(ALWAYS, team)] for name, team in TEAM.items()}
    owned["A"].append((START + 7 * 15 * DAY, "t3"))
    found = find_events(owned, window=(short.since, short.until), options=LookBackOptions())
    result = Past.of(short, found, options=LookBackOptions(), seed=0).result(SetApart())

    assert isinstance(result.pooled["handoffs_per_100"].effect, Unknown)
    assert "No effect can be measured: only 0 comparisons" in result.explain()


def test_the_result_shows_itself() -> None:
    """JSON has the smallest detectable effect first; the table has a row an event."""
    past = looked_back(0.95)
    form: dict[str, Any] = json.loads(json.dumps(past.to_json()))
    (event,) = form["events"]

    schema = json.loads((DOCS / "schema" / "lookback.json").read_text(encoding="utf-8"))
    jsonschema.validate(form, schema)
    assert form["schema"] == "conway.lookback/1"
    assert event["moves"] == ["A: t0 to t3"]
    assert list(form["pooled"]["handoffs_per_100"])[:2] == ["detectable", "effect"]
    assert event["effect"] == event["outcomes"]["handoffs_per_100"]["effect"]
    assert past.to_pandas()[["kind", "moves", "measured"]].values.tolist() == [["move", 1, 1]]
    assert past.explain().index("cannot be told from none") < past.explain().index("Effect")
    assert "A: t0 to t3" in past._repr_html_()


def test_the_same_seed_gives_the_same_figures() -> None:
    """Fake reorganisations are drawn, effects are not."""
    work, options = organisation(later=0.95), LookBackOptions()
    owned = {name: [(ALWAYS, team)] for name, team in TEAM.items()}
    owned["A"].append((START + 7 * MIDDLE * DAY, "t3"))
    found = find_events(owned, window=(work.since, work.until), options=options)
    again = Past.of(work, found, options=options, seed=0).result(SetApart())

    assert again.to_json() == looked_back(0.95).to_json()


def test_grade_a_needs_a_change_of_behaviour() -> None:
    """Moves of services with grade C get it, decouplings and structural moves do not."""
    moves = [
        (Reassign("A", "t3"), "C"),
        (Reassign("B", "t3"), "D"),
        (Decouple(("A", "B"), ()), "C"),
    ]

    def grades(later: float) -> list[str]:
        plan = plan_of(moves)
        return [one.grade for one in graded(plan, looked_back(later)).moves]

    assert grades(0.95) == ["A", "D", "C"]
    assert grades(0.5) == ["C", "D", "C"]


def plan_of(moves: Sequence[tuple[Move, Grade]]) -> Plan:
    """Return a plan of moves with grades."""
    nothing = Unknown("not asked")
    advised = tuple(
        Advised(move, "", nothing, nothing, grade, nothing, 0.0, (), {}, None, "", "", "")
        for move, grade in moves
    )
    return Plan(advised, {}, {}, {}, [], nothing, "")


def test_a_history_without_events_says_so() -> None:
    """One owner for all time."""
    history = history_of(
        {"CODEOWNERS": "* @x/one\n/b/ @x/two\n", "a/f": "", "b/f": ""}, {"a/f": "1"}
    )
    past = look_back(history, read_boundaries(Config(), history))

    assert past.events == ()
    assert "no service changed hands" in past.explain()


def test_without_teams_there_is_nothing_to_look_back_on() -> None:
    """Nobody owns anything, for longer than a year."""
    steps = [{f"a/{n % 3}": str(n), f"b/{n % 2}": str(n)} for n in range(120)]
    history = history_of(*steps)
    past = look_back(history, read_boundaries(Config(), history))

    assert past.events == ()
    assert isinstance(past.pooled["autonomous_share"].effect, Unknown)


@pytest.mark.real
def test_events_of_two_real_organisations(histories: Path) -> None:
    """Renames, teams as a whole, and a twelve-hour edit of an ownership file are told apart."""
    from conway.history.sources import mine

    history = mine(histories / "metamask-core.bundle", key=b"test")
    config = Config.model_validate(
        {"services": {"{package}": "packages/*/**"}, "teams": {"source": "CODEOWNERS"}}
    )
    past = look_back(history, read_boundaries(config, history))

    assert past.apart.renames
    assert past.apart.passing_owners >= 30
    assert {"2024-07-15", "2024-10-02"} <= {event.date for event in past.events}
    assert not any(
        move.after == "core-platform" and event.date == "2025-10-27"
        for event in past.events
        for move in event.moves
        if move.before in {"accounts-engineers", "confirmations", "wallet-ux"}
    )
