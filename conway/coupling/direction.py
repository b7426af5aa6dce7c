"""Who follows whom: work on one service that is followed by other work on another.

In:  ``Work``.
Out: ``FOLLOWING``: for each ordered pair how often, against chance, and after how long.

A set of the leader alone is *followed* if within 14 days another set touches the follower
and not the leader. Busy services follow everything, so chance is measured: the follower's
times are shifted around the window by whole weeks (weekday, hour and bursts stay; shifts of
less than the horizon and a week are left out), and the mean over shifts is expected. What
is beyond is the excess; its interval, and that of the *lead* (the excess less that of the
other way round), resample whole weeks of the leader's and the follower's sets.

``follows`` needs both: more followed than in the shifts (q-value over all ordered pairs at
most 5 %) and a lead whose interval lies above zero. With an excess in both directions and
no clear lead the two go together, ``both ways``. Everything else is ``not established``,
which is a result. Order in time is no cause: both may follow a third.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK
from conway.coupling.incidence import incidence, names_of
from conway.coupling.schemas import FOLLOWING
from conway.coupling.significance import FALSE_DISCOVERY_RATE, adjusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conway.boundaries.work import Work

DAY = 24 * 3600
FOLLOWS, BOTH_WAYS, NOT_ESTABLISHED = "follows", "both ways", "not established"


@dataclass(frozen=True, slots=True)
class Following:
    """How following is counted.

    Attributes
    ----------
    horizon_days
        Days within which a set follows.
    least_sets
        Fewest sets of each side alone that are looked at.
    shifts
        Most shifts by whole weeks that make chance; all where there are fewer.
    resamples
        Resampled histories of whole weeks.
    seed
        Of the choice of shifts and of the resampled weeks.
    """

    horizon_days: int = 14
    least_sets: int = 20
    shifts: int = 199
    resamples: int = 1000
    seed: int = 0


def following(
    work: Work,
    *,
    between: Literal["service", "service_team"] = "service",
    pairs: Iterable[tuple[str, str]] | None = None,
    options: Following | None = None,
) -> pd.DataFrame:
    """Return who follows whom.

    Parameters
    ----------
    work
        The selected change sets.
    between
        Services, or the teams that own them as of each change.
    pairs
        Pairs of names to look at; all by default.
    options
        How following is counted.

    Returns
    -------
    pandas.DataFrame
        Schema ``FOLLOWING``, established ones first, largest lead first, then by name.
    """
    one = options or Following()
    touches = incidence(work, between).tocsc()
    names = names_of(work, between)
    code = {name: number for number, name in enumerate(names)}
    chosen = combinations(sorted(names), 2) if pairs is None else sorted(map(sorted, pairs))
    clock = _Clock.of(work, one)
    rows: list[dict[str, object]] = []
    for first, second in chosen if clock.shifts.size else ():
        times = _alone(work, touches[:, [code[first], code[second]]].toarray())
        if min(len(mine) for mine in times) >= one.least_sets:
            rows.extend(_both(clock, times, names=(first, second)))
    return _table(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Clock:
    """The window, the shifts that make chance, and the resampled weeks."""

    since: int
    until: int
    weeks: int
    horizon: int
    shifts: np.ndarray
    copies: np.ndarray

    @classmethod
    def of(cls, work: Work, options: Following) -> _Clock:
        random = np.random.default_rng(options.seed)
        horizon = options.horizon_days * DAY
        near = -(-horizon // WEEK) + 1
        shifts = np.arange(near, work.week_count - near + 1)
        if len(shifts) > options.shifts:
            shifts = np.sort(random.choice(shifts, options.shifts, replace=False))
        drawn = _resampled(work.week_count, random=random, repeats=options.resamples)
        return cls(work.since, work.until, work.week_count, horizon, shifts * WEEK, drawn)

    def next_after(self, leader: np.ndarray, follower: np.ndarray) -> np.ndarray:
        """Return the seconds from each time to the next one strictly later, else infinity."""
        place = np.searchsorted(follower, leader, side="right")
        later = np.append(follower.astype(np.float64), np.inf)
        found: np.ndarray = later[place] - leader
        return found

    def observed(self, leader: np.ndarray) -> np.ndarray:
        """Return the times of which the whole horizon lies in the window."""
        found: np.ndarray = leader[leader + self.horizon < self.until]
        return found

    def weekly(self, leader: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Sum values by the leader's week (shape: weeks)."""
        week = (leader - self.since) // WEEK
        return np.bincount(week, weights=values, minlength=self.weeks)


