"""Integration: how much must come together at once.

In:  ``Observed``.
Out: rows; git shows integration only through what changes together, so all are proxies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.release_files import is_release_file
from conway.boundaries.work import WEEK
from conway.delivery.constraints.contracts import consumer_lags, contract_rows
from conway.delivery.constraints.row import Row
from conway.delivery.constraints.validation import NO_NEEDS, needing
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from conway.delivery.constraints.observed import Observed

NO_CONTRACTS = "no file of the window is a contract (Protocol Buffers, OpenAPI, schemas, ...)"
_LAG = "days from a contract's change to the next change of a service that needs it (median)"


def integration(seen: Observed) -> list[Row]:
    """Return the rows of integration."""
    work = seen.work
    lockstep = seen.delivery.autonomy.lockstep_per_100
    return [
        Row.of(
            "integration", "release units beyond the first per 100 change sets (lockstep)",
            value=lockstep, unit="per 100", source="git", proxy=True,
        ),
        Row.of(
            "integration",
            "share of change sets with a file that another team changed in the 13 weeks before",
            value=_shared(seen) if work.teams else Unknown("no teams are known"),
            unit="share", source="git", proxy=True,
        ),
        *_contracts(seen),
    ]  # fmt: skip


def _shared(seen: Observed) -> Figure:
    """Return the share of sets with a file that authors of another team lately changed.

    Version manifests, changelogs and lock files, which every change touches, are left out.
    """
    work = seen.work
    rows = work.rows[["set", "entity"]].drop_duplicates()
    rows = rows.assign(team=work.sets["author_team"].to_numpy()[rows["set"].to_numpy()])
    names = rows["entity"].unique()
    plain = names[[not is_release_file(work.paths[name]) for name in names.tolist()]]
    rows = rows[(rows["team"] >= 0) & rows["entity"].isin(plain)]
    sets = np.unique(rows["set"].to_numpy())
    shared = np.zeros(len(work), dtype=bool)
    times = work.sets["time"].to_numpy()
    last: dict[int, dict[int, int]] = {}
    for number, entity, team in rows.sort_values(["set", "entity"]).itertuples(index=False):
        seen_by = last.setdefault(entity, {})
        begin = times[number] - _LATELY
        shared[number] |= any(other != team and time >= begin for other, time in seen_by.items())
        seen_by[team] = times[number]
    return seen.mean(shared[sets], work.weeks[sets])


_LATELY = 13 * WEEK


def _contracts(seen: Observed) -> list[Row]:
    """Return how often contracts change, with others at once, and how soon consumers follow."""
    work = seen.work
    found = contract_rows(work)
    often = "change sets per 100 that change a contract between services"
    joint = "share of contract changes that touch another service at once"
    if found.empty:
        return [Row.unknown("integration", one, reason=NO_CONTRACTS) for one in (often, joint)]
    sets = found["set"].unique()
    several = work.rows[work.rows["service"] >= 0].groupby("set")["service"].nunique()
    touched = np.zeros(len(work), dtype=bool)
    touched[sets] = True
    return [
        Row.of(
            "integration", often, value=seen.mean(touched, work.weeks, scale=100),
            unit="per 100", source="git", proxy=True,
        ),
        Row.of(
            "integration", joint,
            value=seen.mean((several.loc[sets] > 1).to_numpy(), work.weeks[sets]),
            unit="share", source="git", proxy=True,
        ),
        _lags(seen),
    ]  # fmt: skip


def _lags(seen: Observed) -> Row:
    """Return how soon consumers change after a contract, beside what chance gives."""
    if seen.dependencies.empty:
        return Row.unknown("integration", _LAG, reason=NO_NEEDS)
    work = seen.work
    needs = needing(work.services, seen.dependencies)
    np.fill_diagonal(needs, 0.0)
    days, ended, weeks, chance = consumer_lags(work, contract_rows(work), needs=needs)
    if not len(days):
        return Row.unknown(
            "integration", _LAG, reason="no service declares that it needs one with a contract"
        )
    expected: Figure = Unknown("the window is too short to shift")
    if np.isfinite(chance).any():
        expected = float(np.nanmean(chance))
    return Row.of(
        "integration", _LAG, value=seen.median(days, weeks, ended=ended), unit="days",
        source="git and declared dependencies", proxy=True,
        beside=("the same from shifted moments (chance)", expected),
    )  # fmt: skip
