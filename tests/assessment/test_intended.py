"""What teams intend, with what came during and after."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from conway.assessment.intended import intended_json
from conway.boundaries.team_structure import Interaction, TeamStructure
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from tests.works import DAY, START, work_of


def test_during_and_after() -> None:
    """Web needs core from day 0 to 9; what has no end and is no service quiets nothing."""
    work = work_of("B " * 10 + "A", teams={"A": "web", "B": "core"}, authors=["web"] * 11)
    meant = (
        Interaction(("core", "web"), "collaboration", START + 2 * DAY, START + 6 * DAY),
        Interaction(("core", "web"), "collaboration", START + 7 * DAY),
        Interaction(("core", "shop"), "x-as-a-service"),
    )
    one = SimpleNamespace(
        work=work,
        delivery=SimpleNamespace(handoffs=list_handoffs(find_footprints(work))),
        boundaries=SimpleNamespace(structure=TeamStructure({}, {}, meant)),
    )

    rows = intended_json(cast("Any", one))

    assert [(row["quiets"], row["during"], row["after"]) for row in rows] == [
        (True, 4, 4),
        (False, 0, 0),
        (True, 0, 0),
    ]
    assert (rows[0]["since"], rows[0]["until"]) == ("2024-01-03", "2024-01-07")
    assert (rows[2]["since"], rows[2]["until"]) == (None, None)
