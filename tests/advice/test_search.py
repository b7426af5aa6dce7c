"""What is proposed, what the limits forbid, and what is never rewarded."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from conway.advice.bound import upper_bound
from conway.advice.candidates import Ground, propose
from conway.advice.fitting import fit
from conway.advice.heldout import Trial, folds
from conway.advice.instance import Instance
from conway.advice.limits import Limits
from conway.advice.move import Custom, Label, Move
from conway.advice.moves import (
    SERVICE_OWNERS,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.options import AdviceOptions
from conway.advice.pareto import pareto_front
from conway.advice.placebo import largest_team, other_teams
from conway.advice.search import Search
from conway.advice.state import State
from conway.advice.structureless import without_structure
from conway.advice.survival import share_survived
from conway.advice.team_moves import MergeTeams
from conway.boundaries.homes import Homes
from conway.boundaries.work import WEEK
from conway.delivery.footprints import counted_sets
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TEAMS = {"A": "t1", "B": "t2", "C": "t3"}
PEOPLE = 4


def authors(teams: list[str]) -> list[str]:
    """Give each team four people who take turns."""
    return [f"{team}:{team}{number // PEOPLE % PEOPLE}" for number, team in enumerate(teams)]


def misowned() -> Work:
    """t2's people make nearly every change of A, which t1 owns on paper."""
    sets, teams = [], []
    for number in range(120):
        service, team = [("A", "t2"), ("B", "t2"), ("C", "t3"), ("C", "t1")][number % 4]
        sets.append([f"{service}/f{number % 3}.py"])
        teams.append(team)
    return work_of(sets, teams=TEAMS, authors=authors(teams))


def test_a_misowned_service_goes_to_those_who_work_there() -> None:
    """One reassignment, and nothing else is worth its cost."""
    assert fit(misowned(), AdviceOptions()).moves == (Reassign("A", "t2"),)


def test_a_pinned_service_stays() -> None:
    """A pin is believed."""
    assert fit(misowned(), AdviceOptions(pinned=("A",))).moves == ()


def test_a_team_of_one_is_never_a_target() -> None:
    """The same work by one person: no team to give it to."""
    work = misowned()
    alone = work.sets.assign(author=work.sets["author_team"])

    assert fit(replace(work, sets=alone), AdviceOptions()).moves == ()


def test_a_separable_half_is_split_off() -> None:
    """t2 works in A/two, the owner in A/one; hardly a change touches both."""
    sets, teams = [], []
    for number in range(160):
        path, team = [
            ("A/one/a.py", "t1"), ("A/two/b.py", "t2"), ("B/x/b.py", "t2"), ("C/x/c.py", "t3")
        ][number % 4]  # fmt: skip
        sets.append([path])
        teams.append(team)
    work = work_of(sets, teams=TEAMS, authors=authors(teams))

    (move,) = fit(work, AdviceOptions()).moves
    assert isinstance(move, SplitService)
    assert (move.service, dict(move.parts), dict(move.owners)) == (
        "A",
        {"A-two": ("A/two/**",)},
        {"A-two": "t2"},
    )


def test_mixed_halves_are_not_split() -> None:
    """Where every change touches both folders there is nothing to separate."""
    sets = [["A/one/a.py", "A/two/b.py"]] * 80
    work = work_of(sets, teams=TEAMS, authors=authors(["t1", "t2"] * 40))

    assert not any(isinstance(m, SplitService) for m in propose(Ground.of(work, AdviceOptions())))


def test_a_tying_file_is_decoupled() -> None:
    """t1's changes of A touch one file of B, its manifest following, and nothing else of B."""
    sets = [["A/a.py", "B/prices.json", "B/package.json"], ["B/b.py", "B/c.py"], ["A/z.py"]] * 30
    work = work_of(sets, teams=TEAMS, authors=authors(["t1", "t2", "t1"] * 30))

    assert Decouple(("A", "B"), ("B/prices.json",)) in fit(work, AdviceOptions()).moves


def test_a_rule_is_delegated_only_where_its_team_does_not_work() -> None:
    """Deploy files of all services need t3, who never touches them; the owners do."""
    sets = [["A/a.py", "A/deploy.yml"], ["B/b.py", "B/deploy.yml"], ["C/c.py"]] * 30
    owners = {"A/deploy.yml": "t3", "B/deploy.yml": "t3"}
    work = work_of(sets, teams=TEAMS, owners=owners, authors=authors(["t1", "t2", "t3"] * 30))
    rule = np.array([0 if "deploy" in work.paths[p] else -1 for p in work.rows["path"]])
    work = replace(work, rows=work.rows.assign(rule=rule), rules=("**/deploy.yml",))
    busy = work.sets.assign(author_team=work.teams.index("t3"))

    assert Delegate("**/deploy.yml", SERVICE_OWNERS) in fit(work, AdviceOptions()).moves
    assert fit(replace(work, sets=busy), AdviceOptions()).moves == ()


