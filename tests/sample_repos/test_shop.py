"""The shop holds what it promises and its planted truth, counted straight from git."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from sample_repos.git import git
from sample_repos.shop_tables import MEMBERS, SERVICES, SPAN
from sample_repos.span import DAY
from tests.sample_repos.mainline import Change, mainline

SAMPLES = Path(__file__).parents[2] / "sample_repos"
TRUTH = tomllib.loads((SAMPLES / "shop_truth.toml").read_text())
PRICES = TRUTH["decouple"]["files"][0]


def services(change: Change) -> set[str]:
    """Return the services that a change touches: folders below ``services`` and ``libs``."""
    parts = (path.split("/") for path in change.paths)
    return {part[1] for part in parts if part[0] in {"services", "libs"}}


def work(repository: Path) -> list[Change]:
    """Return the human changes that touch a service, releases apart."""
    return [
        change
        for change in mainline(repository)
        if services(change) and not change.robot and not change.subject.startswith("Release ")
    ]


def team(change: Change) -> str:
    """Return the planted team of a change's author, from ``shop-people.csv``."""
    day = datetime.fromtimestamp(change.time, UTC).strftime("%Y-%m-%d")
    rows = [row for row in people() if row["person"] == change.author]
    inside = [row for row in rows if row["valid_from"] <= day < (row["valid_to"] or "9")]
    return (inside or rows[-1:])[0]["team"]


