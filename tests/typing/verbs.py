"""What type checkers see of the public verbs; mypy reads this file, nothing runs it."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import conway
from conway.advice import Backtest, Comparison, Outcome, Plan
from conway.assessment import Assessment
from conway.boundaries.boundaries import Boundaries
from conway.history.record import History
from conway.outlook import Outlook
from conway.reporting.reports import Report


def use_every_verb() -> None:
    """Use each verb as the README does."""
    history = assert_type(conway.mine("path/to/repo"), History)
    boundaries = assert_type(conway.read_boundaries("conway.toml", history), Boundaries)
    assert_type(conway.detect_boundaries(history), Boundaries)
    assessment = assert_type(conway.assess(history, boundaries), Assessment)
    moves = [conway.Reassign("billing", to="payments")]
    assert_type(conway.simulate(assessment, moves), Outcome)
    assert_type(conway.compare(assessment, {"a": moves, "b": "b.toml"}), Comparison)
    plan = assert_type(conway.recommend(assessment, moves=5), Plan)
    trial = assert_type(conway.backtest(history, boundaries), Backtest)
    assert_type(conway.forecast(assessment, rates=[1, 2]), Outlook)
    report = assert_type(conway.report(assessment, plan, trial), Report)
    assert_type(report.save("review.html"), Path)
