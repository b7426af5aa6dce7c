"""Inferred teams: how often they are right, and what their errors do to the headline."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from conway.boundaries.homes import Homes
from conway.delivery.inference import measure_inference
from conway.delivery.measurement import measure_delivery
from conway.figures import Interval, Unknown, value_of
from tests.works import work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TEAMS = {"A": "t1", "B": "t2", "C": "t3", "D": "t4"}
PEOPLE = 12


def declared_work(wrong: float, *, seed: int = 0, people: int = PEOPLE) -> Work:
    """Return work of some people whose declared teams differ from the inferred in a share.

    Votes are made so that the inferred team is the home that the person's changes show, and
    memberships say otherwise for some people.
    """
    rng = np.random.default_rng(seed)
    changes = 600
    person = rng.integers(0, people, changes)
    home = person % 4
    elsewhere = rng.random(changes) < 0.25
    service = np.where(elsewhere, rng.integers(0, 4, changes), home)
    work = work_of(
        " ".join("ABCD"[one] for one in service),
        teams=TEAMS,
        authors=[f"t{home[n] + 1}:p{person[n]:02d}" for n in range(changes)],
        days=[n / 4 for n in range(changes)],
    )
    codes = work.sets["author"].to_numpy()
    first = int(work.sets["time"].min()) - 1
    team = {int(code): int(home[codes == code][0]) for code in np.unique(codes)}
    votes = {code: ([first], [(one,)]) for code, one in team.items()}
    moved = {code: rng.random() < wrong for code in team}

    def member(code: int, _time: int) -> int:
        return (team[code] + moved[code]) % 4

    homes = Homes(votes, member)
    teams = homes.teams_of(codes, work.sets["time"].to_numpy())
    return replace(work, homes=homes, sets=work.sets.assign(author_team=teams))


def headline(work: Work) -> float:
    """Return the handoffs per 100."""
    return value_of(measure_delivery(work, with_trend=False).autonomy.handoffs_per_100)


def test_right_inference_has_no_effect() -> None:
    """All right: accuracy 1, and the headline does not change."""
    found = measure_inference(declared_work(0.0), seed=0)
    (effect,) = found.effects

    assert value_of(found.accuracy) == 1.0
    assert effect.measured
    assert effect.handoffs_per_100 == Interval(0.0, 0.0, 0.0)


def test_the_effect_is_the_difference_of_two_headlines() -> None:
    """Measured twice: by inferred teams, and by declared ones."""
    work = declared_work(0.25)
    by_inferred = replace(
        work,
        sets=work.sets.assign(
            author_team=Homes(work.homes.votes).teams_of(
                work.sets["author"].to_numpy(), work.sets["time"].to_numpy()
            )
        ),
    )
    found = measure_inference(work, seed=0)
    effect = found.effects[0].handoffs_per_100

    assert 0.5 < value_of(found.accuracy) < 1
    assert value_of(effect) == pytest.approx(headline(by_inferred) - headline(work))
    assert isinstance(effect, Interval)
    assert effect.low < effect.value < effect.high


@pytest.mark.slow
def test_the_interval_covers_the_effect_that_was_planted() -> None:
    """Forty companies alike: the mean effect lies in nearly all of their intervals."""
    effects = [
        measure_inference(declared_work(0.25, seed=seed, people=40), seed=seed)
        .effects[0]
        .handoffs_per_100
        for seed in range(40)
    ]
    mean = np.mean([value_of(one) for one in effects])
    held = sum(one.low <= mean <= one.high for one in effects if isinstance(one, Interval))

    assert held >= 34


def test_stated_errors_grow() -> None:
    """Without memberships: nothing measured, and more errors move the headline further."""
    work = work_of("A B C D " * 100, teams=TEAMS,
                   authors=[f"t{n % 4 + 1}:p{n % PEOPLE:02d}" for n in range(400)])  # fmt: skip
    found = measure_inference(work, seed=0)
    rates = [value_of(effect.handoffs_per_100) for effect in found.effects]

    assert isinstance(found.accuracy, Unknown)
    assert [effect.measured for effect in found.effects] == [False] * 3
    assert rates == sorted(rates)
    assert 0 < rates[0] < 10
    assert 8 < rates[-1] < 30


def test_few_people_are_not_measured() -> None:
    """The accuracy of four people is nobody's business."""
    work = declared_work(0.0)
    few = work.keep(work.sets["author"].to_numpy() < 4)

    assert isinstance(measure_inference(few, seed=0).accuracy, Unknown)


def test_nothing_counts() -> None:
    """No owner anywhere: unknown with a reason, no effects."""
    found = measure_inference(work_of("A B"), seed=0)

    assert isinstance(found.accuracy, Unknown)
    assert found.effects == ()


def test_equal_seeds_give_equal_draws() -> None:
    """The same seed, the same bytes."""
    work = declared_work(0.25)

    assert measure_inference(work, seed=3) == measure_inference(work, seed=3)