@cache
def people() -> list[dict[str, str]]:
    """Return the rows of the membership table."""
    with (SAMPLES / "shop-people.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def owners(repository: Path) -> dict[str, str]:
    """Return the owner of each service in CODEOWNERS at the end."""
    text = (repository / ".github/CODEOWNERS").read_text()
    return dict(re.findall(r"^/(?:services|libs)/([\w-]+)/ @shop/(\w+)$", text, re.MULTILINE))


def workers(changes: list[Change], service: str) -> Counter[str]:
    """Return how many changes of a service each team made."""
    return Counter(team(change) for change in changes if service in services(change))


def test_it_is_as_large_as_promised(shop: Path) -> None:
    """12 services, 5 teams, 78 weeks, about 800 changes in three forms, about 30 people."""
    changes = mainline(shop)
    weeks = {int(SPAN.week(change.time)) for change in changes}
    merges = sum(change.parents > 1 for change in changes)
    squashes = sum(bool(re.search(r"\(#\d+\)$", change.subject)) for change in changes)

    assert 750 <= len(changes) <= 850
    assert (min(weeks), max(weeks)) == (0, 77)
    assert len(owners(shop)) == 12
    assert len(set(owners(shop).values()) | {"logistics"}) == 5
    assert 25 <= len({change.author for change in changes if not change.robot}) <= 35
    assert merges > 250
    assert squashes > 250
    assert len(changes) - merges - squashes > 100


def test_it_is_clean_to_git(shop: Path, repaired_shop: Path) -> None:
    """Objects pass the strict check and the work tree is checked out."""
    for repository in (shop, repaired_shop):
        assert git(repository, "fsck", "--strict") == b""
        assert git(repository, "status", "--porcelain") == b""


def test_it_has_what_real_histories_have(shop: Path) -> None:
    """Robots, assistants, agents, renames, a moved folder, a reformat, tags, a mailmap."""
    changes = mainline(shop)
    everything = git(shop, "log", "--format=%an%n%b").decode()
    renames = git(shop, "log", "--first-parent", "-m", "-M", "--diff-filter=R", "--name-status")
    tags = git(shop, "tag").decode().split()

    assert 35 <= sum(change.robot for change in changes) <= 60
    assert everything.count("noreply@anthropic.com") > 40
    assert "copilot-swe-agent[bot]" in everything
    assert renames.count(b"services/shipping/adapters/") >= 8
    assert len({line.split()[1] for line in renames.splitlines() if line[:1] == b"R"}) > 15
    assert max(len(change.paths) for change in changes[1:]) > 150
    assert len(tags) > 40
    assert {tag.split("@")[1] for tag in tags if tag.startswith("toolkit@")} == {
        tag.split("@")[1] for tag in tags if tag.startswith("ui-kit@")
    }
    assert len(git(shop, "log", "--format=%H", "--", ".github/CODEOWNERS").split()) >= 4
    assert git(shop, "log", "--format=%ae").count(b"marta@nowak.example") > 3
    assert b"marta@nowak.example" not in git(shop, "log", "--format=%aE")


def test_manifests_and_compose_declare_what_services_need(shop: Path) -> None:
    """Every service has a manifest of its language that names its needs."""
    manifests = {"ts": "package.json", "py": "pyproject.toml", "go": "go.mod"}
    for service in SERVICES:
        manifest = (shop / service.root / manifests[service.language]).read_text()
        assert all(need in manifest for need in service.needs)
        assert (shop / service.root / "Dockerfile").exists() == bool(service.deploy)
    compose = (shop / "docker-compose.yml").read_text()
    assert compose.count("build:") == 10


def test_ordinary_changes_cross_services_too(shop: Path) -> None:
    """A fifth to a quarter of the changes, those for the price list apart."""
    changes = work(shop)
    crossing = [one for one in changes if len(services(one)) > 1 and not tied(one)]

    assert 0.18 <= len(crossing) / len(changes) <= 0.26


def tied(change: Change) -> bool:
    """Whether a change touches catalog through the price list alone, from checkout."""
    inside = {path for path in change.paths if path.startswith("services/catalog/")}
    return services(change) == {"catalog", "checkout"} and inside == {PRICES}


@pytest.mark.parametrize("move", TRUTH["reassign"], ids=lambda move: str(move["service"]))
def test_a_misowned_service_is_worked_on_by_another_team(
    move: dict[str, str | float], shop: Path
) -> None:
    """CODEOWNERS names one team, nearly all the work is another's."""
    service, count = str(move["service"]), workers(work(shop), str(move["service"]))

    assert owners(shop)[service] == move["owner"]
    assert count[str(move["to"])] / count.total() >= float(move["least_share_of_worker"])
    assert count[str(move["to"])] >= 60


def test_two_halves_are_two_teams_work(shop: Path) -> None:
    """The owner works on one folder, another team on the other, rarely both at once."""
    split = TRUTH["split"]
    changes = [change for change in work(shop) if split["service"] in services(change)]
    half = [one for one in changes if any("/orders/dispatch/" in path for path in one.paths)]
    rest = [one for one in changes if any("/orders/placement/" in path for path in one.paths)]
    files = [path for path in git(shop, "ls-files").decode().split() if "/orders/" in path]

    assert owners(shop)["orders"] == split["owner"]
    assert Counter(map(team, half))[split["to"]] / len(half) > 0.9
    assert Counter(map(team, rest))[split["owner"]] / len(rest) > 0.9
    assert (
        len({one.oid for one in half} & {one.oid for one in rest}) <= split["most_changes_in_both"]
    )
    assert min(sum("/dispatch/" in path for path in files), len(half) // 3) >= 15
    assert len(rest) > len(half)  # so that giving the whole service away would not help


def test_one_file_ties_two_services(shop: Path) -> None:
    """The price list stands behind nearly every joint change of checkout and catalog."""
    changes = work(shop)
    joint = [change for change in changes if {"catalog", "checkout"} <= services(change)]
    through = [change for change in joint if tied(change)]

    assert {owners(shop)[name] for name in ("catalog", "checkout")} == set(
        TRUTH["decouple"]["teams"]
    )
    assert len(through) / len(joint) >= TRUTH["decouple"]["least_share_of_joint_changes"]
    assert len(through) >= 50
    assert {team(change) for change in through} == {"payments"}


def test_one_team_approves_every_deployment(shop: Path) -> None:
    """The rule reaches over a third of all human changes; its owner makes none of them."""
    rule = TRUTH["delegate"]
    human = [change for change in mainline(shop) if not change.robot]
    reached = [one for one in human if any("/deploy/" in path for path in one.paths)]
    lines = (shop / ".github/CODEOWNERS").read_text().splitlines()

    assert f"{rule['pattern']} @shop/{rule['approver']}" in lines
    assert len(reached) / len(human) > rule["least_share_of_changes"]
    by_team = Counter(map(team, reached))
    assert by_team.pop(rule["approver"]) <= 2  # the beginning and the reformatting
    assert sorted(by_team) == rule["to"]
    assert min(by_team.values()) > 40


def test_the_platform_is_everybody_s(shop: Path) -> None:
    """Every other team changes it about equally often, its owner most."""
    count = workers(work(shop), TRUTH["platform"]["service"])
    own = count.pop(TRUTH["platform"]["owner"])

    assert count.total() / (own + count.total()) >= TRUTH["platform"]["least_share_of_others"]
    assert max(count.values()) < 2 * min(count.values())
    assert max(count.values()) < own / 2


def test_the_truth_holds_in_every_quarter(shop: Path) -> None:
    """Whichever 13 weeks are tested, each planted thing is in them."""
    changes = work(shop)
    for quarter in range(6):
        inside = [one for one in changes if quarter * 13 <= SPAN.week(one.time) < quarter * 13 + 13]
        assert workers(inside, "search")["discovery"] >= 8
        assert workers(inside, "notifications")["storefront"] >= 8
        assert workers(inside, "orders")["logistics"] >= 7
        assert sum(map(tied, inside)) >= 8
        assert sum(any("/deploy/" in path for path in one.paths) for one in inside) >= 35
        assert workers(inside, "toolkit").total() - workers(inside, "toolkit")["platform"] >= 5


def test_earlier_work_shows_the_team_of_an_author(shop: Path) -> None:
    """The owners of what a person did in 180 days name the team in 19 of 20 changes."""
    owner, past = owners(shop), defaultdict[str, list[tuple[int, set[str]]]](list)
    right = counted = 0
    for change in (one for one in mainline(shop) if services(one) and not one.robot):
        recent = Counter(
            name
            for time, names in past[change.author]
            if time >= change.time - 180 * DAY
            for name in sorted(names)
        )
        if change.time >= SPAN.start + 90 * DAY:
            counted += 1
            best = max(recent.values(), default=0)
            top = min((name for name in recent if recent[name] == best), default=None)
            right += top == team(change)
        past[change.author].append((change.time, {owner[name] for name in services(change)}))

    assert counted > 500
    assert right / counted >= 0.95


def test_people_are_those_of_the_membership_table() -> None:
    """The table beside the builder says what the builder does."""
    for member in MEMBERS:
        rows = [row for row in people() if row["person"] == member.email]
        for week in (member.joined, min(member.left, SPAN.weeks) - 1):
            day = datetime.fromtimestamp(SPAN.morning(week), UTC).strftime("%Y-%m-%d")
            teams = [
                row["team"] for row in rows if row["valid_from"] <= day < (row["valid_to"] or "9")
            ]
            assert teams == [member.team_in(week)]


def test_the_repaired_shop_is_the_same_work(shop: Path, repaired_shop: Path) -> None:
    """People, dates, subjects and forms are equal, paths too but for the price list."""
    own = "services/checkout/schema/prices.json"
    for before, after in zip(mainline(shop), mainline(repaired_shop), strict=True):
        assert (before.time, before.author, before.subject, before.parents) == (
            after.time,
            after.author,
            after.subject,
            after.parents,
        )
        changed = set(before.paths) ^ set(after.paths)
        assert changed <= {own, PRICES}
        assert PRICES not in changed or team(before) == "payments"


def test_the_repaired_shop_has_nothing_to_mend(repaired_shop: Path) -> None:
    """Who works most on a service or half owns it; no file ties; the rule has alternatives."""
    changes, owner = work(repaired_shop), owners(repaired_shop)
    lines = (repaired_shop / ".github/CODEOWNERS").read_text().splitlines()
    approvers = [line.split()[1:] for line in lines if line.startswith("**/deploy/")]

    assert "/services/orders/dispatch/ @shop/logistics" in lines
    assert [sorted(handles) for handles in approvers] == [
        [f"@shop/{name}" for name in sorted([*TRUTH["delegate"]["to"], "platform"])]
    ]
    assert not any(tied(change) for change in changes)
    for name in owner:
        assert workers(changes, name).most_common(1)[0][0] == owner[name]
