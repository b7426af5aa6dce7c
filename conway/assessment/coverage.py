"""What the numbers rest on, and what they leave out.

In:  an ``Assessment``.
Out: rows ``what, count, share, note`` in order.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from conway.boundaries.work import Coverage
from conway.figures import value_of

if TYPE_CHECKING:
    from conway.assessment.assessment import Assessment


def coverage_rows(one: Assessment) -> list[dict[str, Any]]:
    """Return the coverage table."""
    work = one.work
    sets = len(work)
    owned = np.zeros(sets, dtype=bool)
    owned[work.rows.loc[work.rows["owners"] >= 0, "set"].to_numpy()] = True
    known = work.sets["author_team"].to_numpy() >= 0
    active = set(work.rows["service"].tolist()) - {-1}
    services = len(work.services)
    idle = [name for code, name in enumerate(work.services) if code not in active]
    paths = work.rows.drop_duplicates(["set", "path"])
    named = len(one.repositories) + len(one.refused)
    rows = [
        Coverage("repositories read", len(one.repositories), named),
        Coverage(
            "repositories that could not be read", len(one.refused), named, ", ".join(one.refused)
        ),
        *work.coverage,
        Coverage("change sets without an owned file", int((~owned).sum()), sets),
        Coverage(
            "change sets whose author's team is unknown",
            int((~known).sum()),
            sets,
            f"teams of authors: {work.homes.source}",
        ),
        Coverage(
            "change sets whose inferred team is the declared one",
            _right(one),
            one.inference.tested,
            "" if one.inference.tested else str(one.inference.accuracy),
        ),
        Coverage("change sets that count for autonomy", int((owned & known).sum()), sets),
        Coverage("change sets of more than 30 files", int(work.sets["huge"].sum()), sets),
        Coverage("change sets marked as AI-assisted", int(work.sets["ai"].sum()), sets),
        Coverage("touched paths in a service", int((paths["service"] >= 0).sum()), len(paths)),
        Coverage("touched paths with an owner", int((paths["owners"] >= 0).sum()), len(paths)),
        Coverage("services with an owner", sum(team >= 0 for team in work.service_teams), services),
        Coverage("services idle in the window", len(idle), services, ", ".join(idle[:12])),
        *(Coverage(c.what, c.count, c.of, c.note) for c in one.boundaries.imported.counted),
    ]
    return [row.to_json() for row in rows]


def _right(one: Assessment) -> int:
    """Return how many inferred teams are right; 0 where it cannot be tested."""
    share = value_of(one.inference.accuracy)
    return 0 if math.isnan(share) else round(share * one.inference.tested)
