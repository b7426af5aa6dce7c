"""Backtest: whether the advice would have helped, quarter after quarter.

In:  a history and boundaries.
Out: ``Backtest``: rolling folds with the plan of each, the pooled held-out gain, and what
     baselines gain on the same weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conway.advice.baselines import by_clusters, hindsight, load_balancing, random_plans
from conway.advice.evaluation import Evaluation, Tested, evaluate
from conway.advice.fitting import Fitted, fit
from conway.advice.heldout import Fold, Trial, at_cut, fitting_work, folds
from conway.advice.options import AdviceOptions
from conway.advice.wording import title
from conway.boundaries.labels import label
from conway.delivery.weeks import Resampling
from conway.display import html_table
from conway.figures import Figure, Unknown, figure_json, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.advice.moves import Move
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.record import History

BASELINES = ("nothing", "random", "load_only", "leiden", "largest_team", "other_team")
NO_SHARE = Unknown("not computed")
TOO_SHORT = "under 40 weeks there is no fold"


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One fold: its weeks, the moves fitted, and what they saved per 100 held-out sets.

    ``helped`` counts the moves whose Shapley share of that saving is above zero.
    """

    fold: Fold
    moves: tuple[str, ...]
    gain: Figure
    helped: int = 0


@dataclass(frozen=True, eq=False)
class Backtest:
    """Advice tested on every quarter that it could not see.

    Attributes
    ----------
    folds
        Each fold's plan and gain.
    evaluation
        Gains pooled over folds, per 100 held-out change sets.
    oracle_share
        The gain as a share of what hindsight would have gained with the same candidates,
        limits and budget.
    hindsight_share
        The same with the candidates, too, that only the held-out quarter suggests.
    baselines
        What other plans gain on the same weeks.
    seed
        Seed of everything random in it.
    """

    folds: tuple[FoldResult, ...]
    evaluation: Evaluation
    oracle_share: Figure
    baselines: Mapping[str, Figure]
    seed: int = 0
    hindsight_share: Figure = NO_SHARE

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``backtest.json``."""
        judged = self.evaluation
        return {
            "schema": "conway.backtest/1",
            "folds": [
                {
                    "train": _dates(one.fold.train),
                    "test": _dates(one.fold.test),
                    "moves": list(one.moves),
                    "helped": one.helped,
                    "gain": figure_json(one.gain),
                }
                for one in self.folds
            ],
            "gain": figure_json(judged.gain),
            "handoffs_per_100": figure_json(judged.handoffs),
            "lockstep_per_100": figure_json(judged.lockstep),
            "autonomous_share": figure_json(judged.autonomous_share),
            "passes": judged.passes,
            "oracle_share": figure_json(self.oracle_share),
            "hindsight_share": figure_json(self.hindsight_share),
            "baselines": {name: figure_json(one) for name, one in self.baselines.items()},
            "placebo": figure_json(judged.beyond_largest),
            "placebo_other": figure_json(judged.beyond_other),
            "seed": self.seed,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per fold: ``test_from, moves, gain``."""
        rows = [
            (_dates(one.fold.test)[0], len(one.moves), value_of(one.gain)) for one in self.folds
        ]
        return pd.DataFrame(rows, columns=["test_from", "moves", "gain"])

    def explain(self) -> str:
        """Say in words what the test shows."""
        if not self.folds:
            return f"No backtest: {self.evaluation.gain}."
        return (
            f"Over {len(self.folds)} held-out quarters, plans fitted on the 26 weeks before "
            f"saved {self.evaluation.gain} handoffs and lockstep releases per 100 change sets; "
            f"beyond the same services given to the largest other team: "
            f"{self.evaluation.beyond_largest}. Of what hindsight would have saved with the "
            f"same candidates: {self.oracle_share}; with those of the quarter itself: "
            f"{self.hindsight_share}."
        )

    def __repr__(self) -> str:
        """Show folds and gain."""
        return f"<Backtest: {len(self.folds)} folds, gain {self.evaluation.gain} per 100>"

    def _repr_html_(self) -> str:
        rows = [
            (_dates(one.fold.test)[0], "; ".join(one.moves) or "none", one.gain)
            for one in self.folds
        ]
        return html_table(("held out from", "moves", "saved per 100"), rows, caption=self.explain())


def backtest(
    history: History, boundaries: Boundaries, *, options: AdviceOptions | None = None, seed: int = 0
) -> Backtest:
    """Test the advice on every quarter of the window.

    Parameters
    ----------
    history
        Facts of one or more repositories.
    boundaries
        Services, release units, teams, and the selection.
    options
        Limits and windows; by default from the configuration.
    seed
        Seed of everything random.
    """
    chosen = AdviceOptions.of(boundaries.config) if options is None else options
    return backtest_work(label(history, boundaries), options=chosen, seed=seed)


