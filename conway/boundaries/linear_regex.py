"""Regular expressions of strangers, matched in linear time.

In:  expressions in the syntax of Go and RE2, as ownership files write them.
Out: ``RegexSet``: which of them find anything in a text. Python's own engine can be made to
     run for years by a short expression; DuckDB's is RE2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

LONGEST_REGEX = 1024
_ENGINE_MEMORY = "64MB"


@lru_cache(maxsize=1)
def _engine() -> duckdb.DuckDBPyConnection:
    """Return a database without data, files or network."""
    import duckdb

    options: dict[str, str | bool | int | float | list[str]] = {
        "threads": "1",
        "memory_limit": _ENGINE_MEMORY,
        "enable_external_access": "false",
    }
    return duckdb.connect(":memory:", config=options)


@lru_cache(maxsize=4096)
def is_regex(text: str) -> bool:
    r"""Tell whether ``text`` is an expression that is understood.

    Examples
    --------
    >>> is_regex(r"\.go$"), is_regex("(?=a)"), is_regex("[")
    (True, False, False)
    """
    import duckdb

    if len(text) > LONGEST_REGEX:
        return False
    try:
        _engine().execute("SELECT regexp_matches('', ?)", [text])
    except duckdb.Error:
        return False
    return True


@dataclass(frozen=True, slots=True)
class RegexSet:
    """Expressions that are all understood.

    Examples
    --------
    >>> RegexSet(("a+b", "^c")).found_in("xaab")
    (0,)
    """

    expressions: tuple[str, ...]
    _known: dict[str, tuple[int, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def found_in(self, text: str) -> tuple[int, ...]:
        """Return the numbers of the expressions that find something in ``text``."""
        if not self.expressions:
            return ()
        known = self._known.get(text)
        if known is None:
            rows = _engine().execute(
                "SELECT list_transform($1::VARCHAR[], lambda e: regexp_matches($2, e))",
                [list(self.expressions), text],
            )
            (hits,) = rows.fetchall()[0]
            known = tuple(number for number, hit in enumerate(hits) if hit)
            self._known[text] = known
        return known
