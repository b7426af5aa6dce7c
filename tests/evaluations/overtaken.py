"""Whether moves that are left out as overtaken would have helped in the quarter after.

In:  labelled work of real histories.
Out: moves that saved on the quarter after their fit, by whether they also saved by the
     people's teams as of each change, and what each saved one quarter later.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from conway.advice import AdviceOptions
from conway.advice.fitting import fit
from conway.advice.heldout import Trial, at_cut, fitting_work, folds
from conway.advice.overtaken import find_overtaken
from tests.evaluations.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.moves import Move
    from conway.boundaries.work import Work

SPEAKS_FOR = 0.1
"""Savings per 100 held-out change sets from which a move counts as one that saved."""


def one_quarter_later(works: Mapping[str, Work]) -> Table:
    """Return what confirmed and overtaken moves saved in the quarter after their test."""
    rows: list[tuple[object, ...]] = []
    for name, work in works.items():
        groups: dict[str, list[tuple[float, float]]] = {"by both": [], "overtaken": []}
        found = folds(work, AdviceOptions())
        for fold, after in pairwise(found):
            train = fitting_work(work, since=fold.train[0], cut=fold.train[1])
            moves = fit(train, AdviceOptions()).moves
            tested, since = at_cut(work, fold), work.between(*fold.test)
            gone = {one.move for one in find_overtaken(moves, at_cut=tested, since=since)}
            for move in moves:
                if _saved(move, tested) >= SPEAKS_FOR:
                    later = (_saved(move, at_cut(work, after)),
                             _saved(move, work.between(*after.test)))  # fmt: skip
                    groups["overtaken" if move in gone else "by both"].append(later)
        for group, savings in groups.items():
            rows.append((name, group, len(savings), *_summary(savings)))
    return Table(
        "Moves that were overtaken, one quarter later",
        ("history", "saved on the test quarter", "moves", "helped in the quarter after",
         "mean saved in it per 100", "the same, by teams as of each change"),
        rows,
        "Moves that saved at least 0.1 handoffs per 100 on the quarter after their fit, with the "
        "people's teams of the cut. Those that saved nothing by the teams as of each change are "
        "left out of every plan; the last columns say what each would have saved, alone, in the "
        "quarter after that one: with the people's teams at its start, and as of each change.",
    )  # fmt: skip


def _saved(move: Move, work: Work) -> float:
    """Return what a move alone saves per 100 change sets."""
    trial = Trial.of(work, [(move,)])
    sets = float(trial.sets.sum())
    return 100 * float(trial.weekly_saved((move,))[:2].sum()) / sets if sets else 0.0


def _summary(savings: list[tuple[float, float]]) -> tuple[str, str, str]:
    if not savings:
        return "-", "-", "-"
    frozen, current = np.array(savings).T
    return f"{int((frozen > 0).sum())}", f"{frozen.mean():.2f}", f"{current.mean():.2f}"
