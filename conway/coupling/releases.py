"""Which services are released together, from the tags of a history.

In:  ``Work``, and what each release holds (`conway.history.lifecycle.release_contents`).
Out: ``RELEASE_COUPLING``: joint releases of each pair of services over their mean releases.

A tag that names a service (``cart@1.2.0``, ``@scope/cart@1.2.0``, ``services/cart/v3``)
releases it. Any other tag releases the services of its repository that changed since the
tag before it. Releases are counted by the hour (UTC) in which they are tagged, so that a
train of many tags is one release and repositories can be compared. Chance is the
configuration model over these hours: busy hours and busy services make joint releases
that mean nothing. A tag is not a deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from conway.coupling.incidence import meetings
from conway.coupling.schemas import RELEASE_COUPLING
from conway.coupling.significance import significance

if TYPE_CHECKING:
    from conway.boundaries.work import Work

HOUR = 3600


def release_pairs(work: Work, contents: pd.DataFrame) -> pd.DataFrame:
    """Return every pair of services that was released in the same hour.

    Parameters
    ----------
    work
        Services, and which change touches which; its window selects the tags.
    contents
        Schema ``CONTENTS``: what each release holds that none before it held.

    Returns
    -------
    pandas.DataFrame
        Schema ``RELEASE_COUPLING``, highest degree first, then joint, then by name.

    Notes
    -----
    ``degree = 2 * joint / (releases_a + releases_b)``.
    """
    touches = released(work, contents)
    pairs = meetings(touches).by_name(work.services)
    if len(pairs) == 0:
        return RELEASE_COUPLING.empty()
    counts = np.asarray(touches.sum(axis=0)).ravel()
    of_a, of_b = counts[pairs.first], counts[pairs.second]
    chance = significance(touches, pairs)
    names = np.array(work.services, dtype=object)
    frame = pd.DataFrame(
        {
            "a": names[pairs.first],
            "b": names[pairs.second],
            "joint": pairs.joint,
            "releases_a": of_a,
            "releases_b": of_b,
            "degree": 2 * pairs.joint / (of_a + of_b),
            "expected": chance.expected,
            "p_value": chance.p_values,
            "q_value": chance.q_values,
        }
    )
    order = ["degree", "joint", "a", "b"]
    ranked = frame.sort_values(order, ascending=[False, False, True, True])
    return RELEASE_COUPLING.check(ranked)


def released(work: Work, contents: pd.DataFrame) -> sparse.csr_array:
    """Return hours with a release × services, 1.0 where a tag of the hour releases it."""
    inside = (contents["time"] >= work.since) & (contents["time"] < work.until)
    tags = contents[inside].assign(hour=contents["time"] // HOUR)
    named = _named(tags, work.services)
    cells = pd.concat([named, _held(tags.drop(index=named.index), work)])
    cells = cells[["hour", "service"]].drop_duplicates()
    hours, place = np.unique(cells["hour"].to_numpy(dtype=np.int64), return_inverse=True)
    where = (place, cells["service"].to_numpy(dtype=np.int64))
    return sparse.csr_array((np.ones(len(cells)), where), shape=(len(hours), len(work.services)))


def services_of_targets(targets: pd.Series, services: tuple[str, ...]) -> list[int]:
    """Return the service that each target names, in full or by its last part, else -1."""
    by_end: dict[str, list[int]] = {}
    for code, name in enumerate(services):
        by_end.setdefault(name.rpartition("/")[2], []).append(code)
    codes = {name: code for code, name in enumerate(services)}

    def service(target: object) -> int:
        if not isinstance(target, str):
            return -1
        alike = by_end.get(target.rpartition("/")[2], [])
        return codes.get(target, alike[0] if len(alike) == 1 else -1)

    return [service(target) for target in targets]


def _named(tags: pd.DataFrame, services: tuple[str, ...]) -> pd.DataFrame:
    """Return the tags whose target names one service."""
    found = tags.assign(service=services_of_targets(tags["target"], services))
    return found[found["service"] >= 0]


def _held(tags: pd.DataFrame, work: Work) -> pd.DataFrame:
    """Return ``hour, service``: the services that changed in each of the tags."""
    touched = work.members.merge(services_of_sets(work), on=["set", "repository"])
    touched = touched[["repository", "position", "service"]].drop_duplicates()
    parts = []
    for repository, mine in tags.groupby("repository"):
        changed = touched[touched["repository"] == repository].sort_values("position")
        positions = changed["position"].to_numpy()
        first = np.searchsorted(positions, mine["first"].to_numpy())
        last = np.searchsorted(positions, mine["last"].to_numpy(), side="right")
        length = np.maximum(last - first, 0)
        rows = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length - first, length)
        services = changed["service"].to_numpy()[rows]
        hours = np.repeat(mine["hour"].to_numpy(), length)
        parts.append(pd.DataFrame({"hour": hours, "service": services}))
    return pd.concat(parts) if parts else pd.DataFrame({"hour": [], "service": []}, dtype=np.int64)


def services_of_sets(work: Work) -> pd.DataFrame:
    """Return ``set, repository, service``: what each set touches in each of its repositories."""
    rows = work.rows.loc[work.rows["service"] >= 0, ["set", "service", "path"]]
    repositories = sorted(set(work.members["repository"]))
    if len(repositories) <= 1:
        rows = rows.assign(repository="".join(repositories))
        return rows[["set", "repository", "service"]].drop_duplicates()
    first = np.array([path.partition(":")[0] for path in work.paths], dtype=object)
    rows = rows.assign(repository=first[rows["path"].to_numpy()])
    return rows[["set", "repository", "service"]].drop_duplicates()
