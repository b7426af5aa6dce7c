"""One measurement of delivery over one window.

In:  ``Work``.
Out: ``Delivery``: autonomy, handoffs, parallelism of teams and release units, concentration
     of services and teams, and the trend by quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.delivery.autonomy import Autonomy, measure_autonomy
from conway.delivery.concentration import Concentration, measure_concentration
from conway.delivery.footprints import Footprints, find_footprints
from conway.delivery.handoffs import list_handoffs
from conway.delivery.parallelism import (
    Parallelism,
    lane_shares,
    measure_parallelism,
    pair_counts,
    team_pairs,
    team_shares,
    unit_pairs,
)
from conway.delivery.trend import Quarter, measure_trend
from conway.delivery.weeks import Resampling

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work

NO_TEAMS = "no owners and no teams are known"


@dataclass(frozen=True, eq=False)
class Delivery:
    """Everything measured of delivery in one window.

    Attributes
    ----------
    work, prints
        What was measured, and its footprints.
    autonomy, teams, units
        Autonomy; parallelism of teams and of release units.
    services, team_lanes
        Concentration of all change sets over services, and of the counted ones over teams.
    handoffs
        Schema ``HANDOFFS``.
    quarters
        The trend.
    """

    work: Work
    prints: Footprints
    autonomy: Autonomy
    teams: Parallelism
    units: Parallelism
    services: Concentration
    team_lanes: Concentration
    handoffs: pd.DataFrame
    quarters: tuple[Quarter, ...] = ()


def measure_delivery(
    work: Work,
    *,
    counted: np.ndarray | None = None,
    seed: int = 0,
    with_trend: bool = True,
) -> Delivery:
    """Measure delivery.

    Parameters
    ----------
    work
        Labelled change sets.
    counted
        Which change sets count (shape: sets); by default those with an owned file and a
        known author's team. A replay gives those of the base.
    seed
        Seed of the resampled weeks.
    with_trend
        Whether to measure each quarter too.
    """
    prints = find_footprints(work, counted=counted)
    resampling = Resampling.of(work.week_count, seed=seed)
    weeks, count = work.weeks[prints.sets], work.week_count
    touched = service_lanes(work)
    every = pair_counts(lane_shares(touched), work.weeks, count=count)
    team_q, lanes, teams, units = _parallel(work, prints, resampling=resampling)
    return Delivery(
        work=work,
        prints=prints,
        autonomy=measure_autonomy(prints, weeks, count=count, resampling=resampling),
        teams=teams,
        units=units,
        services=measure_concentration(touched, conflict_probability=every.q),
        team_lanes=measure_concentration(lanes, conflict_probability=team_q),
        handoffs=list_handoffs(prints),
        quarters=measure_trend(work, prints, seed=seed) if with_trend else (),
    )


def service_lanes(work: Work) -> sparse.csr_array:
    """Return change sets by services, 1 where touched."""
    cells = work.rows.loc[work.rows["service"] >= 0, ["set", "service"]].drop_duplicates()
    shape = (len(work), len(work.services))
    ones = np.ones(len(cells))
    return sparse.coo_array(
        (ones, (cells["set"].to_numpy(), cells["service"].to_numpy())), shape=shape
    ).tocsr()


def _parallel(
    work: Work, prints: Footprints, *, resampling: Resampling
) -> tuple[float, sparse.csr_array, Parallelism, Parallelism]:
    """Return ``q`` of teams, change sets by teams, and parallelism of teams and units."""
    if len(prints.sets) == 0:
        nothing = Parallelism.unknown(NO_TEAMS if not work.teams else "no change set counts")
        return float("nan"), sparse.csr_array((0, len(work.teams))), nothing, nothing
    weeks, count = work.weeks[prints.sets], work.week_count
    teams = team_pairs(prints, weeks, count=count, teams=len(work.teams))
    return (
        teams.coupled.q,
        team_shares(prints, teams=len(work.teams)).lanes,
        measure_parallelism(teams, resampling=resampling),
        measure_parallelism(unit_pairs(prints, weeks, count=count), resampling=resampling),
    )
