"""Target placebos: the same services, moved to teams for which nothing speaks.

In:  a plan, and the work it was fitted on.
Out: plans that differ only in the receiving team, or in the files that are versioned apart.

Moving services to a large team cuts handoffs even where there is no structure, and
decoupling or delegating can never add any. A plan counts only if it saves more than the
same services moved to the largest admissible other team, and to other admissible teams; a
decoupling more than one at the most changed other files of the same services.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conway.advice.experience import team_people
from conway.advice.limits import owners_of_services
from conway.advice.moves import Decouple, Delegate, Move, Reassign, SplitService
from conway.boundaries.release_files import is_release_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work


_OTHER_FILES = 6


def largest_team(
    work: Work, moves: Sequence[Move], *, loads: np.ndarray, options: AdviceOptions
) -> tuple[Move, ...]:
    """Return the plan with every target replaced by the largest admissible other team."""
    found = (_targets(work, move, loads=loads, options=options) for move in moves)
    pairs = zip(moves, found, strict=True)
    return tuple(_to(move, targets[0]) for move, targets in pairs if targets)


def other_teams(
    work: Work, moves: Sequence[Move], *, loads: np.ndarray, options: AdviceOptions
) -> tuple[tuple[Move, ...], ...]:
    """Return one plan for each rank of admissible other teams, the largest left out."""
    found = [_targets(work, move, loads=loads, options=options)[1:] for move in moves]
    ranks = max((len(targets) for targets in found), default=0)
    return tuple(
        tuple(
            _to(move, targets[rank % len(targets)])
            for move, targets in zip(moves, found, strict=True)
            if targets
        )
        for rank in range(ranks)
    )


def _targets(
    work: Work, move: Move, *, loads: np.ndarray, options: AdviceOptions
) -> tuple[str, ...]:
    """Return admissible other teams, the most loaded first; other files for a decoupling."""
    if isinstance(move, Decouple):
        return _other_files(work, move)
    people = team_people(work)
    owners = owners_of_services(work)
    taken = {owners.get(service, "") for service in move.services} | _chosen(move)
    order = sorted(range(len(work.teams)), key=lambda team: (-loads[team], team))
    return tuple(
        work.teams[team]
        for team in order
        if people.get(team, 0) >= options.min_people and work.teams[team] not in taken
    )


def _chosen(move: Move) -> set[str]:
    if isinstance(move, Reassign):
        return {move.to}
    if isinstance(move, SplitService):
        return set(move.owners.values())
    return set(move.teams) if isinstance(move, Delegate) else set()


def _other_files(work: Work, move: Decouple) -> tuple[str, ...]:
    """Return the most changed other files of the services that the named files are in."""
    rows = work.rows[work.pairable[work.rows["set"].to_numpy()]]
    named = {code for code, path in enumerate(work.paths) if path in move.files}
    services = set(rows.loc[rows["entity"].isin(named), "service"])
    inside = rows[rows["service"].isin(services) & ~rows["entity"].isin(named)]
    changes = inside.groupby("entity")["set"].nunique()
    order = sorted(changes.index.tolist(), key=lambda code: (-changes[code], code))
    paths = (work.paths[code] for code in order)
    return tuple(path for path in paths if not is_release_file(path))[:_OTHER_FILES]


def _to(move: Move, team: str) -> Move:
    """Return the move with another receiving team, or another file."""
    if isinstance(move, Decouple):
        return Decouple(move.services, (team,))
    if isinstance(move, Reassign):
        return Reassign(move.service, team)
    if isinstance(move, SplitService):
        return SplitService(move.service, move.parts, dict.fromkeys(move.owners, team))
    if isinstance(move, Delegate):
        return replace(move, team=team)
    return move
