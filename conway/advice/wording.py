"""A move in words: what it is, what it costs whom, what to watch, when to stop.

In:  a move, the work it was found on, and what it saves.
Out: plain sentences and the evidence behind them; no person is named.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conway.advice.cuts import cut_of
from conway.advice.dated import Dated
from conway.advice.move import Custom, Move
from conway.advice.moves import (
    SERVICE_OWNERS,
    Approve,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam
from conway.figures import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from conway.advice.candidates import Ground
    from conway.figures import Figure

DISRUPTION = {
    "Delegate": 0.5,
    "Approve": 0.5,
    "Decouple": 1.0,
    "Reassign": 2.0,
    "SplitService": 2.5,
    "MergeServices": 2.5,
    "MoveWithPeople": 3.0,
    "SplitTeam": 4.0,
    "MergeTeams": 4.0,
}
"""How much a move disturbs, in services that change hands (2 people's duties each)."""

_SHOWN = 20
_SHOWN_FROM = 0.05
"""Smaller savings per 100 change sets read as 0.0."""


def title(move: Move) -> str:
    """Return the move in one sentence; no person is named."""
    if isinstance(move, Dated):
        day = datetime.fromtimestamp(move.since, UTC).date().isoformat()
        return f"{title(move.move)} from {day}"
    if isinstance(move, Reassign):
        return f"Give {move.service} to {move.to}"
    if isinstance(move, SplitService):
        owners = ", ".join(sorted(set(move.owners.values()))) or "its owner"
        globs = ", ".join(glob for part in move.parts.values() for glob in part)
        return f"Split {globs} off {move.service}, owned by {owners}"
    if isinstance(move, Decouple):
        files = " and ".join(move.files)
        return f"Decouple {move.services[0]} from {move.services[1]} at {files}"
    if isinstance(move, Delegate | Approve):
        alone = "" if isinstance(move, Delegate) else " alone"
        return f"Let {_named(move.teams)}{alone} approve what the rule {move.pattern} decides"
    return _team_title(move)


def _team_title(move: Move) -> str:
    """Return a move of teams, people or several services in one sentence."""
    if isinstance(move, MergeServices):
        return f"Make {' and '.join(move.merged)} one service {move.name}, owned by {move.to}"
    if isinstance(move, MoveWithPeople):
        return f"Give {move.service} to {move.to} together with people who work on it"
    if isinstance(move, MergeTeams):
        return f"Make {' and '.join(move.merged)} one team {move.name}"
    if isinstance(move, SplitTeam):
        parts = "; ".join(f"{name} with {', '.join(held)}" for name, held in move.parts.items())
        return f"Split {move.team}: {parts}"
    if isinstance(move, Custom):
        return move.title
    return f"{move.kind} of {', '.join(move.services)}"


def _named(teams: Sequence[str]) -> str:
    return " or ".join("each service's own team" if t == SERVICE_OWNERS else t for t in teams)


def costs(move: Move, *, owner: str) -> str:
    """Return who loses what, and what the transition takes."""
    if isinstance(move, Reassign):
        return (
            f"{owner} gives up {move.service} and its knowledge of it; {move.to} takes on "
            "its approvals, releases and incidents. Plan a hand-over of some weeks."
        )
    if isinstance(move, SplitService):
        return (
            f"{move.service} becomes two services with a build and a release each; {owner} "
            "keeps the rest. Delegating the part's approvals comes first and can be undone."
        )
    if isinstance(move, MoveWithPeople):
        return (
            f"{owner} loses {move.service} and the people who move with it; both teams settle "
            "into new company. Their other work needs new hands."
        )
    if isinstance(move, Decouple):
        return (
            "The files need a version or a copy of their own, and a contract test between "
            "the two sides. No team loses a service."
        )
    if isinstance(move, Delegate):
        return (
            "The teams of the rule no longer see every such change before it lands; keep "
            "them as alternatives and agree which changes still call for them."
        )
    return "Not estimated for this kind of move."


def indicator(move: Move, *, handoffs: Figure, lockstep: Figure) -> str:
    """Return what should have moved after 90 days, each in its own unit.

    Parameters
    ----------
    move
        The move.
    handoffs, lockstep
        Held-out handoffs and lockstep releases that it saved per 100 change sets.
    """
    parts = [
        f"{name} by about {value_of(figure):.1f}"
        for name, figure in (("handoffs", handoffs), ("lockstep releases", lockstep))
        if value_of(figure) >= _SHOWN_FROM
    ]
    if not parts:
        return "None: on held-out work this move saved nothing that could be watched for."
    about = f"under the rule {move.pattern}" if isinstance(move, Delegate) else "around "
    if not isinstance(move, Delegate):
        about += " and ".join(move.services)
    return f"Per 100 change sets, {' and '.join(parts)} fewer {about} within 90 days."


def stop_rule(gain: Figure) -> str:
    """Return when to take the move back.

    Parameters
    ----------
    gain
        Held-out handoffs and lockstep releases, added up, saved per 100 change sets.
    """
    half = value_of(gain) / 2
    if not half > 0:
        return "Do not start it on this evidence."
    return (
        "If after 90 days handoffs and lockstep releases together have fallen by less than "
        f"{half:.1f} per 100 change sets, or reverts of these changes rise, take the move back."
    )


def evidence(move: Move, ground: Ground, *, weekly: np.ndarray) -> dict[str, Any]:
    """Return the counts and change sets that the move rests on.

    Parameters
    ----------
    move
        The move.
    ground
        Who has worked where in the fitting window.
    weekly
        Handoffs that the move saves by week of the fitting window.
    """
    found: dict[str, Any] = {
        "saved_in_window": round(float(weekly.sum()), 2),
        "weeks_with_savings": int((weekly > 0).sum()),
    }
    work = ground.work
    if isinstance(move, Reassign | SplitService) and move.service in work.services:
        code = work.services.index(move.service)
        found["change_sets_by_team"] = {
            work.teams[team]: ground.by_service.count(code, team)
            for team in ground.by_service.teams(code)
        }
        rows = work.rows["service"].to_numpy() == code
    elif isinstance(move, Delegate) and move.pattern in work.rules:
        code = work.rules.index(move.pattern)
        found["change_sets_by_team"] = {
            work.teams[team]: ground.by_rule.count(code, team)
            for team in ground.by_rule.teams(code)
        }
        rows = work.rows["rule"].to_numpy() == code
    elif isinstance(move, Decouple):
        files = [place for place, path in enumerate(work.paths) if path in move.files]
        rows = work.rows["entity"].isin(files).to_numpy()
    else:
        return found
    sets = sorted(set(work.rows.loc[rows, "set"].tolist()))
    found |= cut_of(move, work)
    found["change_sets"] = len(sets)
    found["sets"] = work.sets["change_set"].iloc[sets[-_SHOWN:]].tolist()
    return found


def edit(move: Move, *, per_file: bool) -> str | None:
    """Return the file edit that carries a move out, None where there is none.

    Parameters
    ----------
    move
        The move.
    per_file
        Whether an ownership file decides (CODEOWNERS), else a table of services.
    """
    if not per_file:
        return f"+ <date>,{move.service},{move.to}" if isinstance(move, Reassign) else None
    if isinstance(move, Reassign):
        return f"  in CODEOWNERS, on the lines of {move.service}: its owner -> @.../{move.to}"
    if isinstance(move, SplitService):
        lines = [
            f"+ /{glob.removesuffix('**')} @.../{move.owners.get(name, '<owner>')}"
            for name, globs in move.parts.items()
            for glob in globs
        ]
        return "\n".join(lines)
    if isinstance(move, Delegate):
        if SERVICE_OWNERS in move.teams:
            return (
                f"  in CODEOWNERS, after the line {move.pattern}: for each service a line with "
                "its path, the rule's owners and the service's own team"
            )
        added = " ".join(f"@.../{team}" for team in move.teams)
        return f"  in CODEOWNERS, on the line {move.pattern}: add {added}"
    return None
