"""Replay: apply moves to the recorded change sets and measure again.

In:  ``Work`` and moves, in order.
Out: the same change sets, relabelled.

Law, held by a test: measuring the replayed work equals measuring, change set by change
set, what the moved boundaries ask for, with the people's teams of the base.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.advice.moves import SERVICE_OWNERS, Decouple, Delegate, Label, Reassign, SplitService
from conway.errors import PlanError, problems
from conway.tables import TOUCHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.moves import Move
    from conway.boundaries.work import Work

_LISTED = 12
_LABEL = ["path", "entity", "service", "unit", "service_team", "owners", "rule"]


def replay(work: Work, moves: Sequence[Move]) -> Work:
    """Return ``work`` as the moved boundaries would have labelled it.

    Parameters
    ----------
    work
        Labelled change sets.
    moves
        Applied in order.

    Raises
    ------
    PlanError
        If a move names a service, team or rule that there is not.
    """
    check_moves(work, moves)
    number, labels = labels_of(work)
    rows = work.rows
    for move in moves:
        labels = [move.relabel(label) for label in labels]
        kept = _kept(rows["set"].to_numpy(), number, labels=labels, move=move)
        rows, number = rows[kept], number[kept]
    return _relabelled(work, rows, number=number, labels=labels, moves=moves)


def labels_of(work: Work) -> tuple[np.ndarray, list[Label]]:
    """Return the distinct labels of touched paths, and for each row the place of its own."""
    number, distinct = pd.factorize(pd.MultiIndex.from_frame(work.rows[_LABEL]))
    teams = work.teams

    def name(names: tuple[str, ...], code: int) -> str:
        return names[code] if code >= 0 else ""

    return number, [
        Label(
            path=work.paths[path],
            today=work.paths[entity],
            service=name(work.services, service),
            unit=name(work.units, unit),
            team=name(teams, team),
            owners=frozenset(teams[t] for t in work.owners[owners]) if owners >= 0 else frozenset(),
            rule=name(work.rules, rule),
        )
        for path, entity, service, unit, team, owners, rule in distinct
    ]


def _kept(sets: np.ndarray, number: np.ndarray, *, labels: list[Label], move: Move) -> np.ndarray:
    """Return which rows a change set still touches after the move (shape: rows)."""
    kept = np.ones(len(sets), dtype=bool)
    if not isinstance(move, Decouple):
        return kept
    bounds = np.flatnonzero(np.diff(sets, prepend=-1, append=-1))
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        gone = move.released([labels[place] for place in number[first:last].tolist()])
        kept[[first + place for place in sorted(gone)]] = False
    return kept


def _relabelled(
    work: Work,
    rows: pd.DataFrame,
    *,
    number: np.ndarray,
    labels: list[Label],
    moves: Sequence[Move],
) -> Work:
    """Code the labels again; codes of the base stay, new names come after them."""
    services = _extended(work.services, [label.service for label in labels])
    units = _extended(work.units, [label.unit for label in labels])
    team = {name: code for code, name in enumerate(work.teams)} | {"": -1}
    asked = [tuple(sorted(team[name] for name in label.owners)) for label in labels]
    owners = work.owners + tuple(sorted({one for one in asked if one} - set(work.owners)))
    owner = {one: code for code, one in enumerate(owners)} | {(): -1}
    service = {name: code for code, name in enumerate(services)} | {"": -1}
    unit = {name: code for code, name in enumerate(units)} | {"": -1}
    columns = {
        "service": [service[label.service] for label in labels],
        "unit": [unit[label.unit] for label in labels],
        "service_team": [team[label.team] for label in labels],
        "owners": [owner[one] for one in asked],
    }
    coded = {name: np.array(codes, dtype=np.int64)[number] for name, codes in columns.items()}
    return replace(
        work,
        rows=TOUCHED.check(rows.assign(**coded)),
        services=services,
        units=units,
        owners=owners,
        service_teams=tuple(team[name] for name in _newest(work, services, moves=moves)),
    )


def _newest(work: Work, services: tuple[str, ...], *, moves: Sequence[Move]) -> list[str]:
    """Return the team that owns each service after the moves, empty where none does."""
    owner = {
        service: work.teams[team] if team >= 0 else ""
        for service, team in zip(work.services, work.service_teams, strict=True)
    }
    for move in moves:
        if isinstance(move, Reassign):
            owner[move.service] = move.to
        if isinstance(move, SplitService):
            owner |= {part: move.owners.get(part, owner[move.service]) for part in move.parts}
    return [owner.get(service, "") for service in services]


def _extended(names: tuple[str, ...], used: list[str]) -> tuple[str, ...]:
    return names + tuple(sorted(set(used) - set(names) - {""}))


def check_moves(work: Work, moves: Sequence[Move]) -> None:
    """Refuse moves that name what there is not; every fault in one message.

    Raises
    ------
    PlanError
        With the valid choices.
    """
    services, teams = set(work.services), set(work.teams)
    faults: list[str] = []
    for place, move in enumerate(moves, 1):
        where = f"move {place} ({move.kind})"
        faults += [
            f"{where}: no service '{name}' (services: {_some(services)})"
            for name in move.services
            if name not in services
        ]
        faults += [
            f"{where}: no team '{name}' (teams: {_some(teams)})"
            for name in _teams(move)
            if name not in teams | {SERVICE_OWNERS}
        ]
        if isinstance(move, Delegate) and move.pattern not in work.rules:
            rules = _some(set(work.rules)) or "none"
            faults.append(f"{where}: no approval rule '{move.pattern}' (rules: {rules})")
        if isinstance(move, SplitService):
            taken = sorted(set(move.parts) & services)
            faults += [f"{where}: part '{name}' is a service already" for name in taken]
            services |= set(move.parts)
    if faults:
        raise PlanError(problems("plan", faults))


def _teams(move: Move) -> tuple[str, ...]:
    if isinstance(move, Reassign):
        return (move.to,)
    if isinstance(move, SplitService):
        return tuple(move.owners.values())
    return move.teams if isinstance(move, Delegate) else ()


def _some(names: set[str]) -> str:
    """Name the choices, at most twelve."""
    shown = sorted(names - {""})
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return ", ".join(shown[:_LISTED]) + more
