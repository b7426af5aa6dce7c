"""The gate for grade B: whether handoffs predict delay in later quarters of this history.

In:  labelled work, and its waits.
Out: ``DelayLink``: how many times as long changes wait per handoff that their kind of work
     needed before, and whether that is established.

What a plan saves is handoffs. That fewer of them make work faster is another claim; it may be
made only where, in this history, work of which much was handed over in the year *before* waits
longer *now* than other work of the same repository, size class and quarter:

    log wait = (repository, size, quarter) + effect * earlier handoffs + rest

``earlier handoffs`` is the mean number of handoffs of change sets by the same team on the same
service in the four quarters before. Teams are resampled whole: what is predicted with differs
by team, not by change. It is established only if both clocks put the whole interval above 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.work import WEEK
from conway.delivery.footprints import find_footprints
from conway.delivery.trend import QUARTER_WEEKS
from conway.delivery.waits.cluster import clustered_ratio, hidden, sums_by
from conway.delivery.waits.effects import contrasts, slope
from conway.delivery.waits.members import CLOCKS, waits_of
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.plan import Plan
    from conway.boundaries.work import Work
    from conway.delivery.waits.measurement import Waits
    from conway.delivery.waits.members import Clock

EARLIER_QUARTERS = 4
FEWEST_EARLIER = 5
"""Change sets of a team on a service below which its earlier handoffs are not known."""


@dataclass(frozen=True, slots=True)
class DelayLink:
    """Whether earlier handoffs predict matched delay.

    Attributes
    ----------
    ratios
        By clock: how many times as long a change waits per earlier handoff.
    changes
        Changes of later quarters that it rests on.
    """

    ratios: Mapping[Clock, Figure]
    changes: int

    @property
    def established(self) -> bool:
        """Whether both clocks put the whole interval above no effect."""
        return all(isinstance(one, Interval) and one.low > 1 for one in self.ratios.values())

    @property
    def text(self) -> str:
        """Say what was found, in one sentence."""
        known = {clock: one for clock, one in self.ratios.items() if isinstance(one, Interval)}
        if len(known) < len(self.ratios):
            reasons = [one.reason for one in self.ratios.values() if isinstance(one, Unknown)]
            reason = reasons[0] if reasons else "too little to resample"
            return f"Whether handoffs predict delay in this history is unknown: {reason}."
        said = ", ".join(f"{one} by {clock} time" for clock, one in known.items())
        if self.established:
            return f"In this history, work that was handed over more waits longer later: {said}."
        return f"It is not established that handoffs predict delay in this history: {said}."


def delay_link(work: Work, waits: Waits, *, seed: int = 0) -> DelayLink:
    """Test whether handoffs predict matched delay in later quarters of this history.

    Parameters
    ----------
    work
        The labelled change sets.
    waits
        Their waits.
    seed
        Seed of the resampled teams.
    """
    merging = waits.merging
    if isinstance(merging, Unknown):
        return DelayLink(dict.fromkeys(CLOCKS, merging), 0)
    rows = _with_earlier(work, merging.members)
    return DelayLink({clock: _ratio(rows, clock, seed=seed) for clock in CLOCKS}, len(rows))


def linked(plan: Plan, link: DelayLink) -> Plan:
    """Return the plan with what the gate says, and grade B where it allows it.

    A move with grade C gets B if handoffs predict delay in this history, and the handoffs
    that the plan saves on held-out work are clearly above none.
    """
    plan = replace(plan, held_out={**plan.held_out, "delay_link": link.text})
    saved = plan.held_out.get("handoffs_per_100")
    if not (link.established and isinstance(saved, Interval) and saved.low > 0):
        return plan
    moves = tuple(replace(one, grade="B") if one.grade == "C" else one for one in plan.moves)
    return replace(plan, moves=moves)


def _with_earlier(work: Work, members: pd.DataFrame) -> pd.DataFrame:
    """Add ``team, earlier`` to the members whose kind of work has earlier handoffs."""
    prints = find_footprints(work)
    handoffs = pd.Series(prints.handoffs, index=prints.sets)
    cells = work.rows.loc[work.rows["service"] >= 0, ["set", "service"]].drop_duplicates()
    cells = cells[cells["set"].isin(handoffs.index)]
    quarter = (work.sets["time"].to_numpy() - work.since) // (QUARTER_WEEKS * WEEK)
    sets = cells["set"].to_numpy()
    cells = cells.assign(
        team=work.sets["author_team"].to_numpy()[sets],
        quarter=quarter[sets],
        handoffs=handoffs.reindex(sets).to_numpy(),
    )
    by = ["team", "service", "quarter"]
    sums = cells.groupby(by, as_index=False)["handoffs"].agg(["sum", "size"])
    past = pd.concat(
        [sums.assign(quarter=sums["quarter"] + later) for later in range(1, EARLIER_QUARTERS + 1)]
    )
    past = past.groupby(by, as_index=False)[["sum", "size"]].sum()
    past = past[past["size"] >= FEWEST_EARLIER]
    past = past.assign(earlier=past["sum"] / past["size"])
    kinds = cells[["set", "service", "team"]]
    now = members.merge(kinds, on="set").merge(past, on=by)
    keys = ["repository", "change"]
    earlier = now.groupby(keys, as_index=False).agg(
        earlier=("earlier", "mean"), team=("team", "first")
    )
    return members.merge(earlier, on=keys)


def _ratio(rows: pd.DataFrame, clock: Clock, *, seed: int) -> Figure:
    """Return how many times as long changes wait per earlier handoff."""
    if rows.empty:
        return Unknown("no team's work on a service is known for long enough")
    if (reason := hidden(rows["person"].to_numpy())) is not None:
        return reason
    strata = rows.groupby(["repository", "size", "quarter"], sort=False).ngroup().to_numpy()
    terms = contrasts(
        waits_of(rows, clock),
        rows["earlier"].to_numpy(),
        paths=rows["paths"].to_numpy(),
        strata=strata,
    )
    team = rows["team"].to_numpy()
    bearing = np.isin(team, np.unique(team[terms[:, 0] > 0]))
    sums = sums_by(team[bearing], terms[bearing])
    return clustered_ratio(sums, estimate=slope, weights=sums[:, 0], seed=seed, of="teams")
