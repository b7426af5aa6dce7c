"""Grade A: boundaries like these moved before, and what people did changed.

In:  a plan, and what looking back found.
Out: the same plan; grade A on moves of services that have grade C on held-out work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conway.advice.lookback.result import LookBack
    from conway.advice.plan import Plan

LIKE_BEFORE = frozenset({"Reassign", "MoveWithPeople"})
"""Kinds of moves that past events are: a service gets another owner."""


def graded(plan: Plan, past: LookBack | None) -> Plan:
    """Return the plan with grade A where earlier moves of services clearly helped.

    Only a change of behaviour counts (``LookBack.helped``): that approvals change when the
    approver does is arithmetic, and no evidence.
    """
    if past is None or not past.helped:
        return plan
    moves = tuple(
        replace(one, grade="A") if one.grade in "BC" and one.move.kind in LIKE_BEFORE else one
        for one in plan.moves
    )
    return replace(plan, moves=moves)
