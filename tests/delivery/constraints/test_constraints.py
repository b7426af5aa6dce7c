"""The parts of the four constraints, on tables that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conway.boundaries.dependencies import DEPENDENCIES
from conway.delivery.constraints.contracts import consumer_lags, contract_rows, is_contract
from conway.delivery.constraints.coordination import waiting
from conway.delivery.constraints.deployed import steps_back
from conway.delivery.constraints.failures import followed_up
from conway.delivery.constraints.measurement import Constraints
from conway.delivery.constraints.medians import weighted_medians
from conway.delivery.constraints.stages import Stage, rises_with_load
from conway.delivery.constraints.validation import needing
from conway.figures import Interval, Unknown
from conway.history.imports.schemas import DEPLOYMENTS, PULL_REQUESTS
from tests.works import work_of

HOUR = 3600


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.booleans(), st.integers(0, 3)), min_size=1, max_size=30
    ),
    st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(any),
)
def test_weighted_medians_are_those_of_repeated_rows(
    rows: list[tuple[int, bool, int]], copies: list[int]
) -> None:
    """Drawing a week twice is the same as its rows standing twice."""
    times, ended, groups = (np.array(column) for column in zip(*rows, strict=True))
    again = np.repeat(np.arange(len(rows)), np.array(copies)[groups])
    if not len(again):
        return
    for ends in (ended, np.ones(len(rows), dtype=bool)):
        drawn = weighted_medians(
            times.astype(float), ends, copies=np.array([copies], dtype=float), groups=groups
        )

        assert drawn.tolist() == weighted_medians(times[again].astype(float), ends[again]).tolist()


def test_what_still_waits_counts_as_waiting_longer() -> None:
    """Of 1, 2 and more, 3, 4 half have ended at 3; of three that still wait it is never."""
    times = np.array([1.0, 2.0, 3.0, 4.0])

    assert weighted_medians(times, np.array([True, False, True, True])).tolist() == [3.0]
    assert weighted_medians(times, np.array([True, False, False, False])).tolist() == [np.inf]


@pytest.mark.parametrize(
    ("path", "contract"),
    [
        ("pb/demo.proto", True),
        ("docs/openapi.v2.yaml", True),
        ("web:content_schemas/formats/guide.jsonnet", True),
        ("api/schema.graphql", True),
        ("db/schema.rb", False),
        ("src/schemas/user.ts", False),
        ("spec/fixtures/openapi.yaml", False),
        ("vendor/google/api.proto", False),
    ],
)
def test_contracts(path: str, *, contract: bool) -> None:
    """Interfaces between services; not database schemas, code, test data or copies."""
    assert is_contract(path) is contract


def needs(*pairs: str) -> pd.DataFrame:
    """Return dependencies written as ``"AB"``: A needs B."""
    rows = [(pair[0], pair[1], "npm" + pair[2:], "m") for pair in pairs]
    return DEPENDENCIES.check(pd.DataFrame(rows, columns=DEPENDENCIES.names))


def test_a_change_concerns_all_that_need_it() -> None:
    """A needs B needs C: a change of C concerns all three; D only tests with C."""
    found = needing(("A", "B", "C", "D"), needs("AB", "BC", "DC dev"))

    assert found.sum(axis=1).tolist() == [1, 2, 3, 1]


def test_lags_of_consumers_by_hand() -> None:
    """A's contract changes on days 0 and 10; its consumer B changes on days 2 and 11."""
    work = work_of(
        [["A/a.proto"], ["B/b.py"], ["A/a.proto"], ["B/b.py"], ["C/c.py"]],
        days=[0, 2, 10, 11, 60],
    )
    contracts = contract_rows(work)
    consumers = needing(work.services, needs("BA"))
    np.fill_diagonal(consumers, 0)

    days, ended, weeks, _ = consumer_lags(work, contracts, needs=consumers)

    assert contracts["set"].tolist() == [0, 2]
    assert (days.tolist(), ended.tolist(), weeks.tolist()) == ([2, 1], [True, True], [0, 1])


