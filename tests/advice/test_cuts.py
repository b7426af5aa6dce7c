"""What a cut leaves, counted by hand."""

from __future__ import annotations

from conway.advice.cuts import cut_of
from conway.advice.moves import Decouple, Reassign, SplitService
from tests.works import work_of

TEAMS = {"A": "t1", "B": "t2"}


def test_a_decoupling_says_how_much_coupling_remains() -> None:
    """Three sets touch A and B: two of them B only through the table; one through its code."""
    sets = [["A/a.py", "B/prices.json"], ["A/b.py", "B/prices.json"], ["A/a.py", "B/code.py"],
            ["B/code.py"]]  # fmt: skip
    work = work_of(sets, teams=TEAMS)

    assert cut_of(Decouple(("A", "B"), ("B/prices.json",)), work) == {
        "joint": 3,
        "remaining": 1,
        "to_cut": ["A/a.py", "B/code.py"],
    }


def test_a_split_names_the_files_that_must_be_cut() -> None:
    """Three sets touch the part, one of them the rest of the service too."""
    sets = [["A/two/x.py"], ["A/two/y.py"], ["A/one/z.py", "A/two/x.py"], ["A/one/z.py"]]
    move = SplitService("A", {"A-two": ("A/two/**",)}, {"A-two": "t2"})

    assert cut_of(move, work_of(sets, teams=TEAMS)) == {
        "joint": 3,
        "remaining": 1,
        "to_cut": ["A/two/x.py"],
    }


def test_other_moves_cut_nothing() -> None:
    """A service that changes hands stays whole."""
    assert cut_of(Reassign("A", "t2"), work_of("A B", teams=TEAMS)) == {}
