"""The gate for grade B: earlier handoffs and later waits, planted and not."""

from __future__ import annotations

import numpy as np
import pytest

from conway.advice.delay import delay_link, linked
from conway.advice.recommendation import _nothing
from conway.delivery.waits.measurement import Waits, measure_waits
from conway.figures import Interval, Unknown, value_of
from tests.delivery.waits_branches import Branch, history_of, work_of

TEAMS = 12
QUARTER = 13 * 7 * 24
OWNERS = {f"r{n:02d}": f"t{n:02d}" for n in range(TEAMS)}


def guests(*, cost: float, quarters: int = 5) -> list[Branch]:
    """Return work of each team at home, and of a third as much at its neighbour's."""
    rng = np.random.default_rng(5)
    branches = []
    for number in range(quarters * 9 * TEAMS):
        step, team = divmod(number, TEAMS)
        quarter, place = divmod(step, 9)
        guest = place % 3 == 2
        home = (team + 1) % TEAMS if guest else team
        hour = quarter * QUARTER + place * QUARTER / 9 + team
        wait = (1 + home) * (cost if guest else 1) * float(np.exp(rng.normal(0, 0.5)))
        branches.append(Branch(f"r{home:02d}", f"p{team:02d}-{place % 2}", "", hour, hour + wait))
    return branches


@pytest.mark.slow
@pytest.mark.parametrize(("cost", "established"), [(2.0, True), (1.0, False), (0.5, False)])
def test_the_gate_opens_where_handed_over_work_waits(cost: float, *, established: bool) -> None:
    """Work at a neighbour's, which must approve it, waits that many times as long."""
    history = history_of(guests(cost=cost))
    work = work_of(history, teams=OWNERS)

    link = delay_link(work, measure_waits(history, work))

    assert link.established is established
    assert ("not established" in link.text) is not established
    for ratio in link.ratios.values():
        assert isinstance(ratio, Interval)
        assert ratio.value == pytest.approx(cost, rel=0.15)
    assert link.changes > 200


def test_what_is_unknown_stays_so() -> None:
    """Without waits, or with few teams, the gate is shut and says why."""
    history = history_of(guests(cost=3))
    work = work_of(history, teams=OWNERS)
    few = work_of(history, teams={name: f"t{int(name[1:]) % 4}" for name in OWNERS})

    shut = delay_link(work, Waits.unknown("squashed"))
    small = delay_link(few, measure_waits(history, few))

    assert (shut.established, shut.text) == (
        False,
        "Whether handoffs predict delay in this history is unknown: squashed.",
    )
    assert (small.established, "only 4 teams" in small.text) == (False, True)
    assert np.isnan(value_of(shut.ratios["author"]))


def test_a_plan_says_what_the_gate_said() -> None:
    """Also where nothing is advised."""
    work = work_of(history_of(guests(cost=1, quarters=1)))

    plan = linked(_nothing("nothing"), delay_link(work, Waits.unknown("no merges")))

    assert plan.to_json()["plan"]["held_out"]["delay_link"].endswith("no merges.")
    assert isinstance(plan.held_out["gain"], Unknown)
