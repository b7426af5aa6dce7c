"""Work under fixed boundaries, and differences in differences by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from conway.advice.lookback.chance import Chance
from conway.advice.lookback.fixed import FixedWork
from conway.advice.lookback.levels import Differences, Levels, differences
from conway.advice.lookback.options import LookBackOptions
from conway.advice.moves import Reassign
from conway.advice.relabelling import replay
from conway.delivery.footprints import find_footprints
from tests.works import work_of

OPTIONS = LookBackOptions(fewest_sets=1)
TEAMS = {"A": "t1", "B": "t2", "C": "t3"}


def levels_of(before: list[float], after: list[float], *, sets: float = 100) -> Levels:
    """Return levels of services with the same number of change sets on each side."""
    ones = np.full(len(before), sets)
    trend = np.zeros(len(before))
    return Levels(ones, ones, 1 / ones, 1 / ones, np.array(before), np.array(after), trend, 4.0)


def test_difference_in_differences_by_hand() -> None:
    """The moved service fell by 20, the two alike ones by 10 and by 0: -15 beyond them.

    Noise: 4 * 2/100 for the service, and (0.08 + 0.08) / 4 for the mean of two controls.
    """
    levels = levels_of([50, 52, 48, 90], [30, 42, 48, 90])
    stayed = np.array([False, True, True, True])
    found = differences(levels, np.array([0]), stayed=stayed, options=OPTIONS)

    assert found.services.tolist() == [0]
    assert found.controls.tolist() == [2]
    assert found.value == pytest.approx([-15])
    assert found.noise == pytest.approx([0.08 + 0.04])
    assert found.level_gap == pytest.approx([0])


def test_without_anything_alike_there_is_no_difference() -> None:
    """Three services that stayed, all far below."""
    levels = levels_of([200, 10, 12, 14], [0, 10, 12, 14])
    stayed = np.array([False, True, True, True])

    assert not len(differences(levels, np.array([0]), stayed=stayed, options=OPTIONS).services)


def test_a_set_that_touches_several_services_counts_its_share() -> None:
    """AB with 4 handoffs and A with 1: A stands at (4/2 + 1) / 1.5 = 2."""
    touches = sparse.csr_array(np.array([[0.5, 0.5], [1, 0], [1, 0]]))
    found = Levels.of(touches, np.array([4.0, 1.0, np.nan]), sides=(1, 2, 3))

    assert found.sets_before.tolist() == [1.5, 0.5]
    assert found.before == pytest.approx([2, 4])
    assert found.trend.tolist() == [-3, 0]
    assert found.sets_after.tolist() == [0, 0]


@settings(max_examples=60, deadline=None)
@given(
    sets=st.lists(st.sampled_from(["A", "B", "C", "AB", "BC", "ABC"]), min_size=1, max_size=12),
    authors=st.lists(st.sampled_from(["t1", "t2", "t3", "-"]), min_size=12, max_size=12),
    to=st.tuples(*[st.sampled_from(["t1", "t2", "t3"])] * 3),
)
def test_fixed_boundaries_are_replayed_ones(
    sets: list[str], authors: list[str], to: tuple[str, str, str]
) -> None:
    """Handoffs under given owners are those of the replay that reassigns every service."""
    work = work_of(
        sets, teams=TEAMS, authors=authors[: len(sets)], owners={"B": "t2|t3", "A": "t1"}
    )
    moved = replay(work, [Reassign(name, team) for name, team in zip("ABC", to, strict=True)
                          if name in work.services])  # fmt: skip
    prints = find_footprints(moved)
    owners = np.array([work.teams.index(dict(zip("ABC", to, strict=True))[s])
                       for s in work.services])  # fmt: skip
    teams = work.sets["author_team"].to_numpy()
    found = FixedWork.of(work).read((0, len(work)), teams=teams, owners=owners)

    assert found.handoffs[prints.sets].tolist() == prints.handoffs.tolist()
    assert np.isnan(np.delete(found.handoffs, prints.sets)).all()
    assert (found.autonomous[prints.sets] == ((prints.handoffs + prints.lockstep) == 0)).all()


def test_people_are_in_the_team_that_owns_most_of_what_they_touched() -> None:
    """By the owners of the day: with A in t2's hands, who worked on A twice is in t2."""
    work = work_of("A A C", teams={"A": "t1", "B": "t2", "C": "t3"}, authors="t1:p t1:p t1:p")
    fixed = FixedWork.of(work)
    time = int(work.sets["time"].max()) + 1

    def team(owners: list[int]) -> str:
        codes = fixed.teams_at(time, (0, 3), owners=np.array(owners))
        return work.teams[codes[0]]

    assert (team([0, 1, 2]), team([1, 1, 2]), team([-1, 1, 2])) == ("t1", "t2", "t3")
    assert fixed.teams_at(int(work.since), (0, 3), owners=np.array([0, 1, 2])).tolist() == [-1] * 3


def noise_only(seed: int, *, dates: int = 60, services: int = 12) -> list[Differences]:
    """Return differences of services at fake dates: variance 9 between, 7 of noise."""
    rng = np.random.default_rng(seed)
    ones = np.ones(services)
    codes = np.arange(services)
    return [
        Differences(codes, rng.normal(0, 4, services), 7 * ones, 5 * ones, 0 * ones, 0 * ones)
        for _ in range(dates)
    ]


def test_chance_is_read_off_fake_reorganisations() -> None:
    """Two services: error sqrt(16 / 2), limit 1.96, detectable at 2.8 errors."""
    chance = Chance.of(noise_only(1), options=OPTIONS)
    two = replace(noise_only(2)[0], value=np.zeros(12))
    part = Differences(*(getattr(two, name)[:2] for name in Differences.__dataclass_fields__))
    found = chance.summed([part])

    assert chance.between == pytest.approx(9, abs=1.5)
    assert found.error == pytest.approx(8**0.5, rel=0.05)
    assert chance.detectable(found.error, [2]) == pytest.approx(2.8 * 8**0.5, rel=0.12)
    assert chance.interval(found, [2]).high == pytest.approx(1.96 * 8**0.5, rel=0.12)
    assert chance.rank(found, [2]) == 1.0


def test_few_comparisons_tell_nothing_of_chance() -> None:
    """The reason says how many there are."""
    assert "only 24 comparisons" in Chance.of(noise_only(1, dates=2), options=OPTIONS).reason
