"""Functions that tie the two sides of a move, on hand-sized work and on the sample shop."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from conway.advice.functions import seam_of, tying_functions, with_functions
from conway.advice.moves import Decouple, Reassign, SplitService
from tests.works import work_of

_SHOP = Path(__file__).parents[2] / "sample_repos" / "shop.toml"
SPLIT = SplitService("A", {"A-part": ["A/part/**"]}, {"A-part": "web"})
DECOUPLE = Decouple(("A", "B"), ("A/schema.json",))


def _methods(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return methods of (change, path, function)."""
    frame = pd.DataFrame(rows, columns=["change", "path", "method"])
    return frame.assign(repository="r", complexity=3, lines=9)


def test_functions_of_joint_changes_are_counted_and_ranked() -> None:
    """``pay`` twice with the other side; ``tax`` once, and once without it."""
    methods = _methods(
        ("c1", "A/a.py", "pay"), ("c2", "A/a.py", "pay"), ("c2", "A/a.py", "tax"),
        ("c3", "A/a.py", "tax"),
    )  # fmt: skip

    found = tying_functions(SPLIT, methods, together=[("r", "c1"), ("r", "c2")])

    assert [(tie.function, tie.changes, tie.complexity) for tie in found] == [("pay", 2, 3)]
    assert [tie.function for tie in tying_functions(SPLIT, methods)] == ["pay", "tax"]
    assert tying_functions(SPLIT, methods[:0]) == ()
    assert tying_functions(Reassign("A", "web"), methods) == ()


def test_a_split_is_cut_where_its_part_changes_with_the_rest() -> None:
    """The part's file that does so most often comes first; lone changes do not count."""
    work = work_of(
        [["A/part/x.py", "A/a.py"], ["A/part/y.py", "A/part/x.py", "A/b.py"], ["A/part/y.py"],
         ["A/a.py", "B/b.py"]],
        teams={"A": "web", "B": "core"},
    )  # fmt: skip

    seam = seam_of(SPLIT, work)

    assert seam is not None
    assert seam.files == ("A/part/x.py", "A/part/y.py")
    assert len(seam.changes) == 2
    assert seam_of(Reassign("A", "core"), work) is None


def test_a_decoupling_looks_at_its_files_and_at_what_follows_them() -> None:
    """Changes that touch the file and both services."""
    work = work_of(
        [["A/schema.json", "B/read.py"], ["A/schema.json", "A/a.py", "B/read.py", "B/x.py"],
         ["A/schema.json"], ["A/a.py", "B/x.py"]],
        teams={"A": "web", "B": "core"},
    )  # fmt: skip

    seam = seam_of(DECOUPLE, work)

    assert seam is not None
    assert seam.files == ("A/schema.json", "B/read.py", "B/x.py")
    assert len(seam.changes) == 2


@pytest.mark.slow
def test_the_shops_moves_name_functions(tmp_path: Path) -> None:
    """The price list is data: what follows it in the checkout is named; the split names its own."""
    from conway.advice import recommend
    from conway.assessment import assess
    from conway.history.methods import Deep
    from conway.pipeline import Job, boundaries_of, read_job
    from sample_repos import build_shop

    shop = build_shop(tmp_path / "shop")
    job = Job((str(shop),), boundaries=_SHOP, quiet=True)
    history = read_job(job)
    assessment = assess(history, boundaries_of(job, history=history))
    plain = recommend(assessment)
    deep = Deep.at_hand(history, job.repositories)
    assert deep is not None

    told = with_functions(plain, assessment.work, deep=deep._replace(seconds=120))

    named = {
        one.move.kind: {tie["path"].rpartition("/")[0] for tie in one.evidence["functions"]}
        for one in told.moves
        if one.evidence.get("functions")
    }
    assert named["SplitService"] == {"services/orders/dispatch"}
    assert all(folder.startswith("services/checkout/") for folder in named["Decouple"])
    assert [one.title for one in told.moves] == [one.title for one in plain.moves]
