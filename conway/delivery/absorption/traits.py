"""What each change set is like: its size, whom it needs, and whether it came back.

In:  ``Observed``.
Out: ``Trait``s: one number a change set, ``nan`` where it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from conway.boundaries.release_files import is_release_file
from conway.delivery.constraints.failures import followed_up, reverted_sets

if TYPE_CHECKING:
    from conway.delivery.constraints.observed import Observed


@dataclass(frozen=True, eq=False)
class Trait:
    """One number a change set.

    Attributes
    ----------
    measure
        What it is, in a phrase; of a group of sets the mean is meant.
    unit
        ``count`` or ``share``.
    values
        By change set, ``nan`` where not known (shape: sets).
    proxy
        Whether it only goes with what is meant.
    by_volume
        Whether more change sets alone make it larger: such traits say nothing of surges.
    """

    measure: str
    unit: Literal["count", "share"]
    values: np.ndarray
    proxy: bool = True
    by_volume: bool = False


def traits(seen: Observed) -> tuple[Trait, ...]:
    """Return the traits of all change sets of the window."""
    prints = seen.delivery.prints
    handoffs = np.full(len(seen.work), np.nan)
    lockstep = np.full(len(seen.work), np.nan)
    handoffs[prints.sets] = prints.handoffs
    lockstep[prints.sets] = prints.lockstep
    reverted = reverted_sets(seen).astype(np.float64)
    if not reverted.any():
        reverted[:] = np.nan
    soon, _ = followed_up(seen.work)
    files = seen.work.sets["paths"].to_numpy(np.float64)
    return (
        Trait("files of a change set", "count", files, proxy=False),
        Trait("lines added or deleted in a change set", "count", _lines(seen), proxy=False),
        Trait("handoffs of a change set", "count", handoffs),
        Trait("release units beyond the first of a change set", "count", lockstep),
        Trait(
            "change sets of which a file changes again within two days",
            "share",
            soon.astype(np.float64),
            by_volume=True,
        ),
        Trait("change sets that were reverted", "share", reverted),
    )


def _lines(seen: Observed) -> np.ndarray:
    """Count the lines of each change set; version manifests, changelogs and locks left out."""
    files = seen.history.change_files
    files = files[files["change"].isin(seen.changes["change"])]
    names = files["path"].drop_duplicates()
    plain = set(names[[not is_release_file(name) for name in names]])
    files = files[files["path"].isin(plain)]
    lines = files["added"].fillna(0).astype("int64") + files["deleted"].fillna(0).astype("int64")
    found = files.assign(lines=lines).groupby(["repository", "change"], as_index=False)["lines"]
    rows = seen.changes[["set", "repository", "change"]].merge(
        found.sum(), on=["repository", "change"], how="left"
    )
    totals = np.zeros(len(seen.work))
    np.add.at(totals, rows["set"].to_numpy(), rows["lines"].fillna(0).to_numpy(np.float64))
    return totals
