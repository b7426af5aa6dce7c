"""The files of one commit.

In:  a commit id.
Out: rows of the schema ``TREE``, and the blobs of single files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.boundary_files import REGULAR
from conway.mining.differences import SUBMODULE
from conway.mining.git import GitFailure
from conway.mining.objects import read_objects
from conway.mining.texts import path_text

if TYPE_CHECKING:
    from conway.mining.mirror import Mirror


class Entry(NamedTuple):
    """One file of a tree."""

    path: str
    mode: str
    blob: str

    @property
    def submodule(self) -> bool:
        """Whether it is a submodule pointer."""
        return self.mode == SUBMODULE


def files_of(mirror: Mirror, commit: str) -> list[Entry]:
    """Return the files of a commit, sorted by path.

    Raises
    ------
    RepositoryError
        If one of its trees cannot be read.
    """
    try:
        listed = mirror.git.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit)
    except GitFailure as fault:
        raise RepositoryError(
            f"{mirror.shown}: the tree of {commit} cannot be read: {visible(str(fault))}; run "
            "`git fsck` there and fetch what is missing, or pass a complete clone"
        ) from fault
    entries = (record.partition(b"\t") for record in listed.split(b"\0") if record)
    found = [
        Entry(path_text(path), *(head.decode("ascii").split(" ")[:3:2]))
        for head, _, path in entries
    ]
    return sorted(found)


def content_at(mirror: Mirror, files: list[Entry], *, path: str) -> bytes:
    """Return the content of one regular file, empty where there is none."""
    blobs = [entry.blob for entry in files if entry.path == path and entry.mode in REGULAR]
    found = read_objects(mirror.git, blobs)
    return b"".join(stored.content for stored in found if stored.fault is None)
