"""How far a change reaches through declared dependencies.

In:  services, and pairs of them of which one needs the other
     (``conway.boundaries.dependencies.declared``).
Out: ``Architecture``: propagation cost, cycles, and how many services each reaches and is
     reached by.

Source: MacCormack, Rusnak and Baldwin, "Exploring the Structure of Complex Software
Designs", Management Science 52 (2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


@dataclass(frozen=True)
class Architecture:
    """What the declared dependencies amount to.

    Attributes
    ----------
    propagation_cost
        Share of ordered pairs of services, each with itself included, of which the first
        needs the second, directly or through others: 1/n where nothing needs anything, 1
        where everything needs everything. None without services.
    reaches, reached_by
        By service: how many services it needs and how many need it, directly or not.
    cycles
        Services that need each other in a circle, largest circle first.
    edges
        Distinct pairs of services.
    """

    propagation_cost: float | None
    reaches: Mapping[str, int]
    reached_by: Mapping[str, int]
    cycles: tuple[tuple[str, ...], ...]
    edges: int


def architecture(
    services: Sequence[str], dependencies: pd.DataFrame, *, dev: bool = False
) -> Architecture:
    """Measure the graph of declared dependencies.

    Parameters
    ----------
    services
        All services, also those without dependencies.
    dependencies
        ``from_service, to_service, kind``.
    dev
        Whether what only tests and tools need counts.

    Notes
    -----
    ``PC = |{(i, j): j is reachable from i}| / n²``, the diagonal included. One cycle or one
    service that everything needs drives it up; what manifests do not say is not in it.

    Examples
    --------
    >>> import pandas as pd
    >>> chain = pd.DataFrame({"from_service": ["1", "2"], "to_service": ["2", "3"], "kind": "npm"})
    >>> architecture(["1", "2", "3", "4"], chain).propagation_cost
    0.4375
    """
    names = sorted(set(services))
    code = {name: place for place, name in enumerate(names)}
    pairs = sorted(
        {
            (code[one], code[other])
            for one, other, kind in dependencies[["from_service", "to_service", "kind"]].itertuples(
                index=False, name=None
            )
            if one in code and other in code and one != other and (dev or not kind.endswith(" dev"))
        }
    )
    part, reach = _reach(len(names), pairs)
    needed = reach.sum(axis=1) - 1
    needing = reach.sum(axis=0) - 1
    circles = [tuple(names[place] for place in np.flatnonzero(part == one)) for one in set(part)]
    return Architecture(
        propagation_cost=float(reach.sum() / len(names) ** 2) if names else None,
        reaches={name: int(needed[place]) for place, name in enumerate(names)},
        reached_by={name: int(needing[place]) for place, name in enumerate(names)},
        cycles=tuple(
            sorted((one for one in circles if len(one) > 1), key=lambda one: (-len(one), one))
        ),
        edges=len(pairs),
    )


def _reach(count: int, pairs: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return each node's circle, and which node reaches which (shape: nodes × nodes)."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    reach = np.eye(count, dtype=bool)
    if not pairs:
        return np.arange(count), reach
    first, second = np.array(pairs, dtype=np.int64).T
    graph = sparse.coo_array((np.ones(len(pairs)), (first, second)), shape=(count, count)).tocsr()
    _, part = connected_components(graph, directed=True, connection="strong")
    reach[first, second] = True
    while True:
        further = reach.astype(np.float32) @ reach.astype(np.float32) > 0
        if (further == reach).all():
            return part, reach
        reach = further
