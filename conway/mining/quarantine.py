"""How much of a history may be unreadable before its numbers mean nothing.

In:  what could not be read, and how much there is.
Out: the refusal of a repository of which more than 1 % cannot be read, as soon as that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conway.mining.differences import Difference

MOST_SKIPPED = 0.01


def too_many(shown: str, *, lost: int, of: int, first: tuple[str, str]) -> RepositoryError:
    """Return the refusal of a repository; ``first`` is one id and why it was not read."""
    oid, reason = first
    return RepositoryError(
        f"{shown}: {lost} of {of} changes cannot be read, more than 1 %; "
        f"the first is {oid}: {visible(reason)}; run `git fsck --full` there and fetch what is "
        "missing, or pass a complete clone"
    )


def bounded(differences: Iterable[Difference], *, shown: str, changes: int) -> Iterator[Difference]:
    """Yield differences until more of them failed than 1 % of all changes.

    Each of them may have cost git its whole allowance of time: none is tried in vain.

    Raises
    ------
    RepositoryError
        At the one too many.
    """
    lost: list[tuple[str, str]] = []
    for difference in differences:
        if difference.skipped is not None:
            lost.append((difference.oid, difference.skipped))
        if len(lost) > MOST_SKIPPED * changes:
            raise too_many(shown, lost=len(lost), of=changes, first=lost[0])
        yield difference