def test_follow_ups_by_hand() -> None:
    """File a again after one day, then after three; a lock file does not count."""
    work = work_of(
        [["A/a.py"], ["A/a.py"], ["A/a.py"], ["B/yarn.lock"], ["B/yarn.lock"]],
        days=[0, 1, 4, 10, 10.5],
    )
    soon, later = followed_up(work)

    assert soon.tolist() == [True, False, False, False, False]
    assert later.tolist() == [True, True, False, False, False]


def requests(*rows: tuple[float | None, float | None, float | None]) -> pd.DataFrame:
    """Return pull requests opened at 0: hours to approval, merge and closing."""
    frame = pd.DataFrame(
        [
            {
                "repository": "shop",
                "opened": 0,
                "approved": approved,
                "merged": merged,
                "closed": closed,
                "author": "p",
                "approvals": 0,
                "reviewers": 0,
            }
            for approved, merged, closed in (
                tuple(None if one is None else int(one * HOUR) for one in row) for row in rows
            )
        ],
        columns=PULL_REQUESTS.names,
    )
    for name in ("pull_request", "first_review", "approved", "merged", "closed"):
        frame[name] = frame[name].astype("Int64")
    return PULL_REQUESTS.check(frame)


def test_waits_for_an_approval_by_hand() -> None:
    """Approved after 5 hours; merged without; closed without; still open at hour 100."""
    found = waiting(
        requests((5, 9, 9), (None, 8, 8), (None, None, 7), (None, None, None)),
        until="approved",
        end=100 * HOUR,
    )

    assert found[["hours", "ended"]].to_numpy().tolist() == [
        [5.0, True],
        [7.0, False],
        [100.0, False],
    ]


def test_steps_back_by_hand() -> None:
    """Positions 3, 5, 4, 6: the third takes 5 back; one says so itself; another place is apart."""
    rows = [
        ("shop", 3, "success", 1),
        ("shop", 5, "success", 2),
        ("shop", 4, "success", 3),
        ("shop", 9, "failure", 4),
        ("shop", 6, "success", 5),
        ("shop", None, "rolled_back", 6),
        ("web", 1, "success", 7),
    ]
    frame = DEPLOYMENTS.check(
        pd.DataFrame(
            {
                "repository": [name for name, *_ in rows],
                "commit": "c",
                "change": None,
                "position": pd.array([place for _, place, *_ in rows], dtype="Int64"),
                "service": "",
                "environment": None,
                "deployed": [time for *_, time in rows],
                "result": [result for *_, result, _ in rows],
            }
        )
    )

    assert steps_back(frame).tolist() == [False, False, True, False, False, True, False]


def weekly_waits(*, slope: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return waits, their weeks and the weekly load, where waits grow with it by ``slope``."""
    rng = np.random.default_rng(seed)
    load = rng.integers(5, 40, size=80)
    weeks = np.repeat(np.arange(80), load)
    waits = rng.exponential(1 + slope * load[weeks])
    return waits, weeks, load.astype(float)


def test_waits_that_rise_with_load_are_told_from_those_that_do_not() -> None:
    """A planted dependence is established each time, without one hardly ever."""
    found = {}
    for slope in (0.0, 0.5):
        hits = 0
        for seed in range(20):
            waits, weeks, load = weekly_waits(slope=slope, seed=seed)
            rises = rises_with_load(waits, weeks, load=load)
            hits += isinstance(rises, Interval) and rises.low > 0
        found[slope] = hits

    assert found[0.5] == 20
    assert found[0.0] <= 2


def test_the_largest_is_named_only_among_several() -> None:
    """One wait alone is no comparison; the longest does not bind by being long."""
    stage = Stage("release", "m", 90.0, Unknown("quiet"))
    other = replace(stage, constraint="coordination", hours=20.0)
    one, two = Constraints(stages=(stage,)), Constraints(stages=(stage, other))

    assert isinstance(one.largest, Unknown)
    assert "validation, integration, coordination" in one.largest.reason
    assert two.largest is stage
    assert two.unobserved == ("validation", "integration")
    assert not stage.binds
