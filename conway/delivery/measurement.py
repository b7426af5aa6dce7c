"""One measurement of delivery over one window.

In:  ``Work``.
Out: ``Delivery``: autonomy, handoffs, parallelism of teams and release units, concentration
     of services and teams, and the trend by quarter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.delivery.autonomy import Autonomy, measure_autonomy
from conway.delivery.concentration import Concentration, measure_concentration
from conway.delivery.footprints import Footprints, find_footprints
from conway.delivery.handoffs import list_handoffs
from conway.delivery.parallelism import (
    PairCounts,
    Parallelism,
    lane_shares,
    main_lane,
    measure_parallelism,
    pair_counts,
    team_shares,
)
from conway.delivery.trend import FEWEST_SETS, Quarter, quarters
from conway.delivery.weeks import Resampling
from conway.figures import Unknown

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
    touched = service_lanes(work)
    every = pair_counts(lane_shares(touched), work.weeks, count=work.week_count)
    team_q, team_lanes, teams = _of_teams(work, prints, resampling=resampling)
    whole = Delivery(
        work=work,
        prints=prints,
        autonomy=measure_autonomy(work, prints, resampling=resampling),
        teams=teams,
        units=_of_units(work, prints, resampling=resampling),
        services=measure_concentration(touched, conflict_probability=every.q),
        team_lanes=measure_concentration(team_lanes, conflict_probability=team_q),
        handoffs=list_handoffs(prints),
    )
    return replace(whole, quarters=_trend(work, seed=seed)) if with_trend else whole


def _trend(work: Work, *, seed: int) -> tuple[Quarter, ...]:
    """Measure each whole quarter; those below 30 change sets are unknown."""
    found = []
    for since, until in quarters(work.since, work.until):
        part = measure_delivery(work.between(since, until), seed=seed, with_trend=False)
        changes = len(part.prints.sets)
        autonomous, teams, units = part.autonomy, part.teams, part.units
        if changes < FEWEST_SETS:
            reason = f"only {changes} change sets in this quarter"
            autonomous = Autonomy.unknown(reason)
            teams = units = Parallelism(*(Unknown(reason) for _ in range(3)))
        found.append(Quarter(since, until, changes, autonomous, teams, units))
    return tuple(found)


def service_lanes(work: Work) -> sparse.csr_array:
    """Return change sets by services, 1 where touched."""
    cells = work.rows.loc[work.rows["service"] >= 0, ["set", "service"]].drop_duplicates()
    shape = (len(work), len(work.services))
    ones = np.ones(len(cells))
    return sparse.coo_array(
        (ones, (cells["set"].to_numpy(), cells["service"].to_numpy())), shape=shape
    ).tocsr()


def _of_teams(
    work: Work, prints: Footprints, *, resampling: Resampling
) -> tuple[float, sparse.csr_array, Parallelism]:
    """Return ``q``, change sets by teams, and parallelism of teams."""
    if len(prints.sets) == 0:
        reason = Unknown(NO_TEAMS if not work.teams else "no change set counts")
        empty = sparse.csr_array((0, len(work.teams)))
        return float("nan"), empty, Parallelism(reason, reason, reason)
    weeks, count = work.weeks[prints.sets], work.week_count
    shares = [
        team_shares(prints, teams=len(work.teams), uncoupled=alone) for alone in (False, True)
    ]
    coupled, uncoupled = (pair_counts(share, weeks, count=count) for share in shares)
    lanes = (shares[0].weights @ shares[0].resources).tocsr()
    return coupled.q, lanes, measure_parallelism(coupled, uncoupled, resampling=resampling)


def _of_units(work: Work, prints: Footprints, *, resampling: Resampling) -> Parallelism:
    """Return parallelism of release units over the counted change sets."""
    if len(prints.sets) == 0:
        reason = Unknown(NO_TEAMS if not work.teams else "no change set counts")
        return Parallelism(reason, reason, reason)
    weeks, count = work.weeks[prints.sets], work.week_count

    def counts(lanes: sparse.csr_array) -> PairCounts:
        return pair_counts(lane_shares(lanes), weeks, count=count)

    return measure_parallelism(
        counts(prints.units), counts(main_lane(prints.unit_paths)), resampling=resampling
    )
