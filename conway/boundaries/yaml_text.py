"""Read YAML as texts, lists and tables, whoever wrote it.

In:  the text of a file.
Out: one value for each document; a table knows the line of each key.

Values are built from the parser's events, so that nothing is constructed but texts (``no``
stays ``no``, ``12:30:45`` stays a time), nesting is counted before it is followed, and no
value is ever repeated by an alias. A duplicate key is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_YAML = 1024 * 1024
DEEPEST = 64

Value = str | list["Value"] | dict[str, "Value"]


class YamlTextError(Exception):
    """A text that is not read as YAML: the line, 0 for the whole file, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class Table(dict[str, Value]):
    """A mapping of texts; ``lines`` has the line of each key, from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


def read_yaml(text: str, *, aliases: bool = False) -> list[Value]:
    r"""Read every document of a YAML text.

    Parameters
    ----------
    text
        At most 1 MiB.
    aliases
        Whether an alias reads as an empty text; otherwise it is refused.

    Raises
    ------
    YamlTextError
        If the text is no YAML, too large, nested deeper than 64, has a duplicate key or,
        unless they are let be, an alias.

    Examples
    --------
    >>> read_yaml("owner: no\nat: 12:30:45\n")
    [{'owner': 'no', 'at': '12:30:45'}]
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_YAML:
        raise YamlTextError(0, f"larger than {LARGEST_YAML} bytes")
    building = _Building(aliases=aliases)
    try:
        for event in _events(text):
            building.take(event)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = 0 if mark is None else mark.line + 1
        raise YamlTextError(line, "not YAML") from None
    except (ValueError, UnicodeError) as fault:
        raise YamlTextError(0, f"not YAML: {type(fault).__name__}") from None
    return building.documents


def _events(text: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=loader)
    return events


class _Building:
    """The documents built so far, and the collections that are still open."""

    def __init__(self, *, aliases: bool) -> None:
        self.documents: list[Value] = []
        self._aliases = aliases
        self._open: list[list[Value] | Table] = []
        self._keys: list[tuple[str, int] | None] = []

    def take(self, event: yaml.Event) -> None:
        """Add what an event says."""
        line = 0 if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.ScalarEvent):
            self._add(event.value, line=line)
        elif isinstance(event, yaml.AliasEvent):
            if not self._aliases:
                raise YamlTextError(
                    line, "has an alias (*name), which is not followed; write it out"
                )
            self._add("", line=line)
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            if len(self._open) == DEEPEST:
                raise YamlTextError(line, f"is nested deeper than {DEEPEST}")
            held: list[Value] | Table = Table() if isinstance(event, yaml.MappingStartEvent) else []
            self._add(held, line=line)
            self._open.append(held)
            self._keys.append(None)
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._open.pop()
            self._keys.pop()

    def _add(self, value: Value, *, line: int) -> None:
        if not self._open:
            self.documents.append(value)
            return
        held, key = self._open[-1], self._keys[-1]
        if isinstance(held, list):
            held.append(value)
        elif key is None:
            if not isinstance(value, str):
                raise YamlTextError(line, "has a key that is not a text")
            if value in held and not (value == "<<" and self._aliases):
                raise YamlTextError(line, "has a key twice")
            self._keys[-1] = (value, line)
        else:
            held[key[0]] = value
            held.lines[key[0]] = key[1]
            self._keys[-1] = None


def texts_of(value: Value | None) -> tuple[str, ...]:
    """Return the texts of a list of texts; one text alone; nothing of anything else."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str) and item)
    return ()
