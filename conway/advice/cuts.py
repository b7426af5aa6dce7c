"""What a cut leaves: how often two sides still change together after a split or decoupling.

In:  a move and the work of a window.
Out: counts of change sets, and the files that would have to be cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.advice.moves import Decouple, SplitService
from conway.advice.relabelling import replay

if TYPE_CHECKING:
    import pandas as pd

    from conway.advice.move import Move
    from conway.boundaries.work import Work

SHOWN = 5


def cut_of(move: Move, work: Work) -> dict[str, Any]:
    """Return what a split or decoupling cuts, empty for other moves.

    Parameters
    ----------
    move
        The move.
    work
        The weeks that it was found on.

    Returns
    -------
    dict
        ``joint``: change sets that touch both sides before; ``remaining``: those that still
        do after; ``to_cut``: the files of the smaller side that most of the remaining touch.
        For a split both sides are one service before, so ``joint`` counts the change sets of
        the part and ``remaining`` those that touch part and rest.
    """
    side: tuple[str, ...]
    if isinstance(move, Decouple) and set(move.services) <= set(work.services):
        before = _touching_all(work, move.services)
        after = replay(work, [move])
        remaining = _touching_all(after, move.services)
        side = move.services
    elif isinstance(move, SplitService) and move.service in work.services:
        after = replay(work, [move])
        parts = tuple(move.parts)
        before = _touching_any(after, parts)
        remaining = before & _touching_any(after, (move.service,))
        side = parts
    else:
        return {}
    return {
        "joint": len(before),
        "remaining": len(remaining),
        "to_cut": _files(after, remaining, services=side),
    }


def _rows_of(work: Work, services: tuple[str, ...]) -> pd.DataFrame:
    codes = [work.services.index(name) for name in services if name in work.services]
    found: pd.DataFrame = work.rows[work.rows["service"].isin(codes)]
    return found


def _touching_any(work: Work, services: tuple[str, ...]) -> set[int]:
    return set(_rows_of(work, services)["set"].tolist())


def _touching_all(work: Work, services: tuple[str, ...]) -> set[int]:
    return set.intersection(*(_touching_any(work, (name,)) for name in services))


def _files(work: Work, sets: set[int], *, services: tuple[str, ...]) -> list[str]:
    """Return the files of some services that most of the sets touch."""
    rows = _rows_of(work, services)
    counts = rows[rows["set"].isin(sorted(sets))].groupby("entity")["set"].nunique()
    order = sorted(counts.index.tolist(), key=lambda code: (-int(counts[code]), code))
    return [work.paths[code] for code in order[:SHOWN]]
