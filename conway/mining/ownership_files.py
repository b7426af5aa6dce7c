"""The ownership files of a repository at one revision.

In:  a repository and a revision.
Out: the text of its CODEOWNERS, OWNERS and MAINTAINERS files by path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.mining.boundary_files import REGULAR, content_text, is_boundary_file
from conway.mining.mirror import opened, tip_of
from conway.mining.objects import read_objects
from conway.mining.sources import resolve
from conway.mining.tips import files_of

if TYPE_CHECKING:
    from conway.mining.sources import Repository

_NAMES = frozenset({"CODEOWNERS", "MAINTAINERS", "OWNERS", "OWNERS_ALIASES"})


def read_at(repository: Repository, *, at: str = "HEAD") -> dict[str, str]:
    """Return the ownership files of a repository at a revision.

    Parameters
    ----------
    repository
        A work tree, bare directory or bundle.
    at
        A branch, tag or object id.

    Returns
    -------
    dict
        Text by path, ordered by path.

    Raises
    ------
    RepositoryError
        If the repository or the revision cannot be read.
    """
    (source,) = resolve([repository])
    with opened(source) as mirror:
        tip = tip_of(mirror, None if at == "HEAD" else at)
        blobs = {
            entry.path: entry.blob
            for entry in files_of(mirror, tip.oid)
            if entry.mode in REGULAR and _is_ownership_file(entry.path)
        }
        objects = read_objects(mirror.git, sorted(set(blobs.values())))
        texts = {found.oid: content_text(found.content) for found in objects}
    return {path: texts[blob] for path, blob in sorted(blobs.items())}


def _is_ownership_file(path: str) -> bool:
    return path.rpartition("/")[2] in _NAMES and is_boundary_file(path)
