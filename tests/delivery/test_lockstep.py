"""What must be released together: by hand, and as a sum that is the headline's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conway.delivery.footprints import find_footprints
from conway.delivery.lockstep import service_lockstep, unit_lockstep, unit_reach
from conway.delivery.measurement import service_lanes
from tests.works import work_of

TEAMS = dict.fromkeys("ABCDE", "t1")
TRAIN = {"A": "train", "B": "train"}


def test_trains_are_one_unit() -> None:
    """A and B share a train: AB needs no second release, AC and ABC need one."""
    work = work_of("AB AC ABC C", teams=TEAMS, units=TRAIN)
    prints = find_footprints(work)
    found = unit_lockstep(prints)

    assert work.units[:2] == ("C", "D")
    names = [(work.units[a], work.units[b]) for a, b in found[["unit_a", "unit_b"]].to_numpy()]
    assert names == [("C", "train")]
    assert found[["changes", "weight"]].to_numpy().tolist() == [[2, 2.0]]
    assert [one[work.units.index("train")] for one in unit_reach(prints)] == [3, 2]


def test_services_of_two_units() -> None:
    """A with C twice, B with C once; A with B is one train and no lockstep."""
    work = work_of("AB AC ABC C", teams=TEAMS, units=TRAIN)
    units = np.array([work.units.index(TRAIN.get(name, name)) for name in work.services])
    found = service_lockstep(work, find_footprints(work), touched=service_lanes(work), units=units)

    assert found.to_numpy().tolist() == [[0, 2, 2], [1, 2, 1]]


@settings(max_examples=30)
@given(st.lists(st.sets(st.sampled_from("ABCDE"), min_size=1), min_size=1, max_size=20))
def test_pairs_add_up_to_the_headline(sets: list[set[str]]) -> None:
    """Each set's pairs weigh its units beyond the first."""
    work = work_of(" ".join("".join(sorted(one)) for one in sets), teams=TEAMS, units=TRAIN)
    prints = find_footprints(work)

    assert unit_lockstep(prints)["weight"].sum() == pytest.approx(prints.lockstep.sum())
