"""In which ways teams need each other, and how that moved from quarter to quarter.

In:  an ``Assessment``.
Out: ``handoff_ways`` and ``handoff_trend`` of ``assess.json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from conway.assessment.dates import day
from conway.delivery.intended import intentions
from conway.delivery.needs import pair_teams, pairs_by_quarter
from conway.delivery.weeks import Resampling, weekly
from conway.delivery.writers import joint_work, several_commits
from conway.figures import Figure, Unknown, figure_json, rounded

if TYPE_CHECKING:
    import pandas as pd

    from conway.assessment.assessment import Assessment

NO_SECOND_AUTHOR = "each counted change set holds one commit (squashed, or made one by one)"


@dataclass(frozen=True, eq=False)
class Needs:
    """Pairs of teams, and what they are counted from.

    Attributes
    ----------
    pairs
        Schema ``NEEDS``.
    why
        For each handoff why it is intended.
    joint
        Counted change sets in which a second team wrote.
    several
        Counted change sets of more than one commit.
    """

    pairs: pd.DataFrame
    why: np.ndarray
    joint: pd.DataFrame
    several: int

    @classmethod
    def of(cls, one: Assessment) -> Needs:
        """Count the pairs of an assessment."""
        work, found = one.work, one.delivery.handoffs
        counted = np.zeros(len(work), dtype=bool)
        counted[one.delivery.prints.sets] = True
        why = intentions(work, found, structure=one.boundaries.structure)
        joint = joint_work(work, one.writers)
        joint = joint[counted[joint["set"].to_numpy()]]
        several = int(counted[several_commits(one.writers)].sum())
        return cls(pair_teams(work, found, why=why, joint=joint), why, joint, several)

    def written(self, count: int) -> object:
        """Return a count of jointly written sets, or why there is none."""
        return count if self.several else figure_json(Unknown(NO_SECOND_AUTHOR))

    def rates(self, one: Assessment) -> list[Figure]:
        """Return the handoffs per 100 change sets of each pair (shape: pairs)."""
        work, found, teams = one.work, one.delivery.handoffs, len(one.work.teams)
        code = self.pairs["from_team"].to_numpy() * teams + self.pairs["to_team"].to_numpy()
        place = np.searchsorted(code, found["from_team"] * teams + found["to_team"])
        shape = (len(code), work.week_count)
        weeks = work.weeks[found["set"].to_numpy()]
        cells = sparse.coo_array((found["weight"].to_numpy(), (place, weeks)), shape=shape)
        return _resampling(one).ratios(cells.toarray(), _counted_by_week(one), scale=100)


def handoff_ways_json(one: Assessment) -> dict[str, Any]:
    """Return how often teams need each other through approval, by intention, by authorship."""
    needs, found = Needs.of(one), one.delivery.handoffs
    sets, weight = found["set"].to_numpy(), found["weight"].to_numpy()
    meant, joint = needs.why != "", needs.joint
    written = _rate(one, sets=joint["set"].to_numpy(), values=np.ones(len(joint)))
    return {
        "approval_per_100": figure_json(_rate(one, sets=sets, values=weight)),
        "intended_per_100": figure_json(_rate(one, sets=sets, values=weight * meant)),
        "unintended_per_100": figure_json(_rate(one, sets=sets, values=weight * ~meant)),
        "written_per_100": figure_json(written if needs.several else Unknown(NO_SECOND_AUTHOR)),
        "sets_of_several_commits": needs.several,
        "counted": len(one.delivery.prints.sets),
    }


def _rate(one: Assessment, *, sets: np.ndarray, values: np.ndarray) -> Figure:
    """Return the sum of some values per 100 counted change sets."""
    work = one.work
    total = weekly(work.weeks[sets], values, count=work.week_count)
    return _resampling(one).ratio(total, _counted_by_week(one), scale=100)


def _counted_by_week(one: Assessment) -> np.ndarray:
    weeks = one.work.weeks[one.delivery.prints.sets]
    return weekly(weeks, np.ones(len(weeks)), count=one.work.week_count)


def _resampling(one: Assessment) -> Resampling:
    """Return the draws of the headline."""
    return Resampling.of(one.work.week_count, seed=one.seed)


def handoff_trend_json(one: Assessment) -> list[dict[str, Any]]:
    """List handoffs by pair of teams and quarter; a quarter without one has no row."""
    teams = one.work.teams
    rows = pairs_by_quarter(one.work, one.delivery.prints, found=one.delivery.handoffs)
    return [
        {
            "from": teams[row["from_team"]],
            "to": teams[row["to_team"]],
            "since": day(row["since"]),
            "until": day(row["until"] - 1),
            "changes": row["changes"],
            "per_100": rounded(100 * row["weight"] / row["of"]),
            "of": row["of"],
        }
        for row in rows.to_dict("records")
    ]
