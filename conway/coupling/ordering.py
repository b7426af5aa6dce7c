"""The coupling matrix in an order that shows its clusters.

In:  ``Work``, its pairs (schema ``COUPLING``) and ``Clusters``.
Out: services in order, and how often each two change together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.incidence import incidence

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work
    from conway.coupling.clusters import Clusters


def matrix(
    work: Work, pairs: pd.DataFrame, *, clusters: Clusters
) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the services in cluster order, and their joint change sets.

    Clusters come largest first; within one, services lie beside those that they change
    with most (optimal leaf ordering of average linkage on 1 - degree). Services without a
    cluster follow, the busiest first. Where no boundary is drawn all services are ordered
    as one cluster.

    Returns
    -------
    tuple of str
        Services that changed, in order.
    numpy.ndarray
        Joint change sets; on the diagonal the service's own (services × services, int).
    """
    changes = np.rint(np.asarray(incidence(work).sum(axis=0)).ravel()).astype(np.int64)
    code = {name: number for number, name in enumerate(work.services)}
    first = np.array([code[name] for name in pairs["a"]], dtype=np.int64)
    second = np.array([code[name] for name in pairs["b"]], dtype=np.int64)
    joint = np.diag(changes)
    joint[first, second] = joint[second, first] = pairs["joint"].to_numpy()
    label = clusters.labels or (0,) * len(changes)
    active = sorted(np.flatnonzero(changes).tolist(), key=work.services.__getitem__)
    order: list[int] = []
    for cluster in range(max(label, default=-1) + 1):
        members = np.array(
            [number for number in active if label[number] == cluster], dtype=np.int64
        )
        order += members[_seriated(joint[np.ix_(members, members)])].tolist()
    order += sorted((n for n in active if label[n] < 0), key=lambda n: -changes[n])
    return tuple(work.services[n] for n in order), joint[np.ix_(order, order)]


_FEW = 3


def _seriated(joint: np.ndarray) -> np.ndarray:
    """Return an order in which neighbours have the highest degree."""
    from scipy.cluster.hierarchy import leaves_list, linkage

    number = len(joint)
    if number < _FEW:
        return np.arange(number)
    own = np.diag(joint)
    distance = 1 - 2 * joint / np.add.outer(own, own)
    upper = distance[np.triu_indices(number, k=1)]
    return np.asarray(leaves_list(linkage(upper, method="average", optimal_ordering=True)))
