"""Who must approve paths of a repository, at a revision.

In:  a repository, paths, a revision.
Out: for each path the owners as its CODEOWNERS writes them, any one of whom may approve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.codeowners import effective, parse

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable


def owners_of(
    repository: str | os.PathLike[str], paths: Iterable[str], *, at: str = "HEAD"
) -> dict[str, list[str]]:
    """Return the owners of each path, alternatives of which one is enough.

    Parameters
    ----------
    repository
        A work tree, a bare directory or a bundle.
    paths
        Paths from the root of the repository; they need not exist.
    at
        A revision.

    Returns
    -------
    dict
        An empty list where nobody owns the path.

    Raises
    ------
    RepositoryError
        If the repository or the revision cannot be read.
    """
    from conway.mining.ownership_files import read_at

    found = effective(read_at(repository, at=at))
    rules = parse("" if found is None else found[1])
    return {path: list(rules.owners(path.removeprefix("./"))) for path in paths}
