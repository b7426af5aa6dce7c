"""Code Maat's analyses: its columns, order, rounding and thresholds.

In:  a log that ``conway.history.codemaat.read_log`` returns.
Out: one table per analysis, under the schemas of ``conway.coupling.maat.schemas``;
     ``as_csv`` prints one as Code Maat does.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.coupling.maat.change import Thresholds, coupling, soc
from conway.coupling.maat.churn import (
    abs_churn,
    author_churn,
    entity_churn,
    entity_ownership,
    main_dev,
    main_dev_by_revs,
    refactoring_main_dev,
)
from conway.coupling.maat.counts import age, authors, messages, revisions, summary
from conway.coupling.maat.effort import communication, entity_effort, fragmentation
from conway.coupling.maat.numbers import java_text
from conway.errors import HistoryError
from conway.history.codemaat import LOG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    import pandas as pd

__all__ = [
    "ANALYSES",
    "Options",
    "Thresholds",
    "abs_churn",
    "age",
    "analyse",
    "as_csv",
    "author_churn",
    "authors",
    "communication",
    "coupling",
    "csv_blocks",
    "entity_churn",
    "entity_effort",
    "entity_ownership",
    "fragmentation",
    "identity",
    "main_dev",
    "main_dev_by_revs",
    "messages",
    "refactoring_main_dev",
    "revisions",
    "soc",
    "summary",
]


_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the analyses take beside the log.

    Attributes
    ----------
    thresholds
        For ``coupling`` and ``soc``.
    verbose
        Three more columns for ``coupling``.
    expression
        Regular expression for ``messages``.
    now
        Day zero for ``age``.
    """

    thresholds: Thresholds = field(default_factory=Thresholds)
    verbose: bool = False
    expression: str | None = None
    now: date | None = None


def identity(log: pd.DataFrame) -> pd.DataFrame:
    """Return the log itself, as the analyses see it."""
    return LOG.check(log)


def _coupling(log: pd.DataFrame, options: Options) -> pd.DataFrame:
    return coupling(log, thresholds=options.thresholds, verbose=options.verbose)


def _messages(log: pd.DataFrame, options: Options) -> pd.DataFrame:
    if options.expression is None:
        raise HistoryError("messages needs an expression to match; pass one with -e")
    return messages(log, expression=options.expression)


ANALYSES: Mapping[str, Callable[[pd.DataFrame, Options], pd.DataFrame]] = {
    "abs-churn": lambda log, _: abs_churn(log),
    "age": lambda log, options: age(log, now=options.now),
    "author-churn": lambda log, _: author_churn(log),
    "authors": lambda log, _: authors(log),
    "communication": lambda log, _: communication(log),
    "coupling": _coupling,
    "entity-churn": lambda log, _: entity_churn(log),
    "entity-effort": lambda log, _: entity_effort(log),
    "entity-ownership": lambda log, _: entity_ownership(log),
    "fragmentation": lambda log, _: fragmentation(log),
    "identity": lambda log, _: identity(log),
    "main-dev": lambda log, _: main_dev(log),
    "main-dev-by-revs": lambda log, _: main_dev_by_revs(log),
    "messages": _messages,
    "refactoring-main-dev": lambda log, _: refactoring_main_dev(log),
    "revisions": lambda log, _: revisions(log),
    "soc": lambda log, options: soc(log, thresholds=options.thresholds),
    "summary": lambda log, _: summary(log),
}


def analyse(name: str, log: pd.DataFrame, *, options: Options | None = None) -> pd.DataFrame:
    r"""Run the analysis that Code Maat calls ``name``.

    Raises
    ------
    HistoryError
        If there is no such analysis, or the log lacks what it needs.

    Examples
    --------
    >>> from conway.history.codemaat import read_log
    >>> first, second = "--1a--2025-03-01--Ann\n3\t1\ta.py\n", "--2b--2025-03-02--Bo\n1\t0\ta.py\n"
    >>> log = read_log(f"{first}\n{second}")
    >>> print(as_csv(analyse("main-dev", log)), end="")
    entity,main-dev,added,total-added,ownership
    a.py,Ann,3,4,0.75
    """
    if name not in ANALYSES:
        raise HistoryError(f"there is no analysis '{name}'; there are {', '.join(ANALYSES)}")
    return ANALYSES[name](log, options or Options())


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as Code Maat prints it: text as it stands, quoted where CSV needs it.

    Text that a spreadsheet would take for a formula is not changed.
    """
    return "".join(csv_blocks(table))


def csv_blocks(table: pd.DataFrame) -> Iterator[str]:
    """Yield the text of ``as_csv`` some thousand rows at a time."""
    yield _csv([table.columns])
    for start in range(0, len(table), _BLOCK):
        part = table.iloc[start : start + _BLOCK]
        yield _csv(zip(*(_cells(part[name]) for name in part.columns), strict=True))


def _csv(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _cells(column: pd.Series) -> list[object]:
    """Return the cells of a column; a binary file's lines are a dash."""
    if column.dtype == "float64":
        return [java_text(value) for value in column.tolist()]
    if column.dtype == "Int64":
        return list(column.astype(object).where(column.notna(), "-"))
    return column.tolist()