def backtest_work(work: Work, *, options: AdviceOptions, seed: int = 0) -> Backtest:
    """Test the advice on every quarter of labelled work."""
    chosen = options
    found = folds(work, chosen)
    if not found or not work.teams:
        reason = TOO_SHORT if work.teams else "no teams are known"
        unknown = Unknown(reason)
        return Backtest((), Evaluation.unknown(reason), unknown, dict.fromkeys(BASELINES, unknown))
    runs = [_run(work, fold, options=chosen, seed=seed) for fold in found]
    sets = np.concatenate([run.tested.sets for run in runs])
    resampling = Resampling.of(len(sets), seed=seed)
    pooled = {
        name: resampling.ratio(np.concatenate([r.gains[name] for r in runs]), sets, scale=100)
        for name in (*BASELINES, *_ORACLES)
    }
    evaluation = evaluate([run.tested for run in runs], seed=seed)
    shares = [_share(evaluation.gain, pooled.pop(name)) for name in _ORACLES]
    results = tuple(
        FoldResult(fold, tuple(title(move) for move in run.moves), run.gain(seed), run.helped)
        for fold, run in zip(found, runs, strict=True)
    )
    return Backtest(results, evaluation, shares[0], pooled, seed, shares[1])


_ORACLES = ("oracle", "hindsight")


def _share(gain: Figure, oracle: Figure) -> Figure:
    """Return a gain as a share of hindsight's."""
    most = value_of(oracle)
    return value_of(gain) / most if most > 0 else Unknown("hindsight finds nothing to gain")


@dataclass(frozen=True, eq=False)
class _Run:
    """One fold's plan, its test, weekly gains of every baseline, and how many moves helped."""

    moves: tuple[Move, ...]
    tested: Tested
    gains: Mapping[str, np.ndarray]
    helped: int

    def gain(self, seed: int) -> Figure:
        resampling = Resampling.of(len(self.tested.sets), seed=seed)
        saved = self.tested.saved[0] + self.tested.saved[1]
        return resampling.ratio(saved, self.tested.sets, scale=100)


def _run(work: Work, fold: Fold, *, options: AdviceOptions, seed: int) -> _Run:
    """Fit on the training weeks of a fold and test everything on its test weeks."""
    train = fitting_work(work, since=fold.train[0], cut=fold.train[1])
    test = at_cut(work, fold)
    fitted = fit(train, options)
    gains = _baseline_gains(fitted, test, options=options, seed=seed)
    result = fitted.test(test)
    gains |= {
        "nothing": np.zeros(len(result.sets)),
        "largest_team": result.largest[:2].sum(axis=0),
        "other_team": result.other[:2].sum(axis=0),
    }
    shares = Trial.of(test, [fitted.moves]).shapley(fitted.moves)
    helped = sum(float(share[:2].sum()) > _NOTHING for share in shares)
    return _Run(fitted.moves, result, gains, helped)


_NOTHING = 1e-9


def _baseline_gains(
    fitted: Fitted, test: Work, *, options: AdviceOptions, seed: int
) -> dict[str, np.ndarray]:
    """Return what each baseline's plan saves by test week."""
    train, size = fitted.work, len(fitted.moves)
    plans: dict[str, Sequence[tuple[Move, ...]]] = {
        "random": random_plans(train, moves=size, options=options, seed=seed),
        "load_only": [load_balancing(train, moves=size, options=options)],
        "leiden": [by_clusters(train, moves=size, seed=seed)],
    }
    plans |= _hindsight(fitted, test, options=options)
    trial = Trial.of(test, [plan for several in plans.values() for plan in several])
    nothing = np.zeros(len(trial.sets))
    return {
        name: np.mean([trial.weekly_saved(plan)[:2].sum(axis=0) for plan in several], axis=0)
        if several
        else nothing
        for name, several in plans.items()
    }


def _hindsight(
    fitted: Fitted, test: Work, *, options: AdviceOptions
) -> dict[str, Sequence[tuple[Move, ...]]]:
    """Return the plans of hindsight; none is worse than the advice, which it might have given."""
    found: dict[str, Sequence[tuple[Move, ...]]] = {}
    known = [fitted.moves]
    for name in _ORACLES:
        new = name == "hindsight"
        known.append(hindsight(test, train=fitted.work, options=options, new_moves=new))
        trial = Trial.of(test, known)
        saved = [float(trial.weekly_saved(plan)[:2].sum()) for plan in known]
        found[name] = [known[int(np.argmax(saved))]]
    return found


def _dates(window: tuple[int, int]) -> list[str]:
    """Return the first and the last day of a window."""
    return [pd.Timestamp(time, unit="s").date().isoformat() for time in (window[0], window[1] - 1)]
