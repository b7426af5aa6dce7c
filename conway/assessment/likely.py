"""Which services will change together next quarter, and how well that was told before.

In:  ``Work`` and the pairs of services that met.
Out: ``likely_pairs`` of ``assess.json``.

The order is the ranker's where it has beaten the decayed count in the earlier quarters of
this history, else the decayed count's; which of them, and why, stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conway.assessment.dates import day
from conway.coupling.candidates import Timeline
from conway.coupling.ranker import Ranker
from conway.figures import Interval, figure_json

if TYPE_CHECKING:
    from conway.assessment.assessment import Assessment
    from conway.coupling.ranker import Trial

MOST_PAIRS = 20


def likely_json(one: Assessment) -> dict[str, Any]:
    """Return the likeliest pairs of services, the method, its reason and its trials."""
    work = one.work
    ranking = Ranker(Timeline(work), seed=one.seed).rank(work.until)
    best = np.argsort(-ranking.scores, kind="stable")[:MOST_PAIRS]
    met = {(row["a"], row["b"]): row for row in one.coupling.to_dict("records")}
    pairs = []
    for place in best.tolist():
        ends = (int(ranking.pairs.first[place]), int(ranking.pairs.second[place]))
        a, b = sorted(work.services[end] for end in ends)
        row = met.get((a, b))
        forecast = row and Interval(row["forecast"], row["forecast_low"], row["forecast_high"])
        pairs.append(
            {
                "a": a,
                "b": b,
                "joint": int(row["joint"]) if row else 0,
                "forecast": figure_json(forecast) if forecast else None,
            }
        )
    return {
        "method": ranking.method,
        "reason": ranking.reason,
        "quarters": [_quarter(trial) for trial in ranking.trials],
        "pairs": pairs,
    }


def _quarter(trial: Trial) -> dict[str, Any]:
    """Return the average precisions of one earlier quarter."""
    parts = ("ranker", "decayed", "degree")
    return {
        "from": day(trial.date),
        "pairs": trial.pairs,
        "together": trial.together,
        **{part: round(getattr(trial, part), 4) for part in parts},
    }
