"""The second reader: the same rows as seen by PyDriller.

In:  steps of the mainline.
Out: one ``Difference`` per step, in order. PyDriller runs in a process of its own, in a
     git directory that conway made, under the same environment and limits as git.

It differs from the batch reader where PyDriller does, and only there:

- a name that is not UTF-8 has its bad bytes replaced, so two files may become one;
- a name with `` b/`` in it may be cut, because PyDriller reads it from a patch's header;
- a file that became a link (or back) with the same content has its lines counted;
- a repository with SHA-256 ids, or a commit that PyDriller cannot read, is not read.

``docs/pydriller.md`` has the reasons.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.differences import Difference, FileChange, read_differences
from conway.mining.git import GitFailure
from conway.mining.texts import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conway.mining.mirror import Mirror
    from conway.mining.walk import Step

_WORKER = "conway.mining.pydriller_worker"


def read_with_pydriller(mirror: Mirror, steps: Sequence[Step]) -> Iterator[Difference]:
    """Yield the difference of each step to its first parent as PyDriller sees it, in order.

    Modes and object ids, which PyDriller does not show, come from the batch reader.

    Raises
    ------
    RepositoryError
        If the repository has SHA-256 ids, which PyDriller cannot read.
    """
    if mirror.object_format != "sha1":
        raise RepositoryError(
            f"{mirror.shown}: PyDriller cannot read SHA-256 ids; leave out reader='pydriller'"
        )
    told = _told(mirror, steps)
    for step, batch in zip(steps, read_differences(mirror.git, steps), strict=True):
        answer = next(told, None)
        if answer is None or answer["oid"] != step.oid:
            raise GitFailure(f"PyDriller gave no answer for {step.oid}")
        if "fault" in answer:
            yield Difference(step.oid, (), visible(str(answer["fault"])))
            continue
        known = {file.path: file for file in batch.files}
        yield Difference(step.oid, tuple(_rows(answer["files"], known)))


def _told(mirror: Mirror, steps: Sequence[Step]) -> Iterator[Mapping[str, Any]]:
    given = "".join(f"{step.oid} {step.parent or ''}\n" for step in steps).encode("ascii")
    rest = b""
    for block in mirror.git.worker(_WORKER, given=given):
        *lines, rest = (rest + block).split(b"\n")
        yield from map(json.loads, lines)


def _rows(files: Iterable[Sequence[Any]], known: Mapping[str, FileChange]) -> Iterator[FileChange]:
    for status, name, old_name, added, deleted in files:
        path = _path(name)
        twin = known.get(path)
        pointer = twin is not None and twin.submodule  # one that only moved has a bare patch
        yield FileChange(
            status=status,
            path=path,
            old_path=None if old_name is None else _path(old_name),
            added=None if pointer else added,
            deleted=None if pointer else deleted,
            mode=twin.mode if twin else "",
            blob=twin.blob if twin else "",
            submodule=pointer,
            before=twin.before if twin else "",
        )


def _path(name: str) -> str:
    return path_text(name.encode("utf-8", "surrogateescape"))
