"""Recommend: the few moves that would have let held-out work cross fewer boundaries.

In:  an assessment.
Out: ``Plan``. It is fitted on the weeks before the last quarter and tested on that quarter,
     with the people's teams of the cut; "no move survives" is an answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from conway.advice.bound import upper_bound
from conway.advice.candidates import Ground
from conway.advice.delay import delay_link, linked
from conway.advice.evaluation import Evaluation, evaluate
from conway.advice.fitting import Fitted, fit, null_gains, with_placebos
from conway.advice.functions import with_functions
from conway.advice.heldout import Fold, Trial, at_cut, fitting_work, folds
from conway.advice.limits import affected, owners_of_services
from conway.advice.lookback.grading import graded
from conway.advice.options import AdviceOptions
from conway.advice.overtaken import Overtaken, find_overtaken
from conway.advice.pareto import DO_NOTHING, pareto_front
from conway.advice.plan import Advised, Grade, Plan
from conway.advice.relabelling import replay
from conway.advice.survival import SURVIVES, share_survived
from conway.advice.wording import DISRUPTION, costs, edit, evidence, indicator, stop_rule, title
from conway.delivery.measurement import measure_delivery
from conway.delivery.weeks import Resampling
from conway.figures import Figure, Interval, Unknown, value_of

if TYPE_CHECKING:
    from conway.advice.lookback.result import LookBack
    from conway.advice.moves import Move
    from conway.assessment.assessment import Assessment
    from conway.boundaries.work import Work
    from conway.history.methods import Deep

TOO_SHORT = "under 40 weeks nothing can be held out; every move is structural only"


def recommend(
    assessment: Assessment,
    *,
    moves: int | None = None,
    options: AdviceOptions | None = None,
    deep: Deep | None = None,
    past: LookBack | None = None,
) -> Plan:
    """Recommend the few moves that save most, tested on the last quarter.

    Parameters
    ----------
    assessment
        The measurement of one organisation.
    moves
        At most so many moves; by default those of the configuration's ``[limits]``.
    options
        Limits and windows; by default from the configuration.
    deep
        Where to look for the functions that tie the sides of a split or decoupling.
    past
        What ``look_back`` found; grade A needs it.

    Returns
    -------
    Plan
        Moves with grade C were better than both target placebos on held-out work; moves
        with grade D are structural only. Where none has grade C the message says why.
    """
    chosen = AdviceOptions.of(assessment.boundaries.config) if options is None else options
    if moves is not None:
        chosen = replace(chosen, moves=moves)
    work = assessment.work
    if not work.teams or not (work.sets["author_team"] >= 0).any():
        return _nothing("no teams are known, so no boundary between teams can be moved")
    found = folds(work, chosen)
    fold = found[-1] if found else None
    since, cut = (work.since, work.until) if fold is None else fold.train
    fitted = fit(fitting_work(work, since=since, cut=cut), chosen)
    fitted, gone = still_open(fitted, work, fold=fold, options=chosen)
    if not fitted.moves:
        return _nothing(_NOTHING_LEFT if gone else _NOTHING_FOUND, overtaken=gone)
    test = None if fold is None else at_cut(work, fold)
    plan = _plan(assessment, fitted, test=test, fold=fold, options=chosen)
    plan = linked(plan, delay_link(work, assessment.waits, seed=assessment.seed))
    plan = graded(replace(plan, overtaken=gone), past)
    return plan if deep is None else with_functions(plan, work, deep=deep)


_NOTHING_FOUND = "no move saves more than it costs within the limits"
_NOTHING_LEFT = (
    "no move is left: by whose people did the work since the fit, none of those found saves any"
)


def still_open(
    fitted: Fitted, work: Work, *, fold: Fold | None, options: AdviceOptions
) -> tuple[Fitted, tuple[Overtaken, ...]]:
    """Leave out of a plan what has happened since it was fitted, and what was overtaken."""
    owners = owners_of_services(work)
    moves = tuple(
        move
        for move in fitted.moves
        if move.kind != "Reassign" or owners.get(move.services[0]) != getattr(move, "to", None)
    )
    gone: tuple[Overtaken, ...] = ()
    if fold is not None and moves:
        gone = find_overtaken(moves, at_cut=at_cut(work, fold), since=work.between(*fold.test))
    left_out = {one.move for one in gone}
    moves = tuple(move for move in moves if move not in left_out)
    if moves == fitted.moves:
        return fitted, gone
    return with_placebos(fitted, moves, options=options), gone


def _nothing(message: str, *, overtaken: tuple[Overtaken, ...] = ()) -> Plan:
    """Return a plan that recommends nothing, and why."""
    unknown = Unknown(message)
    held_out = {"gain": unknown, "handoffs_per_100": unknown, "passes": False}
    return Plan((), {}, {}, held_out, [dict(DO_NOTHING)], unknown, message, overtaken=overtaken)


def _plan(
    assessment: Assessment,
    fitted: Fitted,
    *,
    test: Work | None,
    fold: Fold | None,
    options: AdviceOptions,
) -> Plan:
    """Test a fitted plan and put it into words."""
    seed = assessment.seed
    judged = Evaluation.unknown(TOO_SHORT)
    null: Figure = Unknown(TOO_SHORT)
    held_shares: list[np.ndarray] | None = None
    if test is not None:
        trial = Trial.of(test, [fitted.moves, fitted.largest, *fitted.others])
        judged = evaluate([fitted.test(test)], seed=seed)
        held_shares = trial.shapley(fitted.moves)
        null = float(np.mean(null_gains(fitted.work, test, options=options, seed=seed)))
    advised = _advised(
        assessment, fitted, held=held_shares, test=test, judged=judged, options=options
    )
    before, after = _before_after(fitted, seed=seed)
    return Plan(
        moves=advised,
        before=before,
        after=after,
        held_out=_held_out(judged, test, fitted=fitted, seed=seed),
        pareto=_pareto(advised, test),
        bound=upper_bound(fitted.work, fitted.candidates, counted=fitted.counted, options=options),
        null_gain=null,
        message=_message(advised, judged),
        window=_window(fitted.work, fold),
        seed=seed,
    )


def _advised(
    assessment: Assessment,
    fitted: Fitted,
    *,
    held: list[np.ndarray] | None,
    test: Work | None,
    judged: Evaluation,
    options: AdviceOptions,
) -> tuple[Advised, ...]:
    """Describe each move with its gains, survival and grade, the best held-out one first."""
    work = fitted.work
    trial = Trial.of(work, [fitted.moves])
    fit_shares = trial.shapley(fitted.moves)
    survives = share_survived(work, fitted.moves, counted=fitted.counted)
    ground = Ground.of(work, options)
    owners = owners_of_services(work)
    rows = []
    for place, move in enumerate(fitted.moves):
        gain_fit = _rate(fit_shares[place], trial.sets, seed=assessment.seed)
        gain = handoffs = lockstep = cast("Figure", Unknown(TOO_SHORT))
        if held is not None and test is not None:
            sets = Trial.of(test, []).sets
            gain = _rate(held[place], sets, seed=assessment.seed)
            handoffs = _rate(held[place][:1], sets, seed=assessment.seed)
            lockstep = _rate(held[place][1:2], sets, seed=assessment.seed)
        cost = options.transition_cost.get(move.kind, 0.0)
        grade = _grade(gain, judged, survives=survives[place], cost=cost)
        owner = owners.get(move.services[0], "its owner") if move.services else ""
        row = Advised(
            move=move,
            title=title(move),
            gain_fit=gain_fit,
            gain_held_out=gain,
            grade=grade,
            survives=survives[place],
            disruption=DISRUPTION.get(move.kind, 1.0),
            affected=affected(move, work),
            evidence=evidence(move, ground, weekly=fit_shares[place][0]),
            edit=edit(move, per_file=assessment.boundaries.ownership.per_file),
            costs=costs(move, owner=owner),
            indicator=indicator(move, handoffs=handoffs, lockstep=lockstep),
            stop_rule=stop_rule(gain),
        )
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (row.grade, -_or_zero(row.gain_held_out))))


def _or_zero(figure: Figure) -> float:
    value = value_of(figure)
    return value if np.isfinite(value) else 0.0


def _rate(share: np.ndarray, sets: np.ndarray, *, seed: int) -> Figure:
    """Return handoffs and lockstep releases saved per 100 change sets."""
    resampling = Resampling.of(len(sets), seed=seed)
    return resampling.ratio(share[:2].sum(axis=0), sets, scale=100)


def _grade(gain: Figure, judged: Evaluation, *, survives: float, cost: float) -> Grade:
    """Grade the evidence of one move: C if the plan counts and the move is worth it in it."""
    helps = value_of(gain) > cost
    return "C" if judged.passes and helps and survives >= SURVIVES else "D"


def _message(advised: tuple[Advised, ...], judged: Evaluation) -> str:
    """Say why no move survives; empty where some do."""
    if any(move.grade != "D" for move in advised):
        return ""
    if isinstance(judged.gain, Unknown):
        return f"No move can be tested: {judged.gain.reason}."
    if not judged.passes:
        return (
            "No move survives held-out work: on the last quarter the plan saved "
            f"{judged.gain} per 100 change sets, and {judged.beyond_largest} more than the "
            "same services given to the largest other team. That is not clearly above zero."
        )
    return "No move survives: each helps in too few ways of measuring, or not on held-out work."


def _before_after(fitted: Fitted, *, seed: int) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Measure the fitting window without and with the plan."""
    figures = []
    for moves in ((), fitted.moves):
        found = measure_delivery(
            replay(fitted.work, moves), counted=fitted.counted, seed=seed, with_trend=False
        )
        one = found.autonomy
        figures.append(
            {
                "handoffs_per_100": one.handoffs_per_100,
                "lockstep_per_100": one.lockstep_per_100,
                "single_team_share": one.single_team_share,
                "autonomous_share": one.autonomous_share,
                "streams": found.teams.streams,
                "unit_streams": found.units.streams,
            }
        )
    return figures[0], figures[1]


