"""Histories without structure: margins kept, everything else left to chance.

In:  ``Work``.
Out: ``Work`` in which who writes what, and what changes together, says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from conway.boundaries.work import Work

SWAPS = 5
"""Tried swaps for each touched service of a change set: enough to forget the start."""


def without_structure(work: Work, *, seed: int) -> Work:
    """Return the work with its authors and its touched services dealt out anew.

    Every author keeps the number of change sets, every change set the number of services
    that it touches, every service its change sets and which files they touch together.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(work))
    dealt = {name: work.sets[name].to_numpy()[order] for name in ("author", "author_team")}
    rows = work.rows
    blocks = rows.groupby(["set", "service"], sort=True).ngroup().to_numpy()
    first = np.unique(blocks, return_index=True)[1]
    owner = _swapped(
        rows["set"].to_numpy()[first].tolist(), rows["service"].to_numpy()[first].tolist(), rng=rng
    )
    moved = rows.assign(set=np.array(owner, dtype=np.int64)[blocks])
    moved = moved.sort_values(["set", "path"], kind="stable").reset_index(drop=True)
    return replace(work, sets=work.sets.assign(**dealt), rows=moved)


def _swapped(sets: list[int], services: list[int], *, rng: np.random.Generator) -> list[int]:
    """Swap touched services between change sets, never two of one service in one set."""
    touched: dict[int, set[int]] = {}
    for number, service in zip(sets, services, strict=True):
        touched.setdefault(number, set()).add(service)
    owner = list(sets)
    pairs = rng.integers(len(owner), size=(SWAPS * len(owner), 2)).tolist()
    for a, b in pairs:
        one, other = touched[owner[a]], touched[owner[b]]
        if services[b] in one or services[a] in other:
            continue
        one.remove(services[a])
        other.remove(services[b])
        one.add(services[b])
        other.add(services[a])
        owner[a], owner[b] = owner[b], owner[a]
    return owner
