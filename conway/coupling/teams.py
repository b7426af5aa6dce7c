"""Which teams' services change together, and which release units do.

In:  ``Work``.
Out: ``COUPLING`` with teams, or release units, in the place of services.

A team is touched by a change set if it owns, as of the change, a service that the set
touches. This is about code, whoever wrote it; who needs whose approval is a handoff.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.coupling.cochange import entity_pairs

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work


def team_pairs(work: Work) -> pd.DataFrame:
    """Return every pair of teams whose services changed together (schema ``COUPLING``)."""
    return entity_pairs(work, "service_team")


def unit_pairs(work: Work) -> pd.DataFrame:
    """Return every pair of release units that changed together (schema ``COUPLING``)."""
    return entity_pairs(work, "unit")
