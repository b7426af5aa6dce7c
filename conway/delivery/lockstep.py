"""Lockstep: which services must be released together because one change needs both.

In:  ``Work``, its ``Footprints``, and the train of each service.
Out: pairs of release units and pairs of services that counted change sets touch together, and
     how each train stands in them.

A change set over ``k`` release units has ``k - 1`` lockstep releases and ``k (k - 1) / 2``
pairs of units; each pair counts ``2 / k``, so the pairs add up to ``lockstep_per_100``.
Services of one train are released together anyway: between them there is no lockstep, and the
train is what shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from conway.tables import Column, Schema

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.delivery.footprints import Footprints

UNIT_LOCKSTEP = Schema(
    "unit_lockstep",
    "One row per pair of release units that a counted change set touches both of.",
    (
        Column("unit_a", "int", "code of a release unit"),
        Column("unit_b", "int", "code of another, larger"),
        Column("changes", "int", "counted change sets that touch both"),
        Column("weight", "float", "lockstep releases; all pairs of one set sum to its own"),
    ),
)

SERVICE_LOCKSTEP = Schema(
    "service_lockstep",
    "One row per pair of services of two release units that a counted change set touches both of.",
    (
        Column("service_a", "int", "code of a service"),
        Column("service_b", "int", "code of another, larger, of another release unit"),
        Column("changes", "int", "counted change sets that touch both"),
    ),
)


def unit_lockstep(prints: Footprints) -> pd.DataFrame:
    """Count lockstep releases by pair of release units (schema ``UNIT_LOCKSTEP``)."""
    units = prints.units
    size = np.diff(units.indptr)
    share = sparse.diags_array(np.divide(2.0, size, out=np.zeros(len(size)), where=size > 0))
    weight, joint = (
        sparse.triu((units.T @ one).tocsr(), k=1).tocoo() for one in (share @ units, units)
    )
    cells = zip(("unit_a", "unit_b"), joint.coords, strict=True)
    frame = pd.DataFrame({**dict(cells), "changes": joint.data, "weight": weight.data})
    return UNIT_LOCKSTEP.check(frame.sort_values(["unit_a", "unit_b"]))


def service_lockstep(
    work: Work, prints: Footprints, *, touched: sparse.csr_array, units: np.ndarray
) -> pd.DataFrame:
    """Count change sets by pair of services of two release units.

    Parameters
    ----------
    work
        Labelled change sets.
    prints
        Their footprints.
    touched
        All change sets by services, 1 where touched.
    units
        By service the code of its release unit.

    Returns
    -------
    DataFrame
        Schema ``SERVICE_LOCKSTEP``, ordered by codes.
    """
    if not len(work.services):
        return SERVICE_LOCKSTEP.empty()
    counted = touched[prints.sets].astype(np.int64)
    joint = sparse.triu((counted.T @ counted).tocsr(), k=1).tocoo()
    a, b = joint.coords
    apart = units[a] != units[b]
    frame = pd.DataFrame(
        {"service_a": a[apart], "service_b": b[apart], "changes": joint.data[apart]}
    )
    return SERVICE_LOCKSTEP.check(frame.sort_values(["service_a", "service_b"]))


def unit_reach(prints: Footprints) -> tuple[np.ndarray, np.ndarray]:
    """Return by release unit its counted change sets, and those that need another unit too."""
    units = prints.units
    together = units[np.diff(units.indptr) > 1]
    return tuple(np.asarray(one.sum(axis=0)).ravel().astype(np.int64) for one in (units, together))  # type: ignore[return-value]
