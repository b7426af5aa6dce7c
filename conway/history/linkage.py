"""How far a shared name can be trusted: real links against a time-shuffled null.

In:  changes and their links.
Out: links across repositories by kind of evidence and gap, and how many of them chance
     alone would give. A change set over n repositories has n - 1 links.

The null keeps every repository's names, rhythm and number of changes, and shifts its clock
by a random number of whole weeks around its span: names that recur still meet, changes that
were made together no longer do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.history.change_sets import ROUTINE, ROUTINE_GAP_DAYS, is_generic
from conway.history.schemas import PRECISION

if TYPE_CHECKING:
    from collections.abc import Sequence

GAPS = (3, 7, 14)
DRAWS = 20
_DAY = 24 * 3600
_WEEK = 7 * _DAY


def precision(
    changes: pd.DataFrame,
    links: pd.DataFrame,
    *,
    gaps: Sequence[int] = GAPS,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how many links across repositories are more than chance.

    Parameters
    ----------
    changes, links
        Schemas ``CHANGES`` and ``CHANGE_LINKS``; pass people's changes only, as ``link`` gets.
    gaps
        Longest gaps between two changes that carry the same name, in days; routine names
        keep theirs, as in ``link``.
    draws
        Times that all clocks are shifted; the counts are averaged.
    seed
        Seed of the shifts.

    Returns
    -------
    pandas.DataFrame
        Schema ``PRECISION``: one row per kind and gap. ``precision`` is
        ``max(0, 1 - chance / links)``, empty where there is no link.
    """
    rows = []
    for kind in ("branch", "ticket"):
        named = _named(changes, links, kind=kind)
        shifted = list(_shifted(changes, named, draws=draws, seed=seed))
        for gap in gaps:
            sets, real = _joined(named, named["committer_time"].to_numpy(), gap=gap * _DAY)
            drawn = [_joined(named, times, gap=gap * _DAY)[1] for times in shifted]
            chance = float(np.mean(drawn)) if drawn else 0.0
            share = chance / real if real else None
            good = None if share is None else max(0.0, 1.0 - share)
            rows.append((kind, gap, sets, real, chance, share, good))
    return PRECISION.check(pd.DataFrame(rows, columns=PRECISION.names))


def _named(changes: pd.DataFrame, links: pd.DataFrame, *, kind: str) -> pd.DataFrame:
    """Return ``key, place, committer_time, routine`` of the changes that carry a name."""
    keyed = links.loc[links["kind"] == kind, ["repository", "change", "key"]]
    if kind == "branch":
        names = keyed["key"].drop_duplicates()
        generic = set(names[names.map(is_generic)])
        keyed = keyed[~keyed["key"].isin(generic)]
    rows = changes[["repository", "change", "committer_time"]].merge(
        keyed, on=["repository", "change"], how="inner"
    )
    places = np.unique(changes["repository"].to_numpy(dtype=object).astype(str))
    place = np.searchsorted(places, rows["repository"].to_numpy(dtype=object).astype(str))
    key, _ = pd.factorize(rows["key"], sort=True)
    named = pd.DataFrame(
        {"key": key, "place": place, "committer_time": rows["committer_time"].to_numpy()}
    )
    wide = named.groupby("key")["place"].transform("nunique") > ROUTINE
    return named.assign(routine=wide if kind == "branch" else False)


def _shifted(
    changes: pd.DataFrame, named: pd.DataFrame, *, draws: int, seed: int
) -> list[np.ndarray]:
    """Return times shifted by whole weeks around the span, each repository by its own."""
    if named.empty:
        return []
    generator = np.random.default_rng(seed)
    times = changes["committer_time"].to_numpy()
    begin = int(times.min())
    weeks = max(1, -(-(int(times.max()) + 1 - begin) // _WEEK))
    count = int(changes["repository"].nunique())
    place, at = named["place"].to_numpy(), named["committer_time"].to_numpy() - begin
    return [
        begin + (at + generator.integers(0, weeks, count)[place] * _WEEK) % (weeks * _WEEK)
        for _draw in range(draws)
    ]


def _joined(named: pd.DataFrame, times: np.ndarray, *, gap: int) -> tuple[int, int]:
    """Count chains of one name over several repositories, and the repositories they add."""
    if named.empty:
        return 0, 0
    key, place = named["key"].to_numpy(), named["place"].to_numpy()
    order = np.lexsort((place, times, key))
    key, place, times = key[order], place[order], times[order]
    most = np.where(named["routine"].to_numpy()[order], min(gap, ROUTINE_GAP_DAYS * _DAY), gap)
    new = np.ones(len(key), dtype=bool)
    new[1:] = (key[1:] != key[:-1]) | (np.diff(times) > most[1:])
    chain = np.cumsum(new) - 1
    cells = np.unique(np.column_stack([chain, place]), axis=0)
    repositories = np.bincount(cells[:, 0])
    return int((repositories > 1).sum()), int((repositories - 1).sum())
