"""When each change reached production, and which deployments took something back.

In:  ``Observed`` with deployments.
Out: waits from merge to the first production deployment that holds the change; steps back.

A deployment of a commit holds every change up to it on the mainline of its repository (only
those of its service, where it names one). What is not deployed when the window ends is still
waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.delivery.constraints.observed import HOUR

if TYPE_CHECKING:
    from conway.delivery.constraints.observed import Observed

_NEVER = np.iinfo(np.int64).max


def production(seen: Observed) -> pd.DataFrame:
    """Return the deployments to production in the window, by place and time.

    Without an environment, all count.
    """
    rows = seen.boundaries.imported.deployments
    names = {name.casefold() for name in seen.boundaries.config.tables.production}
    where = rows["environment"].fillna("").str.casefold()
    rows = rows[seen.inside(rows["deployed"]) & (where.isin(names) | where.eq(""))]
    rows = rows.assign(service=rows["service"].fillna(""))
    return rows.sort_values(
        ["repository", "service", "deployed", "position"], kind="stable", ignore_index=True
    )


def steps_back(deployments: pd.DataFrame) -> np.ndarray:
    """Return which deployments took something back (shape: deployments).

    They say so, or they succeeded with an older change than the success before.
    """
    good = deployments[deployments["result"].eq("success") & deployments["position"].notna()]
    before = good.groupby(["repository", "service"])["position"].shift()
    older = (good["position"] < before).fillna(value=False)
    found: np.ndarray = deployments["result"].eq("rolled_back").to_numpy(dtype=bool).copy()
    found[good.index[older.to_numpy(dtype=bool)].to_numpy()] = True
    return found


def deployed_waits(seen: Observed, deployments: pd.DataFrame) -> pd.DataFrame:
    """Return the waits of merged changes for production.

    Returns
    -------
    DataFrame
        ``hours, ended, week``, one row per change whose repository (or service) was ever
        deployed in the window.
    """
    good = deployments[deployments["result"].eq("success") & deployments["position"].notna()]
    changes = seen.changes.merge(
        seen.history.changes[["repository", "change", "position"]].rename(
            columns={"position": "place"}
        ),
        on=["repository", "change"],
    )
    first = np.full(len(changes), _NEVER, dtype=np.int64)
    covered = np.zeros(len(changes), dtype=bool)
    for place, part in good.groupby(["repository", "service"]):
        repository, service = (str(name) for name in place)
        mine = changes["repository"].eq(repository).to_numpy()
        if service:
            mine = mine & np.isin(changes["set"].to_numpy(), _sets_of(seen, service))
        covered |= mine
        times = _earliest(part, changes.loc[mine, "place"].to_numpy())
        first[mine] = np.minimum(first[mine], times)
    changes, first = changes[covered], first[covered]
    ended = first != _NEVER
    until = np.where(ended, first, seen.work.until)
    waited = np.maximum(until - changes["merged"].to_numpy(), 0) / HOUR
    return pd.DataFrame(
        {"hours": waited, "ended": ended, "week": changes["week"].to_numpy()}
    ).reset_index(drop=True)


def _sets_of(seen: Observed, service: str) -> np.ndarray:
    work = seen.work
    if service not in work.services:
        return np.empty(0, dtype=np.int64)
    rows = work.rows[work.rows["service"] == work.services.index(service)]
    found: np.ndarray = rows["set"].unique()
    return found


def _earliest(deployments: pd.DataFrame, places: np.ndarray) -> np.ndarray:
    """Return the earliest time at which each place on the mainline was deployed."""
    rows = deployments.sort_values(["position", "deployed"], kind="stable")
    positions = rows["position"].to_numpy(dtype=np.int64)
    times = rows["deployed"].to_numpy(dtype=np.int64)
    earliest = np.append(np.minimum.accumulate(times[::-1])[::-1], _NEVER)
    found: np.ndarray = earliest[np.searchsorted(positions, places, side="left")]
    return found
