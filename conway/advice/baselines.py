"""What advice is compared with: nothing, chance, load, clusters, hindsight.

In:  the fitting window of a fold, its fitted plan, and the held-out work.
Out: plans by name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.candidates import Ground, propose
from conway.advice.experience import team_people
from conway.advice.instance import Instance
from conway.advice.limits import owners_of_services
from conway.advice.moves import Move, Reassign
from conway.advice.search import Search
from conway.advice.state import State
from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import service_pairs
from conway.delivery.footprints import counted_sets

if TYPE_CHECKING:
    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work

Moves = tuple[Move, ...]

RANDOM_PLANS = 20


def random_plans(work: Work, *, moves: int, options: AdviceOptions, seed: int) -> tuple[Moves, ...]:
    """Return plans of random services given to random admissible teams."""
    rng = np.random.default_rng(seed)
    owners, people = owners_of_services(work), team_people(work)
    targets = [
        name for team, name in enumerate(work.teams) if people.get(team, 0) >= options.min_people
    ]
    services = sorted(set(owners) - set(options.pinned))
    if not services or len(targets) < 2 or not moves:  # noqa: PLR2004 - a team and another
        return ()
    found = []
    for _ in range(RANDOM_PLANS):
        chosen = rng.choice(len(services), size=min(moves, len(services)), replace=False)
        plan = []
        for place in chosen.tolist():
            others = [team for team in targets if team != owners[services[place]]]
            plan.append(Reassign(services[place], others[int(rng.integers(len(others)))]))
        found.append(tuple(plan))
    return tuple(found)


def load_balancing(work: Work, *, moves: int, options: AdviceOptions) -> Moves:
    """Return the plan that takes services from the most to the least loaded team."""
    counted, people = counted_sets(work), team_people(work)
    state = State.base(Instance.of(work, counted=counted, candidates=()))
    owners = owners_of_services(work)
    plan: list[Reassign] = []
    changes = work.rows.groupby("service")["set"].nunique().to_dict()
    size = {name: int(changes.get(code, 0)) for code, name in enumerate(work.services)}
    able = [t for t in range(len(work.teams)) if people.get(t, 0) >= options.min_people]
    if not able:
        return ()
    for _ in range(moves):
        loads = state.loads()
        least = work.teams[min(able, key=lambda team: (loads[team], team))]
        busiest = sorted(able, key=lambda team: (-loads[team], team))
        found = _largest_service(busiest, work, owners=owners, size=size, plan=plan)
        if found is None or owners[found] == least:
            break
        move = Reassign(found, least)
        plan.append(move)
        owners = {**owners, found: least}
        state = state.after(move)
    return tuple(plan)


def _largest_service(
    teams: list[int],
    work: Work,
    *,
    owners: dict[str, str],
    size: dict[str, int],
    plan: list[Reassign],
) -> str | None:
    """Return the largest service of the first of ``teams`` that owns one still in place."""
    moved = {move.service for move in plan}
    for team in teams:
        owned = [s for s, name in owners.items() if name == work.teams[team] and s not in moved]
        if owned:
            return max(sorted(owned), key=lambda service: size[service])
    return None


def by_clusters(work: Work, *, moves: int, seed: int) -> Moves:
    """Return the plan that gives services to the team that owns most of their cluster."""
    found = find_clusters(work, service_pairs(work), seeds=5, resamples=5, seed=seed)
    owners = owners_of_services(work)
    plan: list[Reassign] = []
    size = work.rows.groupby("service")["set"].nunique().to_dict()
    for members in found.groups:
        owned = [owners[name] for name in members if name in owners]
        if not owned:
            continue
        main = min(set(owned), key=lambda team: (-owned.count(team), team))
        plan += [Reassign(name, main) for name in members if owners.get(name, main) != main]
    order = {name: size.get(code, 0) for code, name in enumerate(work.services)}
    return tuple(sorted(plan, key=lambda move: (-order[move.service], move.service))[:moves])


def hindsight(test: Work, *, train: Work, options: AdviceOptions) -> Moves:
    """Return the best plan for the held-out work itself, among the admissible moves.

    Without transition costs: a mark that no advice given beforehand can be expected to reach.
    """
    found = propose(Ground.of(train, options))
    known = propose(Ground.of(test, options))
    every = tuple(dict.fromkeys((*found, *known)))
    free = replace(options, min_saved=1, transition_cost={})
    search = Search.over(test, counted=counted_sets(test), candidates=every, options=free)
    return search.best()
