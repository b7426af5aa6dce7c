"""Code Maat's team maps: teams in the place of authors.

In:  a CSV file with the columns author and team, and a log.
Out: the log with teams for authors; who is not in the map stays a team of one.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd


def read_team_map(path: Path) -> dict[str, str]:
    """Read the team of each author; of several rows for one author the last counts.

    Rows that begin with ``#`` are comments, as in Code Maat.

    Raises
    ------
    BoundariesError
        If the file cannot be read, or lacks the column author or team.
    """
    where = visible(str(path))
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    except OSError as fault:
        raise BoundariesError(
            f"{where}: the team map cannot be read ({fault.strerror}); check the path"
        ) from fault
    except csv.Error as fault:
        raise BoundariesError(f"{where}: this is not a CSV file: {fault}") from fault
    head = rows[0] if rows else []
    if "author" not in head or "team" not in head:
        raise BoundariesError(
            f"{where}: the first row must name the columns author and team, "
            f"not '{visible(','.join(head))[:80]}'"
        )
    author, team = head.index("author"), head.index("team")
    return {row[author]: row[team] for row in rows[1:] if len(row) > max(author, team)}


def as_teams(log: pd.DataFrame, teams: Mapping[str, str]) -> pd.DataFrame:
    """Return the log with the team of each author, where the map has one."""
    import pandas as pd

    codes, authors = pd.factorize(log["author"])
    named = pd.Series([teams.get(author, author) for author in authors], dtype="object")
    return log.assign(author=named.take(codes).to_numpy())
