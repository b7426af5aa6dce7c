"""What must be released together: units, services and trains.

In:  an ``Assessment``.
Out: ``lockstep`` of ``assess.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conway.delivery.lockstep import service_lockstep, unit_lockstep, unit_reach
from conway.delivery.measurement import service_lanes
from conway.figures import rounded

if TYPE_CHECKING:
    from conway.assessment.assessment import Assessment

_SHOWN = 200


def lockstep_json(one: Assessment) -> dict[str, Any]:
    """List pairs of release units and of services, those with most change sets first."""
    units, services = _units(one), _services(one)
    return {
        "units": units[:_SHOWN],
        "unit_pairs": len(units),
        "services": services[:_SHOWN],
        "service_pairs": len(services),
        "trains": _trains(one),
    }


def _units(one: Assessment) -> list[dict[str, Any]]:
    names, counted = one.work.units, len(one.delivery.prints.sets)
    rows = [
        {
            "a": names[row["unit_a"]],
            "b": names[row["unit_b"]],
            "changes": row["changes"],
            "per_100": rounded(100 * row["weight"] / counted),
        }
        for row in unit_lockstep(one.delivery.prints).to_dict("records")
    ]
    return sorted(rows, key=_most)


def _services(one: Assessment) -> list[dict[str, Any]]:
    work, boundaries = one.work, one.boundaries
    code = {name: place for place, name in enumerate(work.units)}
    units = np.array([code[boundaries.unit_of(name)] for name in work.services], dtype=np.int64)
    found = service_lockstep(work, one.delivery.prints, touched=service_lanes(work), units=units)
    rows = [
        {
            "a": work.services[row["service_a"]],
            "b": work.services[row["service_b"]],
            "unit_a": work.units[units[row["service_a"]]],
            "unit_b": work.units[units[row["service_b"]]],
            "changes": row["changes"],
        }
        for row in found.to_dict("records")
    ]
    return sorted(rows, key=_most)


def _most(row: dict[str, Any]) -> tuple[int, str, str]:
    return -row["changes"], row["a"], row["b"]


def _trains(one: Assessment) -> list[dict[str, Any]]:
    """List the trains: what they hold, their change sets, and those that need another unit."""
    boundaries, every = one.boundaries, set(one.work.services)
    reach, together = unit_reach(one.delivery.prints)
    code = {name: place for place, name in enumerate(one.work.units)}
    return [
        {
            "train": train,
            "services": sorted(s for s in every if boundaries.trains.get(s) == train),
            "changes": int(reach[code[train]]),
            "with_other_units": int(together[code[train]]),
        }
        for train in sorted(set(boundaries.trains.values()) & code.keys())
    ]
