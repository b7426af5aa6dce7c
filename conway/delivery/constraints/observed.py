"""What the measures of the four constraints look at, and the statistics that they share.

In:  one measurement, its history and the imported tables.
Out: ``Observed``: changes with their week and team; medians, means and shares with intervals
     over whole weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK
from conway.delivery.constraints.medians import weighted_medians
from conway.delivery.weeks import Resampling, interval, weekly
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.delivery.measurement import Delivery
    from conway.history.record import History

HOUR = 3600
DAY = 24 * HOUR
FEWEST_PEOPLE = 5
FEWEST_ROWS = 20
FEW_PEOPLE = f"fewer than {FEWEST_PEOPLE} people"


@dataclass(frozen=True, eq=False)
class Observed:
    """One measurement, with the tables that came from elsewhere.

    Attributes
    ----------
    history, boundaries
        What was read, and where services and teams are.
    delivery
        Footprints, handoffs and lockstep of the window.
    dependencies
        Declared dependencies (schema ``DEPENDENCIES``).
    resampling
        Resampled weeks of the window.
    """

    history: History
    boundaries: Boundaries
    delivery: Delivery
    dependencies: pd.DataFrame
    resampling: Resampling

    @classmethod
    def of(
        cls,
        history: History,
        boundaries: Boundaries,
        *,
        delivery: Delivery,
        dependencies: pd.DataFrame,
        seed: int = 0,
    ) -> Observed:
        """Return what the measures look at, with weeks resampled from ``seed``."""
        resampling = Resampling.of(delivery.work.week_count, seed=seed)
        return cls(history, boundaries, delivery, dependencies, resampling)

    @property
    def work(self) -> Work:
        """The labelled change sets."""
        return self.delivery.work

    @cached_property
    def changes(self) -> pd.DataFrame:
        """``set, repository, change, merged, week, team, author`` of each selected change."""
        work = self.work
        clocks = self.history.changes[["repository", "change", "committer_time"]]
        rows = work.members.merge(clocks, on=["repository", "change"], how="left")
        number = rows["set"].to_numpy()
        return rows.rename(columns={"committer_time": "merged"}).assign(
            week=work.weeks[number],
            team=work.sets["author_team"].to_numpy()[number],
            author=work.sets["author"].to_numpy()[number],
        )

    def weeks_of(self, times: pd.Series) -> np.ndarray:
        """Return the week of each time, counted from the start of the window."""
        found: np.ndarray = ((times.to_numpy(dtype=np.int64) - self.work.since) // WEEK).astype(
            np.int64
        )
        return found

    def inside(self, times: pd.Series) -> np.ndarray:
        """Whether each time is known and in the window (shape: times)."""
        known = times.fillna(-1).to_numpy(dtype=np.int64)
        within: np.ndarray = (known >= self.work.since) & (known < self.work.until)
        return within

    def median(
        self, values: np.ndarray, weeks: np.ndarray, *, ended: np.ndarray | None = None
    ) -> Figure:
        """Return a median with its interval; what has not ended counts as lasting longer.

        Parameters
        ----------
        values
            Durations or sizes (shape: values).
        weeks
            The week of each.
        ended
            Whether each duration has ended (Kaplan and Meier 1958); by default all have.
        """
        if len(values) < FEWEST_ROWS:
            return Unknown(f"only {len(values)} to count; at least {FEWEST_ROWS} are needed")
        done = np.ones(len(values), dtype=bool) if ended is None else ended
        value = float(weighted_medians(values, done)[0])
        if not np.isfinite(value):
            return Unknown("more than half have not ended when the window ends")
        drawn = weighted_medians(values, done, copies=self.resampling.copies, groups=weeks)
        return interval(value, drawn[np.isfinite(drawn)], weeks=len(np.unique(weeks)))

    def mean(self, values: np.ndarray, weeks: np.ndarray, *, scale: float = 1) -> Figure:
        """Return ``scale`` times a mean, or share, with its interval."""
        if len(values) < FEWEST_ROWS:
            return Unknown(f"only {len(values)} to count; at least {FEWEST_ROWS} are needed")
        count = self.work.week_count
        above = weekly(weeks, np.asarray(values, dtype=np.float64), count=count)
        below = weekly(weeks, np.ones(len(weeks)), count=count)
        return self.resampling.ratio(above, below, scale=scale)

    def per_week(self, weeks: np.ndarray) -> Figure:
        """Return how many a week has on average, with its interval."""
        count = self.work.week_count
        ones = np.ones(count)
        return self.resampling.ratio(weekly(weeks, np.ones(len(weeks)), count=count), ones)

    def by_team(self, sets: np.ndarray, values: np.ndarray) -> tuple[tuple[str, float, int], ...]:
        """Return the mean of a value of change sets by author's team, in order of name.

        Teams with fewer than 20 change sets, or fewer than 5 authors, are left out.
        """
        work = self.work
        frame = pd.DataFrame(
            {
                "team": work.sets["author_team"].to_numpy()[sets],
                "author": work.sets["author"].to_numpy()[sets],
                "value": values,
            }
        )
        found = (
            frame[frame["team"] >= 0]
            .groupby("team")
            .agg(mean=("value", "mean"), sets=("value", "size"), people=("author", "nunique"))
        )
        found = found[(found["sets"] >= FEWEST_ROWS) & (found["people"] >= FEWEST_PEOPLE)]
        return tuple(
            (work.teams[int(team)], float(mean), int(count))
            for team, mean, count in zip(found.index, found["mean"], found["sets"], strict=True)
        )
