"""The delay of change sets against independent waits.

In:  member waits, and what their sets cross.
Out: for groups of sets: the median delay, what independent waits would give, and the excess.

    delay = last merge - latest last commit
    null  = max_i(end_i + wait_i) - max_i(end_i)

where ``end_i`` is when the work on member ``i`` ended and ``wait_i`` a wait drawn from changes
alone of the same repository, size class and quarter, at the pace of the member's author: slow
people may cross more often, and that is no cost of crossing. The longest of several independent
waits is longer than one, and members that end at different times spread the merges: neither is
a cost of working together, and the null has both.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.delivery.waits.cluster import clustered_ratio, hidden, sums_by
from conway.delivery.waits.effects import SHORTEST
from conway.delivery.waits.members import Clock, waits_of
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conway.delivery.waits.crossings import Crossings

DRAWS = 200
FEWEST_ALONE = 5
"""Changes alone below which a pool is too small, and a wider one is asked."""

ALONE = "no change set joins changes of several repositories"
OWN_CHANGES = 10
"""Changes alone after which an author's pace counts half for what it was observed to be."""

POOLS = (("repository", "size", "quarter"), ("repository", "quarter"), ("repository",))
_HOUR = 3600


@dataclass(frozen=True, eq=False)
class Drawn:
    """Delays of change sets, and those of independent waits.

    Attributes
    ----------
    sets
        One row per set: ``person, repositories, owners, delay, naive, expected``; delays
        in seconds, ``naive`` from the earliest last commit, ``expected`` the mean log null.
    null, null_naive
        Null delays (shape: sets, draws).
    unmatched
        Sets for which no independent waits could be drawn.
    """

    sets: pd.DataFrame
    null: np.ndarray
    null_naive: np.ndarray
    unmatched: int


@dataclass(frozen=True, slots=True)
class Delay:
    """Delays of a group of change sets beside the null.

    Attributes
    ----------
    by, count
        ``repositories`` or ``teams``, and how many; 0 for all of them.
    clock, gap_days
        What it was measured under.
    sets, people
        Change sets and their authors.
    hours, null_hours
        Median hours from the latest last commit to the last merge, and of the null.
    naive_hours, naive_null_hours
        The same from the earliest last commit.
    excess
        Delays over those of independent waits, on a log scale, with its interval.
    """

    by: str
    count: int
    clock: Clock
    gap_days: int
    sets: int
    people: int
    hours: Figure
    null_hours: Figure
    naive_hours: Figure
    naive_null_hours: Figure
    excess: Figure


def draw_null(
    members: pd.DataFrame,
    crossings: Crossings,
    *,
    clock: Clock,
    seed: int = 0,
) -> Drawn:
    """Draw independent waits for every set over several repositories, bulk ones aside.

    Parameters
    ----------
    members
        Schema ``MEMBER_WAITS``.
    crossings
        What the set of each member crosses at this gap.
    clock
        Whose clock tells when work ended.
    seed
        Seed of the draws.
    """
    rows = members.assign(
        linked=crossings.sets,
        repositories=crossings.repositories,
        owners=crossings.owners,
        end=members[f"{clock}_end"],
        wait=np.maximum(waits_of(members, clock), SHORTEST),
    )
    size = rows.groupby("linked")["linked"].transform("size").to_numpy()
    counted = crossings.whole & ~crossings.bulk
    alone = rows[(size == 1) & (crossings.repositories == 1) & counted]
    several = rows[(crossings.repositories > 1) & counted]
    several = several.sort_values(["linked", "repository", "change"], kind="stable")
    pace = _paces(alone)
    alone = alone.assign(wait=alone["wait"] / _pace_of(alone, pace))
    waits = _draws(several, alone, rng=np.random.default_rng(seed))
    waits = waits * _pace_of(several, pace)[:, None]
    kept = [
        _one(part, waits[place])
        for part, place in _parts(several)
        if np.isfinite(waits[place]).all()
    ]
    columns = ["person", "repositories", "owners", "delay", "naive", "expected"]
    empty = np.empty((0, DRAWS))
    return Drawn(
        pd.DataFrame([one[0] for one in kept], columns=columns),
        np.array([one[1] for one in kept]) if kept else empty,
        np.array([one[2] for one in kept]) if kept else empty,
        several["linked"].nunique() - len(kept),
    )


