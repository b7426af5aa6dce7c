"""The law: replay equals measuring the moved boundaries, change set by change set."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conway.advice.checking import faults_of
from conway.advice.dated import Dated
from conway.advice.instance import Instance
from conway.advice.move import Custom, Label, Move, Names
from conway.advice.moves import (
    SERVICE_OWNERS,
    Approve,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.relabelling import replay
from conway.advice.scores import Scores
from conway.advice.state import State
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam
from conway.boundaries.homes import Homes
from conway.delivery.footprints import counted_sets, find_footprints
from conway.errors import PlanError
from tests.works import DAY, START, work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TEAMS = {"A": "t1", "B": "t2", "C": "t3", "D": "t1"}
PATHS = [f"{service}/{part}/{name}.py" for service in "ABCD" for part in "xy" for name in "pq"]
OWNERS = {"A/x/p.py": "t1|t2", "B/x/q.py": "t2|t3", "C/y/p.py": "", "D/y/q.py": "t3"}
RULES = ("A/", "B/", "shared")
AUTHORS = [f"{team}:{team}{person}" for team in ("t1", "t2", "t3") for person in "ab"]

teams = st.sampled_from(["t1", "t2", "t3"])
services = st.sampled_from("ABCD")
codes = st.frozensets(st.integers(0, 5), max_size=3)
change_sets = st.lists(
    st.tuples(st.sampled_from(AUTHORS), st.sets(st.sampled_from(PATHS), min_size=1, max_size=5)),
    min_size=1,
    max_size=12,
)


def one_train(label: Label) -> Label:
    """Release A and B together; t3 owns what t1 owned in x."""
    unit = "AB" if label.unit in {"A", "B"} else label.unit
    team = "t3" if label.team == "t1" and "/x/" in label.path else label.team
    return replace(label, unit=unit, team=team)


kinds = st.one_of(
    st.builds(Reassign, services, teams),
    st.builds(
        lambda s, part, team: SplitService(
            s, {f"{s}{part}": (f"{s}/{part}/**",)}, {f"{s}{part}": team} if team else {}
        ),
        services,
        st.sampled_from("xy"),
        st.sampled_from(["t1", "t3", ""]),
    ),
    st.builds(
        MergeServices,
        st.sampled_from(list(combinations("ABCD", 2))),
        st.sampled_from(["A", "new"]),
        teams,
    ),
    st.builds(
        lambda pair, files: Decouple(pair, tuple(sorted(files))),
        st.sampled_from(list(combinations(["A", "B", "C", "D", "Ax"], 2))),
        st.sets(st.sampled_from(PATHS), min_size=1, max_size=3),
    ),
    st.builds(
        Delegate,
        st.sampled_from(RULES),
        st.sampled_from(["t1", "t3", SERVICE_OWNERS, ("t1", "t2")]),
    ),
    st.builds(Approve, st.sampled_from(RULES), st.sampled_from([("t2",), ("t1", SERVICE_OWNERS)])),
    st.builds(lambda s, to, who: MoveWithPeople(s, to, codes=who), services, teams, codes),
    st.builds(
        MergeTeams,
        st.sampled_from(list(combinations(["t1", "t2", "t3"], 2))),
        st.sampled_from(["t1", "both"]),
    ),
    st.builds(
        lambda team, held, who: SplitTeam(
            team, {f"{team}x": tuple(held)}, codes=dict.fromkeys(who, f"{team}x")
        ),
        teams,
        st.sets(services, min_size=1, max_size=2),
        codes,
    ),
    st.just(Custom("One train", one_train)),
)
dates = st.integers(0, 12).map(lambda day: START + day * DAY)
plans = st.lists(st.tuples(kinds, st.none() | dates), max_size=4)


def possible(work: Work, drawn: list[tuple[Move, int | None]]) -> list[Move]:
    """Leave out the moves whose names are not there when it is their turn."""
    plan: list[Move] = []
    for move, since in drawn:
        tried = move if since is None else Dated(move, since)
        if not faults_of(work, [*plan, tried]):
            plan.append(tried)
    return plan


def ruled(sets: list[tuple[str, set[str]]]) -> Work:
    """Return work whose paths are decided by three rules: A/, B/, and one for all else."""
    work = work_of(
        [sorted(paths) for _, paths in [*sets, *((author, {"A/x/p.py"}) for author in AUTHORS)]],
        teams=TEAMS,
        owners=OWNERS,
        authors=[*(author for author, _ in sets), *AUTHORS],
    )
    head = np.array([work.paths[path][0] for path in work.rows["path"]])
    rule = np.where(head == "A", 0, np.where(head == "B", 1, 2))
    return replace(work, rows=work.rows.assign(rule=rule), rules=RULES)


def by_hand(author: str, paths: set[str], plan: list[Move], *, time: int) -> tuple[int, int]:
    """Measure one change set under the moved boundaries, from their definition alone."""
    team, person = author.split(":", maxsplit=1)[0], AUTHORS.index(author)
    files = {
        path: {
            "service": path[0],
            "unit": path[0],
            "team": TEAMS[path[0]],
            "owners": set(OWNERS.get(path, TEAMS[path[0]]).split("|")) - {""},
            "rule": {"A": "A/", "B": "B/"}.get(path[0], "shared"),
        }
        for path in paths
    }
    for move in plan:
        if isinstance(move, Dated):
            if time < move.since:
                continue
            move = move.move  # noqa: PLW2901 - the move itself
        if isinstance(move, Decouple):
            _decouple(files, move)
        for path, file in files.items():
            _relabel(path, file, move)
        team = _rehomed(team, person, move)
    needs = [f["owners"] for f in files.values() if f["owners"] and team not in f["owners"]]
    others = sorted(set().union(*needs))
    size = next(
        n
        for n in range(len(others) + 1)
        if any(all(set(chosen) & need for need in needs) for chosen in combinations(others, n))
    )
    return size, max(len({f["unit"] for f in files.values()}) - 1, 0)


def _decouple(files: dict[str, dict], move: Decouple) -> None:
    one, other = ({p for p, f in files.items() if f["service"] == s} for s in move.services)
    if one and other:
        for side in (one, other):
            if side <= set(move.files):
                for path in side:
                    del files[path]
                return


def _rehomed(team: str, person: int, move: Move) -> str:
    if isinstance(move, MoveWithPeople) and person in move.codes:
        return move.to
    if isinstance(move, MergeTeams) and team in move.merged:
        return move.name
    if isinstance(move, SplitTeam) and team == move.team:
        return move.codes.get(person, team)
    return team


def _relabel(path: str, file: dict, move: Move) -> None:
    _relabel_service(path, file, move)
    _relabel_teams(path, file, move)


def _relabel_service(path: str, file: dict, move: Move) -> None:
    if isinstance(move, Reassign | MoveWithPeople) and file["service"] == move.service:
        _own(file, move.to)
    if isinstance(move, SplitService) and file["service"] == move.service:
        for name, globs in move.parts.items():
            if any(path.startswith(glob.removesuffix("**")) for glob in globs):
                file["unit"] = name if file["unit"] == file["service"] else file["unit"]
                file["service"] = name
                if name in move.owners:
                    _own(file, move.owners[name])
    if isinstance(move, Delegate) and file["rule"] == move.pattern and file["owners"]:
        for team in (move.team,) if isinstance(move.team, str) else move.team:
            file["owners"] = file["owners"] | {file["team"] if team == SERVICE_OWNERS else team}


def _relabel_teams(path: str, file: dict, move: Move) -> None:
    if isinstance(move, MergeServices) and file["service"] in move.merged:
        file["unit"] = move.name if file["unit"] == file["service"] else file["unit"]
        file["service"] = move.name
        _own(file, move.to)
    if isinstance(move, MergeTeams):
        file["owners"] = {move.name if t in move.merged else t for t in file["owners"]}
        file["team"] = move.name if file["team"] in move.merged else file["team"]
    if isinstance(move, SplitTeam) and file["team"] == move.team:
        for name, held in move.parts.items():
            if file["service"] in held:
                _own(file, name)
    if isinstance(move, Custom):
        file["unit"] = "AB" if file["unit"] in {"A", "B"} else file["unit"]
        file["team"] = "t3" if file["team"] == "t1" and "/x/" in path else file["team"]

    if isinstance(move, Approve) and file["rule"] == move.pattern and file["owners"]:
        file["owners"] = {file["team"] if t == SERVICE_OWNERS else t for t in move.teams}


def _own(file: dict, team: str) -> None:
    if file["team"] in file["owners"]:
        file["owners"] = file["owners"] - {file["team"]} | {team}
    file["team"] = team


@settings(deadline=None, max_examples=120)
@given(change_sets, plans)
def test_replay_equals_the_moved_boundaries(
    sets: list[tuple[str, set[str]]], drawn: list[tuple[Move, int | None]]
) -> None:
    """Every counted set needs what its definition asks for, whatever the moves."""
    work = ruled(sets)
    counted = counted_sets(work)
    plan = possible(work, drawn)
    moved = find_footprints(replay(work, plan), counted=counted)

    times = work.sets["time"].tolist()
    every = [*sets, *((author, {"A/x/p.py"}) for author in AUTHORS)]
    expected = [by_hand(*every[n], plan, time=times[n]) for n in np.flatnonzero(counted)]
    assert list(zip(moved.handoffs.tolist(), moved.lockstep.tolist(), strict=True)) == expected


@settings(deadline=None, max_examples=120)
@given(change_sets, plans)
def test_compressed_costs_equal_replay(
    sets: list[tuple[str, set[str]]], drawn: list[tuple[Move, int | None]]
) -> None:
    """The search's costs and loads, move by move, are those of the replayed work; and back."""
    work = ruled(sets)
    counted = counted_sets(work)
    plan = possible(work, drawn)
    states = [State.base(Instance.of(work, counted=counted, candidates=plan))]
    for move in plan:
        difference = states[-1].difference(move)
        states.append(states[-1].after(move, difference))
        saved = states[-2].weekly[:2].sum() - states[-1].weekly[:2].sum()
        assert saved == pytest.approx(difference.saved)
    for step in reversed(range(len(plan) + 1)):
        moved = replay(work, plan[:step])
        prints = find_footprints(moved, counted=counted)
        weekly = states[step].weekly[:2].sum(axis=1).tolist()
        assert weekly == [prints.handoffs.sum(), prints.lockstep.sum()]
        named = dict.fromkeys(moved.teams, 0.0)
        for kind in prints.kinds.tolist():
            for chosen in prints.teams[kind]:
                for team in chosen:
                    named[moved.teams[team]] += 1 / len(prints.teams[kind])
        found = dict(zip(states[step].instance.teams, states[step].loads(), strict=True))
        assert {t: v for t, v in found.items() if v > 1e-9} == pytest.approx(
            {t: v for t, v in named.items() if v > 1e-9}
        )


