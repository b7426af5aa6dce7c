"""Findings about what changes together across boundaries.

In:  ``Measured``.
Out: ``cross_team_coupling``, ``shared_file``, ``split_cluster``, ``mixed_team``, ``hot_lane``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conway.coupling.graph import significant
from conway.display import visible
from conway.figures import Interval, figure_json, rounded
from conway.gaps.gap import CONTEXT, Gap
from conway.gaps.measured import MOST_NAMES, Measured

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

LEAST_JOINT = 5
"""Fewest joint change sets that are a finding."""

TYING = 0.3
"""Share of joint change sets that one file must account for to tie two services."""

TWICE = 2.0
"""Times its usual share that a tying file is touched in joint change sets."""

HOT = 3.0
"""Times the even share of change sets that make a lane hot."""

LEAST_LANES = 3
SEVERAL = 2


def cross_team_coupling(measured: Measured) -> list[Gap]:
    """Find services of different teams that change together more often than by chance."""
    work = measured.work
    code = {name: number for number, name in enumerate(work.services)}
    gaps = []
    for pair in significant(measured.pairs).to_dict("records"):
        services = (code[str(pair["a"])], code[str(pair["b"])])
        owners = [work.service_teams[service] for service in services]
        if min(owners) >= 0 and owners[0] != owners[1] and pair["joint"] >= LEAST_JOINT:
            gaps.append(_crossing(measured, services, pair=pair))
    return gaps


def _crossing(
    measured: Measured, services: tuple[int, int], *, pair: Mapping[Hashable, Any]
) -> Gap:
    work, sets = measured.work, _joint_sets(measured, services)
    names = tuple(work.services[service] for service in services)
    teams = tuple(work.teams[work.service_teams[service]] for service in services)
    shown = [f"{visible(s)} ({visible(t)})" for s, t in zip(names, teams, strict=True)]
    forecast = Interval(pair["forecast"], pair["forecast_low"], pair["forecast_high"])
    return Gap(
        kind="cross_team_coupling",
        title=(
            f"{shown[0]} and {shown[1]} changed together in {len(sets)} change sets, "
            f"where chance would give {pair['expected']:.0f}."
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


def shared_file(measured: Measured) -> list[Gap]:
    """Find single files that tie two services together.

    A file ties a significantly coupled pair if at least 30 % of the joint change sets, and
    five, touch its service through this file only, and at least twice the share of the
    service's other change sets that touch it at all.
    """
    code = {name: number for number, name in enumerate(measured.work.services)}
    gaps = []
    for pair in significant(measured.pairs).to_dict("records"):
        services = (code[str(pair["a"])], code[str(pair["b"])])
        joint = _joint_sets(measured, services)
        for service in services:
            gaps += [
                _tie(measured, services, entity=entity, tied=tied, joint=len(joint))
                for entity, tied in _tying(measured, service, joint=joint)
            ]
    return gaps


def _tying(
    measured: Measured, service: int, *, joint: np.ndarray
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the files of a service that tie it, each with the joint sets through it alone."""
    mine = measured.files[service]
    together = mine["set"].isin(joint)
    others = mine[~together]
    other_sets = max(1, others["set"].nunique())
    lone = mine[together & (mine.groupby("set")["entity"].transform("size") == 1)]
    for entity, found in lone.groupby("entity"):
        tied = found["set"].to_numpy()
        usual = int((others["entity"] == entity).sum()) / other_sets
        if len(tied) >= max(LEAST_JOINT, TYING * len(joint), TWICE * usual * len(joint)):
            yield int(found["entity"].iloc[0]), tied


def _tie(
    measured: Measured, services: tuple[int, int], *, entity: int, tied: np.ndarray, joint: int
) -> Gap:
    work = measured.work
    path, names = work.paths[entity], tuple(work.services[service] for service in services)
    owners = {work.service_teams[service] for service in services} - {-1}
    return Gap(
        kind="shared_file",
        title=(
            f"One file, {visible(path)}, ties {visible(names[0])} and {visible(names[1])}: "
            f"{len(tied)} of their {joint} joint change sets touch one side through it alone."
        ),
        services=names,
        teams=tuple(sorted(work.teams[owner] for owner in owners)),
        strength=measured.sets_per_100(tied),
        changes=len(tied),
        evidence={
            "sets": measured.set_ids(tied),
            "files": [{"path": path, "changes": len(tied)}],
        },
    )


def split_cluster(measured: Measured) -> list[Gap]:
    """Find groups of services that change together but belong to several teams."""
    work = measured.work
    gaps = []
    for group in measured.clusters.groups:
        services = [work.services.index(name) for name in group]
        owners = {work.service_teams[service] for service in services} - {-1}
        if len(owners) < SEVERAL:
            continue
        sets = _crossing_sets(measured, services)
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
        if len(mine) < HOT * even:
            continue
        code, sets = int(str(service)), mine["set"].to_numpy()
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


def _joint_sets(measured: Measured, services: tuple[int, int]) -> np.ndarray:
    """Return the change sets that touch both services, those out of pair graphs left out."""
    touches = measured.touches
    pairable = measured.work.pairable
    first, second = (
        touches.loc[touches["service"] == service, "set"].to_numpy() for service in services
    )
    both = np.intersect1d(first, second)
    return np.asarray(both[pairable[both]])


def _crossing_sets(measured: Measured, services: list[int]) -> np.ndarray:
    """Return the change sets that touch services of two owners among these."""
    owner = np.array([*measured.work.service_teams, -1])
    touches = measured.touches[measured.touches["service"].isin(services)]
    owners = touches.assign(now=owner[touches["service"].to_numpy()])
    many = owners[owners["now"] >= 0].groupby("set")["now"].nunique()
    sets = many.index[many > 1].to_numpy()
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