def _paces(alone: pd.DataFrame) -> pd.Series:
    """Return by person how many times as long the changes alone wait as others like them.

    The mean log wait beyond that of the same repository, size and quarter, drawn towards
    none as if ``OWN_CHANGES`` more had shown none.
    """
    log = np.log(alone["wait"])
    beyond = log - log.groupby([alone[key] for key in POOLS[0]]).transform("mean")
    by_person = beyond[alone["person"] >= 0].groupby(alone["person"])
    pace: pd.Series = np.exp(by_person.sum() / (by_person.size() + OWN_CHANGES))
    return pace


def _pace_of(rows: pd.DataFrame, pace: pd.Series) -> np.ndarray:
    """Return the pace of each row's author, 1 where unknown (shape: rows)."""
    found: np.ndarray = rows["person"].map(pace).fillna(1.0).to_numpy(dtype=np.float64)
    return found


def _draws(several: pd.DataFrame, alone: pd.DataFrame, *, rng: np.random.Generator) -> np.ndarray:
    """Draw waits for each member from the narrowest pool that is large enough."""
    waits = np.full((len(several), DRAWS), np.nan)
    for keys in POOLS:
        pools = {key: part.to_numpy() for key, part in alone.groupby(list(keys))["wait"]}
        missing = np.isnan(waits[:, 0])
        places = pd.Series(np.arange(len(several)))[missing]
        wanted = several[missing].set_index(places.index)
        for key, part in wanted.groupby(list(keys), sort=True):
            pool = pools.get(key, np.empty(0))
            if len(pool) >= FEWEST_ALONE:
                at = places.loc[part.index].to_numpy()
                waits[at] = pool[rng.integers(0, len(pool), size=(len(at), DRAWS))]
    return waits


def _parts(several: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield the members of each set, and their places."""
    linked = several["linked"].to_numpy()
    bounds = np.flatnonzero(np.diff(linked, prepend=-1, append=-1))
    for first, last in pairwise(bounds.tolist()):
        yield several.iloc[first:last], np.arange(first, last)


def _one(part: pd.DataFrame, waits: np.ndarray) -> tuple[tuple[float, ...], np.ndarray, np.ndarray]:
    """Return a set's own figures, and its null delays from the latest and earliest end."""
    ends = part["end"].to_numpy(dtype=np.float64)
    last = (ends[:, None] + waits).max(axis=0)
    null, naive = (np.maximum(last - end, SHORTEST) for end in (ends.max(), ends.min()))
    merged = float(part["merged"].max())
    delay, first = (max(merged - end, SHORTEST) for end in (ends.max(), ends.min()))
    expected = float(np.log(null).mean())
    people = part["person"].to_numpy()
    own = (people[0], part["repositories"].iloc[0], part["owners"].iloc[0])
    return (*own, delay, first, expected), null, naive


def delays(
    drawn: Drawn, *, clock: Clock, gap_days: int, by: Sequence[str] = (), seed: int = 0
) -> tuple[Delay, ...]:
    """Compare delays with the null: of all sets, and by each column of ``by``.

    Parameters
    ----------
    drawn
        Delays and null delays.
    clock, gap_days
        What they were measured under.
    by
        ``repositories`` and ``owners``, to group by.
    seed
        Seed of the resampled authors.
    """
    everything = np.ones(len(drawn.sets), dtype=bool)
    groups = [("repositories", 0, everything)]
    for column in by:
        values = drawn.sets[column].to_numpy()
        name = "teams" if column == "owners" else column
        groups += [(name, int(n), values == n) for n in np.unique(values[values > 0])]
    return tuple(
        Delay(name, count, clock, gap_days, *_group(drawn, mask, seed=seed))
        for name, count, mask in groups
    )


def _group(
    drawn: Drawn, mask: np.ndarray, *, seed: int
) -> tuple[int, int, Figure, Figure, Figure, Figure, Figure]:
    sets = drawn.sets[mask]
    person = sets["person"].to_numpy()
    counts = len(sets), len(np.unique(person[person >= 0]))
    reason = hidden(person) if len(sets) else Unknown(ALONE)
    if reason is not None:
        return *counts, reason, reason, reason, reason, reason
    delay, null, naive, naive_null = (
        float(np.median(values)) / _HOUR
        for values in (sets["delay"], drawn.null[mask], sets["naive"], drawn.null_naive[mask])
    )
    excess = np.log(sets["delay"].to_numpy()) - sets["expected"].to_numpy()
    clusters = np.where(person >= 0, person, -1 - np.arange(len(person)))
    sums = sums_by(clusters, np.column_stack([excess, np.ones(len(excess))]))
    ratio = clustered_ratio(
        sums, estimate=lambda total: total[:, 0] / total[:, 1], weights=sums[:, 1], seed=seed
    )
    return *counts, delay, null, naive, naive_null, ratio
