"""The selected work of a history, labelled with services, release units and teams.

This is what every later stage measures: integers that index names, so that one
measure serves services, release units and teams. Moves are replayed on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.homes import Homes

if TYPE_CHECKING:
    import pandas as pd

WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Coverage:
    """One row of the coverage table: what was counted, how many, of how many."""

    what: str
    count: int
    of: int
    note: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the row as ``what, count, share, note``."""
        share = self.count / self.of if self.of else 0.0
        return {"what": self.what, "count": self.count, "share": share, "note": self.note}


@dataclass(frozen=True, eq=False)
class Work:
    """Change sets and the paths they touch, every path labelled as of its change.

    Attributes
    ----------
    sets
        Schema ``CHANGE_SETS``, ordered by time, then name.
    rows
        Schema ``TOUCHED``, ordered by set, then path. Each set has at least one row
        whose service is known.
    members
        ``set, repository, change, position``: the changes that each set joins.
    paths, services, units, teams
        Names by code. A path of one repository among several reads ``repository:path``.
    owners
        By code: the sorted team codes that may each approve (alternatives).
    rules
        By code: the pattern of the approval rule.
    service_teams
        By service code: the team that owns it at the end of the window, -1 none.
    homes
        The team of each author as of any time.
    since, until
        Seconds; ``since <= time < until``.
    coverage
        What was selected and what was left out, in order of the coverage table.
    """

    sets: pd.DataFrame
    rows: pd.DataFrame
    members: pd.DataFrame
    paths: tuple[str, ...]
    services: tuple[str, ...]
    units: tuple[str, ...]
    teams: tuple[str, ...]
    owners: tuple[tuple[int, ...], ...]
    service_teams: tuple[int, ...]
    since: int
    until: int
    rules: tuple[str, ...] = ()
    homes: Homes = field(default_factory=lambda: Homes({}))
    coverage: tuple[Coverage, ...] = ()

    def __len__(self) -> int:
        """Number of change sets."""
        return len(self.sets)

    @property
    def weeks(self) -> np.ndarray:
        """Week of each change set, counted from ``since`` (shape: sets)."""
        return ((self.sets["time"].to_numpy() - self.since) // WEEK).astype(np.int64)

    @property
    def pairable(self) -> np.ndarray:
        """Which change sets count in pair graphs: not huge, no revert, no pick (shape: sets)."""
        left_out = self.sets["huge"].to_numpy() | self.sets["repeat"].to_numpy()
        pairable: np.ndarray = ~left_out
        return pairable

    @property
    def week_count(self) -> int:
        """Weeks in the window, a begun one counted whole."""
        return max(1, -(-(self.until - self.since) // WEEK))

    def between(self, since: int, until: int) -> Work:
        """Return the work whose change sets have ``since <= time < until``.

        Owners of services are those of the last change before ``until``.
        """
        times = self.sets["time"].to_numpy()
        part = self.keep((times >= since) & (times < until))
        teams = self.service_teams if until >= self.until else self._teams_at(until)
        return replace(part, since=since, until=until, service_teams=teams)

    def _teams_at(self, time: int) -> tuple[int, ...]:
        """Return the owner of each service as of its last change before ``time``."""
        early = self.sets["time"].to_numpy()[self.rows["set"].to_numpy()] < time
        rows = self.rows[early & (self.rows["service"] >= 0).to_numpy()]
        last = rows.groupby("service")["service_team"].last()
        return tuple(
            int(last.get(service, team)) for service, team in enumerate(self.service_teams)
        )

    def keep(self, mask: np.ndarray) -> Work:
        """Return the work of the change sets where ``mask`` (shape: sets) is true."""
        number = np.cumsum(mask) - 1
        rows = self.rows[mask[self.rows["set"].to_numpy()]]
        members = self.members[mask[self.members["set"].to_numpy()]]
        return replace(
            self,
            sets=self.sets[mask].reset_index(drop=True),
            rows=rows.assign(set=number[rows["set"].to_numpy()]).reset_index(drop=True),
            members=members.assign(set=number[members["set"].to_numpy()]).reset_index(drop=True),
        )
