"""Change sets marked as AI-assisted, against others of the same person in the same place.

In:  ``Observed`` and the traits of its change sets.
Out: the marked share, a lower bound; the difference of each trait within author, repository
     and quarter.

Who uses assistants, and for what, is no accident: people who do are not those who do not, and
quarters differ. So only change sets of one author in one repository and quarter are compared,
weighted by ``n1 n0 / (n1 + n0)`` (``n1`` marked, ``n0`` not); intervals resample authors. What
remains is still no effect: a person may give assistants the easy work, and unmarked change
sets may be assisted too, which makes any difference look smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.delivery.constraints.observed import FEW_PEOPLE, FEWEST_PEOPLE
from conway.delivery.trend import quarters
from conway.delivery.weeks import LEVEL
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.delivery.absorption.traits import Trait
    from conway.delivery.constraints.observed import Observed

_DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Within:
    """The difference of one trait within author, repository and quarter."""

    measure: str
    unit: str
    difference: Figure


@dataclass(frozen=True, eq=False)
class Assisted:
    """Change sets marked as AI-assisted.

    Attributes
    ----------
    share
        Their share, a lower bound.
    trend
        ``since, until, share`` of each whole quarter.
    compared
        Marked change sets that have unmarked ones of the same author, repository, quarter.
    within
        The differences, unknown where fewer than five people can be compared.
    """

    share: Figure
    trend: tuple[tuple[int, int, Figure], ...]
    compared: int
    within: tuple[Within, ...]


def measure_assisted(seen: Observed, found: Sequence[Trait], *, seed: int = 0) -> Assisted:
    """Measure the marked share, and compare within author, repository and quarter."""
    work = seen.work
    marked = work.sets["ai"].to_numpy(dtype=bool)
    times = work.sets["time"].to_numpy()
    people = work.sets.loc[marked, "author"]
    few = 0 < people[people >= 0].nunique() < FEWEST_PEOPLE
    trend = tuple(
        (since, until, _share(seen, marked, (times >= since) & (times < until)))
        for since, until in quarters(work.since, work.until)
    )
    cells = _cells(seen)
    pairs = cells[cells["marked"].groupby(cells["cell"]).transform("nunique") == 2]  # noqa: PLR2004
    hidden = Unknown(FEW_PEOPLE)
    return Assisted(
        share=hidden if few else seen.mean(marked, work.weeks),
        trend=() if few else trend,
        compared=0 if few else int(pairs["marked"].sum()),
        within=tuple(
            Within(trait.measure, trait.unit, hidden if few else _within(pairs, trait, seed=seed))
            for trait in found
        ),
    )


def _share(seen: Observed, marked: np.ndarray, inside: np.ndarray) -> Figure:  # noqa: PLR0917
    return seen.mean(marked[inside], seen.work.weeks[inside])


def _cells(seen: Observed) -> pd.DataFrame:
    """Return ``set, author, marked, cell`` of the sets whose author is known."""
    work = seen.work
    first = work.members.drop_duplicates("set").sort_values("set")
    quarter = (work.sets["time"].to_numpy() - work.since) // (13 * 7 * 24 * 3600)
    frame = pd.DataFrame(
        {
            "set": np.arange(len(work)),
            "author": work.sets["author"].to_numpy(),
            "marked": work.sets["ai"].to_numpy(dtype=bool),
            "repository": first["repository"].to_numpy(),
            "quarter": quarter,
        }
    )
    frame = frame[frame["author"] >= 0].reset_index(drop=True)
    return frame.assign(cell=frame.groupby(["author", "repository", "quarter"]).ngroup())


def _within(pairs: pd.DataFrame, trait: Trait, *, seed: int) -> Figure:
    """Return the weighted mean difference of a trait, with authors resampled."""
    values = trait.values  # noqa: PD011 - not a frame's
    rows = pairs.assign(value=values[pairs["set"].to_numpy()])
    rows = rows[rows["value"].notna()]
    sides = [
        rows[rows["marked"] == side]
        .groupby("cell")
        .agg(author=("author", "first"), mean=("value", "mean"), size=("value", "size"))
        for side in (True, False)
    ]
    both = sides[0].merge(sides[1], on="cell", suffixes=("", "_not"))
    people = both["author"].nunique()
    if people < FEWEST_PEOPLE:
        return Unknown(f"{people} people to compare within; {FEWEST_PEOPLE} are needed")
    one, none = both["size"].to_numpy(), both["size_not"].to_numpy()
    weight = one * none / (one + none)
    difference = (both["mean"] - both["mean_not"]).to_numpy()
    codes, names = pd.factorize(both["author"])
    above = np.bincount(codes, weights=weight * difference)
    below = np.bincount(codes, weights=weight)
    chosen = np.random.default_rng(seed).integers(0, len(names), size=(_DRAWS, len(names)))
    drawn = above[chosen].sum(axis=1) / below[chosen].sum(axis=1)
    value = float(above.sum() / below.sum())
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, min(float(low), value), max(float(high), value), LEVEL)
