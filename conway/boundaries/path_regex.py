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

_END = r"(?=/|\Z)"
_BELOW = r"(?:/.*+)?+\Z"
_SEGMENTS = r"(?:[^/]++/)*?"


def tokens(segment: str, *, escapes: bool) -> list[tuple[Literal["text", "one", "any"], str]]:
    """Split a segment into texts, ``?`` and ``*``; a backslash reads as in our path text."""
    found: list[tuple[Literal["text", "one", "any"], str]] = []
    chars = iter(segment)
    for char in chars:
        if escapes and char == "\\":
            escaped = next(chars, "\\")
            found.append(("text", "\\\\" if escaped == "\\" else escaped))
        elif char == "*":
            if not found or found[-1][0] != "any":
                found.append(("any", "*"))
        else:
            found.append(("one", "?") if char == "?" else ("text", char))
    return found


def path_regex(segments: Sequence[str], *, descend: bool, hidden: bool, escapes: bool) -> str:
    """Join runs of segments; each run after a ``**`` is found at its leftmost place."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            if runs[-1] or len(runs) == 1:
                runs.append([])
        else:
            runs[-1].append(_segment(segment, hidden=hidden, escapes=escapes))
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


def _segment(segment: str, *, hidden: bool, escapes: bool) -> str:
    """Return the atomic expression of one segment up to the slash or the end."""
    if segment == "*":
        return "([^/]++)" if hidden else "([^/.][^/]*+)"
    texts: list[str] = [""]
    for kind, text in tokens(segment, escapes=escapes):
        if kind == "any":
            texts.append("")
        else:
            texts[-1] += "[^/]" if kind == "one" else re.escape(text)
    head, *rest = texts
    if not rest:
        return head
    inner = "".join(f"(?>[^/]*?{text})" for text in rest[:-1] if text)
    tail = f"[^/]*{rest[-1]}" if rest[-1] else "[^/]*+"
    return f"(?>{head}{inner}{tail}{_END})"
