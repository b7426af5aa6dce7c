"""Limits: what a plan may not do, however much it saves.

In:  the base state of a window, and options.
Out: ``Limits``: which moves may stand together, and whether a move keeps the load of
     approvers and the number of services of a team within bounds.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.moves import SERVICE_OWNERS, Delegate, Reassign, SplitService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.moves import Move
    from conway.advice.options import AdviceOptions
    from conway.advice.state import Difference, State
    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Limits:
    """Bounds that come from the base.

    Attributes
    ----------
    loads
        Change sets that each team may be needed by at most (shape: teams).
    owned
        Services of each team in the base.
    services
        Services that each team may own at most.
    owners
        Team of each service in the base.
    names
        Team names by code.
    """

    loads: np.ndarray
    owned: Counter[str]
    services: dict[str, int]
    owners: dict[str, str]
    names: tuple[str, ...]

    @classmethod
    def of(cls, work: Work, base: State, *, options: AdviceOptions) -> Limits:
        """Take the bounds from the base of a window."""
        loads = base.loads()
        largest = float(loads.max()) if len(loads) else 0.0
        owners = owners_of_services(work)
        owned = Counter(owners.values())
        growth = options.max_services_growth
        return cls(
            loads=np.maximum(loads * options.max_load_growth, largest),
            owned=owned,
            services={t: max(math.ceil(owned[t] * growth), owned[t] + 1) for t in work.teams},
            owners=owners,
            names=work.teams,
        )

    def combine(self, move: Move, moves: Sequence[Move]) -> bool:
        """Whether a move may stand beside the others: one for each service and rule."""
        if move in moves:
            return False
        if isinstance(move, Reassign | SplitService):
            taken = (one for one in moves if isinstance(one, Reassign | SplitService))
            return all(one.service != move.service for one in taken)
        if isinstance(move, Delegate):
            return all(one.pattern != move.pattern for one in moves if isinstance(one, Delegate))
        return all(one.services != move.services for one in moves if one.kind == move.kind)

    def allow(self, move: Move, *, state: State, difference: Difference) -> bool:
        """Whether a move keeps every team's load and services within bounds."""
        receiving = move.receiving
        owned = self.owned + Counter(t for one in state.moves for t in one.receiving)
        if any(owned[team] + 1 > self.services[team] for team in receiving):
            return False
        after, before = state.loads(difference), state.loads()
        return bool(((after <= self.loads + 1e-9) | (after <= before + 1e-9)).all())


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
