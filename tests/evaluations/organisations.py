"""Planted organisations: a degree-corrected block model of changes.

In:  services, groups, changes, mixing and a seed.
Out: the work of those changes, and the planted group of each service.

A change has a home group, drawn by the groups' activity, and touches two services or more
(two and a geometric number). Each is drawn by its own activity (log-normal): with the
mixing's probability from all services, else from the home group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK, Work
from conway.tables import CHANGE_SETS, TOUCHED

WEEKS = 52


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is planted. ``mixing`` 1 leaves no structure."""

    changes: int
    mixing: float
    services: int = 1000
    groups: int = 20
    seed: int = 0


def plant(what: Organisation) -> tuple[Work, np.ndarray]:
    """Return the work, and the planted group of each service."""
    random = np.random.default_rng([what.seed, what.changes, round(what.mixing * 100)])
    share = random.uniform(0.5, 1.5, what.groups)
    group = np.sort(random.choice(what.groups, what.services, p=share / share.sum()))
    activity = random.lognormal(0, 0.6, what.services)
    by_group = np.bincount(group, activity, what.groups)
    sizes = 2 + np.minimum(random.geometric(0.6, what.changes) - 1, 6)
    homes = random.choice(what.groups, what.changes, p=by_group / by_group.sum())
    rows, home = np.repeat(np.arange(what.changes), sizes), np.repeat(homes, sizes)
    touched = random.choice(what.services, len(rows), p=activity / activity.sum())
    inside = random.random(len(rows)) >= what.mixing
    for number in range(what.groups):
        members = np.flatnonzero(group == number)
        mine = np.flatnonzero(inside & (home == number))
        if len(members) and len(mine):
            chance = activity[members] / activity[members].sum()
            touched[mine] = random.choice(members, len(mine), p=chance)
    cells = np.unique(rows * what.services + touched)
    incidence = np.column_stack([cells // what.services, cells % what.services])
    return work_of_cells(incidence, sets=what.changes, services=what.services), group


def work_of_cells(cells: np.ndarray, *, sets: int, services: int) -> Work:
    """Return work whose sets, even over a year, touch one file of each of their services.

    Parameters
    ----------
    cells
        Set and service, sorted (shape: cells × 2).
    sets, services
        How many there are.
    """
    times = (np.arange(sets) * (WEEKS * WEEK / sets)).astype(np.int64)
    names = tuple(f"s{number:04d}" for number in range(services))
    frame = pd.DataFrame(
        {
            "change_set": pd.array([f"planted@{number:06d}" for number in range(sets)], "str"),
            "time": times,
            "first_time": times,
            "author": -1,
            "author_team": -1,
            "repositories": 1,
            "changes": 1,
            "paths": np.bincount(cells[:, 0], minlength=sets),
            "ai": False,
            "huge": False,
            "repeat": False,
        }
    )
    touched = pd.DataFrame({"set": cells[:, 0], "path": cells[:, 1], "entity": cells[:, 1]})
    touched = touched.assign(service=cells[:, 1], unit=cells[:, 1])
    touched = touched.assign(service_team=-1, owners=-1, rule=-1)
    return Work(
        sets=CHANGE_SETS.check(frame),
        rows=TOUCHED.check(touched),
        members=pd.DataFrame({"set": np.arange(sets), "position": np.arange(sets)}),
        paths=tuple(f"{name}/file" for name in names),
        services=names,
        units=names,
        teams=(),
        owners=(),
        service_teams=(-1,) * services,
        since=0,
        until=WEEKS * WEEK,
    )
