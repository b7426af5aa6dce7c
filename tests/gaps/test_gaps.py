"""Findings on hand-written work, each with what is planted and the same history repaired."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import service_pairs
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from conway.figures import Interval, value_of
from conway.gaps.approvals import central_approver, handoff_pair
from conway.gaps.gap import CONTEXT, Gap
from conway.gaps.measured import MOST_SETS, Measured, wilson
from conway.gaps.ownership import no_owner, owner_mismatch, thin_knowledge
from conway.gaps.rules import RULES, find_gaps
from conway.gaps.structure import (
    cross_team_coupling,
    hot_lane,
    mixed_team,
    split_cluster,
)
from conway.gaps.ties import shared_file
from tests.works import work_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conway.boundaries.work import Work


def measured(work: Work) -> Measured:
    """Measure what the rules need, with few repeats."""
    pairs = service_pairs(work)
    found = find_clusters(work, pairs, seeds=5, resamples=5)
    return Measured(work, pairs, found, list_handoffs(find_footprints(work)))


def shown(gaps: list[Gap]) -> list[tuple[tuple[str, ...], tuple[str, ...], int]]:
    """Return services, teams and change sets of each finding."""
    return [(gap.services, gap.teams, gap.changes) for gap in gaps]


TWO = {"A": "web", "B": "core"}


def test_handoff_pair_names_who_waits_for_whom() -> None:
    """Web writes 6 sets in core's B and 4 in its own A: 60 handoffs per 100."""
    work = work_of("B B B B B B A A A A", teams=TWO, authors=["web"] * 10)

    (gap,) = handoff_pair(measured(work))

    assert (gap.services, gap.teams, gap.changes) == (("B",), ("web", "core"), 6)
    assert gap.title == ("web needs core's approval for 6 of its 10 change sets, most often for B.")
    assert value_of(gap.strength) == pytest.approx(60)
    assert gap.evidence["files"] == [{"path": "B/b.py", "changes": 6}]
    assert gap.evidence["rules"] == [{"name": "/B/", "changes": 6, "owners": ["core"]}]
    assert gap.evidence["folders"] == [{"name": "B", "changes": 6}]
    assert gap.evidence["sets"] == [f"repo@000{number}" for number in (5, 4, 3, 2, 1, 0)]


def test_equal_approvers_share_a_handoff() -> None:
    """Either core or data may approve B: each has half of 6 handoffs."""
    work = work_of("B B B B B B", owners={"B": "core|data"}, authors=["web"] * 6)

    gaps = handoff_pair(measured(work))

    assert [gap.teams for gap in gaps] == [("web", "core"), ("web", "data")]
    assert [value_of(gap.strength) for gap in gaps] == [50, 50]


def test_fewer_than_five_handoffs_are_no_pair() -> None:
    """Four times is chance, and an own change is no handoff."""
    work = work_of("B B B B A A", teams=TWO, authors=["web"] * 6)

    assert handoff_pair(measured(work)) == []


FOUR = {"A": "web", "B": "core", "C": "data", "P": "platform"}


def test_central_approver_is_needed_by_several_teams() -> None:
    """Every set touches the platform's file P: all 24 sets of the others need it."""
    work = work_of(
        ["AP", "BP", "CP"] * 8 + ["P"] * 6,
        teams=FOUR,
        authors=["web", "core", "data"] * 8 + ["platform"] * 6,
    )

    (gap,) = central_approver(measured(work))

    assert (gap.teams, gap.services, gap.changes) == (("platform",), ("P",), 24)
    assert gap.title == (
        "24 of 24 change sets of other teams (100%) need platform's approval, "
        "most often because of the rule /P/."
    )
    assert gap.evidence["rules"] == [{"name": "/P/", "changes": 24, "owners": ["platform"]}]
    assert gap.evidence["waiting"] == [
        {"name": team, "changes": 8} for team in ("core", "data", "web")
    ]


def test_an_approver_that_one_team_needs_is_not_central() -> None:
    """Only web needs the platform, if for every change set."""
    work = work_of(["AP", "B", "C"] * 8, teams=FOUR, authors=["web", "core", "data"] * 8)

    assert central_approver(measured(work)) == []
    assert [gap.teams for gap in handoff_pair(measured(work))] == [("web", "platform")]


def test_owner_mismatch_is_who_makes_most_change_sets() -> None:
    """Core owns B; web makes 15 of its 18 change sets."""
    work = work_of(
        ["B"] * 18 + ["A"] * 5, teams=TWO, authors=["web"] * 15 + ["core"] * 3 + ["web"] * 5
    )

    (gap,) = owner_mismatch(measured(work))

    assert (gap.services, gap.teams, gap.changes) == (("B",), ("web", "core"), 15)
    assert gap.title == "core owns B, but web makes 15 of its 18 change sets (83%)."
    assert gap.evidence["share"] == pytest.approx(
        {"value": 15 / 18, "low": 0.6078, "high": 0.9416, "level": 0.95}, abs=1e-3
    )
    assert gap.evidence["teams"] == [
        {"name": "web", "changes": 15},
        {"name": "core", "changes": 3},
    ]
    assert value_of(gap.strength) == pytest.approx(100 * 15 / 23)


