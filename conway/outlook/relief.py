"""The other way round: the handoffs that must go for k times the changes at today's load.

In:  an ``Assessment``.
Out: by team the approvals of the last 26 weeks, how many must go, and the services through
     which they are asked for, those first that free most.

A change set is freed of a team only if every path that asks for it is: a set that asks through
several services counts where the last of them goes. At k times the changes a team's load stays
if ``1 - 1/k`` of its handoffs go.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.delivery.handoffs import handoff_rows
from conway.outlook.loads import TODAY_WEEKS, whole_weeks

if TYPE_CHECKING:
    from conway.assessment import Assessment

MOST_TEAMS = 8
MOST_SERVICES = 12


@dataclass(frozen=True, slots=True)
class Relief:
    """What must go for one team at ``k`` times the changes.

    Attributes
    ----------
    k, team
        How many times as many changes; who approves.
    handoffs
        Handoffs to the team in the last 26 weeks.
    must_go
        How many of them must go.
    services
        ``(service, handoffs that go with it)``, in order.
    freed
        How many go with all of these services.
    """

    k: float
    team: str
    handoffs: float
    must_go: float
    services: tuple[tuple[str, float], ...]
    freed: float


def relief(assessment: Assessment, *, rates: tuple[float, ...]) -> tuple[Relief, ...]:
    """Return for each rate above 1 and each of the most asked teams what must go."""
    work = assessment.work
    first = whole_weeks(assessment) - TODAY_WEEKS
    recent = work.weeks >= first
    rows = handoff_rows(work, assessment.delivery.handoffs)
    rows = rows[recent[rows["set"].to_numpy()]]
    asked: dict[int, dict[int, tuple[float, frozenset[int]]]] = {}
    for (team, number), part in rows.groupby(["to_team", "set"]):
        weight = float(part["weight"].iloc[0])
        asked.setdefault(int(str(team)), {})[int(str(number))] = (
            weight,
            frozenset(part["service"].tolist()),
        )
    totals = {team: sum(weight for weight, _ in sets.values()) for team, sets in asked.items()}
    most = sorted(totals, key=lambda team: (-totals[team], team))[:MOST_TEAMS]
    return tuple(
        _relief(assessment, k, team=team, sets=list(asked[team].values()))
        for k in rates
        if k > 1
        for team in most
    )


def _relief(
    assessment: Assessment,
    k: float,
    *,
    team: int,
    sets: list[tuple[float, frozenset[int]]],
) -> Relief:
    total = sum(weight for weight, _ in sets)
    must_go = total * (1 - 1 / k)
    chosen: list[tuple[str, float]] = []
    gone: set[int] = set()
    left, freed = sets, 0.0
    while freed < must_go and len(chosen) < MOST_SERVICES and left:
        service = _next(left, gone=gone)
        gone.add(service)
        goes = sum(weight for weight, services in left if services <= gone)
        left = [(weight, services) for weight, services in left if not services <= gone]
        freed += goes
        name = assessment.work.services[service] if service >= 0 else "files of no service"
        chosen.append((name, goes))
    return Relief(k, assessment.work.teams[team], total, must_go, tuple(chosen), freed)


def _next(left: list[tuple[float, frozenset[int]]], *, gone: set[int]) -> int:
    """Return the service that frees most at once, else the one most asked through."""
    alone: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for weight, services in left:
        open_services = services - gone
        for service in open_services:
            asked[service] += weight  # type: ignore[assignment] # weights are shares
        if len(open_services) == 1:
            alone[next(iter(open_services))] += weight  # type: ignore[assignment]
    counted = alone or asked
    return min(counted, key=lambda service: (-counted[service], service))
