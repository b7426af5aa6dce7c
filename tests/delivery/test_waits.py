"""Waits until merge, on histories small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from conway.boundaries.release_files import is_release_file
from conway.delivery.waits.crossings import find_crossings
from conway.delivery.waits.effects import contrasts, crossing_effects, slope, verdicts
from conway.delivery.waits.measurement import measure_waits
from conway.delivery.waits.members import member_waits, waits_of
from conway.delivery.waits.null import delays, draw_null
from conway.figures import Interval, Unknown, value_of
from tests.delivery.waits_branches import HOUR, Branch, history_of, work_of

TEAMS = {"web": "shop", "api": "core", "docs": "core", "ops": "core", "app": "shop", "lib": "core"}
DAY = 24.0

TEN = (
    Branch("web", "ann", "a", 0, 1),
    Branch("web", "ann", "b", 10, 11),
    Branch("web", "ann", "c", 20, 21),
    Branch("web", "ann", "d", 30, 32),
    Branch("api", "ann", "d", 30, 36),
    Branch("api", "ben", "e", 40, 50),
    Branch("api", "ben", "f", 60, 80),
    Branch("web", "ben", "f", 60, 65),
    Branch("api", "ben", "g", 90, 110),
    Branch("web", "ben", "g", 90, 95),
)


def test_ten_changes_by_hand() -> None:
    """Crossing doubles Ann's hour and Ben's ten; naive medians say 5.5 times."""
    history = history_of(TEN)
    rows = member_waits(history, work := work_of(history, teams=TEAMS)).rows
    crosses = find_crossings(history, work, members=rows)[14].crosses("repository")
    waits = waits_of(rows, "author")
    strata = rows.groupby(["person", "repository"]).ngroup().to_numpy()

    terms = contrasts(waits, crosses, paths=rows["paths"].to_numpy(), strata=strata)

    assert np.median(waits[crosses > 0]) / np.median(waits[crosses == 0]) == pytest.approx(5.5)
    assert float(np.exp(slope(terms.sum(axis=0, keepdims=True))[0])) == pytest.approx(2)


def test_size_is_taken_out() -> None:
    """Waits that grow with paths alone show no cost, though what crosses is larger."""
    paths = np.array([1, 3, 7, 15, 31, 1, 7, 31])
    crosses = np.array([0.0, 0, 1, 1, 1, 0, 0, 1])
    waits = 600 * (1 + paths) ** 1.5

    terms = contrasts(waits, crosses, paths=paths, strata=np.array([0, 0, 0, 0, 0, 1, 1, 1]))

    assert slope(terms.sum(axis=0, keepdims=True))[0] == pytest.approx(0, abs=1e-9)


def test_both_clocks_are_read_and_their_disagreement_counted() -> None:
    """A rebase after three hours leaves the author's clock and moves the committer's."""
    branches = [Branch("web", "ann", "", 0, 4, applied=3), Branch("web", "ben", "", 5, 6)]
    found = member_waits(history := history_of(branches), work_of(history))

    assert (waits_of(found.rows, "author") / HOUR).tolist() == [4, 1]
    assert (waits_of(found.rows, "committer") / HOUR).tolist() == [1, 1]
    assert found.rows["agree"].tolist() == [False, True]
    counts = {row.what: row.count for row in found.coverage}
    assert counts["changes whose wait is measured"] == 2
    assert counts["measured changes whose two clocks disagree"] == 1


def test_squashed_changes_have_no_wait() -> None:
    """One commit a change says nothing of when work ended; the reason says so."""
    branches = [
        Branch("web", f"p{n % 9}", "", 10 * n, 10 * n + 5, squashed=True) for n in range(250)
    ]
    found = measure_waits(history := history_of(branches), work_of(history, teams=TEAMS))

    assert isinstance(found.merging, Unknown)
    assert "squash or rebase" in found.merging.reason
    assert "unknown" in found.explain()


def test_merges_before_the_last_commit_are_counted_not_measured() -> None:
    """A committer's clock that runs ahead gives a wait below nothing."""
    branches = [Branch("web", "ann", "", 0, 4, applied=5), Branch("web", "ben", "", 5, 6)]
    found = member_waits(history := history_of(branches), work_of(history))

    assert len(found.rows) == 1
    counts = {row.what: row.count for row in found.coverage}
    assert counts["changes merged before their last commit"] == 1


