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
from conway.advice.limits import Limits, owners_of_services
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


def hindsight(test: Work, *, train: Work, options: AdviceOptions, new_moves: bool = False) -> Moves:
    """Return the best plan for the held-out work itself.

    The budget, the limits and the candidates are those of the advice, which the training work
    gives; only the objective knows what came, and no move has a cost.

    Parameters
    ----------
    test, train
        Held-out work and the work before it.
    options
        Those of the advice.
    new_moves
        Whether also the moves count that only the held-out work suggests: a mark beyond what
        any advice given beforehand could have known to propose.
    """
    found = propose(Ground.of(train, options))
    if new_moves:
        found = tuple(dict.fromkeys((*found, *propose(Ground.of(test, options)))))
    free = replace(options, min_saved=1, transition_cost={})
    judged = Instance.of(train, counted=counted_sets(train), candidates=found)
    search = Search(
        Instance.of(test, counted=counted_sets(test), candidates=found),
        found,
        Limits.of(train, State.base(judged), options=options),
        free,
        judged,
    )
    return search.best()
