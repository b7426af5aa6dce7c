"""Limits: what a plan may not do, however much it saves.

In:  the base state of a window, and options.
Out: ``Limits``: which moves may stand together, and whether a plan keeps within bounds:
     loads of approvers, services of a team, able receiving teams, owners of owned paths and
     release units.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.experience import team_people
from conway.advice.moves import SERVICE_OWNERS, Delegate, Reassign, SplitService

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

    from conway.advice.move import Move
    from conway.advice.options import AdviceOptions
    from conway.advice.state import State
    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Limits:
    """Bounds that come from the base.

    Attributes
    ----------
    loads
        Change sets that each team may be needed by at most (shape: teams).
    services
        Services that each team may own at most.
    owners
        Team of each service in the base.
    able
        Teams with enough people to receive anything.
    pinned
        Services that stay where they are.
    """

    loads: np.ndarray
    services: Mapping[str, int]
    owners: dict[str, str]
    able: frozenset[str]
    pinned: frozenset[str]

    @classmethod
    def of(cls, work: Work, base: State, *, options: AdviceOptions) -> Limits:
        """Take the bounds from the base of a window."""
        loads = base.loads()
        largest = float(loads.max()) if len(loads) else 0.0
        owners = owners_of_services(work)
        owned = Counter(owners.values())
        growth, people = options.max_services_growth, team_people(work)
        return cls(
            loads=np.maximum(loads * options.max_load_growth, largest),
            services={t: max(math.ceil(owned[t] * growth), owned[t] + 1) for t in work.teams},
            owners=owners,
            able=frozenset(
                name
                for code, name in enumerate(work.teams)
                if people.get(code, 0) >= options.min_people
            ),
            pinned=frozenset(options.pinned),
        )

    @classmethod
    def none(cls, work: Work, *, teams: Collection[str]) -> Limits:
        """Return bounds that forbid nothing but moves that exclude each other."""
        return cls(
            loads=np.full(len(teams), np.inf),
            services={},
            owners=owners_of_services(work),
            able=frozenset(teams),
            pinned=frozenset(),
        )

    def combine(self, move: Move, moves: Sequence[Move]) -> bool:
        """Whether a move may stand beside the others: one for each service and rule."""
        if move in moves:
            return False
        if isinstance(move, Reassign | SplitService):
            taken = (one for one in moves if isinstance(one, Reassign | SplitService))
            return move.service not in self.pinned and all(o.service != move.service for o in taken)
        if isinstance(move, Delegate):
            return all(one.pattern != move.pattern for one in moves if isinstance(one, Delegate))
        return all(one.services != move.services for one in moves if one.kind == move.kind)

    def allow(self, state: State) -> bool:
        """Whether a state keeps every bound."""
        return (
            bool((state.loads() <= self.loads + 1e-9).all())
            and not self._services_beyond(state.moves)
            and self._labels_allowed(state)
        )

    def _services_beyond(self, moves: Sequence[Move]) -> float:
        """Return services beyond the bound; infinite where a team is not able to receive any."""
        owners = self.owners
        received: set[str] = set()
        for move in moves:
            owners = move.owners_after(owners)
            received |= set(move.receiving)
        if not received <= self.able:
            return math.inf
        owned = Counter(owners.values())
        return float(sum(max(owned[team] - self.services.get(team, 0), 0) for team in received))

    @staticmethod
    def _labels_allowed(state: State) -> bool:
        """Whether owned paths stay owned, and no two release units become one.

        Joining everything into one train ends lockstep and all independent release; splitting
        units further never lowers the streams of release units.
        """
        before: dict[str, str] = {}
        for old, new in zip(state.instance.labels, state.labels, strict=True):
            if (old.owners and not new.owners) or before.setdefault(new.unit, old.unit) != old.unit:
                return False
        return True


def group_of(move: Move) -> Hashable:
    """Return what moves that exclude each other have in common."""
    if isinstance(move, Reassign | SplitService):
        return ("service", move.service)
    if isinstance(move, Delegate):
        return ("rule", move.pattern)
    return (move.kind, move.services)


def owners_of_services(work: Work) -> dict[str, str]:
    """Return the team of each owned service at the end of the window."""
    pairs = zip(work.services, work.service_teams, strict=True)
    return {service: work.teams[team] for service, team in pairs if team >= 0}


def affected(move: Move, work: Work) -> tuple[str, ...]:
    """Return the teams whose duties a move changes, sorted."""
    owners = owners_of_services(work)
    teams = {owners[service] for service in move.services if service in owners}
    teams |= {*move.receiving, *move.names.teams, *move.names.new_teams}
    if isinstance(move, Delegate) and move.pattern in work.rules:
        rows = work.rows[work.rows["rule"] == work.rules.index(move.pattern)]
        asked = {team for code in set(rows["owners"]) - {-1} for team in work.owners[code]}
        asked |= set(rows["service_team"]) - {-1} if SERVICE_OWNERS in move.teams else set()
        teams |= {work.teams[team] for team in asked} | (set(move.teams) - {SERVICE_OWNERS})
    return tuple(sorted(teams))