def _resampled(weeks: int, *, random: np.random.Generator, repeats: int) -> np.ndarray:
    """Draw how often each week counts, in circular blocks (shape: repeats, weeks)."""
    block = min(weeks, max(4, round(weeks ** (1 / 3))))
    starts = random.integers(0, weeks, size=(repeats, -(-weeks // block)))
    drawn = ((starts[:, :, None] + np.arange(block)) % weeks).reshape(repeats, -1)[:, :weeks]
    copies = np.zeros((repeats, weeks))
    np.add.at(copies, (np.arange(repeats)[:, None], drawn), 1.0)
    return copies


def _alone(work: Work, touched: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the times of the sets that touch one of the two and not the other."""
    times = work.sets["time"].to_numpy()
    first, second = touched[:, 0] > 0, touched[:, 1] > 0
    return np.sort(times[first & ~second]), np.sort(times[second & ~first])


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """One direction: what was followed, by week of the leader, and what chance gives."""

    sets: np.ndarray
    followed: np.ndarray
    expected: np.ndarray
    p_value: float
    lag: float

    @classmethod
    def of(cls, clock: _Clock, leader: np.ndarray, *, follower: np.ndarray) -> _Way:
        mine = clock.observed(leader)
        wait = clock.next_after(mine, follower)
        hit = wait <= clock.horizon
        shifted = _shifted_hits(clock, mine, follower=follower)
        totals = shifted.sum(axis=1)
        return cls(
            sets=clock.weekly(mine, np.ones(len(mine))),
            followed=clock.weekly(mine, hit.astype(np.float64)),
            expected=clock.weekly(mine, shifted.mean(axis=0)),
            p_value=_p_value(totals, float(hit.sum())),
            lag=float(np.median(wait[hit]) / DAY) if hit.any() else np.nan,
        )

    def excess(self, copies: np.ndarray) -> np.ndarray:
        """Return the excess per 100 sets in each resampled history."""
        sets = copies @ self.sets
        with np.errstate(invalid="ignore", divide="ignore"):
            found: np.ndarray = 100 * (copies @ (self.followed - self.expected)) / sets
        return found


def _p_value(totals: np.ndarray, seen: float) -> float:
    """Return the chance of as many followed sets or more.

    The share of shifts that reach it; beyond all of them the tail of a normal
    distribution of their mean and variance, which many pairs need to be told apart.
    """
    reached = int((totals >= seen).sum())
    share = (1 + reached) / (1 + len(totals))
    if reached:
        return share
    from scipy.stats import norm

    spread = max(float(totals.std(ddof=1)) if len(totals) > 1 else 0.0, 1 / 2)
    return min(share, float(norm.sf((seen - 1 / 2 - float(totals.mean())) / spread)))


def _shifted_hits(clock: _Clock, leader: np.ndarray, *, follower: np.ndarray) -> np.ndarray:
    """Tell which sets are followed under each shift of the follower (shape: shifts, sets)."""
    around = clock.weeks * WEEK
    circle = np.concatenate([follower, follower + around, follower + 2 * around])
    moved = clock.since + (leader - clock.since - clock.shifts[:, None]) % around
    hits: np.ndarray = clock.next_after(moved.ravel(), circle) <= clock.horizon
    return hits.reshape(moved.shape)


def _both(
    clock: _Clock, times: tuple[np.ndarray, np.ndarray], *, names: tuple[str, str]
) -> Iterator[dict[str, object]]:
    """Yield the rows of both directions of one pair."""
    there = _Way.of(clock, times[0], follower=times[1])
    back = _Way.of(clock, times[1], follower=times[0])
    for (leader, follower), (way, other) in (
        (names, (there, back)),
        (names[::-1], (back, there)),
    ):
        if way.sets.sum() == 0 or other.sets.sum() == 0:
            continue
        excess, lead = way.excess(clock.copies), other.excess(clock.copies)
        whole = np.ones((1, clock.weeks))
        value, against = way.excess(whole).item(), other.excess(whole).item()
        low, high = _quantiles(excess)
        lead_low, lead_high = _quantiles(excess - lead)
        yield {
            "leader": leader,
            "follower": follower,
            "sets": way.sets.sum(),
            "followed": way.followed.sum(),
            "expected": way.expected.sum(),
            "excess_per_100": value,
            "excess_low": low,
            "excess_high": high,
            "lag_days": way.lag,
            "p_value": way.p_value,
            "lead_per_100": value - against,
            "lead_low": lead_low,
            "lead_high": lead_high,
        }


def _quantiles(drawn: np.ndarray) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    if len(known) == 0:
        return np.nan, np.nan
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Correct for all ordered pairs, name each finding, and order the rows."""
    if not rows:
        return FOLLOWING.empty()
    frame = pd.DataFrame(rows)
    frame["q_value"] = adjusted(frame["p_value"].to_numpy(), tests=len(frame))
    established = (frame["q_value"] <= FALSE_DISCOVERY_RATE) & (frame["excess_low"] > 0)
    way = frame["leader"] + "\0" + frame["follower"]
    back = frame["follower"] + "\0" + frame["leader"]
    returned = back.isin(way[established])
    frame["finding"] = np.select(
        [established & (frame["lead_low"] > 0), established & returned],
        [FOLLOWS, BOTH_WAYS],
        NOT_ESTABLISHED,
    )
    rank = frame["finding"].map({FOLLOWS: 0, BOTH_WAYS: 1, NOT_ESTABLISHED: 2})
    ordered = frame.assign(rank=rank).sort_values(
        ["rank", "lead_per_100", "leader", "follower"], ascending=[True, False, True, True]
    )
    return FOLLOWING.check(ordered)
