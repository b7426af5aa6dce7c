"""Which handoffs teams mean to have: to a platform, or within a dated interaction.

In:  handoffs, their ``Work``, and the ``TeamStructure`` that a configuration declares.
Out: for each handoff why it is intended, empty where it is not.

    x-as-a-service, from since until until   intended
    collaboration, facilitating              intended while it is time-boxed: it has an end
    nothing said, and the team needed is a platform                    intended

An interaction that has outlived its date intends nothing. The headline counts every handoff,
intended or not: somebody else must still approve. The split stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.team_structure import NEVER

if TYPE_CHECKING:
    from conway.boundaries.team_structure import TeamStructure
    from conway.boundaries.work import Work

PLATFORM = "platform"
SERVICE = "x-as-a-service"


def intentions(work: Work, found: pd.DataFrame, *, structure: TeamStructure) -> np.ndarray:
    """Return for each handoff why it is intended.

    Parameters
    ----------
    work
        Labelled change sets.
    found
        ``set, from_team, to_team`` (schema ``HANDOFFS``).
    structure
        Types of teams, and how pairs mean to work together.

    Returns
    -------
    ndarray
        Text, shape: handoffs. ``platform``, a mode of interaction, or empty.
    """
    times = work.sets["time"].to_numpy()[found["set"].to_numpy()]
    why = np.full(len(found), "", dtype=object)
    pairs = pd.MultiIndex.from_frame(found[["from_team", "to_team"]])
    number, distinct = pd.factorize(pairs)
    for place, (author, needed) in enumerate(distinct):
        teams, rows = (work.teams[author], work.teams[needed]), np.flatnonzero(number == place)
        why[rows] = PLATFORM if structure.types.get(teams[1]) == PLATFORM else ""
        for each in structure.between(*teams):
            holds = (times[rows] >= each.since) & (times[rows] < each.until)
            boxed = each.mode == SERVICE or each.until < NEVER
            why[rows[holds]] = each.mode if boxed else ""
    return why
