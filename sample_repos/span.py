"""The weeks that a sample covers: shares of them go in, times at work come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample_repos.dice import Dice

DAY = 24 * 3600
WEEK = 7 * DAY


@dataclass(frozen=True)
class Span:
    """So many weeks from a Monday, midnight UTC."""

    start: int
    weeks: int

    def week(self, at: int) -> float:
        """Return how many weeks have passed at a time."""
        return (at - self.start) / WEEK

    def morning(self, week: int) -> int:
        """Return nine o'clock on the Wednesday of a week."""
        return self.start + week * WEEK + 2 * DAY + 9 * 3600

    def workday(self, fraction: float, *, dice: Dice, since: int = 0) -> int:
        """Return a time at work: a share of the weeks after ``since``, in seconds."""
        day = int((since + fraction * (self.weeks - since)) * 7)
        day -= max(0, day % 7 - 4)  # what falls on a weekend is done on Friday
        return self.start + day * DAY + 8 * 3600 + int(dice.fraction() * 10 * 3600)
