"""Results as frames, for notebooks and scripts.

In:  findings, or the JSON form of an assessment.
Out: data frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from conway.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conway.gaps.gap import Gap


def findings(gaps: Sequence[Gap]) -> pd.DataFrame:
    """Return one row per finding."""
    rows = [
        (g.kind, g.title, ", ".join(g.services), ", ".join(g.teams), str(g.strength), g.changes)
        for g in gaps
    ]
    names = ["kind", "title", "services", "teams", "strength", "changes"]
    return pd.DataFrame(rows, columns=names)


def frame_of(result: Mapping[str, Any], *, table: str) -> pd.DataFrame:
    """Return one list of rows of a result; a figure with an interval has four columns.

    Raises
    ------
    TableError
        If there is no such list of rows.
    """
    tables = dict(_tables(result))
    if table not in tables:
        raise TableError(f"no table '{table}' in this result; tables: {', '.join(sorted(tables))}")
    return pd.json_normalize([dict(row) for row in tables[table]])


def _tables(result: Mapping[str, Any], *, above: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield every list of rows by its key, a dot between nested keys."""
    for key, value in result.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            yield from _tables(value, above=f"{name}.")
        elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
            yield name, value