def _held_out(
    judged: Evaluation, test: Work | None, *, fitted: Fitted, seed: int
) -> dict[str, Any]:
    """Return the held-out figures of the plan; savings are positive."""
    streams: Figure = Unknown(TOO_SHORT)
    base: Figure = Unknown(TOO_SHORT)
    if test is not None:
        trial = Trial.of(test, [])
        if trial.sets.sum():
            streams = streams_gained(test, fitted.moves, seed=seed)
            base = _rate(trial.base.weekly[:1], trial.sets, seed=seed)
    return {
        "base_handoffs_per_100": base,
        "gain": judged.gain,
        "handoffs_per_100": judged.handoffs,
        "lockstep_per_100": judged.lockstep,
        "autonomous_share": judged.autonomous_share,
        "streams": streams,
        "placebo_largest": judged.beyond_largest,
        "placebo_other": judged.beyond_other,
        "passes": judged.passes,
    }


def streams_gained(work: Work, moves: tuple[Move, ...], *, seed: int) -> Figure:
    """Return how many streams of teams a plan would have added on some work."""
    from conway.delivery.footprints import counted_sets, find_footprints
    from conway.delivery.parallelism import pair_counts, team_shares
    from conway.delivery.weeks import interval

    counted = counted_sets(work)
    resampling = Resampling.of(work.week_count, seed=seed)
    found = []
    for one in (work, replay(work, moves)):
        prints = find_footprints(one, counted=counted)
        shares = team_shares(prints, teams=len(one.teams))
        found.append(pair_counts(shares, one.weeks[prints.sets], count=one.week_count))
    if not (found[0].q > 0 and found[1].q > 0):
        return Unknown("no two held-out change sets share a team")
    drawn = [counts.resampled(resampling.copies) for counts in found]
    good = (drawn[0] > 0) & (drawn[1] > 0)
    change = 1 / drawn[1][good] - 1 / drawn[0][good]
    return interval(1 / found[1].q - 1 / found[0].q, change, weeks=work.week_count)


def _pareto(advised: tuple[Advised, ...], test: Work | None) -> list[dict[str, float]]:
    """Return held-out gain against disruption of the parts of the surviving moves."""
    moves = tuple(move.move for move in advised if move.grade != "D")
    if test is None or not moves:
        return [dict(DO_NOTHING)]
    return pareto_front(Trial.of(test, [moves]), moves)


def _window(train: Work, fold: Fold | None) -> dict[str, str]:
    """Return the first and last days of the fitting and the held-out window."""
    found = {"fit_from": _date(train.since), "fit_until": _date(train.until - 1)}
    if fold is not None:
        found |= {"test_from": _date(fold.test[0]), "test_until": _date(fold.test[1] - 1)}
    return found


def _date(seconds: int) -> str:
    return pd.Timestamp(seconds, unit="s").date().isoformat()


__all__ = ["Interval", "recommend", "streams_gained"]
