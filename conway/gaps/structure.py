"""Findings about what changes together across boundaries.

In:  ``Measured``.
Out: ``cross_team_coupling``, ``split_cluster``, ``mixed_team``, ``hot_lane``.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conway.coupling.graph import significant
from conway.display import visible
from conway.figures import Interval, figure_json, rounded
from conway.gaps.gap import CONTEXT, Gap
from conway.gaps.measured import MOST_NAMES, Measured

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

LEAST_JOINT = 5
"""Fewest joint change sets, sweeps apart, that are a finding."""

LEAST_SHARE = 0.05
"""Share of the rarer service's change sets from which coupling is a finding."""

HOT = 3.0
"""Times the even share of change sets that make a lane hot."""

LEAST_LANES = 3
SEVERAL = 2


def cross_team_coupling(measured: Measured) -> list[Gap]:
    """Find services of different teams that change together more often than by chance.

    In at least five change sets of at most four services and in 5 % of those of the rarer
    one, and still so in the last 26 weeks; what the two teams intend does not count.
    """
    work = measured.work
    code = {name: number for number, name in enumerate(work.services)}
    gaps = []
    for pair in significant(measured.pairs).to_dict("records"):
        services = (code[str(pair["a"])], code[str(pair["b"])])
        owners = [work.service_teams[service] for service in services]
        if min(owners) < 0 or owners[0] == owners[1]:
            continue
        sets = measured.joint_sets(services)
        rarer = pair["joint"] / max(pair["confidence_ab"], pair["confidence_ba"])
        few = int((~measured.sweeps[sets]).sum())
        if few >= max(LEAST_JOINT, LEAST_SHARE * rarer) and measured.goes_on(sets):
            gaps.append(_crossing(measured, services, pair=pair, sets=sets))
    return gaps


def _crossing(
    measured: Measured,
    services: tuple[int, int],
    *,
    pair: Mapping[Hashable, Any],
    sets: np.ndarray,
) -> Gap:
    work, sweeps = measured.work, int(measured.sweeps[sets].sum())
    names = tuple(work.services[service] for service in services)
    teams = tuple(work.teams[work.service_teams[service]] for service in services)
    shown = [f"{visible(s)} ({visible(t)})" for s, t in zip(names, teams, strict=True)]
    forecast = Interval(pair["forecast"], pair["forecast_low"], pair["forecast_high"])
    chance = f"{pair['expected']:.0f}" if pair["expected"] >= 1 else "less than 1"
    within = f" ({sweeps} of them changed more than 4 services)" if sweeps else ""
    return Gap(
        kind="cross_team_coupling",
        title=(
            f"{shown[0]} and {shown[1]} changed together in {len(sets)} change sets{within}, "
            f"where chance would give {chance}."
        ),
        services=names,
        teams=teams,
        strength=measured.sets_per_100(sets),
        changes=len(sets),
        evidence={
            "sets": measured.set_ids(sets),
            "files": _files(measured, services, sets=sets),
            **{name: rounded(pair[name]) for name in ("degree", "q_value", "expected")},
            "forecast": figure_json(forecast),
        },
    )


def split_cluster(measured: Measured) -> list[Gap]:
    """Find groups of services that change together but belong to several teams.

    Change sets between teams that mean to work together do not count.
    """
    work = measured.work
    gaps = []
    for group in measured.clusters.groups:
        services = [work.services.index(name) for name in group]
        owners = {work.service_teams[service] for service in services} - {-1}
        if len(owners) < SEVERAL:
            continue
        sets = _crossing_sets(measured, services)
        if not measured.goes_on(sets):
            continue
        teams = tuple(sorted(work.teams[owner] for owner in owners))
        gaps.append(
            Gap(
                kind="split_cluster",
                title=(
                    f"{_listed(group)} change together but belong to {len(teams)} teams "
                    f"({_listed(teams)}): {len(sets)} change sets cross between them."
                ),
                services=group,
                teams=teams,
                strength=measured.sets_per_100(sets),
                changes=len(sets),
                evidence={
                    "sets": measured.set_ids(sets),
                    "stability": figure_json(measured.clusters.stability),
                },
            )
        )
    return gaps


