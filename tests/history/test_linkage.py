"""How much of what names link is chance, on made-up organisations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from conway.history.linkage import precision

DAY = 24 * 3600
WEEKS = 100


def _organisation(*, together: bool, names: int = 60) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return names, each in two of six repositories: in one week, or in any two."""
    chance = np.random.default_rng(7)
    rows, links = [], []
    for name in range(names):
        begin = int(chance.integers(0, WEEKS * 7))
        for number, place in enumerate(chance.choice(6, 2, replace=False)):
            day = begin + number if together else int(chance.integers(0, WEEKS * 7))
            change = f"{name}-{number}"
            rows.append((f"r{place}", change, day * DAY))
            links.append((f"r{place}", change, "branch", f"work-on-{name}"))
    changes = pd.DataFrame(rows, columns=["repository", "change", "committer_time"])
    return changes, pd.DataFrame(links, columns=["repository", "change", "kind", "key"])


def test_work_done_together_is_hardly_ever_chance() -> None:
    """All 60 names are one set each; at shifted clocks next to none is."""
    found = precision(*_organisation(together=True)).set_index(["kind", "gap_days"])

    assert found.loc[("branch", 3), "sets"] == 60
    assert found.loc[("branch", 3), "links"] == 60
    assert found.loc[("branch", 14), "precision"] > 0.9
    assert found.loc[("ticket", 3), "sets"] == 0
    assert pd.isna(found.loc[("ticket", 3), "precision"])


def test_names_that_meet_by_chance_are_found_out() -> None:
    """Two random weeks in 100: a gap of 60 days finds sets, none of them real."""
    found = precision(*_organisation(together=False, names=600), gaps=(60,)).iloc[0]

    assert found["sets"] > 60
    assert found["precision"] < 0.2


def test_the_null_is_the_same_whenever_it_is_drawn() -> None:
    """By its seed; the changes given stay as they were."""
    changes, links = _organisation(together=True)
    before = changes.copy()

    pd.testing.assert_frame_equal(precision(changes, links), precision(changes, links))
    pd.testing.assert_frame_equal(changes, before)
    assert precision(changes[:0], links[:0])["sets"].tolist() == [0] * 6


@pytest.mark.parametrize("gap", [3, 14])
def test_generic_names_are_no_links(gap: int) -> None:
    """As in the change sets themselves."""
    changes, links = _organisation(together=True)
    found = precision(changes, links.assign(key="patch-1"), gaps=(gap,))

    assert found["sets"].tolist() == [0, 0]