def test_sets_are_linked_by_when_work_ended() -> None:
    """A member that waits 40 days stays in its set; one finished ten days later needs 14."""
    branches = [
        Branch("web", "ann", "slow", 0, 40 * DAY),
        Branch("api", "ann", "slow", 1, 2),
        Branch("web", "ben", "late", 0, 1),
        Branch("api", "ben", "late", 10 * DAY, 10 * DAY + 1),
    ]
    history = history_of(branches)
    rows = member_waits(history, work := work_of(history, teams=TEAMS)).rows
    found = find_crossings(history, work, members=rows)

    by_person = {
        gap: [at.crosses("repository")[rows["person"] == who].tolist() for who in (0, 1)]
        for gap, at in found.items()
    }
    assert by_person == {3: [[1, 1], [0, 0]], 7: [[1, 1], [0, 0]], 14: [[1, 1], [1, 1]]}


def test_boundaries_of_a_set() -> None:
    """Two services of one team, and one of another, whose approval the author needs."""
    branches = [
        Branch("api", "ann", "", 0, 1),
        Branch("api", "ann", "", 2 * DAY, 2 * DAY + 1),
        Branch("api", "ann", "one", 4 * DAY, 4 * DAY + 1),
        Branch("docs", "ann", "one", 4 * DAY, 4 * DAY + 1),
        Branch("api", "ann", "two", 9 * DAY, 9 * DAY + 1),
        Branch("web", "ann", "two", 9 * DAY, 9 * DAY + 1),
    ]
    history = history_of(branches)
    rows = member_waits(history, work := work_of(history, teams=TEAMS)).rows
    at = find_crossings(history, work, members=rows)[14]

    assert at.crosses("repository").tolist() == [0, 0, 1, 1, 1, 1]
    assert at.crosses("team").tolist() == [0, 0, 0, 0, 1, 1]
    assert np.nan_to_num(at.crosses("approval"), nan=-1).tolist() == [-1, 0, 0, 0, 1, 1]


def test_bulk_work_stands_apart() -> None:
    """Five repositories, or nothing but versions."""
    five = [Branch(name, "ann", "all", 0, 1) for name in ("web", "api", "docs", "ops", "app")]
    versions = [
        Branch(name, "ann", "up", 900, 901, paths=("Gemfile", "x/Gemfile.lock"))
        for name in ("web", "api")
    ]
    work = [Branch(name, "ann", "do", 1800, 1801) for name in ("web", "api")]
    history = history_of([*five, *versions, *work])
    labelled = work_of(history, teams=TEAMS)
    rows = member_waits(history, labelled).rows
    at = find_crossings(history, labelled, members=rows)[14]

    assert not is_release_file("Gemfile")
    assert at.bulk[rows["set"] == 0].tolist() == [True] * 5
    assert at.bulk[rows["set"] == 1].tolist() == [True] * 2
    assert at.bulk[rows["set"] == 2].tolist() == [False] * 2


def crossing_people(people: int, *, cost: float, spread: float = 0.1) -> list[Branch]:
    """Return twenty changes of each person, every fourth over two repositories."""
    rng = np.random.default_rng(7)
    branches = []
    for who in range(people):
        pace = float(np.exp(rng.normal(1, 1)))
        for number in range(20):
            hour = 90.0 * number + who
            crosses = number % 4 == 0
            for place in ("web", "api") if crosses else ("web" if number % 2 else "api",):
                wait = pace * (cost if crosses else 1) * float(np.exp(rng.normal(0, spread)))
                name = f"{who}-{number}"
                branches.append(Branch(place, f"p{who:02d}", name, hour, hour + wait))
    return branches


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cost", "finding", "words"),
    [(3.0, "longer", "wait longer than"), (1 / 3, "shorter", "wait less long than"),
     (1.0, "not established", "It is not established that")],
)  # fmt: skip
def test_what_is_said(cost: float, finding: str, words: str) -> None:
    """A cost is established where both clocks and all gaps agree, and only there."""
    history = history_of(crossing_people(14, cost=cost, spread=0.3))
    found = measure_waits(history, work_of(history, teams=TEAMS)).merging

    assert not isinstance(found, Unknown)
    (said,) = [one for one in found.verdicts if one.boundary == "repository"]
    assert (said.finding, words in said.text) == (finding, True)
    for effect in found.effects:
        if effect.boundary == "repository" and effect.among == "all":
            assert isinstance(effect.ratio, Interval)
            assert effect.ratio.value == pytest.approx(cost, rel=0.1)


