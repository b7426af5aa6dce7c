"""Today's path of every file that history touched.

In:  a history.
Out: for each row of ``change_files``, the path that its file has today; the last path it
     had where it is gone. Paths as of the change decide what counts; today's path only
     names entities in results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from conway.history.record import History

_Row = tuple[str, str | None, str]


def current_paths(history: History) -> pd.Series:
    """Return today's path of each row's file.

    Parameters
    ----------
    history
        Its ``change_files`` are ordered by repository, then mainline.

    Returns
    -------
    pandas.Series
        Text, aligned with ``history.change_files``.
    """
    import pandas as pd

    files = history.change_files
    today = files["path"].to_numpy(dtype=object).copy()
    for repository in files["repository"].unique():
        rows = (files["repository"] == repository).to_numpy().nonzero()[0]
        here = files.iloc[rows]
        old = [path if isinstance(path, str) else None for path in here["old_path"].tolist()]
        facts = list(zip(here["path"].tolist(), old, here["status"].tolist(), strict=True))
        today[rows] = _traced(facts, here["position"].tolist())
    return pd.Series(today, index=files.index, name="today", dtype="str")


def _traced(facts: Sequence[_Row], positions: Sequence[int]) -> list[str]:
    """Follow names from the newest change backwards."""
    names: dict[str, str] = {}
    traced = [""] * len(facts)
    for rows in _newest_first(positions):
        for row in rows:
            traced[row] = names.get(facts[row][0], facts[row][0])
        _step_back(names, [(facts[row], traced[row]) for row in rows])
    return traced


def _newest_first(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the row numbers of each change, the newest change first."""
    begin = len(positions)
    while begin:
        end = begin
        while begin and positions[begin - 1] == positions[end - 1]:
            begin -= 1
        yield range(begin, end)


def _step_back(names: dict[str, str], touched: Iterable[tuple[_Row, str]]) -> None:
    """Make ``names`` hold as of before a change: what began or ended there is another file."""
    touched = list(touched)
    for (path, _old, status), _today in touched:
        if status in {"A", "D", "R"}:
            names.pop(path, None)
    for (_path, old, _status), today in touched:
        if old is not None:
            names[old] = today
