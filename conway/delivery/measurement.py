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
    Coupled,
    Parallelism,
    lane_shares,
    measure_parallelism,
    pair_counts,
)
from conway.delivery.trend import Quarter, measure_trend
from conway.delivery.weeks import Resampling

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work

NO_TEAMS = "no owners and no teams are known"
NO_SETS = "no change set counts"


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
    by_team = Coupled.of_teams(prints, teams=len(work.teams))
    by_unit = Coupled.of_units(prints)
    team_pairs, unit_pairs = (one.pairs(weeks, count=count) for one in (by_team, by_unit))
    nothing = None if len(prints.sets) else NO_SETS if work.teams else NO_TEAMS
    trend = measure_trend(work, prints, coupled=(by_team, by_unit), seed=seed) if with_trend else ()
    return Delivery(
        work=work,
        prints=prints,
        autonomy=measure_autonomy(prints, weeks, count=count, resampling=resampling),
        teams=measure_parallelism(team_pairs, resampling=resampling, nothing=nothing),
        units=measure_parallelism(unit_pairs, resampling=resampling, nothing=nothing),
        services=measure_concentration(touched, conflict_probability=every.q),
        team_lanes=measure_concentration(
            by_team.needed.lanes, conflict_probability=team_pairs.coupled.q
        ),
        handoffs=list_handoffs(prints),
        quarters=trend,
    )


def service_lanes(work: Work) -> sparse.csr_array:
    """Return change sets by services, 1 where touched."""
    cells = work.rows.loc[work.rows["service"] >= 0, ["set", "service"]].drop_duplicates()
    shape = (len(work), len(work.services))
    ones = np.ones(len(cells))
    return sparse.coo_array(
        (ones, (cells["set"].to_numpy(), cells["service"].to_numpy())), shape=shape
    ).tocsr()
