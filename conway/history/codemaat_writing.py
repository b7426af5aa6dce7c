"""Writes a repository's log in Code Maat's formats, through the git boundary.

In:  a work tree, bare directory or bundle.
Out: the bytes of ``git log``, block by block, as ``read_log`` and Code Maat read them.

The log names authors as git does, with the repository's mailmap. Attributes of the
repository are not obeyed: a file that only ``.gitattributes`` calls binary has its lines
counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.git import GitFailure
from conway.mining.mirror import opened, tip_of
from conway.mining.sources import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from conway.history.codemaat_lines import Format
    from conway.mining.sources import Repository

_ARGUMENTS: Mapping[Format, tuple[str, ...]] = {
    "git2": ("--all", "--pretty=format:--%h--%ad--%aN", "--no-renames"),
    "git": ("--pretty=format:[%h] %aN %ad %s",),
}


def write_log(
    repository: Repository, *, version_control: Format = "git2", after: date | None = None
) -> Iterator[bytes]:
    """Yield the log of a repository.

    Parameters
    ----------
    repository
        A work tree, bare directory or bundle; it is only read.
    version_control
        ``git2``: every branch and tag, a rename is a new file. ``git``: HEAD, with
        messages, and renames as git prints them.
    after
        Only commits after this day.

    Yields
    ------
    bytes
        UTF-8.

    Raises
    ------
    RepositoryError
        If the repository cannot be read, or has no commit.
    """
    (source,) = resolve([repository])
    since = () if after is None else (f"--after={after.isoformat()}",)
    with opened(source) as mirror:
        tip_of(mirror)
        try:
            yield from mirror.git.stream(
                "log", "--numstat", "--date=short", *_ARGUMENTS[version_control], *since
            )
        except GitFailure as fault:
            raise RepositoryError(
                f"{mirror.shown}: git log ended early: {visible(str(fault))}; run `git fsck` there"
            ) from fault
