"""The law: replay equals measuring the moved boundaries, change set by change set."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conway.advice.instance import Instance, State
from conway.advice.moves import SERVICE_OWNERS, Decouple, Delegate, Move, Reassign, SplitService
from conway.advice.relabelling import replay
from conway.delivery.footprints import counted_sets, find_footprints
from conway.errors import PlanError
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TEAMS = {"A": "t1", "B": "t2", "C": "t3", "D": "t1"}
PATHS = [f"{service}/{part}/{name}.py" for service in "ABCD" for part in "xy" for name in "pq"]
OWNERS = {"A/x/p.py": "t1|t2", "B/x/q.py": "t2|t3", "C/y/p.py": "", "D/y/q.py": "t3"}
RULES = ("A/", "B/", "shared")

change_sets = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2", "t3"]), st.sets(st.sampled_from(PATHS), min_size=1, max_size=5)
    ),
    min_size=1,
    max_size=12,
)
moves = st.lists(
    st.one_of(
        st.builds(Reassign, st.sampled_from("ABCD"), st.sampled_from(["t1", "t2", "t3"])),
        st.builds(
            lambda s, part, team: SplitService(
                s, {f"{s}{part}": (f"{s}/{part}/**",)}, {f"{s}{part}": team} if team else {}
            ),
            st.sampled_from("ABCD"),
            st.sampled_from("xy"),
            st.sampled_from(["t1", "t3", ""]),
        ),
        st.builds(
            lambda pair, files: Decouple(pair, tuple(sorted(files))),
            st.sampled_from(list(combinations("ABCD", 2))),
            st.sets(st.sampled_from(PATHS), min_size=1, max_size=3),
        ),
        st.builds(
            Delegate,
            st.sampled_from(RULES),
            st.sampled_from(["t1", "t3", SERVICE_OWNERS, ("t1", "t2")]),
        ),
    ),
    max_size=4,
    unique_by=lambda move: (move.kind, move.services, getattr(move, "pattern", "")),
)


def ruled(sets: list[tuple[str, set[str]]]) -> Work:
    """Return work whose paths are decided by three rules: A/, B/, and one for all else."""
    work = work_of(
        [sorted(paths) for _, paths in sets],
        teams=TEAMS,
        owners=OWNERS,
        authors=[author for author, _ in sets],
    )
    head = np.array([work.paths[path][0] for path in work.rows["path"]])
    rule = np.where(head == "A", 0, np.where(head == "B", 1, 2))
    return replace(work, rows=work.rows.assign(rule=rule), rules=RULES)


def by_hand(author: str, paths: set[str], plan: list[Move]) -> tuple[int, int]:
    """Measure one change set under the moved boundaries, from their definition alone."""
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
        if isinstance(move, Decouple):
            _decouple(files, move)
        for path, file in files.items():
            _relabel(path, file, move)
    needs = [f["owners"] for f in files.values() if f["owners"] and author not in f["owners"]]
    others = sorted({"t1", "t2", "t3"} - {author})
    size = next(
        n
        for n in range(3)
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


def _relabel(path: str, file: dict, move: Move) -> None:
    if isinstance(move, Reassign) and file["service"] == move.service:
        _own(file, move.to)
    if isinstance(move, SplitService) and file["service"] == move.service:
        for name, globs in move.parts.items():
            if any(path.startswith(glob.removesuffix("**")) for glob in globs):
                file["service"] = file["unit"] = name
                if name in move.owners:
                    _own(file, move.owners[name])
    if isinstance(move, Delegate) and file["rule"] == move.pattern and file["owners"]:
        for team in (move.team,) if isinstance(move.team, str) else move.team:
            file["owners"] |= {file["team"] if team == SERVICE_OWNERS else team}


def _own(file: dict, team: str) -> None:
    if file["team"] in file["owners"]:
        file["owners"] = file["owners"] - {file["team"]} | {team}
    file["team"] = team


@settings(deadline=None, max_examples=300)
@given(change_sets, moves)
def test_replay_equals_the_moved_boundaries(
    sets: list[tuple[str, set[str]]], plan: list[Move]
) -> None:
    """Every counted set needs what its definition asks for, whatever the moves."""
    work = ruled(sets)
    counted = counted_sets(work)
    touched = {name for _, paths in sets for name in (p[0] for p in paths)}
    plan = [move for move in plan if set(move.services) <= touched | set("ABCD")]
    moved = find_footprints(replay(work, plan), counted=counted)

    expected = [by_hand(*sets[number], plan) for number in np.flatnonzero(counted)]
    assert list(zip(moved.handoffs.tolist(), moved.lockstep.tolist(), strict=True)) == expected


@settings(deadline=None, max_examples=300)
@given(change_sets, moves)
def test_compressed_costs_equal_replay(sets: list[tuple[str, set[str]]], plan: list[Move]) -> None:
    """The search's costs, move by move, are those of the replayed work."""
    work = ruled(sets)
    counted = counted_sets(work)
    state = State.base(Instance.of(work, counted=counted, candidates=plan))
    for step in range(len(plan) + 1):
        prints = find_footprints(replay(work, plan[:step]), counted=counted)
        assert state.weekly[:2].sum(axis=1).tolist() == [
            prints.handoffs.sum(),
            prints.lockstep.sum(),
        ]
        if step < len(plan):
            difference = state.difference(plan[step])
            before = state.weekly[:2].sum()
            state = state.after(plan[step], difference)
            assert before - state.weekly[:2].sum() == pytest.approx(difference.saved)


@settings(deadline=None, max_examples=100)
@given(change_sets, st.sampled_from("ABCD"), st.sampled_from(["t1", "t2", "t3"]))
def test_undo_restores_everything(sets: list[tuple[str, set[str]]], service: str, to: str) -> None:
    """No moves change nothing; giving a service away and back changes nothing either."""
    plain = {path: text for path, text in OWNERS.items() if "|" not in text and text != "t3"}
    work = work_of(
        [sorted(paths) for _, paths in sets],
        teams=TEAMS,
        owners=plain,
        authors=[author for author, _ in sets],
    )
    counted = counted_sets(work)
    back = replay(work, [Reassign(service, to), Reassign(service, TEAMS[service])])

    for again in (replay(work, []), back):
        one, other = find_footprints(work, counted=counted), find_footprints(again, counted=counted)
        assert one.handoffs.tolist() == other.handoffs.tolist()
        assert one.lockstep.tolist() == other.lockstep.tolist()
        assert [one.teams[k] for k in one.kinds] == [other.teams[k] for k in other.kinds]


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