@settings(deadline=None, max_examples=60)
@given(change_sets, st.lists(kinds, min_size=2, max_size=6))
def test_scores_kept_up_to_date_equal_scores_from_scratch(
    sets: list[tuple[str, set[str]]], drawn: list[Move]
) -> None:
    """After each candidate, every other one changes what it would change if scored anew."""
    work = ruled(sets)
    moves = [move for move in drawn if not faults_of(work, [move])]
    instance = Instance.of(work, counted=counted_sets(work), candidates=moves)
    scores = Scores.of(State.base(instance), moves)
    for place in range(len(moves)):
        scores = scores.after(place)
        for move, kept in zip(moves, scores.differences, strict=True):
            fresh = scores.state.difference(move)
            assert kept.saved == pytest.approx(fresh.saved)
            assert {kind: kept.costs.get(kind) for kind in fresh.costs} == fresh.costs


@settings(deadline=None, max_examples=60)
@given(change_sets, plans)
def test_replay_leaves_the_base_as_it_was(
    sets: list[tuple[str, set[str]]], drawn: list[tuple[Move, int | None]]
) -> None:
    """Undoing is going back to the base: nothing of it has changed, to the last byte."""
    work, again = ruled(sets), ruled(sets)
    replay(work, possible(work, drawn))

    pd.testing.assert_frame_equal(work.sets, again.sets)
    pd.testing.assert_frame_equal(work.rows, again.rows)
    assert (work.services, work.units, work.teams) == (again.services, again.units, again.teams)
    assert (work.owners, work.service_teams) == (again.owners, again.service_teams)


