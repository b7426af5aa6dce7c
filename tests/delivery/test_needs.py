"""Who needs whom, on histories small enough to count by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from conway.boundaries.team_structure import Interaction, TeamStructure
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from conway.delivery.intended import intentions
from conway.delivery.needs import NEEDS, pair_teams, pairs_by_quarter
from conway.delivery.writers import WRITERS, joint_work, several_commits
from tests.works import START, work_of

TEAMS = {"A": "t1", "B": "t2", "C": "t3"}
DAY = 24 * 3600


def writers_of(*rows: tuple[int, int, int]) -> pd.DataFrame:
    """Return who wrote: ``(set, team, commits)``."""
    return WRITERS.check(pd.DataFrame(rows, columns=WRITERS.names))


def test_ways_in_which_teams_need_each_other() -> None:
    """t1 needs t2 in three sets: as a guest in B twice, beside its own A once.

    In the last of them t2's people wrote too; t3 wrote in a set that needs no approval of it.
    """
    work = work_of("B B AB A A", teams=TEAMS, authors="t1 t1 t1 t1 t3")
    found = list_handoffs(find_footprints(work))
    joint = joint_work(work, writers_of((0, 0, 1), (2, 0, 2), (2, 1, 1), (3, 0, 1), (3, 2, 1)))

    pairs = pair_teams(work, found, why=intentions(work, found, structure=TeamStructure()),
                       joint=joint)  # fmt: skip

    assert list(pairs.columns) == NEEDS.names
    assert pairs.to_numpy().tolist() == [
        [0, 1, 3, 3.0, 2, 0, 1, 1],  # t1 needs t2
        [0, 2, 0, 0.0, 0, 0, 0, 1],  # t1 and t3 only wrote together
        [2, 0, 1, 1.0, 1, 0, 0, 0],  # t3 needs t1
    ]


def test_equal_sets_share_their_weight_and_not_their_count() -> None:
    """A file of t2 or t3: each is needed in one change set, by half a handoff."""
    work = work_of("A A", teams=TEAMS, owners={"A": "t2|t3"}, authors="t1 t1")
    found = list_handoffs(find_footprints(work))
    pairs = pair_teams(work, found, why=intentions(work, found, structure=TeamStructure()),
                       joint=joint_work(work, WRITERS.empty()))  # fmt: skip

    assert pairs[["to_team", "changes", "weight"]].to_numpy().tolist() == [[1, 2, 1], [2, 2, 1]]


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        (TeamStructure(), ["", "", ""]),
        (TeamStructure(types={"t2": "platform"}), ["platform"] * 3),
        (TeamStructure(types={"t1": "platform"}), ["", "", ""]),
        (
            TeamStructure(interactions=(Interaction(("t1", "t2"), "x-as-a-service"),)),
            ["x-as-a-service"] * 3,
        ),
        (TeamStructure(interactions=(Interaction(("t1", "t2"), "collaboration"),)), ["", "", ""]),
        (
            TeamStructure(
                interactions=(Interaction(("t1", "t2"), "collaboration", until=START + DAY),)
            ),
            ["collaboration", "", ""],
        ),
        (
            TeamStructure(
                types={"t2": "platform"},
                interactions=(
                    Interaction(("t1", "t2"), "collaboration", since=START + 2 * DAY),
                    Interaction(("t1", "t3"), "x-as-a-service"),
                ),
            ),
            ["platform", "platform", ""],
        ),
    ],
    ids=["nothing", "to platform", "from platform", "service", "open-ended", "outlived", "later"],
)
def test_what_teams_intend(structure: TeamStructure, expected: list[str]) -> None:
    """t1 needs t2 on three days: only what is dated, or a platform, is meant to be so."""
    work = work_of("B B B", teams=TEAMS, authors="t1 t1 t1")
    found = list_handoffs(find_footprints(work))

    assert intentions(work, found, structure=structure).tolist() == expected


def test_only_a_second_commit_can_show_a_second_author() -> None:
    """One set of one commit, one of two."""
    writers = writers_of((0, 0, 1), (1, 0, 1), (1, -1, 1))

    assert several_commits(writers).tolist() == [1]


def test_unknown_teams_write_with_nobody() -> None:
    """Neither an unknown author's team nor an unknown writer's makes a pair."""
    work = work_of("A A", teams=TEAMS, authors="- t1")

    assert joint_work(work, writers_of((0, 1, 1), (1, -1, 1))).empty


def test_handoffs_by_quarter() -> None:
    """26 weeks are two quarters: one handoff of two sets, then two of three."""
    days = [0, 1, 91, 92, 181]
    work = work_of("B A B B A", teams=TEAMS, authors="t1 t1 t1 t1 t1", days=days, until=182)
    prints = find_footprints(work)
    found = pairs_by_quarter(work, prints, found=list_handoffs(prints))

    assert found[["from_team", "to_team", "changes", "weight", "of"]].to_numpy().tolist() == [
        [0, 1, 1, 1, 2],
        [0, 1, 2, 2, 3],
    ]
    assert ((found["until"] - found["since"]) // DAY).tolist() == [91, 91]
    assert found["until"].iloc[-1] == work.until


def test_a_begun_quarter_is_left_out() -> None:
    """20 weeks hold one whole quarter, at the end; the handoff of the first day is in none."""
    work = work_of("B A", teams=TEAMS, authors="t1 t1", days=[0, 139], until=140)
    prints = find_footprints(work)

    assert pairs_by_quarter(work, prints, found=list_handoffs(prints)).empty
