"""Names the functions that tie the two sides of a proposed split or decoupling.

In:  advised moves, the work behind them, and a deep pass over the repositories.
Out: the same moves with ``functions`` in their evidence: what to cut or to version apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from conway.advice.moves import Decouple, SplitService, unqualified

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from conway.advice.moves import Move
    from conway.advice.plan import Advised, Plan
    from conway.boundaries.work import Work
    from conway.history.methods import Deep

MOST_FILES = 12
"""Files of a side that are looked into, those that most joint changes touch."""

SHOWN = 5
"""Functions named for one move."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One function and how many changes touched it together with the other side."""

    path: str
    function: str
    changes: int
    complexity: int

    def to_json(self) -> dict[str, Any]:
        """Return it as evidence."""
        return {
            "path": self.path,
            "function": self.function,
            "changes": self.changes,
            "complexity": self.complexity,
        }


@dataclass(frozen=True, slots=True)
class Seam:
    """Where a move cuts: the files of one side, and the changes that touch both sides."""

    files: tuple[str, ...]
    changes: tuple[tuple[str, str], ...]


def tying_functions(
    move: Move, methods: pd.DataFrame, *, together: Collection[tuple[str, str]] | None = None
) -> tuple[Tie, ...]:
    """Return the functions of a move's files that change together with the other side.

    The files of a ``Decouple`` may hold no functions (a table, a schema): then those of the
    other side that change with them are what reads them.

    Parameters
    ----------
    move
        A ``Decouple`` or ``SplitService``; other moves cut through no file.
    methods
        Schema ``METHODS``: what the changes to the move's files touched.
    together
        Repository and id of the changes that touch both sides; by default all in ``methods``.

    Returns
    -------
    tuple of Tie
        The most frequent first, of equals the most complex; a function that only one change
        touched is left out where another one was touched more often.
    """
    if not isinstance(move, Decouple | SplitService) or methods.empty:
        return ()
    rows = methods
    if together is not None:
        known = set(together)
        keys = zip(rows["repository"], rows["change"], strict=True)
        rows = rows[[key in known for key in keys]]
    counted = rows.groupby(["path", "method"], as_index=False).agg(
        changes=("change", "nunique"), complexity=("complexity", "last")
    )
    ties = [
        Tie(str(path), str(name), int(changes), int(complexity))
        for path, name, changes, complexity in counted.itertuples(index=False, name=None)
    ]
    ties.sort(key=lambda tie: (-tie.changes, -tie.complexity, tie.path, tie.function))
    least = 2 if ties and ties[0].changes > 1 else 1
    return tuple(tie for tie in ties if tie.changes >= least)


def with_functions(plan: Plan, work: Work, *, deep: Deep) -> Plan:
    """Return the plan with the functions that tie the two sides of its cuts."""
    return replace(plan, moves=tuple(_told(advised, work, deep=deep) for advised in plan.moves))


def _told(advised: Advised, work: Work, *, deep: Deep) -> Advised:
    """Add the functions of one move; a move that cuts no file stays as it is."""
    seam = seam_of(advised.move, work)
    if seam is None:
        return advised
    methods, note = deep.look(seam.changes, files=seam.files)
    ties = tying_functions(advised.move, methods, together=seam.changes)
    found = {"functions": [tie.to_json() for tie in ties[:SHOWN]], "functions_note": note}
    return replace(advised, evidence={**advised.evidence, **found})


def seam_of(move: Move, work: Work) -> Seam | None:
    """Return the files of one side of a cut and the changes that touch both sides."""
    if isinstance(move, Decouple):
        return _decoupled(move, work)
    if isinstance(move, SplitService) and move.service in work.services:
        return _split(move, work)
    return None


def _decoupled(move: Decouple, work: Work) -> Seam | None:
    """The files to version apart, and what changes with them on the other side."""
    rows = work.rows
    codes = [work.services.index(name) for name in move.services if name in work.services]
    own = rows["entity"].isin(
        [place for place, path in enumerate(work.paths) if path in move.files]
    )
    both = set(rows.loc[own, "set"])
    for code in codes:
        both &= set(rows.loc[rows["service"] == code, "set"])
    beside = rows["service"].isin(codes) & ~rows["service"].isin(rows.loc[own, "service"])
    return _seam(work, both, rows=(rows[own], rows[beside]))


def _split(move: SplitService, work: Work) -> Seam | None:
    """The part's files that change with the rest of the service most often."""
    rows = work.rows[work.rows["service"] == work.services.index(move.service)]
    of_part = np.array(_in_part(move, [work.paths[code] for code in rows["entity"]]), dtype=bool)
    part, rest = rows[of_part], rows[~of_part]
    return _seam(work, set(part["set"]) & set(rest["set"]), rows=(part,))


def _seam(work: Work, both: set[int], *, rows: Sequence[pd.DataFrame]) -> Seam | None:
    """Return the files of each side that most of the sets on both sides touch."""
    if not both:
        return None
    files: list[str] = []
    for side in rows:
        joint = side[side["set"].isin(both)].groupby("entity")["set"].nunique()
        order = sorted(joint.index.tolist(), key=lambda code: (-int(joint[code]), code))
        files += [work.paths[code] for code in order[:MOST_FILES]]
    members = work.members[work.members["set"].isin(sorted(both))]
    changes = zip(members["repository"].tolist(), members["change"].tolist(), strict=True)
    return Seam(tuple(files), tuple(sorted(changes)))


def _in_part(move: SplitService, paths: Sequence[str]) -> list[bool]:
    return [any(one.matches(unqualified(path)) for one in move.filters.values()) for path in paths]