def test_one_giant_team_is_never_proposed() -> None:
    """Load limits hold even where merging everything into one team would end all handoffs."""
    rng = np.random.default_rng(5)
    services = list("ABCDEF")
    teams = {service: f"t{n % 3}" for n, service in enumerate(services)}
    sets = ["".join(sorted(set(rng.choice(services, 2)))) for _ in range(300)]
    work = work_of(sets, teams=teams, authors=authors([f"t{n}" for n in rng.integers(3, size=300)]))
    options = AdviceOptions(moves=6)
    fitted = fit(work, options)
    instance = Instance.of(work, counted=fitted.counted, candidates=fitted.moves)
    base = State.base(instance)
    after = base
    for move in fitted.moves:
        after = after.after(move)

    assert (after.loads() <= np.maximum(1.5 * base.loads(), base.loads().max()) + 1e-9).all()


def test_deleting_ownership_is_not_a_move_and_splitting_commits_is_not_rewarded() -> None:
    """Every candidate keeps each owned path owned, and the number of counted sets."""
    work = misowned()
    for move in propose(Ground.of(work, AdviceOptions())):
        state = State.base(Instance.of(work, counted=counted_sets(work), candidates=[move]))
        after = state.after(move)
        assert all(label.owners for label in after.labels)
        assert after.instance.total == state.instance.total


def crowded() -> Work:
    """Six services of three teams that all change together, released one by one."""
    rng = np.random.default_rng(5)
    teams = {service: f"t{n % 3}" for n, service in enumerate("ABCDEF")}
    sets = ["".join(sorted(set(rng.choice(list("ABCDEF"), 3)))) for _ in range(300)]
    return work_of(sets, teams=teams, authors=authors([f"t{n}" for n in rng.integers(3, size=300)]))


def no_owner(label: Label) -> Label:
    """Delete every ownership line."""
    return replace(label, owners=frozenset())


def one_train(label: Label) -> Label:
    """Release everything together."""
    return replace(label, unit="all")


@pytest.mark.parametrize(
    "move",
    [
        Custom("Delete the ownership lines", no_owner),
        Custom("One train", one_train),
        MergeServices(tuple("ABCDEF"), "all", "t0"),
        MergeTeams(("t0", "t1", "t2"), "one"),
    ],
    ids=lambda move: move.kind,
)
def test_what_ends_all_crossings_is_refused_however_much_it_saves(move: Move) -> None:
    """No owners, one train, one service, one team: each saves most and none is in a plan."""
    work = crowded()
    counted = counted_sets(work)
    base = State.base(Instance.of(work, counted=counted, candidates=[move]))
    search = Search.over(work, base, candidates=[move], options=AdviceOptions())
    saved = State.base(search.instance).difference(move).saved

    assert saved > 100
    assert search.best() == ()


@pytest.mark.parametrize("people", [0, 1])
def test_an_idle_team_and_a_team_of_one_receive_nothing(people: int) -> None:
    """t9 has nobody, or one person who writes every change of A: neither may own A."""
    teams = {"A": "t1", "B": "t2", "Z": "t9"}
    wrote = ["t9:solo" if people else "t2:u", "t1:v", "t2:w"]
    work = work_of(["A", "A", "B"] * 40, teams=teams, authors=wrote * 40)
    candidates = [Reassign("A", "t9"), *propose(Ground.of(work, AdviceOptions()))]
    base = State.base(Instance.of(work, counted=counted_sets(work), candidates=candidates))
    plan = Search.over(work, base, candidates=candidates, options=AdviceOptions()).best()

    assert Reassign("A", "t9") not in plan
    assert not any(move.to == "t9" for move in plan)


def test_two_services_go_together_where_neither_may_alone() -> None:
    """A and B always change together, by t2: one of them at t2 ends no handoff, both do."""
    work = work_of(
        ["AB", "C", "D"] * 60,
        teams={"A": "t1", "B": "t1", "C": "t2", "D": "t2"},
        authors=authors(["t2", "t2", "t1"] * 60),
    )
    both = [Reassign("A", "t2"), Reassign("B", "t2")]
    base = State.base(Instance.of(work, counted=counted_sets(work), candidates=both))
    options = AdviceOptions(moves=2, max_services_growth=2)
    search = Search.over(work, base, candidates=both, options=options)

    assert State.base(search.instance).difference(both[0]).saved == 0
    assert search.best() == tuple(both)
    assert Search.best(replace_judge(search)) == tuple(both)


