"""Tells by content alone whether a change does again, or undoes, what another one did.

In:  the files of a change, with their object ids before and after.
Out: a digest that the change shares with every other one between the same two contents,
     whichever way round; None where no path changed.

It is stricter than ``git patch-id``: the whole files must be those of the other change.
What was edited in between is found by the trailers that git writes, not here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conway.mining.differences import FileChange

_DIGITS = 20


def patch_of(files: Iterable[FileChange]) -> str | None:
    """Return the digest of a change, the same for its revert."""
    sides = sorted(sorted(_sides(file)) for file in files)
    if not sides:
        return None
    told = "\0".join(part for pair in sides for side in pair for part in side)
    return hashlib.sha256(told.encode("utf-8")).hexdigest()[:_DIGITS]


def _sides(file: FileChange) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return path and content before and after."""
    return (file.old_path or file.path, file.before), (file.path, file.blob)
