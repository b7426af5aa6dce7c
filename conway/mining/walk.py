"""Walks the commit graph: the mainline, and which change brings which commits.

In:  the newest mainline commit, and optionally the change after which to begin.
Out: ``Walk``: mainline steps in order, root first, each with the commits it brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError
from conway.mining.commits import parse_commit
from conway.mining.git import GitFailure
from conway.mining.objects import read_objects
from conway.mining.progress import Silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conway.mining.mirror import Mirror
    from conway.mining.progress import Progress

_SILENT = Silent()
Parents = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """One change: a mainline commit and what it brings.

    Attributes
    ----------
    position
        Its place in mainline order; the root is 0.
    oid
        The mainline commit.
    parent
        Its first parent; None at the root.
    brings
        The commits that a merge brings, parents before children.
    """

    position: int
    oid: str
    parent: str | None
    brings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """The commits behind a tip.

    Attributes
    ----------
    steps
        The mainline in order.
    parents
        By commit of these steps, the ids of its parents.
    lost
        Ids of commits that could not be read, with the reason; sorted.
    """

    steps: tuple[Step, ...]
    parents: Mapping[str, tuple[str, ...]]
    lost: tuple[tuple[str, str], ...] = ()


def walk(
    mirror: Mirror,
    tip: str,
    *,
    after: tuple[int, str] | None = None,
    progress: Progress = _SILENT,
) -> Walk | None:
    """Return the steps of the mainline up to ``tip``, those up to ``after`` left out.

    Parameters
    ----------
    mirror, tip
        Where to walk, and from which commit.
    after
        Position and id of a change that was walked before.
    progress
        Is told how many commits were found.

    Returns
    -------
    Walk or None
        None where ``after`` is not on the mainline of ``tip``: history was rewritten.

    Raises
    ------
    RepositoryError
        If a commit of the mainline cannot be read.
    """
    known = after[1] if after else None
    parents, lost = _parents(mirror, tip, after=known, progress=progress)
    mainline: list[str] = []
    oid: str | None = tip
    while oid is not None and oid != known:
        if oid not in parents:
            if known is not None:
                return None
            raise _broken(mirror, oid, reason=dict(lost).get(oid, "it is missing"))
        mainline.append(oid)
        oid = parents[oid][0] if parents[oid] else None
    if oid != known:
        return None
    mainline.reverse()
    first = after[0] + 1 if after else 0
    return Walk(tuple(_steps(mainline, parents, first=first)), parents, tuple(lost))


def _broken(mirror: Mirror, oid: str, *, reason: str) -> RepositoryError:
    return RepositoryError(
        f"{mirror.shown}: commit {oid} of the mainline cannot be read: {visible(reason)}; run "
        "`git fsck` there and fetch what is missing, or pass a complete clone"
    )


def _parents(
    mirror: Mirror, tip: str, *, after: str | None, progress: Progress
) -> tuple[Parents, list[tuple[str, str]]]:
    given = (f"{tip}\n" + (f"^{after}\n" if after else "")).encode("ascii")
    parents: Parents = {}
    same = dict[str, str]().setdefault  # one text for each id, not one a mention
    rest = b""
    try:
        for block in mirror.git.stream("rev-list", "--parents", "--stdin", given=given):
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                oid, *some = line.decode("ascii").split(" ")
                parents[same(oid, oid)] = tuple(same(one, one) for one in some)
            progress.seen(len(parents))
    except GitFailure:
        return ({}, []) if after else _by_hand(mirror, tip)
    return parents, []


def _by_hand(mirror: Mirror, tip: str) -> tuple[Parents, list[tuple[str, str]]]:
    """Follow parents ourselves: git gives up on the whole walk at one missing commit."""
    parents: Parents = {}
    lost: dict[str, str] = {}
    front = [tip]
    while front:
        for stored in read_objects(mirror.git, front):
            if stored.fault is not None or stored.kind != "commit":
                lost[stored.oid] = stored.fault or f"it is a {stored.kind}"
            else:
                parents[stored.oid] = parse_commit(stored.oid, stored.content).parents
        next_front = dict.fromkeys(p for oid in front for p in parents.get(oid, ()))
        front = [oid for oid in next_front if oid not in parents and oid not in lost]
    return parents, sorted(lost.items())


def _steps(mainline: Iterable[str], parents: Parents, *, first: int) -> Iterable[Step]:
    seen: set[str] = set()
    for position, oid in enumerate(mainline, first):
        seen.add(oid)
        brings = _brought(parents[oid][1:], parents, seen=seen)
        yield Step(position, oid, parents[oid][0] if parents[oid] else None, tuple(brings))


def _brought(oids: Sequence[str], parents: Parents, *, seen: set[str]) -> Sequence[str]:
    """Return what hangs on ``oids`` and was not seen before, parents before children."""
    order: list[str] = []
    stack = [(oid, False) for oid in reversed(oids)]
    while stack:
        oid, done = stack.pop()
        if done:
            order.append(oid)
        elif oid not in seen and oid in parents:
            seen.add(oid)
            stack.append((oid, True))
            stack.extend((parent, False) for parent in reversed(parents[oid]))
    return order
