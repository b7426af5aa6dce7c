"""Findings about what cannot be released alone.

In:  ``Measured``.
Out: ``lockstep_releases``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from conway.coupling.cochange import Thresholds
from conway.coupling.graph import significant
from conway.coupling.teams import unit_pairs
from conway.display import visible
from conway.figures import figure_json, rounded
from conway.gaps.gap import Gap
from conway.gaps.measured import Measured, wilson

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd


def lockstep_releases(measured: Measured) -> list[Gap]:
    """Find pairs of release units that one change set often needs both of.

    At least five joint change sets and a degree of 0.3 (Code Maat's thresholds), more
    often than by chance, and still so in the last 26 weeks. Teams play no part: one team too
    must release twice.
    """
    least = Thresholds()
    unit = {name: code for code, name in enumerate(measured.work.units)}
    gaps = [
        _lockstep(measured, (unit[str(pair["a"])], unit[str(pair["b"])]), pair=pair)
        for pair in significant(unit_pairs(measured.work)).to_dict("records")
        if pair["joint"] >= least.joint and pair["degree"] >= least.degree
    ]
    return [gap for gap in gaps if gap is not None]


def _lockstep(
    measured: Measured, units: tuple[int, int], *, pair: Mapping[Hashable, Any]
) -> Gap | None:
    work = measured.work
    rows = work.rows[work.rows["unit"].isin(units) & (work.rows["service"] >= 0)]
    rows = rows[work.pairable[rows["set"].to_numpy()]]
    first, second = (rows.loc[rows["unit"] == unit, "set"].unique() for unit in units)
    sets = np.intersect1d(first, second)
    if not measured.goes_on(sets):
        return None
    rarer, other = (units[0], units[1]) if len(first) <= len(second) else (units[1], units[0])
    share = wilson(len(sets), min(len(first), len(second)))
    behind = rows[rows["set"].isin(sets)]
    return Gap(
        kind="lockstep_releases",
        title=(
            f"{len(sets)} of {min(len(first), len(second))} change sets of "
            f"{visible(work.units[rarer])} ({share.value:.0%}) also change "
            f"{visible(work.units[other])}: both must be released for them."
        ),
        services=_names(behind, work.services),
        teams=_owners(measured, behind),
        strength=measured.sets_per_100(sets),
        changes=len(sets),
        evidence={
            "sets": measured.set_ids(sets),
            "files": measured.counts(behind, "entity", names=work.paths, key="path"),
            "services": measured.counts(behind, "service", names=work.services),
            "units": [work.units[unit] for unit in units],
            "share": figure_json(share),
            **{name: rounded(pair[name]) for name in ("degree", "q_value", "expected")},
        },
    )


def _names(rows: pd.DataFrame, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(names[code] for code in np.unique(rows["service"].to_numpy()).tolist())


def _owners(measured: Measured, rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the teams that own these rows' services now, by name."""
    work = measured.work
    owners = {work.service_teams[service] for service in rows["service"].unique().tolist()} - {-1}
    return tuple(sorted(work.teams[owner] for owner in owners))
