"""A move must save by the people's teams of the cut and by those since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.fitting import fit
from conway.advice.heldout import Fold
from conway.advice.moves import Reassign
from conway.advice.options import AdviceOptions
from conway.advice.overtaken import find_overtaken
from conway.advice.recommendation import still_open
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TEAMS = {"A": "t1", "B": "t2"}
MOVE = Reassign("A", "t2")


def by(*authors: str) -> Work:
    """Change sets of A by these teams."""
    return work_of("A " * len(authors), teams=TEAMS, authors=" ".join(authors))


def test_a_move_whose_work_the_owner_has_taken_up_is_overtaken() -> None:
    """By the teams of the cut t2 wrote all of A; by those since, t1 wrote three of four."""
    gone = find_overtaken(
        [MOVE], at_cut=by("t2", "t2", "t2", "t2"), since=by("t1", "t1", "t1", "t2")
    )

    assert [(one.move, one.saved_at_cut, one.saved_since) for one in gone] == [(MOVE, 100, -50)]
    assert gone[0].to_json() == {
        "title": "Give A to t2",
        "saved_at_cut": 100,
        "saved_since": -50,
    }


def test_a_move_that_saves_by_both_stays() -> None:
    """t2 still writes most of A."""
    assert not find_overtaken([MOVE], at_cut=by("t2", "t2", "t1"), since=by("t2", "t2", "t1"))


def test_a_move_that_the_held_out_work_speaks_against_is_left_to_that_test() -> None:
    """Leaving it out here would raise the plan's held-out saving."""
    assert not find_overtaken([MOVE], at_cut=by("t1", "t1", "t2"), since=by("t1", "t1", "t2"))


def test_work_without_a_counted_set_overtakes_nothing() -> None:
    """No author's team is known."""
    assert not find_overtaken([MOVE], at_cut=by("-", "-"), since=by("t1", "t1"))


def test_a_plan_is_tested_without_what_was_overtaken_and_with_new_placebos() -> None:
    """People of t2 wrote A until they joined t1 at the cut, day 100."""
    authors = [f"t2:p{number % 4}" for number in range(100)]
    authors += [f"t1:p{number % 4}" for number in range(100)]
    sets = [["A/a.py"]] * 200
    work = work_of(sets, teams=TEAMS, authors=authors)
    fold = Fold((work.since, work.since + 100 * 86_400), (work.since + 100 * 86_400, work.until))
    fitted = replace(fit(work.between(*fold.train), AdviceOptions()), moves=(MOVE,))
    teams = np.full(len(work), work.teams.index("t2"))
    homes = replace(work.homes, members=lambda _person, _time: int(teams[0]))

    left, gone = still_open(fitted, replace(work, homes=homes), fold=fold, options=AdviceOptions())

    assert [one.move for one in gone] == [MOVE]
    assert (left.moves, left.largest, left.others) == ((), (), ())
