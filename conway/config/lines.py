"""Where things stand in a TOML file: the standard parser does not tell.

In:  a text that is valid TOML.
Out: the line of each table and key.

Only the outermost key of a line is known; what stands within its value has its line.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PART = r"""\s*(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')\s*"""
_PARTS = re.compile(_PART)
_HEADER = re.compile(rf"\s*(\[\[?)({_PART}(?:\.{_PART})*)\]")
_KEY = re.compile(rf"({_PART}(?:\.{_PART})*)=")

_SAID = re.compile(r"\[\[?(?P<table>[\w.]+)\]\]?(?: (?P<number>\d+)| (?P<key>\w+))?")
_SERVICE = re.compile(r"service '(?P<name>[^']*)'")

Place = tuple[int | str, ...]
Lines = dict[Place, int]


def key_lines(text: str) -> Lines:
    r"""Return the line, from 1, of each table and each key by its path.

    Examples
    --------
    >>> key_lines('[teams]\nsource = "OWNERS"\n[[teams.interactions]]\nmode = "x"')[
    ...     "teams", "interactions", 0, "mode"
    ... ]
    4
    """
    lines: Lines = {}
    table: Place = ()
    seen: Counter[Place] = Counter()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                table = (*table, seen[table])
                seen[table[:-1]] += 1
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_parts(key[1])), number)
    return lines


def line_of(lines: Mapping[Place, int], place: Sequence[int | str]) -> int | None:
    """Return the line of a place, or of the nearest thing that holds it; None if unknown."""
    steps = tuple(step for step in place if step != "[key]")
    found = (lines.get(steps[:end]) for end in range(len(steps), 0, -1))
    return next((line for line in found if line is not None), None)


def place_in(fault: str) -> Place:
    """Return the place in the file that a fault begins with, empty where it names none.

    Examples
    --------
    >>> place_in("[limits] pinned: no service 'x'"), place_in("service 'a': no path")
    (('limits', 'pinned'), ('services', 'a'))
    """
    if found := _SAID.match(fault):
        if found["key"] == "train":
            return ("releases", "trains")
        table = found["table"].split(".")
        number = (int(found["number"]) - 1,) if found["number"] else ()
        return (*table, *number, *((found["key"],) if found["key"] else ()))
    if found := _SERVICE.match(fault):
        return ("services", found["name"])
    return ()


def _parts(dotted: str) -> Place:
    return tuple(_plain(part.strip()) for part in _PARTS.findall(dotted))


def _plain(part: str) -> str:
    return part[1:-1].replace('\\"', '"').replace("\\\\", "\\") if part[0] in "\"'" else part
