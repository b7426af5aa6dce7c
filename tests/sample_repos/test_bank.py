"""The bank holds what it promises and its planted truth, counted straight from git."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

from sample_repos.bank_tables import MEMBERS, SPAN
from sample_repos.git import git
from sample_repos.span import DAY
from tests.sample_repos.mainline import Change, mainline

SAMPLES = Path(__file__).parents[2] / "sample_repos"
TRUTH = tomllib.loads((SAMPLES / "bank_truth.toml").read_text())
Members = list[tuple[str, Change]]


def human(bank: dict[str, Path]) -> Members:
    """Return every human change with its repository, by time."""
    every = [(name, change) for name in sorted(bank) for change in mainline(bank[name])]
    return sorted(
        ((name, one) for name, one in every if not one.robot), key=lambda row: row[1].time
    )


def across(groups: dict[str, Members]) -> dict[str, Members]:
    """Return the groups that lie in several repositories."""
    return {key: rows for key, rows in groups.items() if len({name for name, _ in rows}) > 1}


def by_branch(bank: dict[str, Path]) -> dict[str, Members]:
    """Return the merges that share a branch name across repositories, at most 14 days apart."""
    groups: dict[str, Members] = defaultdict(list)
    for name, change in human(bank):
        found = re.match(r"Merge pull request #\d+ from bank/(\S+)", change.subject)
        if found and found[1] not in TRUTH["traps"]["generic_branches"]:
            groups[found[1]].append((name, change))
    return {
        branch: rows
        for branch, rows in across(groups).items()
        if all(late.time - early.time <= 14 * DAY for (_, early), (_, late) in pairwise(rows))
    }


def by_ticket(bank: dict[str, Path]) -> dict[str, Members]:
    """Return the changes that name the same ticket across repositories."""
    groups: dict[str, Members] = defaultdict(list)
    for name, change in human(bank):
        for ticket in sorted(set(re.findall(r"\b(?:APP|CARD|CORE|PAY|RISK)-\d+\b", change.body))):
            groups[ticket].append((name, change))
    return across(groups)


def team(change: Change) -> str | None:
    """Return the planted team of a change's author."""
    member = next(one for one in MEMBERS if one.email == change.author)
    return member.team_in(SPAN.week(change.time))


def test_it_is_as_large_as_promised(bank: dict[str, Path]) -> None:
    """Six repositories over 65 weeks with 150 to 250 changes each, tags and robots."""
    assert sorted(bank) == ["app", "cards", "fraud", "ledger", "onboarding", "transfers"]
    for path in bank.values():
        changes, tags = mainline(path), git(path, "tag").decode().split()
        assert 150 <= len(changes) <= 250
        assert (changes[0].time - SPAN.start) < DAY
        assert SPAN.week(changes[-1].time) > 63
        assert sum(change.robot for change in changes) == 12
        assert len(tags) > 12
        assert all(re.fullmatch(r"release_\d+|v1\.\d+\.0", tag) for tag in tags)
        assert git(path, "fsck", "--strict") == b""
        assert git(path, "status", "--porcelain") == b""


def test_change_sets_lie_across_repositories(bank: dict[str, Path]) -> None:
    """As many sets by branch, by ticket and by link as the truth says."""
    branches, tickets = by_branch(bank), by_ticket(bank)
    links = [
        one for _, one in human(bank) if re.search(r"^Depends-On: bank/", one.body, re.MULTILINE)
    ]

    assert len(branches) == TRUTH["sets"]["branch"]
    assert len(tickets) == TRUTH["sets"]["ticket"]
    assert len(links) == TRUTH["sets"]["link"]
    assert Counter(map(len, branches.values())) == {2: 58, 3: TRUTH["sets"]["of_three"]}
    assert any(rows[-1][1].time - rows[0][1].time > 14 * DAY for rows in tickets.values())


def test_what_looks_alike_is_there(bank: dict[str, Path]) -> None:
    """Generic branches, reused names, robots' branches and words lie in several repositories."""
    subjects = {
        name: [(one.time, one.subject) for one in mainline(path)] for name, path in bank.items()
    }
    for word in [*TRUTH["traps"]["generic_branches"], *TRUTH["traps"]["words"], "dependabot"]:
        ends = re.compile(rf"(/|\s){re.escape(word)}(\s|/|$)")
        assert sum(any(ends.search(text) for _, text in rows) for rows in subjects.values()) > 1
    for branch in TRUTH["traps"]["branches_used_again"]:
        rows = subjects.values()
        times = [time for row in rows for time, text in row if text.endswith(f"bank/{branch}")]
        assert len(times) == 2
        assert max(times) - min(times) > 30 * DAY


def test_onboarding_belongs_to_a_team_that_does_not_work_on_it(bank: dict[str, Path]) -> None:
    """Risk owns it, channels does the work."""
    move = TRUTH["reassign"][0]
    changes = [change for name, change in human(bank) if name == move["service"]]
    count = Counter(map(team, changes))

    assert ownership()[-1][move["service"]] == move["owner"]
    assert count[move["to"]] / count.total() >= move["least_share_of_worker"]


def test_two_repositories_change_together_all_the_time(bank: dict[str, Path]) -> None:
    """Ledger and transfers share far more sets than any other two."""
    sets = [*by_branch(bank).values(), *by_ticket(bank).values()]
    pairs = Counter(tuple(sorted({name for name, _ in rows})) for rows in sets)
    (pair, joint), (_, second) = pairs.most_common(2)

    assert list(pair) == TRUTH["pair"]["services"]
    assert joint == TRUTH["pair"]["joint_sets"]
    assert joint > 4 * second
    for service in pair:
        changes = sum(name == service for name, _ in human(bank))
        assert joint / changes >= TRUTH["pair"]["least_share_of_changes"]


def test_the_reorganisation_moves_service_and_people(bank: dict[str, Path]) -> None:
    """Before, core works on cards and owns it; after, payments does both."""
    move = TRUTH["reorganisation"][0]
    rows = [change for name, change in human(bank) if name == move["service"]]
    halves = {
        move["from"]: [one for one in rows if SPAN.week(one.time) < 33],
        move["to"]: [one for one in rows if SPAN.week(one.time) >= 33],
    }

    assert [state[move["service"]] for state in ownership()] == [move["from"], move["to"]]
    for name, changes in halves.items():
        assert Counter(map(team, changes))[name] / len(changes) > 0.8


def ownership() -> list[dict[str, str]]:
    """Return service -> team as of every date in ``bank-teams.csv``."""
    states: dict[str, dict[str, str]] = {}
    with (SAMPLES / "bank-teams.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            before = next(reversed(states.values()), {})
            states.setdefault(row["valid_from"], dict(before))[row["service"]] = row["team"]
    return list(states.values())
