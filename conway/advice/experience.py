"""Who has worked where: what a receiving team must know before it is a target.

In:  ``Work`` (its authors' teams).
Out: change sets and people of each team by service, by approval rule, by folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.boundaries.work import Work


@dataclass(frozen=True, eq=False)
class Experience:
    """How many change sets and people of each team touched each thing.

    Attributes
    ----------
    by_team
        Thing to team code to change sets and people.
    """

    by_team: Mapping[int, Mapping[int, tuple[int, int]]]

    def share(self, thing: int, team: int) -> float:
        """Return the team's share of the change sets that touched ``thing``."""
        total = self.total(thing)
        return self.count(thing, team) / total if total else 0.0

    def total(self, thing: int) -> int:
        """Return how many change sets with a known author's team touched ``thing``."""
        return sum(sets for sets, _ in self.by_team.get(thing, {}).values())

    def count(self, thing: int, team: int) -> int:
        """Return how many change sets of the team touched ``thing``."""
        return self.by_team.get(thing, {}).get(team, (0, 0))[0]

    def people(self, thing: int, team: int) -> int:
        """Return how many people of the team touched ``thing``."""
        return self.by_team.get(thing, {}).get(team, (0, 0))[1]

    def teams(self, thing: int) -> list[int]:
        """Return the teams that touched ``thing``, those with most change sets first."""
        found = self.by_team.get(thing, {})
        return sorted(found, key=lambda team: (-found[team][0], team))


def count_experience(work: Work, things: pd.Series) -> Experience:
    """Count by team who touched what.

    Parameters
    ----------
    work
        Labelled change sets; those whose author's team is unknown are left out.
    things
        For rows of ``work.rows`` (by index) the code of the thing that they touch.
    """
    touched = pd.DataFrame({"set": work.rows.loc[things.index, "set"], "thing": things})
    touched = touched.drop_duplicates().join(work.sets[["author", "author_team"]], on="set")
    touched = touched[touched["author_team"] >= 0]
    groups = touched.groupby(["thing", "author_team"], sort=True, as_index=False)
    counts = groups.agg(sets=("set", "size"), people=("author", "nunique"))
    by_team: dict[int, dict[int, tuple[int, int]]] = {}
    for thing, team, sets, people in counts.itertuples(index=False, name=None):
        by_team.setdefault(int(thing), {})[int(team)] = (int(sets), int(people))
    return Experience(by_team)


def team_people(work: Work) -> dict[int, int]:
    """Return how many people of each team wrote a change set."""
    known = work.sets.loc[work.sets["author_team"] >= 0, ["author_team", "author"]]
    counts = known.drop_duplicates()["author_team"].value_counts(sort=False)
    return {int(str(team)): int(people) for team, people in counts.items()}
