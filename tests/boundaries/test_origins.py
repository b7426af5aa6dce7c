"""Generated and vendored files in the coverage, and out of footprints where asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conway.boundaries.authors import authors_of
from conway.boundaries.selecting import select
from conway.config import Selection
from conway.tables import COMMITS
from tests.boundaries.histories import history_of

HISTORY = history_of(
    {"a.py": "1", "yarn.lock": "1"}, {"vendor/x.c": "1", "a.py": "2"}, {"vendor/x.c": "2"}
)


@pytest.mark.parametrize(
    ("generated", "paths"),
    [("include", ["a.py", "a.py", "vendor/x.c", "vendor/x.c", "yarn.lock"]),
     ("exclude", ["a.py", "a.py"])],
)  # fmt: skip
def test_they_are_counted_and_vanish_only_where_asked(generated: str, paths: list[str]) -> None:
    """Two of three files are not written here; the coverage says so either way."""
    selected = select(HISTORY, Selection(generated=generated))  # type: ignore[arg-type]

    assert sorted(selected.files["path"]) == paths
    row = selected.coverage(touching=3)[-1]
    assert (row.what, row.count, row.of) == (
        "files touched that are generated or vendored", 2, 3,
    )  # fmt: skip


def test_a_listed_reformat_leaves_pair_graphs() -> None:
    """It is a repeat, as reverts and picks are; nothing else changes."""
    oid = f"{1:040x}"
    history = history_of({"a.py": "1"}, {"a.py": "1 "}, {".git-blame-ignore-revs": f"{oid}\n"})
    commits = history.changes.assign(
        commit=history.changes["change"], parents=1, time_valid=True, author="p1"
    )
    history = replace(history, commits=COMMITS.check(commits))

    people = authors_of(history, select(history, Selection()).changes)

    assert people["repeat"].tolist() == [False, True, False]
