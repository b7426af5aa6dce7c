"""What teams intend is no finding until its date; what is over, small or swept is none either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.boundaries.team_structure import ALWAYS, NEVER, Interaction, TeamStructure
from conway.coupling.clusters import find_clusters
from conway.coupling.cochange import service_pairs
from conway.delivery.footprints import find_footprints
from conway.delivery.handoffs import list_handoffs
from conway.gaps.approvals import central_approver, handoff_pair
from conway.gaps.measured import Measured
from conway.gaps.ownership import no_owner, owner_mismatch, thin_knowledge
from conway.gaps.structure import cross_team_coupling, split_cluster
from conway.gaps.ties import shared_file
from tests.works import DAY, START, work_of

if TYPE_CHECKING:
    from conway.boundaries.work import Work

TWO = {"A": "web", "B": "core"}
PAIR = ("core", "web")


def measured(work: Work, *interactions: Interaction, **parents: str) -> Measured:
    """Measure what the rules need, with few repeats."""
    pairs = service_pairs(work)
    found = find_clusters(work, pairs, seeds=5, resamples=5)
    handoffs = list_handoffs(find_footprints(work))
    return Measured(work, pairs, found, handoffs, TeamStructure(parents, {}, interactions))


def day(number: float) -> int:
    """Return a time in days from the first change set."""
    return int(START + number * DAY)


JOINT = work_of([*(["AB"] * 30), *("AB" * 10), *(["CD"] * 30), *("CD" * 10)],
                teams={**TWO, "C": "web", "D": "web"},
                authors=[*["web"] * 30, *["web"] * 20, *["web"] * 50])  # fmt: skip
"""Web needs core for B in 30 joint sets (days 0 to 29) and 10 others (to day 49)."""


@pytest.mark.parametrize(
    ("mode", "until", "quiet"),
    [
        ("x-as-a-service", NEVER, True),
        ("x-as-a-service", day(1000), True),
        ("collaboration", day(1000), True),
        ("facilitating", day(1000), True),
        ("collaboration", NEVER, False),
        ("collaboration", day(0), False),
    ],
)
def test_what_is_intended_is_no_finding(mode: str, *, until: int, quiet: bool) -> None:
    """A service for ever; a collaboration only if it has an end, and before it."""
    found = measured(JOINT, Interaction(PAIR, mode, ALWAYS, until))

    for rule in (handoff_pair, owner_mismatch, cross_team_coupling, split_cluster):
        assert (rule(found) == []) is quiet, rule.__name__


def test_what_outlives_its_date_counts_from_then_on() -> None:
    """Web needs core in 10 sets after day 30, of which every second one is in A alone."""
    found = measured(JOINT, Interaction(PAIR, "collaboration", ALWAYS, day(30)))
    (gap,) = handoff_pair(found)

    assert (gap.teams, gap.changes) == (("web", "core"), 10)
    assert cross_team_coupling(found) == split_cluster(found) == []
    assert gap.evidence["files"] == [{"path": "B/b.py", "changes": 10}]


def test_teams_within_do_what_those_above_intend() -> None:
    """Web is in shop, and shop uses core as a service."""
    meant = Interaction(("core", "shop"), "x-as-a-service")

    assert handoff_pair(measured(JOINT, meant, web="shop")) == []
    assert handoff_pair(measured(JOINT, meant)) != []


def test_an_approver_as_a_service_is_not_central() -> None:
    """Two teams need the platform; one of them means to."""
    work = work_of(["AP", "BP"] * 12, teams={"A": "web", "B": "data", "P": "platform"},
                   authors=["web", "data"] * 12)  # fmt: skip

    assert len(central_approver(measured(work))) == 1
    assert (
        central_approver(measured(work, Interaction(("platform", "web"), "x-as-a-service"))) == []
    )


LATER = [*range(30), *range(400, 410)]


def test_what_is_over_is_no_finding() -> None:
    """The last of it came more than 26 weeks before the end of the window."""
    words, authors = ["AB"] * 30 + ["C"] * 10, ["web"] * 40
    teams = {**TWO, "C": "web"}
    over = measured(work_of(words, teams=teams, authors=authors, days=LATER))
    still = measured(work_of([*words, "AB"], teams=teams, authors=[*authors, "web"],
                             days=[*LATER, 411]))  # fmt: skip

    for rule in (handoff_pair, owner_mismatch):
        assert (rule(over), len(rule(still))) == ([], 1)


def test_an_idle_service_needs_no_owner() -> None:
    """Nobody touched U for a year."""
    words = ["U"] * 5 + ["A"] * 10
    days = [*range(5), *range(400, 410)]

    assert no_owner(measured(work_of(words, teams=TWO, days=days))) == []
    assert len(no_owner(measured(work_of([*words, "U"], teams=TWO, days=[*days, 410])))) == 1


def test_a_small_share_of_much_work_is_no_pair() -> None:
    """Five of 250 change sets are 2 %, five of 251 are fewer."""
    enough, small = (
        measured(work_of(["A"] * own + ["B"] * 5, teams=TWO, authors=["web"] * (own + 5)))
        for own in (245, 246)
    )

    assert (len(handoff_pair(enough)), handoff_pair(small)) == (1, [])


def test_sweeps_tie_nothing() -> None:
    """A and B meet only where three others change too."""
    words = [*(["ABCDE"] * 30), *("ABCDEF" * 10), *(["F"] * 200)]
    found = measured(work_of(words, teams={**TWO, "C": "web", "D": "web", "E": "web"}))

    assert cross_team_coupling(found) == shared_file(found) == []


def test_manifests_tie_nothing() -> None:
    """They follow the change of what they name."""
    joint = [["A/a.py", "B/package.json"]] * 30
    rest = [*([["B/b.py"]] * 40), *([["C/c.py"]] * 40), *([["A/a.py"]] * 30)]

    assert shared_file(measured(work_of([*joint, *rest], teams=TWO))) == []


@pytest.mark.parametrize(("recent", "thin"), [(2, 0), (3, 1)])
def test_one_change_set_has_one_author(recent: int, thin: int) -> None:
    """Two recent change sets say nothing of how many know a service."""
    days = [*range(12), *range(400, 400 + recent)]
    authors = [*[f"web:p{number % 3}" for number in range(12)], *["web:p0"] * recent]

    found = measured(work_of("A " * len(days), teams=TWO, authors=authors, days=days))

    assert len(thin_knowledge(found)) == thin
