"""The deep pass: which functions of named files changed together, as PyDriller sees them.

In:  a repository, and the changes that touch the named files.
Out: rows of the schema ``METHODS``, and a note on what was cut off.

It reads the newest changes first and stops at a number of changes and a time. PyDriller
runs in a process of its own, in a git directory that conway made. The repository must be at
hand: a store holds no file contents (they would multiply its size).
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.git import GitFailure
from conway.mining.mirror import opened
from conway.mining.sources import resolve
from conway.mining.texts import path_bytes, path_text
from conway.tables import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from conway.mining.sources import Repository

COMMITS = 300
SECONDS = 60.0
_WORKER = "conway.mining.methods_worker"


class Touch(NamedTuple):
    """One change, its first parent (None at the root), and the paths to look at."""

    change: str
    parent: str | None
    paths: tuple[str, ...]


def read_methods(
    repository: Repository,
    touches: Sequence[Touch],
    *,
    commits: int = COMMITS,
    seconds: float = SECONDS,
) -> tuple[pd.DataFrame, str]:
    """Read which functions changed, the newest changes first.

    Parameters
    ----------
    repository
        A repository as ``mine`` takes it.
    touches
        Changes in mainline order.
    commits, seconds
        The bounds: changes to look at, and time to take.

    Returns
    -------
    tuple of pandas.DataFrame and str
        Schema ``METHODS``, in the order of ``touches``; and what was cut off or left out,
        empty where nothing was.

    Raises
    ------
    RepositoryError
        If the repository cannot be opened, or has SHA-256 ids, which PyDriller cannot read.
    """
    import pandas as pd

    source = resolve([repository])[0]
    asked = list(touches)[::-1][:commits]
    with opened(source) as mirror:
        if mirror.object_format != "sha1":
            raise RepositoryError(
                f"{mirror.shown}: PyDriller cannot read SHA-256 ids; leave out the deep pass"
            )
        given = "".join(json.dumps(_question(touch)) + "\n" for touch in asked).encode("ascii")
        hasty = replace(mirror.git, limits=replace(mirror.git.limits, silence=seconds))
        answers = list(_within(hasty.worker(_WORKER, given=given), seconds=seconds))
    rows = [
        (source.name, answer["oid"], _text(path), visible(name), complexity, lines)
        for answer in reversed(answers)
        for path, name, complexity, lines in answer["functions"]
    ]
    table = METHODS.check(pd.DataFrame(rows, columns=METHODS.names))
    left_out = sorted({visible(what) for answer in answers for what in answer["left_out"]})
    return table, _note(len(answers), of=len(touches), left_out=left_out)


def _question(touch: Touch) -> dict[str, object]:
    return {
        "oid": touch.change,
        "parent": touch.parent,
        "paths": [path_bytes(path).decode("utf-8", "surrogateescape") for path in touch.paths],
    }


def _text(path: str) -> str:
    return path_text(path.encode("utf-8", "surrogateescape"))


def _within(blocks: Iterable[bytes], *, seconds: float) -> Iterator[Mapping[str, Any]]:
    """Yield answers until the time is over or the worker dies."""
    until = time.monotonic() + seconds
    rest = b""
    try:
        for block in blocks:
            *lines, rest = (rest + block).split(b"\n")
            yield from map(json.loads, lines)
            if time.monotonic() > until:
                break
    except GitFailure:
        return
    finally:
        getattr(blocks, "close", _nothing)()


def _nothing() -> None:
    """Close nothing: a list of blocks needs none."""


def _note(read: int, *, of: int, left_out: Sequence[str]) -> str:
    parts = [f"the newest {read} of {of} changes were read"] if read < of else []
    parts += [f"left out: {', '.join(left_out[:3])}"] if left_out else []
    return "; ".join(parts)
