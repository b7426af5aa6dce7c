"""What a branch changes: the paths that differ since it left another one.

In:  a repository and two revisions.
Out: ``Changed``. Both trees are listed and compared, so both sides of a rename count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.git import GitFailure
from conway.mining.mirror import opened, tip_of
from conway.mining.sources import resolve
from conway.mining.tips import files_of

if TYPE_CHECKING:
    from conway.mining.mirror import Mirror
    from conway.mining.sources import Repository


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed between two commits.

    Attributes
    ----------
    repository
        Its name.
    base, head
        Object ids; ``base`` is the newest commit that both revisions hold.
    paths
        Ordered; those that were added, changed, deleted or renamed.
    """

    repository: str
    base: str
    head: str
    paths: tuple[str, ...]


def changed_paths(repository: Repository, *, base: str, head: str) -> Changed:
    """Return what ``head`` changes since it left ``base``, as a pull request shows it.

    Raises
    ------
    RepositoryError
        If the repository or a revision cannot be read, or they share no commit.
    """
    (source,) = resolve([repository])
    with opened(source) as mirror:
        target, tip = (tip_of(mirror, None if name == "HEAD" else name) for name in (base, head))
        start = _parting(mirror, base=target.oid, head=tip.oid)
        before, after = (set(files_of(mirror, oid)) for oid in (start, tip.oid))
        paths = sorted({entry.path for entry in before ^ after})
        return Changed(mirror.name, start, tip.oid, tuple(paths))


def _parting(mirror: Mirror, *, base: str, head: str) -> str:
    """Return the newest commit that both hold."""
    try:
        found = mirror.git.run("merge-base", "--end-of-options", base, head).split()
    except GitFailure as fault:
        raise RepositoryError(
            f"{mirror.shown}: {base[:12]} and {head[:12]} have no commit in common "
            f"({visible(str(fault))}); name the branch that this one came from, "
            "and fetch enough history"
        ) from fault
    return found[0].decode("ascii")