@settings(deadline=None, max_examples=60)
@given(change_sets, services, teams)
def test_undo_restores_everything(sets: list[tuple[str, set[str]]], service: str, to: str) -> None:
    """No moves, a service given away and back, a team split and joined: nothing changes."""
    plain = {path: text for path, text in OWNERS.items() if "|" not in text and text != "t3"}
    work = work_of(
        [sorted(paths) for _, paths in sets],
        teams=TEAMS,
        owners=plain,
        authors=[author for author, _ in sets],
    )
    counted = counted_sets(work)
    base = find_footprints(work, counted=counted)
    there_and_back: list[list[Move]] = [[]]
    if to in work.teams and TEAMS[service] in work.teams:
        there_and_back.append([Reassign(service, to), Reassign(service, TEAMS[service])])
        halves = SplitTeam(to, {"half": tuple(s for s in "ABCD" if TEAMS[s] == to)})
        there_and_back.append([halves, MergeTeams((to, "half"), to)])
    for plan in there_and_back:
        again = replay(work, [move for move in plan if set(move.services) <= set(work.services)])
        other = find_footprints(again, counted=counted)
        assert base.handoffs.tolist() == other.handoffs.tolist()
        assert base.lockstep.tolist() == other.lockstep.tolist()
        assert work.sets["author_team"].tolist() == again.sets["author_team"].tolist()
        assert [base.teams[k] for k in base.kinds] == [other.teams[k] for k in other.kinds]


