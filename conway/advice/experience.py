"""Who has worked where: what a receiving team must know before it is a target.

In:  ``Work`` (its authors' teams).
Out: change sets and people of each team by service, by approval rule, by folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Experience:
    """How many change sets and people of each team touched each thing.

    Attributes
    ----------
    by_team
        Index: (thing, team code). Columns: ``sets``, ``people``.
    sets
        Change sets with a known author's team by thing.
    """

    by_team: pd.DataFrame
    sets: pd.Series

    def share(self, thing: object, team: int) -> float:
        """Return the team's share of the change sets that touched ``thing``."""
        total = int(self.sets.get(thing, 0))
        return self.count(thing, team) / total if total else 0.0

    def count(self, thing: object, team: int) -> int:
        """Return how many change sets of the team touched ``thing``."""
        return self._value(thing, team, column="sets")

    def people(self, thing: object, team: int) -> int:
        """Return how many people of the team touched ``thing``."""
        return self._value(thing, team, column="people")

    def teams(self, thing: object) -> list[int]:
        """Return the teams that touched ``thing``, those with most change sets first."""
        if thing not in self.sets.index:
            return []
        part = self.by_team.loc[thing]
        return [int(team) for team in part.sort_values("sets", ascending=False, kind="stable").index]

    def _value(self, thing: object, team: int, *, column: str) -> int:
        key = (thing, team)
        return int(self.by_team.at[key, column]) if key in self.by_team.index else 0


def experience(work: Work, things: pd.Series) -> Experience:
    """Count by team who touched what.

    Parameters
    ----------
    work
        Labelled change sets.
    things
        For rows of ``work.rows`` (by index) the thing that they touch.
    """
    touched = pd.DataFrame({"set": work.rows.loc[things.index, "set"], "thing": things})
    touched = touched.drop_duplicates()
    people = work.sets[["author", "author_team"]]
    touched = touched.join(people, on="set")
    touched = touched[touched["author_team"] >= 0]
    groups = touched.groupby(["thing", "author_team"], sort=True)
    by_team = groups.agg(sets=("set", "size"), people=("author", "nunique"))
    return Experience(by_team, touched.groupby("thing", sort=True)["set"].size())


def team_people(work: Work) -> dict[int, int]:
    """Return how many people of each team wrote a change set."""
    known = work.sets[work.sets["author_team"] >= 0]
    counts = known.groupby("author_team")["author"].nunique()
    return {int(team): int(people) for team, people in counts.items()}
