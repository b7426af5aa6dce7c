"""What the rules look at: one measurement of one organisation.

In:  ``Work``, its coupling, its clusters, its handoffs, and what teams intend.
Out: ``Measured``, with what several rules need: the evidence behind change sets,
     strengths with their intervals, what is over, and what is intended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.team_structure import TeamStructure
from conway.delivery.footprints import counted_sets
from conway.delivery.handoffs import handoff_rows
from conway.delivery.weeks import Resampling, weekly
from conway.figures import Figure, Interval

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work
    from conway.coupling.clusters import Clusters

MOST_SETS = 50
MOST_NAMES = 10

LATELY = 26 * 7 * 24 * 3600
"""Seconds before the window's end in which a finding must have happened once more."""

FEW_SERVICES = 4
"""A change set of more services is a sweep, as one of more repositories is in waits."""


@dataclass(frozen=True, eq=False)
class Measured:
    """One measurement of one organisation.

    Attributes
    ----------
    work
        The selected change sets; ``work.sets.author_team`` is the authors' team.
    pairs
        Pairs of services (schema ``COUPLING``).
    clusters
        Groups of services that change together.
    handoffs
        Teams that change sets need beyond their author's (schema ``HANDOFFS``).
    structure
        How pairs of teams mean to work together.
    """

    work: Work
    pairs: pd.DataFrame
    clusters: Clusters
    handoffs: pd.DataFrame
    structure: TeamStructure = field(default_factory=TeamStructure)

    @cached_property
    def unintended(self) -> pd.DataFrame:
        """The handoffs between teams that did not mean to work together then."""
        rows = self.handoffs
        if not self.structure.interactions or rows.empty:
            return rows
        columns = (rows[name].tolist() for name in ("from_team", "to_team", "set"))
        meant = [self._meant((one, other), at) for one, other, at in zip(*columns, strict=True)]
        return rows[~np.array(meant, dtype=bool)]

    def not_meant(self, sets: np.ndarray, *, teams: tuple[int, int]) -> np.ndarray:
        """Return those of the sets that came when two teams did not mean to work together."""
        if min(teams) < 0 or teams[0] == teams[1] or not self.structure.interactions:
            return sets
        kept = [not self._meant(teams, number) for number in sets.tolist()]
        return np.asarray(sets[np.array(kept, dtype=bool)])

    def _meant(self, teams: tuple[int, int], number: int) -> bool:
        one, other = (self.work.teams[team] for team in teams)
        return self.structure.quiets(one, other, at=int(self.work.sets["time"].iloc[number]))

    def goes_on(self, sets: np.ndarray) -> bool:
        """Tell whether any of the sets came in the last 26 weeks of the window."""
        times = self.work.sets["time"].to_numpy()[sets]
        return bool((times >= self.work.until - LATELY).any())

    @cached_property
    def sweeps(self) -> np.ndarray:
        """Which change sets touch more than ``FEW_SERVICES`` services (shape: sets)."""
        many = np.bincount(self.touches["set"], minlength=len(self.work))
        return np.asarray(many > FEW_SERVICES)

    @cached_property
    def asked(self) -> pd.DataFrame:
        """The paths behind each handoff (schema ``HANDOFF_ROWS``)."""
        return handoff_rows(self.work, self.handoffs)

    @cached_property
    def counted(self) -> np.ndarray:
        """Which change sets count in handoffs (shape: sets)."""
        return counted_sets(self.work)

    @cached_property
    def touches(self) -> pd.DataFrame:
        """``set, service, author_team, owner``: services of each change set, owner then."""
        known = self.work.rows[self.work.rows["service"] >= 0]
        rows = known[["set", "service", "service_team"]].drop_duplicates(["set", "service"])
        authors = self.work.sets["author_team"].to_numpy()
        return rows.rename(columns={"service_team": "owner"}).assign(
            author_team=authors[rows["set"].to_numpy()]
        )

    def joint_sets(self, services: tuple[int, int]) -> np.ndarray:
        """Return the change sets that touch both services, not huge, repeated or intended ones."""
        touches, work = self.touches, self.work
        first, second = (
            touches.loc[touches["service"] == service, "set"].to_numpy() for service in services
        )
        both = np.intersect1d(first, second)
        owners = work.service_teams[services[0]], work.service_teams[services[1]]
        return self.not_meant(both[work.pairable[both]], teams=owners)

    @cached_property
    def files(self) -> dict[int, pd.DataFrame]:
        """``set, entity`` of each service that was touched, by its code."""
        rows = self.work.rows
        known = rows.loc[rows["service"] >= 0, ["service", "set", "entity"]].drop_duplicates()
        return {
            int(mine["service"].iloc[0]): mine[["set", "entity"]]
            for _, mine in known.groupby("service")
        }

    @cached_property
    def _resampling(self) -> Resampling:
        return Resampling.of(self.work.week_count)

    def handoffs_per_100(self, sets: np.ndarray, weights: np.ndarray) -> Figure:
        """Return handoffs (their sets and weights) per 100 change sets that count."""
        return self._per_100(sets, weights, base=np.flatnonzero(self.counted))

    def sets_per_100(self, sets: np.ndarray) -> Figure:
        """Return these change sets per 100."""
        return self._per_100(sets, np.ones(len(sets)), base=np.arange(len(self.work)))

    def _per_100(self, sets: np.ndarray, weights: np.ndarray, *, base: np.ndarray) -> Figure:
        weeks, count = self.work.weeks, self.work.week_count
        above = weekly(weeks[sets], weights, count=count)
        below = weekly(weeks[base], np.ones(len(base)), count=count)
        return self._resampling.ratio(above, below, scale=100)

    def set_ids(self, sets: np.ndarray) -> list[str]:
        """Return the ids of change sets, the latest first, at most ``MOST_SETS``."""
        names = self.work.sets["change_set"]
        latest = np.unique(sets)[::-1][:MOST_SETS]
        return [str(names.iloc[number]) for number in latest.tolist()]

    def counts(
        self, rows: pd.DataFrame, column: str, *, names: tuple[str, ...], key: str = "name"
    ) -> list[dict[str, object]]:
        """Count change sets by the codes in a column: the commonest first, then by name.

        Parameters
        ----------
        rows
            With ``set`` and the column.
        column
            Codes that index ``names``; negative ones are left out.
        names
            What the codes mean.
        key
            Name of the text in the result: ``path`` for files.
        """
        cells = rows.loc[rows[column] >= 0, ["set", column]].drop_duplicates()
        counted = cells[column].value_counts()
        listed = sorted((-int(many), names[int(str(code))]) for code, many in counted.items())
        return [{key: name, "changes": -many} for many, name in listed[:MOST_NAMES]]


def wilson(hits: int, trials: int, *, level: float = 0.95) -> Interval:
    """Return a share with its Wilson score interval.

    Examples
    --------
    >>> print(wilson(8, 10))
    0.8 [0.4902, 0.9433]
    """
    from scipy.stats import norm

    z = float(norm.ppf((1 + level) / 2))
    share = hits / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = (
        z
        / (1 + z * z / trials)
        * float(np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)))
    )
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half), level)
