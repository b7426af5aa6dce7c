"""How far counts fall from what is expected, fitted on the past."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from conway.coupling.candidates import Timeline
from conway.coupling.dispersion import LEAST_PAIRS, Dispersion, dispersion, seen_at
from conway.coupling.forecast import QUARTER, Decay
from tests.works import DAY, work_of

WEEKS = 130
DECAY = Decay(length=WEEKS * 7 * DAY)
DECAYED = np.array([0.0, 0.3, 1.0, 20.0])


def bursty(*, seed: int = 0, letters: str = "ABCDEFGHIJKLMN") -> tuple[list[str], list[float]]:
    """Return pairs whose rate is drawn anew each quarter, and mostly 0."""
    random = np.random.default_rng(seed)
    events = []
    for one, other in itertools.combinations(letters, 2):
        for quarter in range(WEEKS // 13):
            rate = random.gamma(0.25, 8)
            days = quarter * 91 + random.uniform(0, 91, random.poisson(rate))
            events += [(day, one + other) for day in days.tolist()]
    events.sort()
    return [word for _, word in events], [day for day, _ in events]


def test_unfitted_it_is_the_constant_rate() -> None:
    """The same quantiles and expectation as the decay's own."""
    constant = Dispersion()

    for level in (0.8, 0.95):
        mine = constant.interval(DECAY, DECAYED, level=level)
        np.testing.assert_array_equal(mine, DECAY.interval(DECAYED, level=level))
    np.testing.assert_array_equal(constant.expected(DECAY, DECAYED), DECAY.expected(DECAYED))


def test_a_firm_rate_has_the_shorter_interval() -> None:
    """Firmness 0.1 against 10, at the same expectation."""
    _, wide = Dispersion(firmness=0.1).interval(DECAY, DECAYED)
    _, narrow = Dispersion(firmness=10).interval(DECAY, DECAYED)

    assert (wide[1:] > narrow[1:]).all()


def test_ranks_hold_the_chance_of_what_came() -> None:
    """From nothing to P(0) for a count of 0; steps follow each other."""
    model = Dispersion()
    below, upto = model.ranks(DECAY, np.array([1.0, 1.0]), came=np.array([0.0, 1.0]))

    assert below[0] == 0
    assert upto[0] == pytest.approx(below[1])
    assert (below < upto).all()


def test_bursts_are_covered_by_what_earlier_quarters_teach() -> None:
    """80 % and 95 % within 5 points on the last four quarters, 91 pairs each."""
    words, days = bursty()
    work = work_of(words, days=days, until=WEEKS * 7)
    timeline, steps = Timeline(work), []
    for number in range(1, 5):
        date = work.until - number * QUARTER
        model, seen = dispersion(timeline, date), seen_at(timeline, date)
        came = timeline.joint(seen.pairs, date=date)
        assert model.fitted >= LEAST_PAIRS
        assert model.firmness < 0.5
        steps.append(np.array(model.ranks(seen.decay, seen.decayed, came=came)))
    below, upto = np.concatenate(steps, axis=1)

    for level in (0.8, 0.95):
        tail = (1 - level) / 2
        inside = np.minimum(upto, 1 - tail) - np.maximum(below, tail)
        covered = float((np.clip(inside, 0, None) / (upto - below)).mean())
        assert covered == pytest.approx(level, abs=0.05)


def test_a_fit_looks_at_nothing_after_the_date() -> None:
    """The change sets after the date taken away, the fit stays."""
    words, days = bursty(seed=2)
    work = work_of(words, days=days, until=WEEKS * 7)
    date = work.until - QUARTER
    cut = work.keep(work.sets["time"].to_numpy() < date)

    assert dispersion(Timeline(work), date) == dispersion(Timeline(cut), date)


def test_few_pairs_leave_the_constant_rate() -> None:
    """Three pairs over a year."""
    work = work_of(["AB", "BC", "AC"] * 120)

    assert dispersion(Timeline(work), work.until) == Dispersion()


def test_pairs_are_thinned_evenly() -> None:
    """Of 91 pairs ten, first and last among them, the same each time."""
    words, days = bursty()
    seen = seen_at(Timeline(work := work_of(words, days=days)), work.until)
    thin = seen.thinned(10)

    assert len(thin.pairs) == len(thin.decayed) == 10
    assert (thin.pairs.first[0], thin.pairs.second[-1]) == (0, 13)
    assert len(seen.thinned(1000).pairs) == len(seen.pairs)
