"""Concentration, a diagnostic: how much of the work the busiest lane carries.

In:  change sets over lanes (services or teams), in order.
Out: ``Concentration``. At unit time and capacity (research: operational laws):

    load(lane)     = change sets that touch it
    mean_footprint = sum of loads / change sets
    balance        = mean load / largest load
    bound          = change sets / largest load = lanes * (1 / mean_footprint) * balance
    in_order       = change sets / span, each starting once all earlier ones that share a
                     lane are done
    in_order <= bound

A busy lane may be where the value is: this is a finding, never a defect or a headline.
Lanes are those touched in the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True, eq=False)
class Concentration:
    """Loads of lanes and what they bound.

    Attributes
    ----------
    changes
        Change sets that touch a lane.
    lanes
        Lanes touched.
    mean_footprint, balance, bound, in_order
        As in the head of this module.
    conflict_probability
        Unbiased probability that two random change sets share a lane.
    loads
        Change sets by lane (shape: all lanes, idle ones 0).
    """

    changes: int
    lanes: int
    mean_footprint: Figure
    balance: Figure
    bound: Figure
    in_order: Figure
    conflict_probability: Figure
    loads: np.ndarray


def measure_concentration(lanes: sparse.csr_array, *, conflict_probability: float) -> Concentration:
    """Measure concentration of change sets over lanes.

    Parameters
    ----------
    lanes
        Change sets by lanes, in order of time; 1 where touched, or the share of equal
        alternatives.
    conflict_probability
        ``q`` of the same change sets.
    """
    touched = lanes[np.diff(lanes.indptr) > 0]
    count = touched.shape[0]
    loads = np.asarray(touched.sum(axis=0)).ravel()
    if count == 0:
        nothing = Unknown("no change set touches a lane")
        return Concentration(0, 0, nothing, nothing, nothing, nothing, nothing, loads)
    used = int((loads > 0).sum())
    largest = float(loads.max())
    known = np.isfinite(conflict_probability)
    return Concentration(
        changes=count,
        lanes=used,
        mean_footprint=float(loads.sum()) / count,
        balance=float(loads.sum()) / used / largest,
        bound=count / largest,
        in_order=count / span(touched),
        conflict_probability=conflict_probability if known else Unknown("one change set"),
        loads=loads,
    )


def span(lanes: sparse.csr_array) -> int:
    """Return the length of the longest chain of change sets that share lanes, in order.

    Parameters
    ----------
    lanes
        Change sets by lanes, in order of time.
    """
    free = [0] * lanes.shape[1]
    indices, starts = lanes.indices.tolist(), lanes.indptr.tolist()
    for first, last in pairwise(starts):
        if last - first == 1:
            free[indices[first]] += 1
            continue
        touched = indices[first:last]
        done = max((free[lane] for lane in touched), default=-1) + 1
        for lane in touched:
            free[lane] = done
    return max(free, default=0)