def mixed_team(measured: Measured) -> list[Gap]:
    """Find teams whose services belong to several groups that change apart."""
    work, labels = measured.work, measured.clusters.labels
    if labels is None:
        return []
    gaps = []
    for team in range(len(work.teams)):
        groups: dict[int, list[int]] = {}
        for service, (owner, label) in enumerate(zip(work.service_teams, labels, strict=True)):
            if owner == team and label >= 0:
                groups.setdefault(label, []).append(service)
        if len(groups) >= SEVERAL:
            gaps.append(_mixed(measured, [groups[label] for label in sorted(groups)], team=team))
    return gaps


def _mixed(measured: Measured, groups: list[list[int]], *, team: int) -> Gap:
    work, touches = measured.work, measured.touches
    owned = sorted(service for group in groups for service in group)
    sets = touches.loc[touches["service"].isin(owned), "set"].unique()
    named = [[work.services[service] for service in group] for group in groups]
    return Gap(
        kind="mixed_team",
        title=(
            f"{visible(work.teams[team])} owns services of {len(groups)} groups that change "
            f"apart: {'; '.join(_listed(group) for group in named)}."
        ),
        services=tuple(work.services[service] for service in owned),
        teams=(work.teams[team],),
        strength=measured.sets_per_100(sets),
        changes=len(sets),
        evidence={"sets": measured.set_ids(sets), "groups": named},
        unit=CONTEXT,
    )


def hot_lane(measured: Measured) -> list[Gap]:
    """Find services that carry several times their even share of the change sets.

    Where the value is, work gathers: a hot lane says what limits parallel work, and is
    not a defect.
    """
    work = measured.work
    number = measured.touches["service"].nunique()
    if number < LEAST_LANES:
        return []
    even = len(measured.touches) / number
    gaps = []
    for service, mine in measured.touches.groupby("service"):
        code, sets = int(str(service)), mine["set"].to_numpy()
        if len(mine) < HOT * even or not measured.goes_on(sets):
            continue
        owner = work.service_teams[code]
        gaps.append(
            Gap(
                kind="hot_lane",
                title=(
                    f"{len(sets)} of {len(work)} change sets touch "
                    f"{visible(work.services[code])}, {len(mine) / even:.1f} times the mean "
                    f"of {number} services."
                ),
                services=(work.services[code],),
                teams=(work.teams[owner],) if owner >= 0 else (),
                strength=measured.sets_per_100(sets),
                changes=len(sets),
                evidence={"sets": measured.set_ids(sets)},
                unit=CONTEXT,
            )
        )
    return gaps


def _crossing_sets(measured: Measured, services: list[int]) -> np.ndarray:
    """Return the change sets that touch services of two owners among these."""
    owner = np.array([*measured.work.service_teams, -1])
    touches = measured.touches[measured.touches["service"].isin(services)]
    owners = touches.assign(now=owner[touches["service"].to_numpy()])
    held = owners[owners["now"] >= 0].groupby("set")["now"].agg(lambda now: sorted(set(now)))
    crossing = [
        number
        for number, teams in held.items()
        if any(
            len(measured.not_meant(np.array([number]), teams=two)) for two in combinations(teams, 2)
        )
    ]
    sets = np.array(crossing, dtype=np.int64)
    return np.asarray(sets[measured.work.pairable[sets]])


def _files(
    measured: Measured, services: Iterable[int], *, sets: np.ndarray
) -> list[dict[str, object]]:
    mine = pd.concat([measured.files[service] for service in services])
    mine = mine[mine["set"].isin(sets)]
    return measured.counts(mine, "entity", names=measured.work.paths, key="path")


def _listed(names: Iterable[str]) -> str:
    """Return names as text, the first few."""
    shown = [visible(name) for name in names]
    if len(shown) > MOST_NAMES:
        shown = [*shown[:MOST_NAMES], f"{len(shown) - MOST_NAMES} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
