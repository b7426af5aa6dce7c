"""Advice: moves, replay, search, backtest, and the test of a planned reorganisation.

In:  an ``Assessment``.
Out: plans whose gain was measured on work that the advice never saw.
"""

from conway.advice.dated import Dated
from conway.advice.move import Author, Custom, Label, Move, Names
from conway.advice.moves import (
    SERVICE_OWNERS,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.options import AdviceOptions
from conway.advice.outcome import Outcome, simulate
from conway.advice.plan import Advised, Plan
from conway.advice.plans import read_plan
from conway.advice.recommendation import recommend
from conway.advice.relabelling import replay
from conway.advice.rolling import Backtest, backtest
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam

__all__ = [
    "SERVICE_OWNERS",
    "AdviceOptions",
    "Advised",
    "Author",
    "Backtest",
    "Custom",
    "Dated",
    "Decouple",
    "Delegate",
    "Label",
    "MergeServices",
    "MergeTeams",
    "Move",
    "MoveWithPeople",
    "Names",
    "Outcome",
    "Plan",
    "Reassign",
    "SplitService",
    "SplitTeam",
    "backtest",
    "read_plan",
    "recommend",
    "replay",
    "simulate",
]
