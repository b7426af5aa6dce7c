"""Rank pairs by how likely they change together next quarter, if that can be learnt.

In:  a ``Timeline`` and a date; nothing after the date is looked at.
Out: ``Ranking``: the pairs and their scores, whether a ranker or the decayed count gave
     them, and the trials on earlier quarters that decided it.

The ranker adds standardised scores: twice the adjusted count (a fixed formula,
``conway.coupling.pair_features``), and the log-odds of a strongly regularised logistic
regression and of randomised trees. These two are fitted on dates 30 days apart whose
following quarter lies before the date, and count ``1.5 p / (p + 1000)`` each, ``p`` the
pairs that came together in what they learnt from: little evidence moves little. Decayed
count is a strong baseline: the ranker is used only if its average precision was the larger
over the earlier quarters of this same history, by the mean logarithm of the ratio, each
quarter weighed by its pairs that came together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from conway.coupling.forecast import QUARTER
from conway.coupling.pair_features import Described, describe

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from conway.coupling.candidates import Candidates, Timeline

STEP = QUARTER // 3
"""Seconds between the dates that a ranker learns from."""

ORIGINS = 12
TRIALS = 8
SAMPLE = 3_000
LEAST_POSITIVE = 10
LEARNT = 1.5
ENOUGH = 1_000
"""Pairs that came together at which what is learnt has half of its weight."""

_STRENGTH = 0.001
_TIE = 1e-9

Method = Literal["ranker", "decayed count"]


@dataclass(frozen=True, slots=True)
class Trial:
    """Average precision of one held-out quarter: of ranker, decayed count and degree."""

    date: int
    pairs: int
    together: int
    ranker: float
    decayed: float
    degree: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Pairs and how likely they change together in the quarter from ``date``.

    Attributes
    ----------
    pairs, scores
        The candidates, and a score each: larger is likelier; only the order counts.
    method
        What gave the scores.
    reason
        Why, in a sentence.
    trials
        The earlier quarters that decided, the latest first.
    """

    date: int
    pairs: Candidates
    scores: np.ndarray
    method: Method
    reason: str
    trials: tuple[Trial, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    features: np.ndarray
    adjusted: np.ndarray
    together: np.ndarray
    weights: np.ndarray

    @property
    def both(self) -> np.ndarray:
        """Features and the adjusted count."""
        return np.column_stack([self.features, self.adjusted])


@dataclass(frozen=True, eq=False)
class Ranker:
    """Ranks the pairs of one timeline at any date; keeps what it learnt from."""

    timeline: Timeline
    seed: int = 0
    _samples: dict[int, _Sample] = field(default_factory=dict, repr=False)
    _trials: dict[int, Trial | None] = field(default_factory=dict, repr=False)

    def rank(self, date: int) -> Ranking:
        """Return the candidates as of the date with their scores."""
        trials = self.trials(date)
        pairs = self.timeline.candidates(date)
        described = describe(self.timeline, pairs, date=date)
        method, reason = chosen(trials)
        scores = self.scores(described, date=date) if method == "ranker" else None
        if scores is None:
            method, scores = "decayed count", described.decayed
        return Ranking(date, pairs, scores, method, reason, trials)

    def trials(self, date: int) -> tuple[Trial, ...]:
        """Return the trials on the quarters before the date, the latest first."""
        dates = [date - number * QUARTER for number in range(1, TRIALS + 1)]
        tried = [self.trial(one) for one in dates if one > self._begin]
        return tuple(trial for trial in tried if trial is not None)

    def trial(self, date: int) -> Trial | None:
        """Return how the ranker of a date did in the quarter after; None if it cannot be."""
        if date not in self._trials:
            self._trials[date] = self._tried(date)
        return self._trials[date]

    def scores(self, described: Described, *, date: int) -> np.ndarray | None:
        """Return the ranker's scores; None where the past is too short to learn from."""
        samples = [self._sample(one) for one in self._origins(date)]
        together = np.concatenate([one.together for one in samples]) if samples else np.zeros(0)
        if together.sum() < LEAST_POSITIVE:
            return None
        past = _Sample(
            np.vstack([one.features for one in samples]),
            np.concatenate([one.adjusted for one in samples]),
            together,
            np.concatenate([one.weights for one in samples]),
        )
        both = np.column_stack([described.features, described.adjusted])
        learnt = _standard(_regression(past)(described.features))
        learnt += _standard(_trees(past, seed=self.seed)(both))
        share = LEARNT * together.sum() / (together.sum() + ENOUGH)
        return np.asarray(2 * _standard(described.adjusted) + share * learnt)

    @property
    def _begin(self) -> int:
        return self.timeline.work.since + QUARTER

    def _origins(self, date: int) -> list[int]:
        dates = [date - QUARTER - number * STEP for number in range(ORIGINS)]
        return [one for one in dates if one >= self._begin]

    def _sample(self, date: int) -> _Sample:
        """Return pairs as of the date: all that came together, and some of the others."""
        if date not in self._samples:
            pairs = self.timeline.candidates(date)
            together = self.timeline.joint(pairs, date=date) > 0
            share = min(1.0, SAMPLE / max(1, len(pairs)))
            random = np.random.default_rng([self.seed, date])
            kept = np.flatnonzero(together | (random.random(len(pairs)) < share))
            described = describe(self.timeline, pairs.where(kept), date=date)
            weights = np.where(together[kept], 1.0, 1 / share)
            self._samples[date] = _Sample(
                described.features, described.adjusted, together[kept], weights
            )
        return self._samples[date]

    def _tried(self, date: int) -> Trial | None:
        pairs = self.timeline.candidates(date)
        together = self.timeline.joint(pairs, date=date) > 0
        if not together.any():
            return None
        described = describe(self.timeline, pairs, date=date)
        scores = self.scores(described, date=date)
        if scores is None:
            return None
        return Trial(
            date=date,
            pairs=len(pairs),
            together=int(together.sum()),
            ranker=average_precision(together, scores),
            decayed=average_precision(together, described.decayed),
            degree=average_precision(together, described.degree),
        )


def chosen(trials: tuple[Trial, ...]) -> tuple[Method, str]:
    """Return what to rank by after these trials, and why.

    A quarter counts by its pairs that came together: of few, chance decides.
    """
    if not trials:
        return "decayed count", "no earlier quarter to try a ranker on"
    ratios = np.log([trial.ranker / trial.decayed for trial in trials])
    mean = float(np.average(ratios, weights=[trial.together for trial in trials]))
    said = (
        f"the ranker's average precision was {np.exp(mean):.2f} times that of the decayed count "
        f"over {len(trials)} earlier quarters"
    )
    return ("ranker" if mean > _TIE else "decayed count"), said


def average_precision(together: ArrayLike, scores: ArrayLike) -> float:
    """Return scikit-learn's average precision; equal scores count as one step."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(together, scores))


@dataclass(frozen=True, slots=True)
class _Learnt:
    model: object

    def __call__(self, features: np.ndarray) -> np.ndarray:
        chance = self.model.predict_proba(features)[:, 1]  # type: ignore[attr-defined]
        return np.asarray(np.log(chance + 1e-4) - np.log(1 - chance + 1e-4))


def _regression(past: _Sample) -> _Learnt:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=300))
    weights = past.weights / past.weights.mean()
    return _Learnt(
        model.fit(past.features, past.together, logisticregression__sample_weight=weights)
    )


def _trees(past: _Sample, *, seed: int) -> _Learnt:
    from sklearn.ensemble import ExtraTreesClassifier

    model = ExtraTreesClassifier(
        60, min_samples_leaf=10, max_features=0.5, random_state=seed, n_jobs=1
    )
    return _Learnt(model.fit(past.both, past.together, sample_weight=past.weights))


def _standard(scores: np.ndarray) -> np.ndarray:
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros(len(scores))
