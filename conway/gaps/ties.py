"""Findings about single files that tie services together.

In:  ``Measured``.
Out: ``shared_file``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.release_files import is_release_file
from conway.coupling.graph import significant
from conway.display import visible
from conway.gaps.gap import Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from conway.gaps.measured import Measured

LEAST_JOINT = 5
"""Fewest joint change sets through the file alone."""

TYING = 0.3
"""Share of joint change sets that one file must account for to tie two services."""

TWICE = 2.0
"""Times its usual share that a tying file is touched in joint change sets."""


def shared_file(measured: Measured) -> list[Gap]:
    """Find single files that tie two services together, in change sets of at most four.

    A file ties a significantly coupled pair if at least 30 % of the joint change sets, and
    five, touch its service through this file only, and at least twice the share of the
    service's other change sets that touch it at all. Manifests, changelogs and lock files
    follow other changes, and tie nothing.
    """
    code = {name: number for number, name in enumerate(measured.work.services)}
    gaps = []
    for pair in significant(measured.pairs).to_dict("records"):
        services = (code[str(pair["a"])], code[str(pair["b"])])
        joint = measured.joint_sets(services)
        joint = joint[~measured.sweeps[joint]]
        if not measured.goes_on(joint):
            continue
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
        if _follows(measured.work.paths[int(str(entity))]):
            continue
        tied = found["set"].to_numpy()
        usual = int((others["entity"] == entity).sum()) / other_sets
        if len(tied) >= max(LEAST_JOINT, TYING * len(joint), TWICE * usual * len(joint)):
            yield int(found["entity"].iloc[0]), tied


def _follows(path: str) -> bool:
    """Tell whether a file only follows others; one that holds a version may tie services."""
    return is_release_file(path) and "version" not in path.rpartition("/")[2].lower()


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
