"""The JSON form of an outlook (docs/schema: conway.forecast/1).

In:  an ``Outlook``.
Out: plain values in a fixed order.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from conway import __version__
from conway.figures import Figure, Interval, Unknown, figure_json, rounded
from conway.outlook.loads import SUSTAINED_WEEKS, TODAY_WEEKS

if TYPE_CHECKING:
    from conway.outlook.curve import Wait
    from conway.outlook.gate import SurgeTest
    from conway.outlook.loads import ChangeType, Load
    from conway.outlook.outlook import Outlook
    from conway.outlook.relief import Relief

MOST_UNITS = 20
_LOADED = ("approver", "validation", "release")


def outlook_json(one: Outlook) -> dict[str, Any]:
    """Return the content of ``forecast.json``."""
    work = one.assessment.work
    return {
        "schema": "conway.forecast/1",
        "version": __version__,
        "window": {"since": _day(work.since), "until": _day(work.until - 1)},
        "today_weeks": TODAY_WEEKS,
        "sustained_weeks": SUSTAINED_WEEKS,
        "rates": [_rate(one, k) for k in one.rates],
        "surge_test": {
            "passed": bool(one.curves),
            "reason": one.why_no_curve or None,
            "suites": [_test(test) for test in one.tests],
            "loads": _steady(one),
        },
        "first": None if one.first is None else _first(one.first),
        "relief": [_relief(each) for each in one.relief],
    }


def _rate(one: Outlook, k: float) -> dict[str, Any]:
    """Return the loads of a week at ``k`` times today's changes."""
    curves = {suite: next(wait for wait in waits if wait.k == k) for suite, waits in one.curves}
    return {
        "k": rounded(k),
        "types": [_type(each, k) for each in one.types],
        **{kind: [_load(load, k) for load in _largest(one.loads, kind)] for kind in _LOADED},
        "waits": [_wait(suite, wait) for suite, wait in curves.items()],
    }


def _largest(loads: tuple[Load, ...], kind: str) -> list[Load]:
    """Return the loads of a kind, the largest of today first; those of release units cut off."""
    mine = [load for load in loads if load.kind == kind]
    mine.sort(key=lambda load: (-load.weekly.mean, load.resource))
    return mine[:MOST_UNITS] if kind == "release" else mine


def _type(one: ChangeType, k: float) -> dict[str, Any]:
    return {
        "type": one.name,
        "change_sets": figure_json(times(one.sets.today, k)),
        "handoffs": figure_json(times(one.handoffs.today, k)),
        "lockstep": figure_json(times(one.lockstep.today, k)),
    }


def _load(one: Load, k: float) -> dict[str, Any]:
    demonstrated = one.weekly.demonstrated
    return {
        "resource": one.resource,
        "unit": one.unit,
        "status": one.status,
        "load": figure_json(times(one.weekly.today, k)),
        "demonstrated": rounded(demonstrated),
        "beyond": bool(k * one.weekly.mean > demonstrated),
    }


def _wait(suite: str, wait: Wait) -> dict[str, Any]:
    return {
        "suite": suite,
        "hours": figure_json(wait.hours),
        "memoryless_hours": figure_json(wait.memoryless),
    }


def _test(one: SurgeTest) -> dict[str, Any]:
    return {
        "suite": one.suite,
        "passed": one.passed,
        "reason": one.reason or None,
        "servers": one.servers,
        "declared": one.declared,
        "surge_weeks": one.surges,
        "recorded_hours": figure_json(one.recorded),
        "predicted_hours": figure_json(one.predicted),
        "gain_hours": figure_json(one.gain),
    }


def _steady(one: Outlook) -> list[dict[str, Any]]:
    """Return whether change sets needed more in surge weeks; the loads assume that not."""
    found = one.assessment.absorption
    moved = () if found is None else found.surges.moved
    return [
        {"measure": each.measure, "difference": figure_json(each.difference)}
        for each in moved
        if each.measure.startswith(("handoffs", "release units"))
    ]


def _first(one: Load) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "resource": one.resource,
        "unit": one.unit,
        "status": one.status,
        "today": figure_json(one.weekly.today),
        "demonstrated": rounded(one.weekly.demonstrated),
        "at_k": rounded(one.at_k),
    }


def _relief(one: Relief) -> dict[str, Any]:
    return {
        "k": rounded(one.k),
        "team": one.team,
        "handoffs": rounded(one.handoffs),
        "must_go": rounded(one.must_go),
        "freed": rounded(one.freed),
        "services": [{"service": name, "handoffs": rounded(goes)} for name, goes in one.services],
    }


def times(figure: Figure, k: float) -> Figure:
    """Return ``k`` times a figure.

    Examples
    --------
    >>> times(Interval(2.0, 1.0, 3.0), 2)
    Interval(value=4.0, low=2.0, high=6.0, level=0.95)
    """
    if isinstance(figure, Unknown):
        return figure
    if isinstance(figure, Interval):
        return Interval(figure.value * k, figure.low * k, figure.high * k, figure.level)
    return float(np.float64(figure) * k)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
