"""All rules that find gaps; adding one touches its file and this tuple.

In:  ``Measured``.
Out: findings, strongest first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from conway.gaps.approvals import central_approver, handoff_pair
from conway.gaps.lockstep import lockstep_releases
from conway.gaps.ownership import no_owner, owner_mismatch, thin_knowledge
from conway.gaps.structure import (
    cross_team_coupling,
    hot_lane,
    mixed_team,
    split_cluster,
)
from conway.gaps.ties import shared_file

if TYPE_CHECKING:
    from conway.gaps.gap import Gap
    from conway.gaps.measured import Measured

Rule = Callable[["Measured"], "list[Gap]"]

RULES: tuple[Rule, ...] = (
    handoff_pair,
    central_approver,
    owner_mismatch,
    cross_team_coupling,
    no_owner,
    shared_file,
    lockstep_releases,
    split_cluster,
    mixed_team,
    hot_lane,
    thin_knowledge,
)


def find_gaps(measured: Measured, *, rules: tuple[Rule, ...] = RULES) -> tuple[Gap, ...]:
    """Return what all rules find, strongest first."""
    found = [gap for rule in rules for gap in rule(measured)]
    return tuple(sorted(found, key=lambda gap: gap.rank()))
