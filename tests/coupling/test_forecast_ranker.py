"""The ranker is used only where it has beaten the decayed count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from conway.coupling.candidates import Timeline
from conway.coupling.forecast import QUARTER
from conway.coupling.ranker import Ranker, Trial, average_precision, chosen
from tests.works import DAY, work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

WEEKS = 104


def history(*, seed: int = 0) -> Work:
    """Three groups of four services over two years, three change sets a week."""
    random = np.random.default_rng(seed)
    groups = ("ABCD", "EFGH", "IJKL")
    words = [
        "".join(random.choice(list(groups[random.integers(3)]), size=2, replace=False))
        if random.random() < 0.7
        else "".join(random.choice(list("ABCDEFGHIJKL"), size=2, replace=False))
        for _ in range(3 * WEEKS)
    ]
    days = np.sort(random.uniform(0, 7 * WEEKS, len(words)))
    return work_of(words, days=days.tolist(), until=7 * WEEKS)


def trial(ranker: float, decayed: float, together: int = 3) -> Trial:
    """Return a trial with these precisions."""
    return Trial(date=0, pairs=9, together=together, ranker=ranker, decayed=decayed, degree=0.1)


@pytest.mark.parametrize(
    ("trials", "method"),
    [
        ((), "decayed count"),
        ((trial(0.5, 0.4),), "ranker"),
        ((trial(0.5, 0.4), trial(0.6, 0.5)), "ranker"),
        ((trial(0.5, 0.4), trial(0.4, 0.5)), "decayed count"),
        ((trial(0.4, 0.4), trial(0.4, 0.4)), "decayed count"),
        ((trial(0.8, 0.4), trial(0.2, 0.4), trial(0.39, 0.4)), "decayed count"),
        ((trial(0.8, 0.4, 30), trial(0.2, 0.4), trial(0.39, 0.4)), "ranker"),
        ((trial(0.8, 0.4), trial(0.38, 0.4, 90)), "decayed count"),
    ],
)
def test_a_ranker_must_have_won_before(trials: tuple[Trial, ...], method: str) -> None:
    """No quarter, one, two, a tie, equal figures, one lucky quarter and two lost.

    A quarter of many pairs counts for more than one of few.
    """
    assert chosen(trials)[0] == method


def test_average_precision_counts_equal_scores_as_one_step() -> None:
    """All scores equal: the share that came together."""
    assert average_precision([1, 0, 0, 0], [0.0] * 4) == 0.25
    assert average_precision([1, 0, 1, 0], [4, 3, 2, 1]) == pytest.approx((1 + 2 / 3) / 2)


def test_a_ranking_says_what_gave_it_and_why() -> None:
    """Scores for every candidate, the trials that decided, and the same again."""
    work = history()
    one, other = (Ranker(Timeline(work)).rank(work.until) for _ in range(2))

    assert len(one.scores) == len(one.pairs)
    assert one.method in ("ranker", "decayed count")
    assert f"over {len(one.trials)} earlier quarters" in one.reason
    assert all(trial.date + QUARTER <= work.until for trial in one.trials)
    np.testing.assert_array_equal(one.scores, other.scores)


def test_a_trial_looks_at_nothing_after_its_quarter() -> None:
    """The last quarter taken away, the trial of the quarter before it stays."""
    work = history(seed=1)
    date = work.until - 2 * QUARTER
    cut = work.keep(work.sets["time"].to_numpy() < date + QUARTER)

    assert Ranker(Timeline(work)).trial(date) == Ranker(Timeline(cut)).trial(date)


def test_a_short_history_is_ranked_by_decayed_counts() -> None:
    """Ten weeks: no earlier quarter to try."""
    ranking = Ranker(Timeline(work := work_of(["AB", "BC", "AB"] * 10))).rank(work.until)

    assert ranking.method == "decayed count"
    assert ranking.trials == ()
    assert ranking.reason == "no earlier quarter to try a ranker on"
    assert work.until - work.since < QUARTER + 31 * DAY