def test_people_move_with_their_service() -> None:
    """By default those of the owning team most of whose change sets touch the service."""
    authors = "t1:ann t1:ann t1:ann t1:bob t1:bob t2:cy"
    work = work_of("A A D D D B", teams=TEAMS, authors=authors)
    move = MoveWithPeople("A", "t2")

    moved = replay(work, [move])
    assert [moved.teams[team] for team in moved.sets["author_team"]] == [
        "t2", "t2", "t2", "t1", "t1", "t2",
    ]  # fmt: skip
    assert find_footprints(moved, counted=counted_sets(work)).handoffs.tolist() == [
        0, 0, 1, 0, 0, 0,
    ]  # fmt: skip


def test_persons_of_a_plan_are_entries_of_the_memberships_and_never_shown() -> None:
    """A person who is not in the table is counted, not named; nor does a move show one."""
    work = work_of("A A B", teams=TEAMS, authors="t1:ann t1:bob t2:cy")
    homes = Homes({}, lambda _person, _time: 0, lambda entry: {"Ann": (0,)}.get(entry, ()))
    work = replace(work, homes=homes)
    known = MoveWithPeople("A", "t2", people=("Ann",))

    assert replay(work, [known]).sets["author_team"].tolist() == [1, 0, 1]
    assert "Ann" not in repr(known)
    with pytest.raises(PlanError) as fault:
        replay(work, [MoveWithPeople("A", "t2", people=("Ann", "Dee"))])
    assert "1 of 2 persons are not in the table of memberships" in str(fault.value)
    assert "Dee" not in str(fault.value)


def test_a_function_may_not_make_up_a_team() -> None:
    """A custom move that names a new team must say so."""
    work = work_of("A B", teams=TEAMS)

    def away(label: Label) -> Label:
        return replace(label, team="them", owners=frozenset({"them"}))

    with pytest.raises(PlanError, match="'them', which is no team"):
        replay(work, [Custom("Away", away)])
    moved = replay(work, [Custom("Away", away, needs=Names(new_teams=("them",)))])
    assert find_footprints(moved, counted=counted_sets(work)).handoffs.tolist() == [1, 1]


def test_moves_that_name_nothing_are_refused_together() -> None:
    """Every fault of a plan in one message, with the choices."""
    work = ruled([("t1", {"A/x/p.py"})])
    plan: list[Move] = [
        Reassign("Z", "t1"),
        Reassign("A", "nobody"),
        Delegate("none", "t1"),
        SplitService("A", {"B": ("A/x/**",)}),
    ]

    with pytest.raises(PlanError) as fault:
        replay(work, plan)
    message = str(fault.value)
    assert "plan: 4 problems" in message
    assert "no service 'Z' (services: A, B, C, D)" in message
    assert "no team 'nobody' (teams: t1, t2, t3)" in message
    assert "no approval rule 'none' (rules: A/, B/, shared)" in message
    assert "part 'B' is a service already" in message
