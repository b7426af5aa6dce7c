"""Advice: moves, replay, search, backtest, and the test of a planned reorganisation.

In:  an ``Assessment``.
Out: plans whose gain was measured on work that the advice never saw.
"""

from conway.advice.comparison import Comparison, compare, simulate_all
from conway.advice.dated import Dated
from conway.advice.lookback import LookBack, LookBackOptions, look_back
from conway.advice.move import Author, Custom, Label, Move, Names
from conway.advice.moves import (
    SERVICE_OWNERS,
    Approve,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.options import AdviceOptions
from conway.advice.outcome import Outcome
from conway.advice.plan import Advised, Plan
from conway.advice.planned import Planned
from conway.advice.plans import read_plan, read_planned, read_plans
from conway.advice.predicting import predict
from conway.advice.prediction import Prediction
from conway.advice.prediction_file import read_prediction, write_prediction
from conway.advice.recommendation import recommend
from conway.advice.relabelling import replay
from conway.advice.rolling import Backtest, backtest
from conway.advice.scorecard import Score
from conway.advice.scoring import score
from conway.advice.simulation import simulate
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam

__all__ = [
    "SERVICE_OWNERS",
    "AdviceOptions",
    "Advised",
    "Approve",
    "Author",
    "Backtest",
    "Comparison",
    "Custom",
    "Dated",
    "Decouple",
    "Delegate",
    "Label",
    "LookBack",
    "LookBackOptions",
    "MergeServices",
    "MergeTeams",
    "Move",
    "MoveWithPeople",
    "Names",
    "Outcome",
    "Plan",
    "Planned",
    "Prediction",
    "Reassign",
    "Score",
    "SplitService",
    "SplitTeam",
    "backtest",
    "compare",
    "look_back",
    "predict",
    "read_plan",
    "read_planned",
    "read_plans",
    "read_prediction",
    "recommend",
    "replay",
    "score",
    "simulate",
    "simulate_all",
    "write_prediction",
]
