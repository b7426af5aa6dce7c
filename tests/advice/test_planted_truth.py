"""What was planted in the sample shop is found; once repaired, none of it is claimed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conway.advice import recommend
from conway.advice.moves import Decouple, Delegate, Reassign, SplitService
from conway.assessment import assess
from conway.boundaries.patterns import PathPatterns
from conway.boundaries.reading import read_boundaries
from conway.history.sources import mine
from sample_repos import build_shop

if TYPE_CHECKING:
    from conway.advice import Plan
    from conway.assessment import Assessment

SAMPLES = Path(__file__).parents[2] / "sample_repos"
FIRST = 6


@dataclass(frozen=True)
class Shop:
    """One build of the shop, assessed and advised."""

    assessment: Assessment
    plan: Plan


def analysed(folder: Path, *, repaired: bool) -> Shop:
    """Build the shop and do the job on it."""
    history = mine(build_shop(folder / "shop", repaired=repaired), key=b"test")
    name = "shop_repaired.toml" if repaired else "shop.toml"
    assessment = assess(history, read_boundaries(SAMPLES / name, history))
    return Shop(assessment, recommend(assessment, moves=FIRST))


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    """What was planted."""
    return tomllib.loads((SAMPLES / "shop_truth.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop with its faults."""
    return analysed(tmp_path_factory.mktemp("shop"), repaired=False)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop with its faults repaired."""
    return analysed(tmp_path_factory.mktemp("mended"), repaired=True)


def test_misowned_services_go_to_those_who_work_there(shop: Shop, truth: dict[str, Any]) -> None:
    """Both misowned services are given to the working team."""
    expected = {Reassign(one["service"], one["to"]) for one in truth["reassign"]}

    assert expected <= {one.move for one in shop.plan.moves[:FIRST]}


def test_the_other_teams_half_is_split_off(shop: Shop, truth: dict[str, Any]) -> None:
    """At least 90 % of the half's files are on the right side, and it gets the right team."""
    (split,) = (m.move for m in shop.plan.moves[:FIRST] if isinstance(m.move, SplitService))
    planted = truth["split"]
    work = shop.assessment.work
    paths = [path for path in work.paths if path.startswith(f"services/{planted['service']}/")]
    theirs = PathPatterns(tuple(planted["globs"]))
    proposed = PathPatterns(tuple(glob for part in split.parts.values() for glob in part))
    right = [theirs.matches(path) == proposed.matches(path) for path in paths]

    assert split.service == planted["service"]
    assert set(split.owners.values()) == {planted["to"]}
    assert sum(right) >= 0.9 * len(right)


def test_the_tying_file_is_decoupled(shop: Shop, truth: dict[str, Any]) -> None:
    """The pair is decoupled at its one file."""
    planted = truth["decouple"]
    expected = Decouple(tuple(planted["services"]), tuple(planted["files"]))

    assert expected in [one.move for one in shop.plan.moves[:FIRST]]


def test_the_central_rule_is_delegated(shop: Shop, truth: dict[str, Any]) -> None:
    """The rule of the approver on most changes is delegated."""
    delegated = [m.move for m in shop.plan.moves[:FIRST] if isinstance(m.move, Delegate)]

    assert [move.pattern for move in delegated] == [truth["delegate"]["pattern"]]


def test_every_planted_move_survives_held_out_work(shop: Shop) -> None:
    """All five hold on the quarter that the advice did not see, beyond the placebos."""
    assert shop.plan.held_out["passes"] is True
    assert [one.grade for one in shop.plan.moves] == ["C"] * 5


def test_the_platform_shows_in_handoffs_and_stays(shop: Shop, truth: dict[str, Any]) -> None:
    """Its handoffs are in the result, and no move takes it away."""
    platform = truth["platform"]
    pairs = shop.assessment.to_json()["handoff_pairs"]
    behind = [pair for pair in pairs if pair["to"] == platform["owner"]]

    named = {service["name"] for pair in behind for service in pair["services"]}
    assert platform["service"] in named
    assert not any(platform["service"] in one.move.services for one in shop.plan.moves)


def test_nothing_is_claimed_once_it_is_repaired(mended: Shop) -> None:
    """The same work under mended boundaries: no option, and no finding of the planted kinds."""
    planted = {"owner_mismatch", "central_approver", "cross_team_coupling", "shared_file"}

    assert mended.plan.surviving == ()
    assert mended.plan.message
    assert planted.isdisjoint(gap.kind for gap in mended.assessment.gaps)