def replace_judge(search: Search) -> Search:
    """Return the search held against its own instance apart: it may not solve exactly then."""
    return replace(search, judged=search.instance)


def test_no_part_of_a_plan_beats_the_pareto_front() -> None:
    """Doing nothing is on it; gain and disruption rise together."""
    work = misowned()
    moves = (Reassign("A", "t2"), Reassign("C", "t1"), Delegate("/A/", "t2"))
    front = pareto_front(Trial.of(work, [moves]), moves)

    assert front[0] == {"moves": 0.0, "gain": 0.0, "disruption": 0.0}
    assert all(a["gain"] < b["gain"] for a, b in pairwise(front))
    assert all(a["disruption"] < b["disruption"] for a, b in pairwise(front))
    assert front[1] == {"moves": 1.0, "gain": 25.0, "disruption": 0.5}


def test_limits_of_services_leave_one_more() -> None:
    """A team may own one service more than it did, however small the growth allowed."""
    work = misowned()
    limits = Limits.of(
        work,
        State.base(Instance.of(work, counted=counted_sets(work), candidates=())),
        options=AdviceOptions(max_services_growth=1.0),
    )

    assert limits.services == {"t1": 2, "t2": 2, "t3": 2}


def test_shapley_shares_add_up() -> None:
    """Shares of a plan's moves sum to what the plan saves."""
    work = misowned()
    plan = (Reassign("A", "t2"), Reassign("C", "t1"), Delegate("none", "t1"))
    trial = Trial.of(work, [plan])

    assert sum(trial.shapley(plan))[:2].sum() == pytest.approx(trial.weekly_saved(plan)[:2].sum())


def test_survival_asks_for_help_in_every_way_of_measuring() -> None:
    """The right move helps in all scenarios, a useless one in none."""
    work = misowned()
    plan = (Reassign("A", "t2"), Reassign("B", "t2"))

    assert share_survived(work, plan, counted=counted_sets(work))[1] == 0.0
    assert share_survived(work, plan, counted=counted_sets(work))[0] > 0.8


def test_placebos_never_name_the_target_or_the_owner() -> None:
    """The same service, to the largest admissible other team and to the others."""
    work = misowned()
    moves = (Reassign("A", "t2"),)
    loads = np.array([10.0, 50.0, 30.0])

    assert largest_team(work, moves, loads=loads, options=AdviceOptions()) == (Reassign("A", "t3"),)
    assert other_teams(work, moves, loads=loads, options=AdviceOptions()) == ()


def test_structureless_work_keeps_margins() -> None:
    """Authors, set sizes and service counts stay; what goes together does not."""
    work = misowned()
    work = work_of("AB BC AC ABC A B C AB" * 1, teams=TEAMS)
    null = without_structure(work, seed=3)

    def margins(one: Work) -> tuple[list[int], list[int], list[int]]:
        cells = one.rows[["set", "service"]].drop_duplicates()
        return (
            cells.groupby("set").size().tolist(),
            cells.groupby("service").size().tolist(),
            sorted(one.sets["author_team"]),
        )

    assert margins(null) == margins(work)


def test_folds_end_with_the_window_and_never_test_a_week_twice() -> None:
    """78 weeks give three folds of 26 + 1 + 13; 39 weeks give none."""
    work = work_of("A B", days=[0, 78 * 7 - 1], until=78 * 7)
    found = folds(work, AdviceOptions())

    assert [((f.train[1] - f.train[0]) // WEEK, f.test[0] - f.train[1]) for f in found] == [
        (26, WEEK)
    ] * 3
    assert found[-1].test[1] == work.until
    assert all(a.test[1] == b.test[0] for a, b in pairwise(found))
    assert folds(replace(work, until=work.since + 39 * WEEK), AdviceOptions()) == ()


def test_votes_only_count_from_earlier_weeks() -> None:
    """A person's team just before a change never sees the change itself."""
    homes = Homes({7: ([100, 200], [(1,), (2,)])})

    assert [homes.team_at(7, time) for time in (100, 101, 201)] == [-1, 1, 1]


def test_the_bound_holds_against_every_part_of_the_candidates() -> None:
    """No three of the candidates save more than it says, and one of them saves all of it."""
    work = misowned()
    moves = propose(Ground.of(work, AdviceOptions()))
    counted = counted_sets(work)
    options = AdviceOptions(moves=3)
    trial = Trial.of(work, [moves], counted=counted)
    saved = [
        100 * trial.weekly_saved(part)[:2].sum() / trial.sets.sum()
        for size in range(4)
        for part in combinations(moves, size)
    ]
    bound = upper_bound(work, moves, counted=counted, options=options)

    assert max(saved) <= bound + 1e-9
    assert bound == pytest.approx(max(saved), abs=1e-3)
