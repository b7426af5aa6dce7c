"""Every path that a history knows.

In:  the tables ``change_files`` and ``tree``.
Out: by repository, each path ever touched (both sides of a rename) or in the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conway.history.record import History


def known_paths(history: History) -> dict[str, list[str]]:
    """Return all paths by repository, sorted."""
    files, tree = history.change_files, history.tree
    found: dict[str, set[str]] = {name: set() for name in repository_names(history)}
    for frame, column in ((files, "path"), (files, "old_path"), (tree, "path")):
        pairs = frame[["repository", column]].dropna().drop_duplicates()
        for repository, group in pairs.groupby("repository"):
            found[str(repository)].update(group[column].tolist())
    return {name: sorted(paths) for name, paths in sorted(found.items())}


def repository_names(history: History) -> tuple[str, ...]:
    """Return the names of the repositories, sorted."""
    return tuple(sorted(repository.name for repository in history.repositories))
