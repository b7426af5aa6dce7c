"""Who follows whom, on planted followers, on independent work, and under the laws."""

from __future__ import annotations

import numpy as np
import pytest

from conway.coupling.direction import NOT_ESTABLISHED, Following, following
from tests.works import work_of

QUICK = Following(resamples=200)
WEEKS = 80


def events(*series: tuple[str, np.ndarray]) -> tuple[list[str], list[float]]:
    """Return the words and days of several services' sets, in order of time."""
    found = sorted((float(day), name) for name, days in series for day in days)
    return [name for _, name in found], [day for day, _ in found]


def planted(lag: float | None, *, seed: int = 1) -> tuple[list[str], list[float]]:
    """A at random days; B ``lag`` days after each, or at random days too."""
    random = np.random.default_rng(seed)
    first = np.sort(random.uniform(0, 7 * WEEKS - 20, 40))
    second = random.uniform(0, 7 * WEEKS - 20, 40) if lag is None else first + lag
    return events(("A", first), ("B", second))


def test_b_follows_a_after_three_days() -> None:
    """All 40 sets of A are followed by one of B, three days later; not the other way round."""
    words, days = planted(3)
    work = work_of(words, days=days, until=7 * WEEKS)

    found = following(work, options=QUICK).set_index("leader")

    assert found.loc["A", "finding"] == "follows"
    assert found.loc["A", "follower"] == "B"
    assert found.loc["A", "followed"] == found.loc["A", "sets"] == 40
    assert found.loc["A", "lag_days"] == pytest.approx(3, abs=0.5)
    assert found.loc["A", "lead_low"] > 0
    assert found.loc["B", "finding"] == NOT_ESTABLISHED


def test_what_goes_together_leads_nowhere() -> None:
    """In ten busy fortnights both happen in random order: an excess, and no leader."""
    random = np.random.default_rng(3)
    bursts = random.uniform(0, 7 * WEEKS - 30, 10)
    first, second = (
        (bursts[:, None] + random.uniform(0, 10, (len(bursts), 5))).ravel() for _ in range(2)
    )
    words, days = events(("A", first), ("B", second))

    found = following(work_of(words, days=days, until=7 * WEEKS), options=QUICK)

    assert set(found["finding"]) == {"both ways"}
    assert (found["excess_low"] > 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_independent_work_is_not_established(seed: int) -> None:
    """Random times: whatever follows is chance."""
    words, days = planted(None, seed=seed)
    found = following(work_of(words, days=days, until=7 * WEEKS), options=QUICK)

    assert set(found["finding"]) == {NOT_ESTABLISHED}
    assert (found["excess_low"] < 20).all()


def test_sets_that_touch_both_are_not_followers() -> None:
    """Only joint sets: nothing is left to look at."""
    work = work_of(["AB"] * 60, days=list(range(0, 420, 7)))

    assert following(work, options=QUICK).empty


def test_too_few_sets_or_weeks_are_not_looked_at() -> None:
    """Nineteen sets, or four weeks: an empty table, not an error."""
    few = work_of(["A", "B"] * 19, days=[7 * number for number in range(38)])
    short = work_of(["A", "B"] * 20, days=[number / 2 for number in range(40)])

    assert following(few, options=QUICK).empty
    assert following(short, options=QUICK).empty


def test_the_lead_of_one_way_is_the_lag_of_the_other() -> None:
    """Law: leads of both directions are each other's negative; chosen pairs give equal rows."""
    words, days = planted(5)
    work = work_of(words, days=days, until=7 * WEEKS)

    found = following(work, options=QUICK)
    again = following(work, pairs=[("B", "A")], options=QUICK)

    assert found.equals(again)
    lead = found.set_index("leader")["lead_per_100"]
    assert lead["A"] == pytest.approx(-lead["B"])


def test_teams_follow_as_their_services_do() -> None:
    """Web owns A, core owns B."""
    words, days = planted(3)
    work = work_of(words, days=days, until=7 * WEEKS, teams={"A": "web", "B": "core"})

    first = following(work, between="service_team", options=QUICK).iloc[0]

    assert (first["leader"], first["follower"], first["finding"]) == ("web", "core", "follows")
