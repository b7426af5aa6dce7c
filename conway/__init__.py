"""conway: where team boundaries and change boundaries hold each other up.

The verbs, in the order in which they are used (``conway.pipeline`` runs them)::

    history = conway.mine("path/to/repo")
    boundaries = conway.read_boundaries("conway.toml", history)
    assessment = conway.assess(history, boundaries)
    plan = conway.recommend(assessment)
    trial = conway.backtest(history, boundaries)
    past = conway.look_back(history, boundaries)
    conway.report(assessment, plan, trial, past).save("review.html")

Each is loaded when it is first used, so that ``import conway`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conway.advice import (
        Approve,
        Custom,
        Dated,
        Decouple,
        Delegate,
        MergeServices,
        MergeTeams,
        MoveWithPeople,
        Reassign,
        SplitService,
        SplitTeam,
        backtest,
        compare,
        look_back,
        predict,
        recommend,
        score,
        simulate,
    )
    from conway.assessment import assess
    from conway.boundaries.detection import detect_boundaries
    from conway.boundaries.reading import read_boundaries
    from conway.errors import ConwayError
    from conway.history.sources import mine, read_history
    from conway.outlook import forecast
    from conway.reporting import plot, report

__version__ = "0.1.0"

__all__ = [
    "Approve",
    "ConwayError",
    "Custom",
    "Dated",
    "Decouple",
    "Delegate",
    "MergeServices",
    "MergeTeams",
    "MoveWithPeople",
    "Reassign",
    "SplitService",
    "SplitTeam",
    "__version__",
    "assess",
    "backtest",
    "compare",
    "detect_boundaries",
    "forecast",
    "look_back",
    "mine",
    "plot",
    "predict",
    "read_boundaries",
    "read_history",
    "recommend",
    "report",
    "score",
    "simulate",
]

_HOMES = {
    "ConwayError": "conway.errors",
    "Approve": "conway.advice",
    "Custom": "conway.advice",
    "Dated": "conway.advice",
    "Decouple": "conway.advice",
    "Delegate": "conway.advice",
    "MergeServices": "conway.advice",
    "MergeTeams": "conway.advice",
    "MoveWithPeople": "conway.advice",
    "Reassign": "conway.advice",
    "SplitService": "conway.advice",
    "SplitTeam": "conway.advice",
    "assess": "conway.assessment",
    "backtest": "conway.advice",
    "compare": "conway.advice",
    "detect_boundaries": "conway.boundaries.detection",
    "forecast": "conway.outlook",
    "look_back": "conway.advice",
    "mine": "conway.history.sources",
    "plot": "conway.reporting",
    "predict": "conway.advice",
    "read_boundaries": "conway.boundaries.reading",
    "read_history": "conway.history.sources",
    "recommend": "conway.advice",
    "report": "conway.reporting",
    "score": "conway.advice",
    "simulate": "conway.advice",
}


def __getattr__(name: str) -> object:
    """Load a verb from its home on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'conway' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    found: object = (
        import_module(f"{_HOMES[name]}.{name}") if name == "plot" else getattr(home, name)
    )
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the verbs, loaded or not."""
    return sorted({*globals(), *__all__})
