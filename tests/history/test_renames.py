"""Today's path of files that were renamed, replaced, swapped and deleted."""

from __future__ import annotations

import pandas as pd

from conway.history.record import History
from conway.history.renames import current_paths
from conway.mining.facts import Facts
from conway.tables import FACTS

Row = tuple[int, str, str, str | None]


def _today(*rows: Row, repository: str = "r") -> list[str]:
    return _traced([(repository, *row) for row in rows])


def _traced(rows: list[tuple[str, int, str, str, str | None]]) -> list[str]:
    files = pd.DataFrame(rows, columns=["repository", "position", "status", "path", "old_path"])
    files = files.assign(change="c", added=1, deleted=0, submodule=False)
    tables = {schema.name: schema.empty() for schema in FACTS}
    return current_paths(History.of(Facts({**tables, "change_files": files}, ()))).tolist()


def test_a_renamed_file_has_its_last_name() -> None:
    """Over two renames, edits between them included."""
    assert _today(
        (0, "A", "a", None), (1, "R", "b", "a"), (2, "M", "b", None), (3, "R", "c", "b")
    ) == ["c", "c", "c", "c"]


def test_a_name_used_again_is_another_file() -> None:
    """The first ``a`` became ``b``; the second one is still ``a``."""
    assert _today(
        (0, "A", "a", None), (1, "R", "b", "a"), (2, "A", "a", None), (3, "M", "a", None)
    ) == ["b", "b", "a", "a"]


def test_a_deleted_file_keeps_its_last_name() -> None:
    """What came later under that name and moved on is another file."""
    assert _today(
        (0, "A", "a", None), (1, "D", "a", None), (2, "A", "a", None), (3, "R", "z", "a")
    ) == ["a", "a", "z", "z"]


def test_two_files_may_swap_names_in_one_change() -> None:
    """Both renames hold as of the same moment."""
    assert _today(
        (0, "A", "a", None), (0, "A", "b", None), (1, "R", "a", "b"), (1, "R", "b", "a")
    ) == ["b", "a", "a", "b"]


def test_repositories_do_not_mix() -> None:
    """A rename in one leaves the other's file of that name alone."""
    assert _traced(
        [("one", 0, "A", "a", None), ("one", 1, "R", "b", "a"), ("two", 0, "A", "a", None)]
    ) == ["b", "b", "a"]
