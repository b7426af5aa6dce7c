"""Check a plan: every name that its moves use must exist where they use it.

In:  ``Work`` and moves, in order.
Out: nothing, or one ``PlanError`` with every fault and the valid choices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.advice.dated import Dated
from conway.errors import PlanError, problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.move import Move
    from conway.boundaries.work import Work

_LISTED = 12


def check_moves(work: Work, moves: Sequence[Move], *, lines: Sequence[int] = ()) -> None:
    """Refuse moves that name what there is not; every fault in one message.

    Parameters
    ----------
    work
        Labelled change sets.
    moves
        In order: what an earlier move makes, a later one may use.
    lines
        The line of each move in its file, for the message.

    Raises
    ------
    PlanError
        With the valid choices.
    """
    faults = faults_of(work, moves, lines=lines)
    if faults:
        raise PlanError(problems("plan", faults))


def faults_of(work: Work, moves: Sequence[Move], *, lines: Sequence[int] = ()) -> list[str]:
    """Return what is wrong with the names of a plan, in order of its moves."""
    services, teams, rules = set(work.services), set(work.teams), set(work.rules)
    faults: list[str] = []
    for place, move in enumerate(moves):
        line = f"line {lines[place]}, " if place < len(lines) else ""
        where, names = f"{line}move {place + 1} ({move.kind})", move.names
        for kind, used, known in (
            ("service", names.services, services),
            ("team", names.teams, teams),
            ("approval rule", names.rules, rules),
        ):
            choices = f"{kind.rpartition(' ')[2]}s: {_some(known) or 'none'}"
            faults += [
                f"{where}: no {kind} '{name}' ({choices})"
                for name in dict.fromkeys(used)
                if name not in known
            ]
        taken = sorted(set(names.new_services) & services)
        faults += [f"{where}: part '{name}' is a service already" for name in taken]
        faults += [f"{where}: two names are the same" for _ in [0] if _twice(move)]
        services = (services | set(names.new_services)) - set(names.gone_services)
        teams = (teams | set(names.new_teams)) - set(names.gone_teams)
    return faults + _out_of_order(moves, lines=lines)


def _twice(move: Move) -> bool:
    """Whether a move that joins or parts things names one of them twice."""
    merged = getattr(move, "merged", ())
    return len(set(merged)) < len(merged)


def _out_of_order(moves: Sequence[Move], *, lines: Sequence[int]) -> list[str]:
    """Return dated moves that stand after a later one."""
    faults, latest = [], 0
    for place, move in enumerate(moves):
        if not isinstance(move, Dated):
            continue
        if move.since < latest:
            line = f"line {lines[place]}, " if place < len(lines) else ""
            faults.append(
                f"{line}move {place + 1} ({move.kind}): is dated before the move above it; "
                "write moves in order of their dates"
            )
        latest = max(latest, move.since)
    return faults


def _some(names: set[str]) -> str:
    """Name the choices, at most twelve."""
    shown = sorted(names - {""})
    more = f" and {len(shown) - _LISTED} more" if len(shown) > _LISTED else ""
    return ", ".join(shown[:_LISTED]) + more