@pytest.mark.parametrize(
    ("theirs", "own"), [(9, 0), (10, 8), (3, 15)], ids=["too few", "too close", "owner works"]
)
def test_owner_mismatch_needs_evidence(theirs: int, own: int) -> None:
    """Ten change sets at least, and clearly more than the owner's."""
    work = work_of(["B"] * (theirs + own), teams=TWO, authors=["web"] * theirs + ["core"] * own)

    assert owner_mismatch(measured(work)) == []


def test_owner_mismatch_counts_from_the_present_owner_on() -> None:
    """Web owned B for 20 sets, core has owned it since and makes 12: no mismatch."""
    work = work_of(["B"] * 32, teams=TWO, authors=["web"] * 20 + ["core"] * 12)
    work.rows.loc[:19, "service_team"] = work.teams.index("web")

    assert owner_mismatch(measured(work)) == []


def test_no_owner_only_where_others_have_one() -> None:
    """B has no owner; with no owners at all it is not a finding."""
    work = work_of("B B A", teams={"A": "web"}, authors="web web web")

    assert shown(no_owner(measured(work))) == [(("B",), ("web",), 2)]
    assert no_owner(measured(work))[0].title == (
        "No team owns B, which 2 change sets touched, by web."
    )
    assert no_owner(measured(work_of("B B A"))) == []


def test_a_service_that_went_away_with_its_rule_is_not_unowned() -> None:
    """B had an owner at its last change set; it has none at the end."""
    work = work_of("B B A", teams={"A": "web"}, authors="web web web")
    work.rows.loc[1, "service_team"] = work.teams.index("web")

    assert no_owner(measured(work)) == []


def test_cross_team_coupling_of_significant_pairs() -> None:
    """A (web) and B (core) change together 30 times, C and D of one team as often."""
    teams = {**TWO, "C": "web", "D": "web"}
    work = work_of(["AB"] * 30 + ["CD"] * 30 + list("ABCD") * 5, teams=teams)

    (gap,) = cross_team_coupling(measured(work))

    assert (gap.services, gap.teams, gap.changes) == (("A", "B"), ("web", "core"), 30)
    assert gap.title.startswith("A (web) and B (core) changed together in 30 change sets, where")
    assert value_of(gap.strength) == pytest.approx(100 * 30 / 80)
    assert {"degree", "q_value", "expected", "forecast"} <= set(gap.evidence)


def test_coupling_by_chance_is_no_finding() -> None:
    """Six joint sets of two services that are in nearly every set."""
    work = work_of(["AB"] * 6 + ["A"] * 6 + ["B"] * 6, teams=TWO)

    assert cross_team_coupling(measured(work)) == []


def tied(*, other: str) -> Work:
    """A and B meet 30 times through B's version file; B has 40 sets without it."""
    joint = [["A/a.py", f"B/{other}.py"]] * 30
    return work_of(
        [*joint, *([["B/b.py"]] * 40), *([["C/c.py"]] * 40), *([["A/a.py"]] * 30)], teams=TWO
    )


def test_shared_file_ties_two_services() -> None:
    """B is touched through version.py alone in all joint sets, and hardly otherwise."""
    (gap,) = shared_file(measured(tied(other="version")))

    assert shown([gap]) == [(("A", "B"), ("core", "web"), 30)]
    assert gap.evidence["files"] == [{"path": "B/version.py", "changes": 30}]
    assert gap.title == (
        "One file, B/version.py, ties A and B: 30 of their 30 joint change sets touch one "
        "side through it alone."
    )


def test_the_only_file_of_a_service_does_not_tie_it() -> None:
    """B's usual file in the joint sets: that is coupling of services, not of one file."""
    assert shared_file(measured(tied(other="b"))) == []


def test_split_cluster_and_mixed_team() -> None:
    """Web owns A, C and D; A changes with core's B, C with D."""
    teams = {**TWO, "C": "web", "D": "web"}
    found = measured(work_of(["AB"] * 30 + ["CD"] * 30 + list("ABCD") * 5, teams=teams))

    assert shown(split_cluster(found)) == [(("A", "B"), ("core", "web"), 30)]
    assert shown(mixed_team(found)) == [(("A", "C", "D"), ("web",), 75)]
    assert mixed_team(found)[0].unit == CONTEXT


def test_hot_lane_is_several_times_the_mean() -> None:
    """A has 40 of 50 touches in 11 services."""
    (gap,) = hot_lane(measured(work_of(["A"] * 40 + list("BCDEFGHIJK"), teams=TWO)))

    assert shown([gap]) == [(("A",), ("web",), 40)]
    assert gap.title == "40 of 50 change sets touch A, 8.8 times the mean of 11 services."


