"""Who must approve paths of a repository, at a revision.

In:  a repository, paths, a revision.
Out: for each path the owners as its CODEOWNERS writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.dialects.places import CODEOWNERS, dialect_for

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from conway.boundaries.requirements import PathRules


def owners_of(
    repository: str | os.PathLike[str], paths: Iterable[str], *, at: str = "HEAD"
) -> dict[str, list[str]]:
    """Return the owners of each path.

    One of them is enough, unless the file is GitLab's and several of its sections name the
    path: then one of each section.

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

    files = read_at(repository, at=at)
    dialect = dialect_for(CODEOWNERS, files)
    rules = dialect.read({path: text for path, text in files.items() if dialect.holds(path)})
    return {path: _owners(rules, path.removeprefix("./")) for path in paths}


def _owners(rules: PathRules, path: str) -> list[str]:
    return list(dict.fromkeys(owner for one in rules.demands(path) for owner in one.owners))
