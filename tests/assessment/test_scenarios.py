"""The headline under other choices, on work small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from conway.assessment import assess
from conway.assessment.regrouping import regrouped
from conway.assessment.scenarios import every_owner, with_inferred_teams
from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.delivery.footprints import find_footprints
from conway.figures import Unknown, value_of
from conway.history.sources import mine
from sample_repos import build_bank
from tests.works import work_of

SAMPLES = Path(__file__).parents[2] / "sample_repos"


def test_every_owner_must_approve() -> None:
    """{t1|t2} and {t3}: any owner needs t3 beyond t1, every owner needs t2 too."""
    work = work_of("A AB E", owners={"A": "t1|t2", "B": "t3", "E": ""}, authors="t1 t1 t1")

    assert find_footprints(work).handoffs.tolist() == [0, 1]
    assert find_footprints(every_owner(work)).handoffs.tolist() == [1, 2]


def test_every_owner_changes_nothing_where_each_stands_alone() -> None:
    """One owner a file: the same sets of teams."""
    work = work_of("A AB B", teams={"A": "t1", "B": "t2"})
    kinds = [find_footprints(one) for one in (work, every_owner(work))]

    assert kinds[0].teams == kinds[1].teams
    assert kinds[0].kinds.tolist() == kinds[1].kinds.tolist()


def test_teams_are_inferred_from_votes_alone() -> None:
    """Without any vote nobody's team is known."""
    work = work_of("A B", teams={"A": "t1", "B": "t2"})

    assert with_inferred_teams(work).sets["author_team"].tolist() == [-1, -1]


@pytest.mark.slow
def test_choices_of_the_sample_bank(tmp_path: Path) -> None:
    """Shorter gaps link less, tickets join more; what cannot be tried says why."""
    history = mine(*build_bank(tmp_path), key=b"test")
    found = assess(history, read_boundaries(SAMPLES / "bank.toml", history))
    rows = {(one.choice, one.setting): one for one in found.scenarios}
    base = rows["as measured", ""]
    again = regrouped(history, found.work)

    for name in ("sets", "rows", "members"):
        assert getattr(again, name).equals(getattr(found.work, name))
    anew = label(history, found.boundaries, gap_days=3)
    less = regrouped(history, found.work, gap_days=3)
    assert less.members.equals(anew.members)
    assert less.rows[["set", "path", "service"]].equals(anew.rows[["set", "path", "service"]])

    assert base.autonomy == found.delivery.autonomy
    assert base.teams == found.delivery.teams
    assert rows["linkage gap", "14 days"].autonomy == base.autonomy
    gaps = [rows["linkage gap", f"{days} days"].counted for days in (14, 7, 3)]
    assert gaps == sorted(gaps)
    assert gaps[0] < gaps[-1]
    assert rows["unit of change", "ticket"].counted < base.counted
    unknown = rows["approvals", "every owner on a line"].autonomy.autonomous_share
    assert isinstance(unknown, Unknown)
    assert value_of(base.autonomy.single_team_share) > 0
