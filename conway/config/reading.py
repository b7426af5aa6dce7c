"""Read a ``conway.toml`` and say every fault of it at once.

In:  the path or the text of a ``conway.toml``.
Out: ``Config``, or one ``BoundariesError`` with all unknown keys and wrong values.

Only the form is checked here; whether names and globs fit a history is checked by
``conway.boundaries.reading``.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from conway.config.model import Config
from conway.display import visible
from conway.errors import BoundariesError, problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

LARGEST_CONFIG = 3 * 1024 * 1024
_SHOWN = 60


def read_config(path: Path) -> Config:
    """Read a ``conway.toml``.

    Raises
    ------
    BoundariesError
        If the file is missing or not TOML, or with every unknown key and wrong value.
    """
    where = visible(str(path))
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise BoundariesError(
            f"{where}: cannot be read ({fault.strerror}); name another file, "
            "or write one with `conway init REPO`"
        ) from None
    if len(content) > LARGEST_CONFIG:
        raise BoundariesError(f"{where}: is larger than {LARGEST_CONFIG} bytes; is it the file?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BoundariesError(f"{where}: is not UTF-8 text; save it as UTF-8") from None
    return parse_config(text, where=where)


def parse_config(text: str, *, where: str = "conway.toml") -> Config:
    """Return the configuration that ``text`` holds; ``where`` names it in messages."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        reason = visible(str(fault)) or "it is nested too deeply"
        raise BoundariesError(f"{where}: is not valid TOML: {reason}") from None
    return checked(values, where=where)


def checked(values: Mapping[str, object], *, where: str = "conway.toml") -> Config:
    """Return ``values`` as a configuration, or raise one error with all its faults."""
    faults: list[str] = []
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        faults = [_fault(detail) for detail in error.errors(include_url=False)]
        raise BoundariesError(problems(where, faults)) from None
    window = config.window
    if window.since is not None and window.until is not None and window.since >= window.until:
        raise BoundariesError(f"{where}: [window] since must come before until")
    return config


_EXPECTED = {
    "tuple_type": "must be a text or a list of texts",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "model_type": "must be a table",
    "dict_type": "must be a table",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must not be blank",
}


def _fault(detail: ErrorDetails) -> str:
    """Say one fault with its place and the valid choices."""
    *table, key = _place(detail["loc"])
    place = f"[{visible('.'.join(table))}] " if table else ""
    given = visible(repr(detail["input"]))
    given = given if len(given) <= _SHOWN else given[:_SHOWN] + "..."
    kind, reason = detail["type"], detail["msg"]
    if kind == "extra_forbidden":
        return f"{place}unknown key '{visible(key)}'{_nearest(key, _keys(table))}"
    if kind == "literal_error":
        expected = str(detail.get("ctx", {}).get("expected", ""))
        choices = [choice.strip("'") for choice in expected.replace(" or ", ", ").split(", ")]
        return f"{place}{key} = {given} is not possible{_nearest(detail['input'], choices)}"
    if kind == "value_error":
        return f"{place}{visible(key)}: {visible(reason.removeprefix('Value error, '))}"
    reason = _EXPECTED.get(kind, f"{reason[:1].lower()}{reason[1:]}")
    return f"{place}{visible(key)} = {given} {reason}"


def _place(steps: tuple[int | str, ...]) -> list[str]:
    """Return the tables and the key, an item of a list as ``key[1]``."""
    place: list[str] = []
    for step in steps:
        if isinstance(step, int) and place:
            place[-1] += f"[{step}]"
        elif step != "[key]":
            place.append(str(step))
    return place or [""]


def _keys(table: list[str]) -> list[str]:
    """Return the keys that a table may have."""
    model: type[BaseModel] = Config
    for name in table:
        field = model.model_fields.get(name)
        if field is None or not isinstance(field.annotation, type):
            return []
        if not issubclass(field.annotation, BaseModel):
            return []
        model = field.annotation
    return list(model.model_fields)


def _nearest(word: object, choices: list[str]) -> str:
    """Return the valid choices, the nearest one first if there is one."""
    near = get_close_matches(str(word), choices, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else ";"
    return f"{hint} valid: {', '.join(choices)}"
