"""Every error that conway raises on purpose.

A message says what is wrong, where, and what to do; all faults of one input are
collected and raised once. The command line turns each of these into exit code 3.

    ConwayError
    ├── RepositoryError   a repository cannot be read, or not safely
    ├── StoreError        a store is damaged, newer, or not a store
    ├── BoundariesError   services, teams or the configuration are wrong
    ├── TableError        a table does not have its schema
    ├── HistoryError      there is too little history, or none in the window
    ├── PlanError         a plan or a move cannot be applied
    └── MissingExtraError an optional dependency is not installed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ConwayError(Exception):
    """Base of all errors that a user can mend."""


class RepositoryError(ConwayError):
    """A repository cannot be read, or cannot be read safely."""


class StoreError(ConwayError):
    """A store is damaged, of a newer version, or not a store."""


class BoundariesError(ConwayError):
    """Services, teams or the configuration contradict themselves or the history."""


class TableError(ConwayError):
    """A table does not have the columns or values of its schema."""


class HistoryError(ConwayError):
    """The history is too short, or empty after selection."""


class PlanError(ConwayError):
    """A plan or a move cannot be applied to these boundaries."""


class PredictionError(ConwayError):
    """A prediction cannot be read, or cannot be held against this history."""


class MissingExtraError(ConwayError):
    """An optional dependency is needed and not installed."""

    def __init__(self, package: str, *, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package '{package}', which is not installed; "
            f'run: pip install "conway-toolkit[{extra}]"'
        )


def problems(where: str, faults: Iterable[str]) -> str:
    """Join all faults of one input into one message.

    Examples
    --------
    >>> print(problems("conway.toml", ["unknown key 'tems'", "no services"]))
    conway.toml: 2 problems
      unknown key 'tems'
      no services
    """
    lines = list(faults)
    if len(lines) == 1:
        return f"{where}: {lines[0]}"
    return "\n".join([f"{where}: {len(lines)} problems", *(f"  {line}" for line in lines)])
