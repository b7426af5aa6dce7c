"""Services that are released together, by tags that name them and by tags that do not."""

from __future__ import annotations

import pandas as pd
import pytest

from conway.coupling.releases import release_pairs, released
from conway.history.schemas import CONTENTS
from tests.works import START, work_of

HOUR = 3600


def contents(*tags: tuple[str | None, float, int, int]) -> pd.DataFrame:
    """Return releases: target, hour, first and last position."""
    rows = [
        {
            "repository": "repo",
            "tag": f"{target}@{number}",
            "target": target,
            "time": START + round(hour * HOUR),
            "first": first,
            "last": last,
            "changes": max(0, last - first + 1),
            "commits": 0,
        }
        for number, (target, hour, first, last) in enumerate(tags)
    ]
    return CONTENTS.check(pd.DataFrame(rows, columns=CONTENTS.names))


def test_tags_that_name_services_release_them() -> None:
    """A and B in the hours 1 and 2, A alone in hour 5: degree 2·2 / (3 + 2)."""
    work = work_of("A B C", until=30)
    found = release_pairs(
        work,
        contents(
            ("A", 1.1, 0, 0), ("B", 1.9, 0, 0), ("@x/A", 2, 1, 1), ("B", 2.5, 1, 1), ("A", 5, 2, 2)
        ),
    )

    (row,) = found.to_dict("records")
    assert (row["a"], row["b"], row["joint"]) == ("A", "B", 2)
    assert (row["releases_a"], row["releases_b"]) == (3, 2)
    assert row["degree"] == pytest.approx(0.8)


def test_other_tags_release_what_changed() -> None:
    """The first tag holds sets 0 and 1 (A, B), the second set 2 (C), the third nothing."""
    work = work_of("A B C A", until=30)

    touches = released(work, contents((None, 48, 0, 1), (None, 72, 2, 2), ("other", 80, 3, 2)))

    assert touches.toarray().tolist() == [[1, 1, 0], [0, 0, 1]]


def test_tags_outside_the_window_do_not_count() -> None:
    """One before, one at its end."""
    work = work_of("AB A", until=10)

    assert release_pairs(work, contents(("A", -1, 0, 0), ("B", 240, 0, 0))).empty


def test_without_tags_nothing_is_released_together() -> None:
    """An empty table, not an error."""
    assert release_pairs(work_of("AB"), contents()).empty
    assert release_pairs(work_of(""), contents()).empty


def test_a_train_is_significant() -> None:
    """A and B always together, C and D at other times."""
    hours = range(40)
    tags = [(name, 10 * hour, 0, 0) for hour in hours for name in "AB"]
    tags += [(name, 10 * hour + 2 + k, 0, 0) for hour in hours for k, name in enumerate("CD")]
    found = release_pairs(work_of("A B C D", until=60), contents(*tags))

    assert found[["a", "b"]].to_numpy().tolist() == [["A", "B"]]
    assert found["degree"].item() == 1
    assert found["q_value"].item() < 0.001
