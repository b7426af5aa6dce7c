"""Several plans side by side, on the same recorded work.

In:  an assessment and plans.
Out: ``Comparison``: the outcome of each, and how they differ from the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conway.advice.heldout import Trial, at_cut, folds
from conway.advice.options import AdviceOptions
from conway.advice.settling import settle
from conway.advice.simulation import in_force, planned_of, simulate
from conway.delivery.weeks import Resampling
from conway.display import html_table, visible
from conway.errors import PlanError
from conway.figures import Figure, Unknown, figure_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from conway.advice.outcome import Outcome
    from conway.advice.planned import Planned
    from conway.advice.simulation import Plannable
    from conway.assessment.assessment import Assessment

_FEWEST = 2
_SHOWN = ("handoffs_per_100", "lockstep_per_100", "autonomous_share", "streams")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Plans side by side.

    Attributes
    ----------
    outcomes
        The outcome of each plan, in the order given.
    differences
        By plan after the first: handoffs and lockstep releases per 100 change sets of the
        last quarter (of the whole window where none can be held out) that it needs beyond
        the first plan, paired by week; below zero it needs fewer.
    """

    outcomes: tuple[Outcome, ...]
    differences: Mapping[str, Figure]

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``simulate.json`` for several plans."""
        return {
            "schema": "conway.compare/1",
            "plans": [one.to_json() for one in self.outcomes],
            "differences": [
                {"plan": name, "than": self.outcomes[0].name, "per_100": figure_json(figure)}
                for name, figure in self.differences.items()
            ],
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per plan: its changes on the last quarter, and what gets worse."""
        import pandas as pd

        return pd.DataFrame(self._rows(), columns=["plan", "moves", *_SHOWN, "pairs_worse"])

    def _rows(self) -> list[tuple[object, ...]]:
        return [
            (
                one.name,
                len(one.moves),
                *(str(one.held_out.change.get(name, "")) for name in _SHOWN),
                len(one.worse),
            )
            for one in self.outcomes
        ]

    def explain(self) -> str:
        """Say what each plan would have changed, and how they differ."""
        parts = [f"{visible(one.name)}\n{one.explain()}" for one in self.outcomes]
        first = self.outcomes[0].name
        lines = [
            visible(f"{name} against {first}: {figure} handoffs and lockstep releases per 100")
            for name, figure in self.differences.items()
        ]
        return "\n\n".join([*parts, "\n".join(lines)])

    def __repr__(self) -> str:
        """Show how many plans there are."""
        return f"<Comparison: {len(self.outcomes)} plans>"

    def _repr_html_(self) -> str:
        columns = ("plan", "moves", *(f"last quarter, {n}" for n in _SHOWN), "pairs that get worse")
        return html_table(columns, self._rows(), caption=repr(self))


def compare(
    assessment: Assessment, plans: Sequence[Plannable] | Mapping[str, Plannable]
) -> Comparison:
    """Replay the recorded work under each of several plans.

    Parameters
    ----------
    assessment
        The measurement of one organisation.
    plans
        Plans by name, or in order: paths of ``plan.toml``, ``Planned``, or lists of moves.

    Raises
    ------
    PlanError
        If there are fewer than two, or one cannot be read or applied; all faults at once.
    """
    named = _named(plans)
    if len(named) < _FEWEST:
        raise PlanError("compare: give at least two plans")
    faults = []
    for plan in named:
        try:
            plan.check(assessment.work)
        except PlanError as fault:
            faults.append(str(fault))
    if faults:
        raise PlanError("\n".join(faults))
    outcomes = tuple(simulate(assessment, plan) for plan in named)
    return Comparison(outcomes, _differences(assessment, named))


def simulate_all(assessment: Assessment, plans: Sequence[Plannable]) -> Outcome | Comparison:
    """Return the outcome of one plan, or the comparison of several."""
    return simulate(assessment, plans[0]) if len(plans) == 1 else compare(assessment, plans)


def _named(plans: Sequence[Plannable] | Mapping[str, Plannable]) -> list[Planned]:
    """Return the plans, each with a name of its own."""
    if isinstance(plans, Mapping):
        return [replace(planned_of(plan), name=name) for name, plan in plans.items()]
    found: list[Planned] = []
    for number, plan in enumerate(map(planned_of, plans), 1):
        name = plan.name or f"plan {number}"
        taken = {one.name for one in found}
        found.append(replace(plan, name=f"{name} ({number})" if name in taken else name))
    return found


def _differences(assessment: Assessment, plans: Sequence[Planned]) -> dict[str, Figure]:
    """Return what each plan needs beyond the first per 100 change sets, paired by week."""
    work = assessment.work
    found = folds(work, AdviceOptions.of(assessment.boundaries.config))
    tested = at_cut(work, found[-1]) if found else work
    moves = [in_force(settle(plan.moves, work), work) for plan in plans]
    sums: dict[str, Figure] = {}
    weekly = []
    for held in moves:
        trial = Trial.of(tested, [held])
        weekly.append(trial.weekly_saved(held)[:2].sum(axis=0))
    if not trial.sets.sum():
        return dict.fromkeys((p.name for p in plans[1:]), Unknown("no change set counts"))
    resampling = Resampling.of(len(trial.sets), seed=assessment.seed)
    for plan, saved in zip(plans[1:], weekly[1:], strict=True):
        sums[plan.name] = resampling.ratio(weekly[0] - saved, trial.sets, scale=100)
    return sums
