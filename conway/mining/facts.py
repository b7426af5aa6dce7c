"""All facts of a set of repositories.

In:  tables read from a store.
Out: ``Facts``: one frame by schema name, and what is known of each repository.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """What was read of one repository.

    Attributes
    ----------
    name
        Last part of its path without ``.git`` or ``.bundle``.
    tip, ref
        The newest mainline commit, and the name that led to it.
    object_format
        ``sha1`` or ``sha256``.
    shallow
        Whether its history is cut off.
    changes, commits
        How many were read.
    skipped
        Commits whose files or text could not be read, with the reason.
    notes
        What else a reader of the numbers should know.
    """

    name: str
    tip: str
    ref: str
    object_format: str
    shallow: bool
    changes: int
    commits: int
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A repository that could not be read while others were: its name, and why."""

    name: str
    reason: str


@dataclass(frozen=True, eq=False, repr=False)
class Facts:
    """All facts of a set of repositories, ordered by repository, then mainline.

    Attributes
    ----------
    tables
        By schema name (``conway.tables.FACTS``).
    repositories
        Ordered by name.
    refused
        Those that could not be read; nothing of them is in the tables.
    """

    tables: Mapping[str, pd.DataFrame]
    repositories: tuple[RepositoryFacts, ...]
    refused: tuple[Refused, ...] = ()

    def __repr__(self) -> str:
        """Show how much there is, and no one."""
        changes = sum(repository.changes for repository in self.repositories)
        return f"Facts({len(self.repositories)} repositories, {changes:,} changes)"
