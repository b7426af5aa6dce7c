"""Waits of forty-eight repositories: the naive medians, and what remains of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.delivery.waits.measurement import measure_waits
from conway.delivery.waits.members import member_waits, waits_of
from conway.figures import Interval, Unknown, value_of
from conway.history.lifecycle import lifecycles
from conway.history.sources import mine

if TYPE_CHECKING:
    from pathlib import Path

    from conway.boundaries.work import Work
    from conway.delivery.waits.measurement import Merging
    from conway.history.record import History

pytestmark = pytest.mark.real
HOUR = 3600


@dataclass(frozen=True)
class Real:
    """A real history with its waits."""

    history: History
    work: Work
    merging: Merging


@pytest.fixture(scope="module")
def govuk(histories: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """Forty-eight repositories of one organisation, four years, real merge commits."""
    history = mine(*sorted((histories / "govuk").glob("*.bundle")), jobs=2, key=b"test")
    toml = tmp_path_factory.mktemp("govuk") / "conway.toml"
    table = (histories / "govuk-teams.csv").resolve()
    toml.write_text(
        f'[teams]\nsource = "{table}"\n[window]\nsince = "2022-01-01"\n', encoding="utf-8"
    )
    work = label(history, read_boundaries(toml, history))
    merging = measure_waits(history, work).merging
    assert not isinstance(merging, Unknown)
    return Real(history, work, merging)


def test_naive_medians(govuk: Real) -> None:
    """About 5, 50 and 75 hours over one, two and three repositories, from another table.

    Here any commit of a branch counts as its last, also a merge of the mainline into it.
    """
    keys = ["repository", "change"]
    changes = govuk.history.changes
    merges = changes.loc[changes["kind"] == "merge", keys]
    rows = lifecycles(govuk.history).merge(merges, on=keys).merge(govuk.work.members, on=keys)
    by_set = rows.dropna(subset="last_commit").groupby("set")
    took = (by_set["merged"].max() - by_set["last_commit"].min()) / HOUR
    medians = took.astype(float).groupby(by_set["repository"].nunique()).median()

    assert medians[1] == pytest.approx(5, abs=0.5)
    assert medians[2] == pytest.approx(50, abs=3)
    assert medians[3] == pytest.approx(75, abs=4)


def test_the_longest_of_two_independent_waits_is_long(govuk: Real) -> None:
    """Several times as long as one, with nobody waiting for anybody."""
    waits = waits_of(member_waits(govuk.history, govuk.work).rows, "author") / HOUR
    rng = np.random.default_rng(0)
    longest = np.maximum(rng.permutation(waits), rng.permutation(waits))

    assert np.median(waits) == pytest.approx(4.8, abs=0.5)
    assert np.median(longest) > 5 * np.median(waits)


def test_sets_are_merged_no_later_than_independent_waits(govuk: Real) -> None:
    """Under both clocks and at every gap the whole interval lies at or below one."""
    rows = [one for one in govuk.merging.delays if one.by == "repositories" and one.count == 0]

    assert {(one.clock, one.gap_days) for one in rows} == {
        (clock, gap) for clock in ("author", "committer") for gap in (3, 7, 14)
    }
    for one in rows:
        assert isinstance(one.excess, Interval)
        assert one.excess.high < 1


def test_crossing_a_team_is_not_established(govuk: Real) -> None:
    """As an independent analysis found: 1.19 [0.85-1.71] and 1.03 [0.74-1.35]."""
    (verdict,) = [one for one in govuk.merging.verdicts if one.boundary == "team"]
    ratios = {
        one.clock: one.ratio
        for one in govuk.merging.effects
        if one.boundary == "team" and one.gap_days == 14
    }

    assert (verdict.finding, "It is not established" in verdict.text) == ("not established", True)
    for clock, low, high in (("author", 0.85, 1.71), ("committer", 0.74, 1.35)):
        ratio = ratios[clock]
        assert isinstance(ratio, Interval)
        assert ratio.low < 1 < ratio.high
        assert low < ratio.value < high


def test_in_several_repositories_the_earlier_member_waits(govuk: Real) -> None:
    """What crossing repositories costs lies with the members that were finished first."""
    (verdict,) = [one for one in govuk.merging.verdicts if one.boundary == "repository"]
    ratios = {
        (one.among, one.clock): one.ratio
        for one in govuk.merging.effects
        if one.boundary == "repository" and one.gap_days == 14
    }

    assert verdict.finding == "longer"
    for clock in ("author", "committer"):
        assert value_of(ratios["all", clock]) == pytest.approx(1.43, abs=0.1)
        earlier, last = ratios["earlier", clock], ratios["last", clock]
        assert isinstance(earlier, Interval)
        assert isinstance(last, Interval)
        assert earlier.low > 1
        assert last.low < 1 < last.high


def test_squash_merges_have_no_waits(histories: Path, tmp_path: Path) -> None:
    """A monorepo that squashes: null, with the reason; its releases have waits."""
    history = mine(histories / "metamask-core.bundle", key=b"test")
    toml = tmp_path / "conway.toml"
    toml.write_text('[services]\n"{package}" = "packages/*/**"\n', encoding="utf-8")
    found = measure_waits(history, label(history, read_boundaries(toml, history)))

    assert isinstance(found.merging, Unknown)
    assert "squash or rebase" in found.merging.reason
    assert not isinstance(found.releasing, Unknown)
    assert value_of(found.releasing.whole.hours) > 0
    assert found.releasing.whole.least
