"""What follows if changes come k times as fast.

In:  an ``Assessment``.
Out: ``Outlook``: loads by change type and resource against what was demonstrated, waits where
     a queue predicted the surge weeks, and which handoffs must go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conway.display import html_table, visible
from conway.errors import PlanError
from conway.outlook.curve import Wait, waits_at
from conway.outlook.gate import Runs, SurgeTest, surge_test
from conway.outlook.loads import ChangeType, Load, change_types, loads, whole_weeks
from conway.outlook.relief import Relief, relief

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from conway.assessment import Assessment

RATES = (1.0, 2.0, 5.0, 10.0)
NO_TIMES = (
    "no waits and service times were measured, so no queue can be fitted: [tables] pipeline_runs; "
    "what git shows are loads"
)
_LEAST = 1.0
_MOST_RATE = 1000


@dataclass(frozen=True, eq=False)
class Outlook:
    """What follows if changes come faster.

    Attributes
    ----------
    assessment
        What it was made from.
    rates
        How many times as many changes.
    types, loads
        Weekly loads by type of change set, and by resource.
    tests
        By suite whether a queue that fits calm weeks predicts surge weeks.
    curves
        By suite that passed the mean wait at each rate.
    relief
        Which handoffs must go for each rate at today's approver load.
    """

    assessment: Assessment
    rates: tuple[float, ...]
    types: tuple[ChangeType, ...]
    loads: tuple[Load, ...]
    tests: tuple[SurgeTest, ...]
    curves: tuple[tuple[str, tuple[Wait, ...]], ...]
    relief: tuple[Relief, ...]

    @property
    def first(self) -> Load | None:
        """The resource whose demonstrated load is passed first; None where none has load.

        Only teams that approve and suites whose runs were measured are compared: a release
        unit is no bottleneck because more is released in it. Those with less than one piece of
        work a week are left out.
        """
        busy = [
            load
            for load in self.loads
            if load.weekly.mean >= _LEAST and (load.kind == "approver" or load.status == "measured")
        ]
        return min(busy, key=lambda one: (one.at_k, -one.weekly.mean), default=None)

    @property
    def why_no_curve(self) -> str:
        """Why there is no curve of waits; empty where there is one."""
        if self.curves:
            return ""
        return "; ".join(f"{one.suite}: {one.reason}" for one in self.tests) or NO_TIMES

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``forecast.json``."""
        from conway.outlook.form import outlook_json

        return outlook_json(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per resource: ``kind, resource, unit, today, demonstrated, at_k``."""
        import pandas as pd

        rows = [
            (one.kind, one.resource, one.unit, one.weekly.mean, one.weekly.demonstrated, one.at_k)
            for one in self.loads
        ]
        names = ["kind", "resource", "unit", "today", "demonstrated", "at_k"]
        return pd.DataFrame(rows, columns=names)

    def explain(self) -> str:
        """Say in words what follows."""
        lines = []
        if self.first is not None:
            one = self.first
            lines.append(
                f"First beyond what was ever carried for a quarter: {one.resource} "
                f"({one.kind}: {one.unit}), at {one.at_k:.2f} times today's changes."
            )
        reason = self.why_no_curve
        lines.append(f"No curve of waits: {reason}." if reason else "Waits by rate:")
        lines += [
            f"- {suite} at {wait.k:g} times: {wait.hours} hours"
            for suite, waits in self.curves
            for wait in waits
        ]
        lines += [
            f"For {one.k:g} times the changes at today's load of {one.team}, {one.must_go:.0f} of "
            f"{one.handoffs:.0f} handoffs must go."
            for one in self.relief[:3]
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Show rates and resources."""
        rates = ", ".join(f"{k:g}" for k in self.rates)
        return f"<Outlook: {len(self.loads)} resources at {rates} times today's changes>"

    def _repr_html_(self) -> str:
        rows = [
            (one.kind, one.resource, one.unit, f"{one.weekly.mean:.1f}",
             f"{one.weekly.demonstrated:.1f}", f"{one.at_k:.2f}")
            for one in sorted(self.loads, key=lambda one: one.at_k)[:12]
        ]  # fmt: skip
        columns = ("kind", "resource", "a week", "today", "demonstrated", "times today")
        return html_table(columns, rows, caption=repr(self))


def read_rates(text: str) -> tuple[float, ...]:
    """Return rates that are parted by commas.

    Raises
    ------
    PlanError
        With everything that is no number.

    Examples
    --------
    >>> read_rates("1, 2,5")
    (1.0, 2.0, 5.0)
    """
    found, wrong = [], []
    for word in text.split(","):
        try:
            found.append(float(word))
        except ValueError:
            wrong.append(visible(word.strip()))
    if wrong:
        raise PlanError(f"rates: {', '.join(wrong)} is no number; write 1,2,5,10")
    return tuple(found)


def forecast(assessment: Assessment, *, rates: Sequence[float] = RATES) -> Outlook:
    """Say what follows if changes come ``k`` times as fast.

    Parameters
    ----------
    assessment
        One measurement.
    rates
        Values of ``k``, above 0.

    Returns
    -------
    Outlook
        Frozen; ``.to_json()`` is ``forecast.json``.

    Raises
    ------
    PlanError
        If a rate is not above 0.
    """
    chosen = tuple(sorted({float(k) for k in rates}))
    wrong = [k for k in chosen if not 0 < k <= _MOST_RATE]
    if wrong or not chosen:
        named = ", ".join(f"{k:g}" for k in wrong) or "none"
        raise PlanError(f"rates: {named}; each must be above 0 and at most {_MOST_RATE}")
    work, runs = assessment.work, assessment.boundaries.imported.pipeline_runs
    tests, curves = [], []
    for suite in sorted(runs["suite"].unique()):
        part = Runs.of(
            runs[runs["suite"] == suite], since=work.since, weeks=whole_weeks(assessment)
        )
        servers = assessment.boundaries.imported.runners.get(suite)
        test = surge_test(suite, part, servers=servers, seed=assessment.seed)
        tests.append(test)
        if test.passed:
            waits = tuple(
                waits_at(part, k, servers=test.servers, seed=assessment.seed) for k in chosen
            )
            curves.append((suite, waits))
    return Outlook(
        assessment,
        chosen,
        change_types(assessment),
        loads(assessment),
        tuple(tests),
        tuple(curves),
        relief(assessment, rates=chosen),
    )
