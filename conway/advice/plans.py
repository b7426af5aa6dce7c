"""Read a planned reorganisation from ``plan.toml``.

In:  a file with one ``[[move]]`` table for each move, in order.
Out: moves; every fault of the file in one message.

    [[move]]
    kind = "Reassign"
    service = "billing"
    to = "payments"

    [[move]]
    kind = "SplitService"
    service = "orders"
    parts = { orders-shipping = ["services/orders/shipping/**"] }
    owners = { orders-shipping = "logistics" }

    [[move]]
    kind = "Decouple"
    services = ["checkout", "catalog"]
    files = ["services/catalog/prices.json"]

    [[move]]
    kind = "Delegate"
    pattern = "/deploy/"
    team = "service owners"
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conway.advice.moves import Decouple, Delegate, Move, Reassign, SplitService
from conway.errors import PlanError, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LARGEST_PLAN = 1 << 20


def plan_text(moves: Iterable[Move]) -> str:
    """Return moves as the text of a ``plan.toml`` that ``read_plan`` reads back."""
    return "\n".join(_table(move) for move in moves if move.kind in _FORMS)


def _table(move: Move) -> str:
    """Return one ``[[move]]`` table."""
    values: dict[str, object] = {}
    if isinstance(move, Reassign):
        values = {"service": move.service, "to": move.to}
    elif isinstance(move, SplitService):
        parts = {name: list(globs) for name, globs in move.parts.items()}
        values = {"service": move.service, "parts": parts, "owners": dict(move.owners)}
    elif isinstance(move, Decouple):
        values = {"services": list(move.services), "files": list(move.files)}
    elif isinstance(move, Delegate):
        team = move.team if isinstance(move.team, str) else list(move.team)
        values = {"pattern": move.pattern, "team": team}
    lines = [f"{key} = {_toml(value)}" for key, value in {"kind": move.kind, **values}.items()]
    return "\n".join(["[[move]]", *lines, ""])


def _toml(value: object) -> str:
    """Return a text, list or table as TOML on one line."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def read_plan(path: str | Path) -> tuple[Move, ...]:
    """Read the moves of a plan.

    Raises
    ------
    PlanError
        If the file is missing, not TOML, or a move is not one; all faults at once.
    """
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_PLAN:
            raise PlanError(f"{file}: larger than 1 MiB; a plan is a list of moves")
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise PlanError(f"{file}: cannot be read ({fault.strerror}); name a plan.toml") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise PlanError(f"{file}: not TOML: {fault}") from fault
    return _moves(content, where=str(file))


def _moves(content: dict[str, Any], *, where: str) -> tuple[Move, ...]:
    faults = [
        f"unknown key '{key}'; a plan has [[move]] tables" for key in content if key != "move"
    ]
    tables = content.get("move", [])
    if not isinstance(tables, list) or not tables:
        faults.append("no [[move]] table")
        tables = []
    moves: list[Move] = []
    for place, table in enumerate(tables, 1):
        found = _move(table, where=f"move {place}")
        if isinstance(found, list):
            faults += found
        else:
            moves.append(found)
    if faults:
        raise PlanError(problems(where, faults))
    return tuple(moves)


def _move(table: object, *, where: str) -> Move | list[str]:
    """Return one move, or what is wrong with its table."""
    if not isinstance(table, dict):
        return [f"{where}: not a table"]
    kind = table.get("kind")
    if kind not in _FORMS:
        return [f"{where}: kind is {kind!r}; choose one of {', '.join(sorted(_FORMS))}"]
    form, make = _FORMS[kind]
    keys = {key for key in table if key != "kind"}
    needed = {key for key in form if not key.endswith("?")}
    allowed = {key.rstrip("?") for key in form}
    faults = [f"{where} ({kind}): '{key}' is missing" for key in sorted(needed - keys)]
    faults += [f"{where} ({kind}): unknown key '{key}'" for key in sorted(keys - allowed)]
    for key, fits in ((k.rstrip("?"), check) for k, check in form.items()):
        if key in table and not fits(table[key]):
            faults.append(f"{where} ({kind}): '{key}' has a wrong type or length")
    return faults or make(table)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(one) for one in value)


def _is_pair(value: object) -> bool:
    return _are_texts(value) and isinstance(value, list) and len(value) == 2  # noqa: PLR2004


def _is_table_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(_is_text(one) for one in value.values())


def _is_table_of_globs(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_are_texts, value.values()))


def _is_team(value: object) -> bool:
    return _is_text(value) or _are_texts(value)


_Form = dict[str, "Callable[[object], bool]"]
_FORMS: dict[str, tuple[_Form, Callable[[dict[str, Any]], Move]]] = {
    "Reassign": (
        {"service": _is_text, "to": _is_text},
        lambda table: Reassign(table["service"], table["to"]),
    ),
    "SplitService": (
        {"service": _is_text, "parts": _is_table_of_globs, "owners?": _is_table_of_texts},
        lambda table: SplitService(
            table["service"],
            {name: tuple(globs) for name, globs in table["parts"].items()},
            table.get("owners", {}),
        ),
    ),
    "Decouple": (
        {"services": _is_pair, "files": _are_texts},
        lambda table: Decouple((table["services"][0], table["services"][1]), tuple(table["files"])),
    ),
    "Delegate": (
        {"pattern": _is_text, "team": _is_team},
        lambda table: Delegate(
            table["pattern"],
            table["team"] if isinstance(table["team"], str) else tuple(table["team"]),
        ),
    ),
}
