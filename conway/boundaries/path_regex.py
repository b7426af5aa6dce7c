"""A pattern over paths as a regular expression that cannot blow up.

In:  the segments of a pattern.
Out: a regular expression that matches a whole path, each lone ``*`` a group.

Every wildcard stands in an atomic group: a glob's leftmost match is always as good as any
other, so nothing ever needs to be tried twice, and the time is bounded by the length of the
pattern times that of the path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["text", "one", "any", "class"]

_END = r"(?=/|\Z)"
_BELOW = r"(?:/.*+)?+\Z"
_SEGMENTS = r"(?:[^/]++/)*?"


def tokens(segment: str, *, escapes: bool, classes: bool = False) -> list[tuple[Kind, str]]:
    """Split a segment into texts, ``?``, ``*`` and ``[ ]`` (as an expression).

    A backslash reads as in our path text.
    """
    found: list[tuple[Kind, str]] = []
    place = 0
    while place < len(segment):
        char = segment[place]
        place += 1
        if escapes and char == "\\":
            escaped = segment[place : place + 1] or "\\"
            place += 1
            found.append(("text", "\\\\" if escaped == "\\" else escaped))
        elif char == "*":
            if not found or found[-1][0] != "any":
                found.append(("any", "*"))
        elif char == "[" and classes and (end := _class_end(segment, place)):
            found.append(("class", _class(segment[place:end])))
            place = end + 1
        else:
            found.append(("one", "?") if char == "?" else ("text", char))
    return found


def _class_end(segment: str, place: int) -> int:
    """Return where the ``]`` of a class stands that begins at ``place``, 0 if nowhere."""
    first = place + (segment[place : place + 1] in {"!", "^"})
    return max(segment.find("]", first + 1), 0)


def _class(inner: str) -> str:
    """Return the expression of a class: single characters and ranges, perhaps negated."""
    negated = inner[:1] in {"!", "^"}
    chars = inner[1:] if negated else inner
    parts: list[str] = []
    place = 0
    while place < len(chars):
        low, high = chars[place], chars[place]
        if chars[place + 1 : place + 2] == "-" and place + 2 < len(chars):
            high = chars[place + 2]
            place += 2
        place += 1
        if low <= high:
            parts.append(f"{re.escape(low)}-{re.escape(high)}")
    if not parts:
        return "[^/]" if negated else "(?!)"
    return f"[^/{''.join(parts)}]" if negated else f"(?!/)[{''.join(parts)}]"


def path_regex(
    segments: Sequence[str], *, descend: bool, hidden: bool, escapes: bool, classes: bool = False
) -> str:
    """Join runs of segments; each run after a ``**`` is found at its leftmost place."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            if runs[-1] or len(runs) == 1:
                runs.append([])
        else:
            runs[-1].append(_segment(segment, hidden=hidden, escapes=escapes, classes=classes))
    if len(runs) > 1 and not runs[-1]:
        runs.pop()
        last = ".++\\Z"
    else:
        last = _BELOW if descend else "\\Z"
    open_end = last.startswith(".")
    parts: list[str] = []
    for number, run in enumerate(runs):
        final = number == len(runs) - 1
        text = "/".join(run) + ("/" if run and (not final or open_end) else "")
        if final:
            text += last
        parts.append(f"(?>{_SEGMENTS}{text})" if number else text)
    return "".join(parts)


def _segment(segment: str, *, hidden: bool, escapes: bool, classes: bool) -> str:
    """Return the atomic expression of one segment up to the slash or the end."""
    if segment == "*":
        return "([^/]++)" if hidden else "([^/.][^/]*+)"
    texts: list[str] = [""]
    for kind, text in tokens(segment, escapes=escapes, classes=classes):
        if kind == "any":
            texts.append("")
        elif kind == "class":
            texts[-1] += text
        else:
            texts[-1] += "[^/]" if kind == "one" else re.escape(text)
    head, *rest = texts
    if not rest:
        return head
    inner = "".join(f"(?>[^/]*?{text})" for text in rest[:-1] if text)
    tail = f"[^/]*{rest[-1]}" if rest[-1] else "[^/]*+"
    return f"(?>{head}{inner}{tail}{_END})"
