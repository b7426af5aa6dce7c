"""Numbers that tempt to the wrong advice: each example of docs/evidence.md, counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from conway.advice.baselines import load_balancing
from conway.advice.fitting import fit
from conway.advice.heldout import Trial
from conway.advice.move import Custom, Label
from conway.advice.moves import Reassign
from conway.advice.options import AdviceOptions
from conway.advice.relabelling import replay
from conway.boundaries.homes import Homes, votes_of
from conway.delivery.measurement import measure_delivery
from conway.figures import value_of
from tests.works import work_of

OPTIONS = AdviceOptions()


def people(teams: list[str]) -> list[str]:
    """Give each team four people who take turns."""
    return [f"{team}:{team}{number // 4 % 4}" for number, team in enumerate(teams)]


def test_a_busy_service_is_no_defect() -> None:
    """80 of 100 change sets are in A: the bound says 1.25, and giving A away costs handoffs."""
    sets = ["A", "A", "A", "A", "B"] * 60
    teams = {"A": "t1", "B": "t2"}
    work = work_of(sets, teams=teams, authors=people(["t1", "t1", "t1", "t1", "t2"] * 60))
    measured = measure_delivery(work)
    balanced = load_balancing(work, moves=1, options=OPTIONS)

    assert value_of(measured.services.bound) == 1.25
    assert value_of(measured.autonomy.single_team_share) == 1.0
    assert balanced == (Reassign("A", "t2"),)
    assert Trial.of(work, [balanced]).weekly_saved(balanced)[0].sum() == -240
    assert fit(work, OPTIONS).moves == ()


def test_a_large_team_saves_handoffs_wherever_it_is_sent() -> None:
    """Everybody works everywhere at random, t1 most: all of it to t1 "saves", and says nothing."""
    rng = np.random.default_rng(3)
    names = list("ABCDEF")
    sets = [str(rng.choice(names)) for _ in range(600)]
    wrote = [str(rng.choice(["t1", "t1", "t1", "t2", "t3"])) for _ in range(600)]
    teams = {name: "t2" if number % 2 else "t3" for number, name in enumerate(names)}
    work = work_of(sets, teams=teams, authors=people(wrote))
    plans = [(Reassign(name, "t1"),) for name in names]
    trial = Trial.of(work, plans)

    assert all(trial.weekly_saved(plan)[0].sum() > 20 for plan in plans)
    assert fit(work, OPTIONS).moves == ()


def together(label: Label) -> Label:
    """Release every library in one train."""
    return replace(label, unit="train")


def test_one_train_ends_lockstep_and_independence() -> None:
    """Four libraries, one change set in four touches two: one train ends that, and all streams."""
    sets = ["A", "B", "C", "D", "AB", "A", "B", "C", "D", "CD"] * 30
    work = work_of(sets, teams=dict.fromkeys("ABCD", "t1"))
    before, after = (
        measure_delivery(one) for one in (work, replay(work, [Custom("One train", together)]))
    )

    assert value_of(before.autonomy.lockstep_per_100) == 20
    assert value_of(after.autonomy.lockstep_per_100) == 0
    assert round(value_of(before.units.streams), 1) == 3.0
    assert value_of(after.units.streams) == 1


def test_inferred_teams_hide_the_handoffs_of_outsiders() -> None:
    """t2's people work on A alone, which t1 owns: inferred, they are t1's and need nobody."""
    sets = ["A"] * 100
    work = work_of(sets, teams={"A": "t1", "B": "t2"}, authors=["t2:u"] * 100)
    times, authors = work.sets["time"].to_numpy(), work.sets["author"].to_numpy()
    votes = votes_of(authors, times, teams=[(work.teams.index("t1"),)] * 100)
    inferred = Homes(votes).teams_of(authors, times)
    guessed = replace(work, sets=work.sets.assign(author_team=inferred))

    assert value_of(measure_delivery(work).autonomy.handoffs_per_100) == 100
    assert value_of(measure_delivery(guessed).autonomy.handoffs_per_100) == 0
    assert fit(guessed, OPTIONS).moves == ()
