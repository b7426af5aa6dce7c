"""How far the next quarter's joint counts fall from what the past leads to expect.

In:  a ``Timeline`` and a date; nothing after the date is looked at.
Out: ``Dispersion``, fitted on earlier quarters of the same history, and its quantiles.

A pair seen ``k`` times (decayed) in an effective time ``E`` has the count of the next
``H`` seconds as a negative binomial, a Poisson whose rate is gamma-distributed:

    mean = H * (k + seen) / (E + watched),   size = firmness * (k + seen)

With ``seen`` 1/2, ``watched`` 0 and ``firmness`` 1 this is what a constant rate gives
under Jeffreys' prior. Real pairs come in bursts and die, so the three are fitted by
maximum likelihood to what pairs that had met did in the quarters after earlier dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.candidates import Candidates
from conway.coupling.forecast import QUARTER, Decay
from conway.coupling.incidence import meetings

if TYPE_CHECKING:
    from conway.coupling.candidates import Timeline

FITTED_QUARTERS = 8
MOST_PAIRS = 10_000
"""Pairs of one quarter that a fit looks at, evenly spaced among those that had met."""

LEAST_PAIRS = 200
"""Fewest pairs and quarters that a fit needs; fewer leave the constant rate."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Pairs that had met at a date: how often (decayed), for how long, and what followed."""

    decay: Decay
    pairs: Candidates
    decayed: np.ndarray

    def thinned(self, most: int) -> Seen:
        """Return at most so many of the pairs, evenly spaced."""
        number = len(self.pairs)
        kept = np.unique(np.linspace(0, number - 1, min(number, most)).round().astype(np.int64))
        return Seen(self.decay, self.pairs.where(kept), self.decayed[kept])


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Gamma-Poisson of the next quarter's counts.

    Attributes
    ----------
    seen
        Joint change sets added to what was seen.
    watched
        Seconds added to the time watched.
    firmness
        Size of the negative binomial over what was seen; 1 for a constant rate.
    fitted
        Pairs and quarters it was fitted on; 0 where it is assumed.
    """

    seen: float = 0.5
    watched: float = 0.0
    firmness: float = 1.0
    fitted: int = 0

    def shape(self, decay: Decay, decayed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and size of each pair's count in the next quarter."""
        counted = decayed * (decay.mass / decay.square_mass) + self.seen
        time = decay.mass**2 / decay.square_mass + self.watched
        return QUARTER * counted / time, self.firmness * counted

    def expected(self, decay: Decay, decayed: np.ndarray) -> np.ndarray:
        """Return the expected count of the next quarter; unshrunk where nothing is fitted."""
        return self.shape(decay, decayed)[0] if self.fitted else decay.expected(decayed)

    def interval(
        self, decay: Decay, decayed: np.ndarray, *, level: float = 0.95
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the quantiles between which the count of the next quarter falls."""
        from scipy.stats import nbinom

        mean, size = self.shape(decay, decayed)
        tail = (1 - level) / 2
        low = nbinom.ppf(tail, size, size / (size + mean))
        high = nbinom.ppf(1 - tail, size, size / (size + mean))
        return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)

    def ranks(
        self, decay: Decay, decayed: np.ndarray, *, came: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the chance of fewer than what came, and of no more than what came."""
        from scipy.stats import nbinom

        mean, size = self.shape(decay, decayed)
        chance = size / (size + mean)
        below = nbinom.cdf(came - 1, size, chance)
        upto = nbinom.cdf(came, size, chance)
        return np.asarray(below), np.asarray(upto)


def seen_at(timeline: Timeline, date: int) -> Seen:
    """Return the pairs that met before the date, with their decayed counts."""
    past = timeline.before(date)
    decay = Decay(length=max(1, date - timeline.work.since))
    weights = decay.weights((date - timeline.times[past]).astype(np.float64))
    met = meetings(timeline.touches[past], weights)
    return Seen(decay, Candidates(met.first, met.second), met.joint)


def dispersion(timeline: Timeline, date: int) -> Dispersion:
    """Fit the dispersion on the quarters before the date.

    Returns
    -------
    Dispersion
        That of a constant rate where fewer than ``LEAST_PAIRS`` pairs and quarters are
        known, or where the fit does not settle.
    """
    from scipy.optimize import minimize

    known = [
        (seen, timeline.joint(seen.pairs, date=begin))
        for number in range(1, FITTED_QUARTERS + 1)
        if (begin := date - number * QUARTER) >= timeline.work.since + QUARTER
        for seen in [seen_at(timeline, begin).thinned(MOST_PAIRS)]
    ]
    total = sum(len(came) for _, came in known)
    if total < LEAST_PAIRS:
        return Dispersion()
    start = np.log([0.1, QUARTER / 10, 0.3])
    found = minimize(_loss, start, args=(known,), method="Nelder-Mead", options={"maxiter": 400})
    if not found.success:
        return Dispersion()
    seen, watched, firmness = np.exp(found.x).tolist()
    return Dispersion(seen, watched, firmness, fitted=total)


def _loss(logs: np.ndarray, known: list[tuple[Seen, np.ndarray]]) -> float:
    """Return the mean negative log-likelihood of what came."""
    from scipy.stats import nbinom

    seen, watched, firmness = np.exp(np.clip(logs, -20, 25)).tolist()
    trial, loss, pairs = Dispersion(seen, watched, firmness), 0.0, 0
    for past, came in known:
        mean, size = trial.shape(past.decay, past.decayed)
        loss -= float(np.sum(nbinom.logpmf(came, size, size / (size + mean))))
        pairs += len(came)
    return loss / pairs
