"""Test a planned reorganisation: replay the recorded work under moves of one's own.

In:  an assessment and moves, or the path of a ``plan.toml``.
Out: ``Outcome``: every headline figure before and after, on the whole window and on the last
     quarter, the pairs of teams that get better and worse, and what it asks of each team.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from conway.advice.dated import Dated, undated
from conway.advice.duties import approver_loads, cognitive_loads, knowledge
from conway.advice.heldout import Trial, at_cut, folds
from conway.advice.instance import Instance
from conway.advice.limits import Limits
from conway.advice.options import AdviceOptions
from conway.advice.outcome import UNKNOWN, Compared, Outcome
from conway.advice.planned import Planned
from conway.advice.plans import read_planned
from conway.advice.recommendation import streams_gained
from conway.advice.relabelling import replay
from conway.advice.settling import settle
from conway.advice.state import State
from conway.advice.wording import title
from conway.delivery.footprints import counted_sets
from conway.delivery.measurement import Delivery, measure_delivery
from conway.delivery.weeks import Resampling, weekly
from conway.figures import Figure, Unknown, rounded

if TYPE_CHECKING:
    from conway.advice.heldout import Fold
    from conway.advice.move import Move
    from conway.assessment.assessment import Assessment
    from conway.boundaries.work import Work

Plannable = Planned | Sequence["Move"] | str | Path
_NOTHING_HELD = "under 40 weeks no quarter can be held out"


def simulate(assessment: Assessment, moves: Plannable) -> Outcome:
    """Replay the recorded work under moves of one's own.

    Parameters
    ----------
    assessment
        The measurement of one organisation.
    moves
        Moves in order, a ``Planned``, or the path of a ``plan.toml``.

    Raises
    ------
    PlanError
        If the plan cannot be read, or names what there is not.
    """
    planned = planned_of(moves)
    work, seed = assessment.work, assessment.seed
    planned.check(work)
    plan = in_force(settle(planned.moves, work), work)
    options = AdviceOptions.of(assessment.boundaries.config)
    counted = counted_sets(work)
    base = measure_delivery(work, counted=counted, seed=seed, with_trend=False)
    after = measure_delivery(replay(work, plan), counted=counted, seed=seed, with_trend=False)
    found = folds(work, options)
    fold = found[-1] if found else None
    limits = Limits.of(
        work, State.base(Instance.of(work, counted=counted, candidates=())), options=options
    )
    return Outcome(
        name=planned.name,
        moves=planned.moves,
        window=_window(work, fold),
        whole=_compared(base, after, plan=plan, seed=seed),
        held_out=_held_out(work, plan, fold=fold, seed=seed),
        pairs=_pairs(base, after),
        loads=approver_loads(base, after, capacities=planned.capacities),
        cognitive=cognitive_loads(work, after.work, limits=limits),
        knowledge=knowledge(work, after.work, options=options),
        stages=_stages(work, planned.moves, plan=plan, counted=counted),
        without_effect=_without_effect(work, plan, counted=counted),
        unknown=(*UNKNOWN, *_more_unknown(work, planned.moves, counted=counted)),
        seed=seed,
    )


def planned_of(moves: Plannable) -> Planned:
    """Return a plan in whatever form it came."""
    if isinstance(moves, Planned):
        return moves
    return read_planned(moves) if isinstance(moves, str | Path) else Planned(tuple(moves))


def in_force(moves: Sequence[Move], work: Work) -> tuple[Move, ...]:
    """Return the moves as they can be replayed: those dated after the work hold throughout."""
    return tuple(
        undated(move) if isinstance(move, Dated) and move.since >= work.until else move
        for move in moves
    )


def _held_out(work: Work, plan: tuple[Move, ...], *, fold: Fold | None, seed: int) -> Compared:
    """Measure the last quarter without and with the plan."""
    test = None if fold is None else at_cut(work, fold)
    counted = None if test is None else counted_sets(test)
    if test is None or counted is None or not counted.any():
        reason = _NOTHING_HELD if test is None else "no change set of the last quarter counts"
        nothing = dict.fromkeys(_MEASURES, Unknown(reason))
        return Compared(nothing, nothing, nothing)
    base = measure_delivery(test, counted=counted, seed=seed, with_trend=False)
    moved = replay(test, plan)
    after = measure_delivery(moved, counted=counted, seed=seed, with_trend=False)
    return _compared(base, after, plan=plan, seed=seed)


_MEASURES = (
    "handoffs_per_100",
    "lockstep_per_100",
    "single_team_share",
    "autonomous_share",
    "streams",
    "unit_streams",
)


def _compared(base: Delivery, after: Delivery, *, plan: tuple[Move, ...], seed: int) -> Compared:
    change = _changes(base, after, seed=seed)
    change["streams"] = streams_gained(base.work, plan, seed=seed)
    return Compared(_figures(base), _figures(after), change)


def _figures(one: Delivery) -> dict[str, Figure]:
    return {
        "handoffs_per_100": one.autonomy.handoffs_per_100,
        "lockstep_per_100": one.autonomy.lockstep_per_100,
        "single_team_share": one.autonomy.single_team_share,
        "autonomous_share": one.autonomy.autonomous_share,
        "streams": one.teams.streams,
        "unit_streams": one.units.streams,
    }


def _changes(base: Delivery, after: Delivery, *, seed: int) -> dict[str, Figure]:
    """Return paired differences, after minus before, over whole weeks."""
    work = base.work
    weeks, count = work.weeks[base.prints.sets], work.week_count
    sets = weekly(weeks, np.ones(len(weeks)), count=count)
    resampling = Resampling.of(count, seed=seed)

    def change(name: str, scale: float) -> Figure:
        difference = _values(after, name) - _values(base, name)
        return resampling.ratio(weekly(weeks, difference, count=count), sets, scale=scale)

    return {
        "handoffs_per_100": change("handoffs", 100),
        "lockstep_per_100": change("lockstep", 100),
        "single_team_share": change("single", 1),
        "autonomous_share": change("autonomous", 1),
    }


def _values(one: Delivery, name: str) -> np.ndarray:
    """Return a value of each counted change set."""
    handoffs, lockstep = one.prints.handoffs, one.prints.lockstep
    values = {
        "handoffs": handoffs,
        "lockstep": lockstep,
        "single": handoffs == 0,
        "autonomous": (handoffs == 0) & (lockstep == 0),
    }
    found: np.ndarray = values[name].astype(np.float64)
    return found


def _pairs(base: Delivery, after: Delivery) -> list[dict[str, Any]]:
    """Return pairs of teams whose handoffs change, those that get worse first."""
    sums = [one.handoffs.groupby(["from_team", "to_team"])["weight"].sum() for one in (base, after)]
    teams = after.work.teams
    found = []
    for a, b in sorted(set(sums[0].index) | set(sums[1].index)):
        was, now = (float(one.get((a, b), 0.0)) for one in sums)
        if abs(now - was) > 1e-9:  # noqa: PLR2004 - rounding
            pair = {"from": teams[a], "to": teams[b], "before": rounded(was), "after": rounded(now)}
            found.append((was - now, pair))
    return [pair for _, pair in sorted(found, key=lambda one: (one[0], one[1]["from"]))]


def _without_effect(work: Work, plan: Sequence[Move], *, counted: np.ndarray) -> tuple[str, ...]:
    """Return the moves that change no label, release no path and move nobody."""
    state = State.base(Instance.of(work, counted=counted, candidates=plan))
    idle = []
    for move in plan:
        difference = state.difference(move)
        if difference.empty:
            idle.append(title(move))
        state = state.after(move, difference)
    return tuple(idle)


def _stages(
    work: Work, moves: Sequence[Move], *, plan: tuple[Move, ...], counted: np.ndarray
) -> list[dict[str, Any]]:
    """Return what is saved per 100 change sets once the moves up to each date hold.

    Every move is replayed on all recorded work here, whatever its date.
    """
    dates = [move.since if isinstance(move, Dated) else 0 for move in moves]
    if not any(dates):
        return []
    trial = Trial.of(work, [tuple(undated(move) for move in plan)], counted=counted)
    total = max(float(trial.sets.sum()), 1.0)
    rows = []
    for since in sorted(set(dates)):
        held = tuple(undated(m) for m, date in zip(plan, dates, strict=True) if date <= since)
        saved = 100 * trial.weekly_saved(held)[:2].sum(axis=1) / total
        rows.append(
            {
                "from": _day(since) if since else "",
                "moves": len(held),
                "handoffs_saved_per_100": rounded(float(saved[0])),
                "lockstep_saved_per_100": rounded(float(saved[1])),
            }
        )
    return rows


def _more_unknown(work: Work, moves: Sequence[Move], *, counted: np.ndarray) -> tuple[str, ...]:
    """Return what this plan on this history leaves open."""
    found = []
    left_out = int((~counted).sum())
    if left_out:
        found.append(
            f"{left_out} of {len(counted)} change sets: no owned file, or the author's team is "
            "not known"
        )
    if work.homes.source == "inferred":
        found.append("whose people they are: authors' teams are inferred from where they worked")
    late = [move for move in moves if isinstance(move, Dated) and move.since >= work.until]
    if late:
        found.append(
            f"the work after {_day(work.until - 1)}: moves dated later are replayed on all "
            "recorded work, as if they had held throughout"
        )
    return tuple(found)


def _window(work: Work, fold: Fold | None) -> dict[str, str]:
    found = {"from": _day(work.since), "until": _day(work.until - 1)}
    if fold is not None:
        found |= {"held_out_from": _day(fold.test[0]), "held_out_until": _day(fold.test[1] - 1)}
    return found


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()


__all__ = ["Plannable", "in_force", "planned_of", "simulate"]
