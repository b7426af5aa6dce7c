"""How advice is found and tested: thresholds with their source.

In:  the ``[limits]`` of a configuration.
Out: ``AdviceOptions``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.config import Config

TRANSITION_COST = MappingProxyType(
    {
        "Delegate": 0.1,
        "Approve": 0.1,
        "Decouple": 0.2,
        "Reassign": 0.3,
        "SplitService": 0.4,
        "MergeServices": 0.4,
        "MoveWithPeople": 0.5,
        "SplitTeam": 0.8,
        "MergeTeams": 0.8,
    }
)
"""Handoffs per 100 change sets that a kind of move must save before it is worth its change:
rules before decouplings before reorganisations. A judgement, not a measurement."""


@dataclass(frozen=True, slots=True)
class AdviceOptions:
    """Limits of the search and the lengths of its windows.

    Attributes
    ----------
    moves
        At most so many moves in a plan.
    affinity
        Share of a service's change sets that the receiving team must have written.
    min_people
        People of the receiving team with recent work on the service. A team with fewer
        people is never a target.
    max_load_growth
        An approver's load (change sets that need the team) may grow to this multiple, or
        to the largest load of the base, whichever is more.
    max_services_growth
        A team's number of services may grow to this multiple, one more always allowed.
    pinned
        Services that stay where they are.
    min_saved
        Change sets that a move must save on the fitting window.
    train_weeks, gap_weeks, test_weeks
        Fitting window, gap and held-out window of a fold.
    half_life_weeks
        Weeks after which a change set of the fitting window counts half in the search.
    certainty
        Standard errors over weeks that a move must save more than: 1.28 is a one-sided 90 %.
    transition_cost
        By kind of move, in handoffs per 100 change sets.
    """

    moves: int = 5
    affinity: float = 0.15
    min_people: int = 2
    max_load_growth: float = 1.5
    max_services_growth: float = 1.5
    pinned: tuple[str, ...] = ()
    min_saved: int = 5
    train_weeks: int = 26
    gap_weeks: int = 1
    test_weeks: int = 13
    half_life_weeks: float = 13.0
    certainty: float = 1.28
    transition_cost: Mapping[str, float] = field(default_factory=lambda: TRANSITION_COST)

    @classmethod
    def of(cls, config: Config) -> AdviceOptions:
        """Take the limits of a configuration."""
        limits = config.limits
        return cls(
            moves=limits.moves,
            affinity=limits.affinity,
            min_people=limits.min_people,
            max_load_growth=limits.max_load_growth,
            max_services_growth=limits.max_services_growth,
            pinned=limits.pinned,
        )

    @property
    def fold_weeks(self) -> int:
        """Weeks that one fold needs."""
        return self.train_weeks + self.gap_weeks + self.test_weeks