def test_thin_knowledge_names_only_the_service() -> None:
    """One person made all 12 sets of A; two worked on B."""
    authors = ["web:ann"] * 12 + ["core:bob", "core:eve"] * 6
    (gap,) = thin_knowledge(measured(work_of(["A"] * 12 + ["B"] * 12, teams=TWO, authors=authors)))

    assert shown([gap]) == [(("A",), (), 12)]
    assert gap.title == (
        "Fewer than two people worked on A in the last 180 days of the window, in 12 change sets."
    )
    assert "sets" not in gap.evidence
    assert "ann" not in json.dumps(gap.to_json())


def test_without_teams_only_services_are_spoken_of() -> None:
    """Every rule runs; only rules about services find anything."""
    words = [["A/a.py", "B/version.py"]] * 30 + [["B/b.py"]] * 40 + [["C/c.py"], ["A/a.py"]] * 30
    work = work_of(words)

    found = find_gaps(measured(work))

    assert {gap.kind for gap in found} == {"lockstep_releases", "shared_file"}
    assert all(gap.teams == () for gap in found)


def test_an_empty_or_calm_history_has_no_gaps() -> None:
    """Nobody needs anybody: each team works in its own service."""
    assert find_gaps(measured(work_of("", teams=TWO))) == ()
    calm = work_of(["A", "B"] * 30, teams=TWO, authors=["web:a", "core:b", "web:c", "core:d"] * 15)
    assert find_gaps(measured(calm)) == ()


def test_gaps_come_strongest_first_and_as_json() -> None:
    """Context comes after everything that crosses a boundary, and all is plain JSON."""
    work = work_of(
        ["B"] * 18 + ["AB"] * 30 + ["A"] * 60 + list("CDEFGHIJ") * 2,
        teams=TWO,
        authors=["web"] * 108 + ["core"] * 16,
    )
    found = find_gaps(measured(work))

    ranks = [gap.rank() for gap in found]
    assert ranks == sorted(ranks)
    assert found[-1].unit == CONTEXT
    for gap in found:
        document = json.loads(json.dumps(gap.to_json(), allow_nan=False))
        assert list(document)[:5] == ["kind", "title", "services", "teams", "strength"]
        if gap.kind != "thin_knowledge":
            assert len(document["evidence"]["sets"]) == min(gap.changes, MOST_SETS)
        assert document["title"].endswith(".")
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


def test_strengths_have_intervals_from_13_weeks_on() -> None:
    """Half a year of alternating work: 50 per 100 within its interval."""
    work = work_of(["A", "B"] * 90, teams=TWO, authors=["web"] * 180)

    (gap, *_) = handoff_pair(measured(work))

    assert isinstance(gap.strength, Interval)
    assert gap.strength.low <= gap.strength.value <= gap.strength.high
    assert gap.strength.value == pytest.approx(50)


def test_names_are_shown_without_control_characters() -> None:
    """A hostile team name is spelt out in the title and kept in the data."""
    name = "we\x1b[31mb"
    work = work_of("A A", teams={"B": "core"}, authors=[name, name])

    (gap,) = no_owner(measured(work))

    assert "\\u{1B}" in gap.title
    assert gap.teams == (name,)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)],
)
def test_wilson_interval(hits: int, trials: int, low: float, high: float) -> None:
    """Golden values of the Wilson score interval."""
    found = wilson(hits, trials)

    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize("rule", [split_cluster, mixed_team])
def test_clusters_that_follow_teams_are_no_finding(rule: Callable[[Measured], list[Gap]]) -> None:
    """Web owns A and B, core C and D, and they change in these pairs."""
    teams = {"A": "web", "B": "web", "C": "core", "D": "core"}
    found = measured(work_of(["AB"] * 30 + ["CD"] * 30 + list("ABCD") * 5, teams=teams))

    assert len(found.clusters.groups) == 2
    assert rule(found) == []


def test_even_lanes_are_not_hot() -> None:
    """Twice the mean is usual; two services cannot be far from it."""
    assert hot_lane(measured(work_of(["A"] * 8 + list("BCDEFGHIJK") * 4))) == []
    assert hot_lane(measured(work_of(["A"] * 40 + ["B"]))) == []


@pytest.mark.parametrize(
    ("sets", "people"), [(12, ["web:ann", "web:bob"]), (9, ["web:ann"])], ids=["two people", "few"]
)
def test_knowledge_that_two_share_is_not_thin(sets: int, people: list[str]) -> None:
    """Two people with recent work, or too little work to say."""
    authors = [people[number % len(people)] for number in range(sets)]

    assert thin_knowledge(measured(work_of(["A"] * sets, authors=authors))) == []
