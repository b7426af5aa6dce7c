"""How each kind of move is written in a plan: its keys, their types, and the move.

In:  a ``[[move]]`` table. Out: a move; and back.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conway.advice.dated import Dated
from conway.advice.moves import (
    Approve,
    Decouple,
    Delegate,
    MergeServices,
    Reassign,
    SplitService,
)
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam

if TYPE_CHECKING:
    from collections.abc import Callable

    from conway.advice.move import Move


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(one) for one in value)


def _is_pair(value: object) -> bool:
    return _are_texts(value) and isinstance(value, list) and len(value) == 2  # noqa: PLR2004


def _are_several(value: object) -> bool:
    return _are_texts(value) and isinstance(value, list) and len(value) > 1


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(_is_text(one) for one in value.values())


def _is_table_of_lists(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_are_texts, value.values()))


def _is_team(value: object) -> bool:
    return _is_text(value) or _are_texts(value)


def _tuples(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(texts) for name, texts in table.items()}


def _names(value: str | list[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


Form = dict[str, "Callable[[object], bool]"]
FORMS: dict[str, tuple[Form, Callable[[dict[str, Any]], Move]]] = {
    "Reassign": (
        {"service": _is_text, "to": _is_text},
        lambda table: Reassign(table["service"], table["to"]),
    ),
    "MoveWithPeople": (
        {"service": _is_text, "to": _is_text, "people?": _are_texts},
        lambda table: MoveWithPeople(
            table["service"], table["to"], people=tuple(table.get("people", ()))
        ),
    ),
    "SplitService": (
        {"service": _is_text, "parts": _is_table_of_lists, "owners?": _is_table_of_texts},
        lambda table: SplitService(
            table["service"], _tuples(table["parts"]), table.get("owners", {})
        ),
    ),
    "MergeServices": (
        {"services": _are_several, "name": _is_text, "to": _is_text},
        lambda table: MergeServices(tuple(table["services"]), table["name"], table["to"]),
    ),
    "MergeTeams": (
        {"teams": _are_several, "name": _is_text},
        lambda table: MergeTeams(tuple(table["teams"]), table["name"]),
    ),
    "SplitTeam": (
        {"team": _is_text, "parts": _is_table_of_lists, "people?": _is_table_of_lists},
        lambda table: SplitTeam(
            table["team"], _tuples(table["parts"]), people=_tuples(table.get("people", {}))
        ),
    ),
    "Decouple": (
        {"services": _is_pair, "files": _are_texts},
        lambda table: Decouple((table["services"][0], table["services"][1]), tuple(table["files"])),
    ),
    "Delegate": (
        {"pattern": _is_text, "team": _is_team},
        lambda table: Delegate(table["pattern"], _names(table["team"])),
    ),
    "Approve": (
        {"pattern": _is_text, "teams": _are_texts},
        lambda table: Approve(table["pattern"], tuple(table["teams"])),
    ),
}
"""Keys of each kind, those with ``?`` optional, and what makes the move."""


def known_keys(kind: str) -> tuple[str, ...]:
    """Return the keys that a table of a kind may have."""
    return tuple(key.rstrip("?") for key in FORMS[kind][0])


def table_of(move: Move) -> dict[str, object]:
    """Return a move as the table that is read back; persons are left out."""
    if isinstance(move, Dated):
        day = datetime.fromtimestamp(move.since, UTC).isoformat()
        return {**table_of(move.move), "from": day}
    found: dict[str, object] = {"kind": move.kind}
    for key in known_keys(move.kind):
        value = getattr(move, _FIELDS.get((move.kind, key), key))
        if key == "people" or (key == "owners" and not value):
            continue
        found[key] = _plain(value)
    return found


_FIELDS = {("MergeServices", "services"): "merged", ("MergeTeams", "teams"): "merged"}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return list(value) if isinstance(value, list | tuple) else value