def test_few_people_are_not_shown() -> None:
    """Below five no figure, below ten no interval that could be trusted."""
    reasons = []
    for people in (4, 8):
        history = history_of(crossing_people(people, cost=2))
        rows = member_waits(history, work := work_of(history, teams=TEAMS)).rows
        crossings = find_crossings(history, work, members=rows)
        effects = crossing_effects(rows, crossings)
        assert {one.finding for one in verdicts(effects)} == {"unknown"}
        reasons.append(effects[0].ratio)
        drawn = draw_null(rows, crossings[14], clock="author")
        (delay,) = delays(drawn, clock="author", gap_days=14)
        assert isinstance(delay.hours, Unknown) is (people == 4)

    assert [getattr(one, "reason", "") for one in reasons] == [
        "fewer than 5 people",
        "only 8 people bear on it; 10 are needed",
    ]


def test_delays_stand_beside_independent_waits() -> None:
    """Alone everything waits ten hours; sets end four hours apart and take 20 from the last."""
    branches = []
    for who in range(12):
        for number in range(6):
            hour = 200.0 * number + who
            branches += [
                Branch(place, f"p{who:02d}", "", hour, hour + 10) for place in ("web", "api")
            ]
        hour = 1500.0 + 20 * who
        branches += [
            Branch("web", f"p{who:02d}", f"both-{who}", hour, hour + 24),
            Branch("api", f"p{who:02d}", f"both-{who}", hour + 4, hour + 14),
        ]
    history = history_of(branches)
    rows = member_waits(history, work := work_of(history, teams=TEAMS)).rows
    crossings = find_crossings(history, work, members=rows)[14]

    drawn = draw_null(rows, crossings, clock="author")
    (delay,) = delays(drawn, clock="author", gap_days=14)

    assert (delay.sets, delay.people, drawn.unmatched) == (12, 12, 0)
    assert (delay.hours, delay.null_hours) == (20, 10)
    assert (delay.naive_hours, delay.naive_null_hours) == (24, 14)
    assert value_of(delay.excess) == pytest.approx(2)


@pytest.mark.slow
def test_waits_depend_on_the_seed_only() -> None:
    """The same seed gives the same figures, in whatever order branches were written."""
    branches = crossing_people(12, cost=1.5)
    found = [
        measure_waits(history := history_of(given), work_of(history, teams=TEAMS), seed=seed)
        for given, seed in ((branches, 0), (branches[::-1], 0), (branches, 1))
    ]

    assert found[0].merging == found[1].merging
    assert found[0].merging != found[2].merging


@pytest.mark.slow
def test_other_clocks_of_the_same_kind_change_nothing() -> None:
    """Shifting every clock of one person by two hours leaves that person's waits."""
    branches = crossing_people(12, cost=1.5)
    shifted = [
        replace(one, written=one.written + 2, merged=one.merged + 2) if one.person == "p03" else one
        for one in branches
    ]
    ratios = []
    for given in (branches, shifted):
        history = history_of(given)
        rows = member_waits(history, work := work_of(history, teams=TEAMS)).rows
        effects = crossing_effects(rows, find_crossings(history, work, members=rows))
        ratios.append([value_of(one.ratio) for one in effects if one.among == "all"])

    assert ratios[0] == pytest.approx(ratios[1], nan_ok=True)
