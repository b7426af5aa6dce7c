"""What crossing a boundary costs: within author, repository and quarter.

In:  member waits, and what the set of each crosses.
Out: the ratio of waits of changes that cross to those that do not, with its interval.

    log wait = stratum + effect * crosses + slope * log(1 + paths) + rest

A stratum is one author in one repository in one quarter, so slow people, slow repositories and
slow times cancel: only an author's own changes of one quarter and repository are compared, and
what differs in size is taken out. ``exp(effect)`` is how many times as long a change waits if
its set crosses. It is an association: work that crosses may be harder in ways that git hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.delivery.waits.cluster import clustered_ratio, hidden, sums_by
from conway.delivery.waits.crossings import BOUNDARIES, GAPS
from conway.delivery.waits.members import CLOCKS, Clock, waits_of
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from conway.delivery.waits.crossings import Crossings

SHORTEST = 60.0
"""Seconds that a wait is taken to last at least: merging by machine is no waiting."""

_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Effect:
    """The cost of crossing one boundary, as one clock tells it.

    Attributes
    ----------
    boundary
        ``repository``, ``service``, ``team`` (services of several teams) or ``approval``
        (a team needed beyond the author's).
    clock, gap_days
        What it was measured under.
    among
        Which changes stand for crossing: ``all`` but bulk work, ``bulk`` work alone, those
        whose work ended ``last`` in their set, those where it ended ``earlier``.
    changes, crossing, people
        Changes compared, those of them that cross, and authors with both kinds.
    ratio
        Waits of crossing changes over those of others.
    """

    boundary: str
    clock: Clock
    gap_days: int
    among: str
    changes: int
    crossing: int
    people: int
    ratio: Figure


def crossing_effects(
    members: pd.DataFrame,
    crossings: Mapping[int, Crossings],
    *,
    seed: int = 0,
    gaps: Sequence[int] = GAPS,
) -> tuple[Effect, ...]:
    """Measure the effect of each boundary under each clock and linkage gap.

    Parameters
    ----------
    members
        Schema ``MEMBER_WAITS``.
    crossings
        By gap: what the set of each member crosses.
    seed
        Seed of the resampled authors.
    gaps
        The linkage gaps, the widest last. A change that only a wider gap joins to others is
        neither alone nor surely part of a set: it is left out. Bulk sets stand apart at
        the widest gap.
    """
    found = []
    widest = crossings[gaps[-1]]
    boundaries = [one for one in BOUNDARIES if one != "service" or not _same(widest)]
    for gap in gaps:
        at = crossings[gap]
        for clock in CLOCKS:
            for boundary in boundaries:
                crosses, wider = at.crosses(boundary), widest.crosses(boundary)
                unclear = at.bulk | widest.bulk | (wider > crosses)
                crosses = np.where(unclear, np.nan, crosses)
                one = within_effect(members, crosses, clock=clock, seed=seed)
                found.append(Effect(boundary, clock, gap, "all", *one))
    for among, crosses in _parts(members, widest).items():
        for clock in CLOCKS:
            one = within_effect(members, crosses, clock=clock, seed=seed)
            found.append(Effect("repository", clock, gaps[-1], among, *one))
    return tuple(found)


def _parts(members: pd.DataFrame, at: Crossings) -> dict[str, np.ndarray]:
    """Return who crosses repositories, among bulk work and by whose work ended last."""
    several = at.crosses("repository")
    ends = members["author_end"]
    last = (ends == ends.groupby(at.sets).transform("max")).to_numpy()
    plain = np.where(at.bulk, np.nan, several)
    return {
        "bulk": np.where(at.bulk == (several > 0), several, np.nan),
        "last": np.where((plain > 0) & ~last, np.nan, plain),
        "earlier": np.where((plain > 0) & last, np.nan, plain),
    }


def _same(at: Crossings) -> bool:
    """Whether services are repositories, so that both boundaries are one."""
    return np.array_equal(at.crosses("repository"), at.crosses("service"), equal_nan=True)


def within_effect(
    members: pd.DataFrame, crosses: np.ndarray, *, clock: Clock, seed: int = 0
) -> tuple[int, int, int, Figure]:
    """Return changes, crossing ones, people with both kinds, and the ratio of their waits.

    Parameters
    ----------
    members
        Schema ``MEMBER_WAITS``.
    crosses
        1.0, 0.0, ``nan`` left out (shape: members).
    clock
        Whose clock tells when work ended.
    seed
        Seed of the resampled authors.
    """
    known = np.isfinite(crosses) & (members["person"] >= 0).to_numpy()
    rows, crossing = members[known], crosses[known]
    strata = rows.groupby(["person", "repository", "quarter"], sort=False).ngroup().to_numpy()
    person = rows["person"].to_numpy()
    terms = contrasts(
        waits_of(rows, clock), crossing, paths=rows["paths"].to_numpy(), strata=strata
    )
    mixed = terms[:, 0] > _FLAT
    bearing = np.isin(person, np.unique(person[mixed]))
    people = len(np.unique(person[mixed]))
    counts = len(rows), int(crossing.sum()), people
    if not people:
        return *counts, Unknown("nobody has both kinds of change in one repository and quarter")
    if (reason := hidden(person[mixed])) is not None:
        return *counts, reason
    sums = sums_by(person[bearing], terms[bearing])
    return *counts, clustered_ratio(sums, estimate=slope, weights=sums[:, 0], seed=seed)


def contrasts(
    waits: np.ndarray, crosses: np.ndarray, *, paths: np.ndarray, strata: np.ndarray
) -> np.ndarray:
    """Return the products, within strata, from whose sums ``slope`` makes the effect.

    Parameters
    ----------
    waits
        Seconds that each change waited (shape: changes).
    crosses
        1.0 where its set crosses, else 0.0 (shape: changes).
    paths
        Paths that each change touches (shape: changes).
    strata
        Code of the stratum of each change (shape: changes).

    Returns
    -------
    ndarray
        Shape ``(changes, 5)``: crossing with itself, with size, size with itself,
        crossing with the log wait, size with the log wait, each less its stratum's mean.
    """
    wait = _within(np.log(np.maximum(waits, SHORTEST)), strata)
    cross = _within(crosses, strata)
    size = _within(np.log1p(paths.astype(np.float64)), strata)
    return np.column_stack([cross**2, cross * size, size**2, cross * wait, size * wait])


def _within(values: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Return values less the mean of their stratum."""
    means = np.bincount(strata, weights=values) / np.maximum(np.bincount(strata), 1)
    left: np.ndarray = values - means[strata]
    return left


def slope(sums: np.ndarray) -> np.ndarray:
    """Return the log effect of crossing, size held equal, of each row of sums (shape: draws)."""
    cc, cs, ss, cw, sw = sums.T
    sized = ss > _FLAT
    share = np.divide(cs, ss, out=np.zeros_like(cs), where=sized)
    spread = cc - share * cs
    effect: np.ndarray = np.full(len(sums), np.nan)
    np.divide(cw - share * sw, spread, out=effect, where=spread > _FLAT)
    return effect


@dataclass(frozen=True, slots=True)
class Verdict:
    """What both clocks and all gaps say of one boundary together."""

    boundary: str
    finding: str
    text: str


_CROSSING = {
    "repository": "changes in several repositories",
    "service": "changes in several services",
    "team": "changes in services of several teams",
    "approval": "changes that need another team's approval",
}


def verdicts(effects: Sequence[Effect]) -> tuple[Verdict, ...]:
    """Say of each boundary whether a cost of crossing it is established.

    It is where both clocks put it on one side of no effect at every linkage gap.
    """
    found = []
    for boundary in BOUNDARIES:
        mine = [one for one in effects if one.boundary == boundary and one.among == "all"]
        if not mine:
            continue
        found.append(_verdict(boundary, mine))
    return tuple(found)


def _verdict(boundary: str, mine: Sequence[Effect]) -> Verdict:
    known = [one.ratio for one in mine if isinstance(one.ratio, Interval)]
    what = _CROSSING[boundary]
    if len(known) < len(mine):
        reason = next(one.ratio.reason for one in mine if isinstance(one.ratio, Unknown))
        return Verdict(boundary, "unknown", f"Whether {what} wait longer is unknown: {reason}.")
    last = max(one.gap_days for one in mine)
    said = ", ".join(f"{one.ratio} by {one.clock} time" for one in mine if one.gap_days == last)
    for finding, word, holds in (
        ("longer", "longer", all(one.low > 1 for one in known)),
        ("shorter", "less long", all(one.high < 1 for one in known)),
    ):
        if holds:
            text = f"In this history {what} wait {word} than the same author's others: {said}."
            return Verdict(boundary, finding, text)
    text = f"It is not established that {what} wait longer: {said}"
    weakest = _weakest(mine)
    if weakest is not None and weakest.gap_days != last:
        text += f"; {weakest.ratio} by {weakest.clock} time at {weakest.gap_days} days"
    return Verdict(boundary, "not established", f"{text}.")


def _weakest(mine: Sequence[Effect]) -> Effect | None:
    """Return the first of the widest gap's effects that includes none, else of the others'."""
    open_ones = [
        one
        for one in mine
        if isinstance(one.ratio, Interval) and one.ratio.low <= 1 <= one.ratio.high
    ]
    return max(open_ones, key=lambda one: one.gap_days, default=None)
