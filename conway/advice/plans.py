"""Read a planned reorganisation from ``plan.toml``, and write one.

In:  a file with one ``[[move]]`` table for each move, in order.
Out: ``Planned``; every fault of the file's form in one message, with its line.

    name = "Two teams"

    [capacities]                 # change sets a week that a team can approve
    payments = 12

    [[move]]
    kind = "Reassign"
    service = "billing"
    to = "payments"
    from = "2025-03-01"          # work before it stays as it was; optional
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conway.advice.dated import Dated
from conway.advice.plan_forms import FORMS, known_keys, table_of
from conway.advice.planned import Planned
from conway.config import seconds
from conway.errors import PlanError, problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conway.advice.move import Move

LARGEST_PLAN = 1 << 20
_HEAD = re.compile(r"^\s*\[\[\s*move\s*\]\]")
_MOST = 1e9
_TOP = ("move", "name", "capacities")


def read_plan(path: str | Path) -> tuple[Move, ...]:
    """Read the moves of a plan.

    Raises
    ------
    PlanError
        If the file is missing, not TOML, or a move is not one; all faults at once.
    """
    return read_planned(path).moves


def read_planned(path: str | Path) -> Planned:
    """Read a plan.

    Raises
    ------
    PlanError
        As ``read_plan``.
    """
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_PLAN:
            raise PlanError(f"{file}: larger than 1 MiB; a plan is a list of moves")
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as fault:
        raise PlanError(f"{file}: cannot be read ({fault.strerror}); name a plan.toml") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise PlanError(f"{file}: not TOML: {fault}") from fault
    return _planned(content, text=text, file=file)


def planned_of(text: str, *, where: str) -> Planned:
    """Read a plan from its text.

    Raises
    ------
    PlanError
        As ``read_plan``.
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise PlanError(f"{where}: not TOML: {fault}") from fault
    return _planned(content, text=text, file=Path(where))


def read_plans(paths: Sequence[str | Path]) -> tuple[Planned, ...]:
    """Read several plans.

    Raises
    ------
    PlanError
        With the faults of every file.
    """
    plans, faults = [], []
    for path in paths:
        try:
            plans.append(read_planned(path))
        except PlanError as fault:
            faults.append(str(fault))
    if faults:
        raise PlanError("\n".join(faults))
    return tuple(plans)


def _planned(content: dict[str, Any], *, text: str, file: Path) -> Planned:
    faults = [
        f"unknown key '{key}'; a plan has name, [capacities] and [[move]] tables"
        for key in content
        if key not in _TOP
    ]
    name = content.get("name", file.stem)
    if not isinstance(name, str) or not name.strip():
        faults.append("'name' is not a text")
    capacities = content.get("capacities", {})
    faults += _capacity_faults(capacities)
    tables = content.get("move", [])
    if not isinstance(tables, list) or not tables:
        faults.append("no [[move]] table")
        tables = []
    lines = _lines(text, count=len(tables))
    moves: list[Move] = []
    for place, table in enumerate(tables):
        found = _move(table, where=_where(place, lines))
        if isinstance(found, list):
            faults += found
        else:
            moves.append(found)
    if faults:
        raise PlanError(problems(str(file), faults))
    return Planned(tuple(moves), str(name), dict(capacities), lines, str(file))


def _where(place: int, lines: Sequence[int]) -> str:
    return f"line {lines[place]}, move {place + 1}" if lines else f"move {place + 1}"


def _lines(text: str, *, count: int) -> tuple[int, ...]:
    """Return the line of each [[move]] head; empty where they cannot be told."""
    heads = [n for n, line in enumerate(text.splitlines(), 1) if _HEAD.match(line)]
    return tuple(heads) if len(heads) == count else ()


def _capacity_faults(table: object) -> list[str]:
    if not isinstance(table, dict):
        return ["[capacities] is not a table of change sets a week by team"]
    return [
        f"[capacities]: '{team}' is not a number above 0"
        for team, value in table.items()
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _MOST
    ]


def _move(table: object, *, where: str) -> Move | list[str]:
    """Return one move, or what is wrong with its table."""
    if not isinstance(table, dict):
        return [f"{where}: not a table"]
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in FORMS:
        return [f"{where}: kind is {kind!r}; choose one of {', '.join(sorted(FORMS))}"]
    form, make = FORMS[kind]
    keys = {key for key in table if key not in {"kind", "from"}}
    needed = {key for key in form if not key.endswith("?")}
    faults = [f"{where} ({kind}): '{key}' is missing" for key in sorted(needed - keys)]
    faults += [
        f"{where} ({kind}): unknown key '{key}' (keys: {', '.join(known_keys(kind))})"
        for key in sorted(keys - set(known_keys(kind)))
    ]
    for key, fits in ((k.rstrip("?"), check) for k, check in form.items()):
        if key in table and not fits(table[key]):
            faults.append(f"{where} ({kind}): '{key}' has a wrong type or length")
    since, wrong = _since(table.get("from"))
    faults += [f"{where} ({kind}): 'from': {fault}" for fault in wrong]
    if faults:
        return faults
    move = make(table)
    return move if since is None else Dated(move, since)


def _since(value: object) -> tuple[int | None, list[str]]:
    if value is None:
        return None, []
    try:
        return seconds(value), []
    except ValueError as fault:
        return None, [str(fault)]


def plan_text(moves: Iterable[Move]) -> str:
    """Return moves as the text of a ``plan.toml`` that ``read_plan`` reads back."""
    return "\n".join(_table(move) for move in moves if move.kind in FORMS)


def _table(move: Move) -> str:
    """Return one ``[[move]]`` table."""
    lines = [f"{key} = {_toml(value)}" for key, value in table_of(move).items()]
    return "\n".join(["[[move]]", *lines, ""])


def _toml(value: object) -> str:
    """Return a text, list or table as TOML on one line."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
