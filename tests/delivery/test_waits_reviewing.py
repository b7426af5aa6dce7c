"""Waits of pull requests: opened to review, approval and merge, joined by their number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from conway.delivery.waits.reviewing import NO_REVIEWS, measure_reviewing
from conway.figures import Interval, Unknown, value_of
from conway.history.imports.schemas import PULL_REQUESTS
from tests.delivery.waits_branches import HOUR, START, Branch, history_of, work_of

OWNERS = {"web": "shop", "api": "core"}


def squashed(people: int) -> list[Branch]:
    """Return sixteen squashed changes of each person, every fourth over two repositories."""
    return [
        Branch(place, f"p{who:02d}", f"{who}-{number}", hour, hour + 60, squashed=True)
        for who in range(people)
        for number in range(16)
        for hour in (100.0 * number + who,)
        for place in (("web", "api") if number % 4 == 0 else ("web",))
    ]


def requests_of(branches: list[Branch]) -> pd.DataFrame:
    """Return their pull requests: reviews take 8 hours, 16 where the branch crosses."""
    rows = []
    for place in ("api", "web"):
        mine = sorted((one for one in branches if one.repository == place),
                      key=lambda one: one.merged)  # fmt: skip
        for number, one in enumerate(mine):
            opened = START + round((one.merged - 60) * HOUR)
            crosses = int(one.name.split("-")[1]) % 4 == 0
            row = {"repository": place, "pull_request": number, "change": f"{number:040x}",
                   "opened": opened, "first_review": opened + (16 if crosses else 8) * HOUR,
                   "approved": None, "merged": opened + 60 * HOUR, "closed": None,
                   "author": one.person, "approvals": 0, "reviewers": 1}  # fmt: skip
            rows.append(row)
    return PULL_REQUESTS.check(pd.DataFrame(rows, columns=PULL_REQUESTS.names))


def test_crossing_doubles_the_wait_for_review_and_not_the_merge() -> None:
    """Squashed as they are: the forge says when each was opened and reviewed."""
    history = history_of(branches := squashed(12))
    work = work_of(history, teams=OWNERS)

    found = measure_reviewing(history, work, requests=requests_of(branches))

    assert not isinstance(found, Unknown)
    by = {(one.event, one.boundary): one for one in found}
    assert {event for event, _ in by} == {"first_review", "merged"}
    review, merge = by["first_review", "repository"], by["merged", "repository"]
    assert isinstance(review.ratio, Interval)
    assert review.ratio.value == pytest.approx(2)
    assert value_of(merge.ratio) == pytest.approx(1)
    assert (value_of(review.hours), value_of(merge.hours)) == (8, 60)
    assert (review.requests, review.people) == (12 * 20, 12)


def test_few_people_and_no_table() -> None:
    """Four authors are not shown; without a table the reason names it."""
    history = history_of(branches := squashed(4))
    work = work_of(history, teams=OWNERS)
    requests = requests_of(branches)

    found = measure_reviewing(history, work, requests=requests)

    assert not isinstance(found, Unknown)
    assert {one.hours for one in found} == {Unknown("fewer than 5 people")}
    assert all(np.isnan(value_of(one.ratio)) for one in found)
    none = measure_reviewing(history, work, requests=PULL_REQUESTS.empty())
    assert none == NO_REVIEWS
    other = requests.assign(change=pd.array(["f" * 40] * len(requests), dtype="str"))
    assert isinstance(measure_reviewing(history, work, requests=other), Unknown)
