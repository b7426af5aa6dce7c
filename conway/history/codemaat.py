"""Reads a git log as Code Maat does.

In:  a log in one of the two formats that Code Maat documents for git.
Out: one row per file of a commit under the schema ``LOG``, in the order of the log;
     optionally regrouped into layers, into windows of days, and from authors to teams.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import HistoryError
from conway.history.codemaat_groups import read_groups, regrouped
from conway.history.codemaat_lines import parse
from conway.history.codemaat_periods import over_periods
from conway.history.codemaat_teams import as_teams, read_team_map
from conway.tables import Column, Schema

if TYPE_CHECKING:
    import os

    import pandas as pd

    from conway.history.codemaat_lines import Format, Parsed

LOG = Schema(
    "log",
    "One row per file of a commit, in the order of a git log, as Code Maat reads it.",
    (
        Column("author", "text", "author's name, or the team that stands for it"),
        Column("rev", "text", "abbreviated object id; with windows of days, the last day"),
        Column("date", "text", "author's day, YYYY-MM-DD"),
        Column("entity", "text", "path as git prints it, or the group that stands for it"),
        Column("message", "text", "first line of the message; - where the format has none"),
        Column("loc-added", "int", "lines added; empty for binary files", nullable=True),
        Column("loc-deleted", "int", "lines deleted; empty for binary files", nullable=True),
    ),
)


def read_log(
    path_or_text: str | bytes | os.PathLike[str],
    *,
    version_control: Format | None = None,
    encoding: str = "utf-8",
    group: str | os.PathLike[str] | None = None,
    temporal_period: int | None = None,
    team_map: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    r"""Read a git log in the format ``git2`` or ``git``.

    Parameters
    ----------
    path_or_text
        A file, or the log itself: bytes, or text that is empty or has a line break.
    version_control
        ``git2`` for ``--%h--%ad--%aN``, ``git`` for ``[%h] %aN %ad %s``; recognised by
        the first line where it is not given.
    encoding
        Encoding of a file or of bytes; what does not decode reads U+FFFD.
    group
        A file of lines ``path => Name`` or ``^regex$ => Name``. The first that matches
        names the entity; rows that none matches are dropped.
    temporal_period
        Make one change set of every window of so many consecutive days.
    team_map
        A CSV file with the columns author and team; other authors keep their name.

    Returns
    -------
    DataFrame
        Schema ``LOG``.

    Raises
    ------
    HistoryError
        If it is no such log; the message names the line.
    BoundariesError
        If the group file or the team map is wrong.

    Examples
    --------
    >>> log = read_log("--1a2b--2025-03-01--Ann\n3\t1\tsrc/a.py\n-\t-\tlogo.png\n")
    >>> log[["rev", "entity", "loc-added"]].values.tolist()
    [['1a2b', 'src/a.py', 3], ['1a2b', 'logo.png', <NA>]]
    """
    text, where = _text(path_or_text, encoding=encoding)
    log = LOG.check(_frame(parse(text, where=where, version_control=version_control)))
    if group is not None:
        log = regrouped(log, read_groups(Path(group)))
    if temporal_period is not None:
        log = over_periods(log, days=temporal_period)
    if team_map is not None:
        log = as_teams(log, read_team_map(Path(team_map)))
    return LOG.check(log)


def _text(path_or_text: str | bytes | os.PathLike[str], *, encoding: str) -> tuple[str, str]:
    """Return the log's text and what to call it in messages."""
    if isinstance(path_or_text, str) and (not path_or_text or "\n" in path_or_text):
        return path_or_text, "log"
    if isinstance(path_or_text, bytes):
        raw, where = path_or_text, "log"
    else:
        raw, where = _bytes(Path(path_or_text)), visible(str(path_or_text))
    try:
        return codecs.decode(raw, encoding, "replace").removeprefix("\ufeff"), where
    except LookupError:
        raise HistoryError(
            f"there is no encoding '{visible(encoding)}'; try utf-8, utf-16 or latin-1"
        ) from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise HistoryError(
            f"{visible(str(path))}: the log cannot be read ({fault.strerror}); pass the file "
            "that git log wrote"
        ) from fault


def _frame(parsed: Parsed) -> pd.DataFrame:
    """Spread commits and paths over the rows; equal texts share one object."""
    import numpy as np
    import pandas as pd

    commits = np.array(parsed.commits, dtype=object).reshape(-1, 4)[parsed.commit_of]
    paths = np.array(parsed.paths, dtype=object)[parsed.path_of]
    return pd.DataFrame(
        {
            "author": commits[:, 2],
            "rev": commits[:, 0],
            "date": commits[:, 1],
            "entity": paths,
            "message": commits[:, 3],
            "loc-added": _counts(parsed.added),
            "loc-deleted": _counts(parsed.deleted),
        }
    )


def _counts(lines: list[int]) -> pd.arrays.IntegerArray:
    """Return counts in which -1 stands for a binary file."""
    import numpy as np
    import pandas as pd

    values = np.array(lines, dtype="int64")
    return pd.arrays.IntegerArray(values, values < 0)
