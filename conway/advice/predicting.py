"""Predict the next quarter, so that it can be held against what came: the verb ``predict``.

In:  an assessment, and perhaps moves.
Out: ``Prediction``: handoffs, autonomous share, streams, the pairs of teams and of services
     with most to come, and what moves would save, each with an interval that holds as much as
     quarters differed before.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conway.advice.heldout import Trial, fitting_work
from conway.advice.plan import Plan
from conway.advice.plans import plan_text
from conway.advice.prediction import Expected, ExpectedSaving, Made, Prediction
from conway.advice.prediction_series import PLAIN, next_counts, next_value
from conway.advice.quarterly import FIGURES, measure_quarters
from conway.advice.wording import title
from conway.boundaries.work import WEEK
from conway.delivery.trend import QUARTER_WEEKS, quarters
from conway.figures import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from conway.advice.move import Move
    from conway.advice.quarterly import Quarterly
    from conway.assessment.assessment import Assessment
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work

_MEASURED = ("services", "releases", "teams", "changes")
TEAM_PAIRS = 10
SERVICE_PAIRS = 20
MOST_QUARTERS = 12
"""Quarters that the effect of moves is judged by: further back other people worked."""


def predict(assessment: Assessment, moves: Plan | Sequence[Move] | None = None) -> Prediction:
    """Predict the 13 weeks after an assessment's window.

    Parameters
    ----------
    assessment
        The measurement of one organisation.
    moves
        A recommended plan, of which the surviving moves count, or moves of one's own: what
        each would save of the coming quarter. A recommended plan is judged by quarters that
        it was not fitted on.
    """
    from conway import __version__

    boundaries, work = assessment.boundaries, assessment.work
    made = Made(
        conway=__version__,
        repositories=tuple((str(one["name"]), str(one["tip"])) for one in assessment.repositories),
        config_hash=boundaries.config_hash,
        settings_hash=settings_hash(boundaries),
        since=work.since,
        until=work.until,
        seed=assessment.seed,
    )
    earlier = measure_quarters(work)
    found = expected(made, earlier, coupling=assessment.coupling)
    chosen, fitted = _chosen(moves)
    return with_savings(found, work, moves=chosen, apart_from=fitted)


def settings_hash(boundaries: Boundaries) -> str:
    """Return a hash of what is measured: the configuration but for its window and limits.

    Tables that it names count by name: they grow, and a score is fair all the same.
    """
    said = json.dumps(
        boundaries.config.model_dump(mode="json", include=set(_MEASURED)), sort_keys=True
    )
    return hashlib.sha256(said.encode()).hexdigest()


def expected(made: Made, earlier: Sequence[Quarterly], *, coupling: pd.DataFrame) -> Prediction:
    """Predict from earlier quarters and the forecast of joint changes (schema COUPLING)."""
    pairs = next_counts([one.handoffs for one in earlier], most=TEAM_PAIRS)
    columns = ["a", "b", "forecast", "forecast_low", "forecast_high"]
    joint = coupling.loc[:, columns].head(SERVICE_PAIRS).itertuples(index=False, name=None)
    return Prediction(
        made=made,
        since=made.until,
        until=made.until + QUARTER_WEEKS * WEEK,
        figures={
            name: next_value([one.figures[name] for one in earlier], scale)
            for name, scale in FIGURES.items()
        },
        team_pairs=tuple(Expected(a, b, count) for (a, b), count in pairs.items()),
        service_pairs=tuple(
            Expected(a, b, Interval(value, min(low, value), max(high, value), 0.95))
            for a, b, value, low, high in joint
        ),
    )


def _chosen(moves: Plan | Sequence[Move] | None) -> tuple[tuple[Move, ...], tuple[int, int]]:
    """Return the moves, and the time that they were fitted on."""
    if moves is None:
        return (), (0, 0)
    if not isinstance(moves, Plan):
        return tuple(moves), (0, 0)
    window = moves.window
    days = [window[name] for name in ("fit_from", "fit_until") if name in window]
    times = [int(datetime.fromisoformat(one).replace(tzinfo=UTC).timestamp()) for one in days]
    fitted = (times[0], times[1] + 24 * 3600) if len(times) == len(("from", "until")) else (0, 0)
    return tuple(one.move for one in moves.surviving), fitted


def with_savings(
    prediction: Prediction, work: Work, *, moves: tuple[Move, ...], apart_from: tuple[int, int]
) -> Prediction:
    """Return the prediction with what moves would save.

    Parameters
    ----------
    prediction
        Of the quarter after the work.
    work
        What the moves are replayed on, under the owners and people's teams of its end.
    moves
        In order.
    apart_from
        Quarters that meet this time are left out: the moves were fitted on it.
    """
    if not moves:
        return prediction
    spans = [
        span
        for span in list(quarters(work.since, work.until))[-MOST_QUARTERS:]
        if span[1] <= apart_from[0] or span[0] >= apart_from[1]
    ]
    plans = [*((move,) for move in moves), moves]
    series = savings(fitting_work(work, since=work.since, cut=work.until), plans, spans=spans)
    figures = [next_value(one, PLAIN) for one in series]
    return replace(
        prediction,
        moves=tuple(
            ExpectedSaving(title(move), one) for move, one in zip(moves, figures[:-1], strict=True)
        ),
        plan=figures[-1],
        plan_text=plan_text(moves),
    )


def savings(
    work: Work, plans: Sequence[tuple[Move, ...]], *, spans: Sequence[tuple[int, int]]
) -> list[list[float]]:
    """Return what each plan saves per 100 change sets in each span of time."""
    trials = [Trial.of(work.between(*span), plans) for span in spans]
    found = []
    for plan in plans:
        saved = [float(trial.weekly_saved(plan)[:2].sum()) for trial in trials]
        sets = [float(trial.sets.sum()) for trial in trials]
        found.append([100 * a / b if b else float("nan") for a, b in zip(saved, sets, strict=True)])
    return found
