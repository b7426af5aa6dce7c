"""How past reorganisations are measured: windows and thresholds with their reasons."""

from __future__ import annotations

from dataclasses import dataclass

from conway.boundaries.work import WEEK

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class LookBackOptions:
    """Windows and thresholds.

    Attributes
    ----------
    before_weeks, after_weeks
        Weeks compared on both sides of an event; half a year each, so that a season of
        releases is on either side.
    fewest_weeks
        An event with fewer weeks on a side is not measured.
    fewest_sets
        A service with fewer change sets on a side is not measured; one that touches several
        services counts for each by its share.
    neighbours
        At most so many services that stayed are compared with one that moved.
    caliper
        Largest distance to any of them, in standard deviations of level and trend.
    settled
        An owner that holds a service for fewer seconds was an edit of a file, not a
        reorganisation.
    en_bloc
        A team whose services go to one other team, this share of them or more, was renamed
        or merged as a whole.
    placebos
        Fake reorganisations drawn for each interval.
    step_weeks, most_dates
        Fake dates are so many weeks apart, and at most so many.
    fewest_placebos
        Fewer differences of services that stayed than this tell nothing of chance.
    """

    before_weeks: int = 26
    after_weeks: int = 26
    fewest_weeks: int = 13
    fewest_sets: float = 5
    neighbours: int = 5
    caliper: float = 1.0
    settled: int = 28 * DAY
    en_bloc: float = 0.8
    placebos: int = 400
    step_weeks: int = 2
    most_dates: int = 80
    fewest_placebos: int = 40

    @property
    def before(self) -> int:
        """Seconds before an event."""
        return self.before_weeks * WEEK

    @property
    def after(self) -> int:
        """Seconds after an event."""
        return self.after_weeks * WEEK
