"""Which changes belong together, on hand-sized tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.history.change_sets import evidence, is_generic, link
from conway.history.linkage import precision
from conway.history.sources import mine

if TYPE_CHECKING:
    from pathlib import Path

    from conway.history.change_sets import Unit

DAY = 24 * 3600


def _changes(*rows: tuple[str, int]) -> pd.DataFrame:
    """Return changes of (repository, day), called c0, c1, ... with pull request 100, 101, ..."""
    numbers = range(len(rows))
    return pd.DataFrame(
        {
            "repository": [repository for repository, _ in rows],
            "change": [f"c{number}" for number in numbers],
            "committer_time": [day * DAY for _, day in rows],
            "pull_request": pd.array([100 + number for number in numbers], dtype="Int64"),
        }
    )


def _links(changes: pd.DataFrame, **keys: str) -> pd.DataFrame:
    """Return links from ``c0="branch:x ticket:PAY-1"``."""
    repositories = changes.set_index("change")["repository"]
    rows = [
        (repositories[change], change, *pair.split(":"))
        for change, pairs in keys.items()
        for pair in pairs.split()
    ]
    return pd.DataFrame(rows, columns=["repository", "change", "kind", "key"])


def _sets(changes: pd.DataFrame, links: pd.DataFrame, *, unit: Unit = "mainline") -> list[int]:
    return link(changes, links, unit=unit).tolist()


def test_one_branch_in_two_repositories_is_one_change_set() -> None:
    """Eight days apart; a third repository's other branch stays alone."""
    changes = _changes(("a", 0), ("b", 8), ("c", 8))

    assert _sets(changes, _links(changes, c0="branch:x", c1="branch:x", c2="branch:y")) == [0, 0, 1]


def test_merges_are_chained_by_their_gaps() -> None:
    """Day 0, 14, 28 follow each other; day 43 does not."""
    changes = _changes(("a", 0), ("b", 14), ("a", 28), ("b", 43))
    links = _links(changes, c0="branch:x", c1="branch:x", c2="branch:x", c3="branch:x")

    assert _sets(changes, links) == [0, 0, 0, 1]
    assert link(changes, links, gap_days=13).tolist() == [0, 1, 2, 3]


def test_within_one_repository_only_tickets_as_unit_join() -> None:
    """Follow-ups on one branch or ticket are changes of their own, unless asked for."""
    changes = _changes(("a", 0), ("a", 1), ("a", 2))
    links = _links(changes, c0="branch:x ticket:P-1", c1="branch:x", c2="ticket:P-1")

    assert _sets(changes, links) == [0, 1, 2]
    assert _sets(changes, links, unit="ticket") == [0, 0, 0]
    assert _sets(changes, links, unit="commit") == [0, 1, 2]


def test_a_ticket_joins_repositories() -> None:
    """By the same gap as branches; where the ticket is the unit, however long it takes."""
    changes = _changes(("a", 0), ("b", 10), ("b", 50))
    links = _links(changes, c0="ticket:P-1", c1="ticket:P-1", c2="ticket:P-1")

    assert _sets(changes, links) == [0, 0, 1]
    assert _sets(changes, links, unit="ticket") == [0, 0, 0]


def test_a_routine_name_joins_within_three_days() -> None:
    """Eleven repositories carry it: day 0 and 3 are one chore, day 7 the next one."""
    places = [(f"r{number:02}", 0 if number < 5 else 3) for number in range(10)]
    changes = _changes(*places, ("r10", 7), ("r00", 7))
    links = _links(changes, **dict.fromkeys(changes["change"], "branch:bump-year"))

    assert _sets(changes, links) == [*[0] * 10, 1, 1]
    assert _sets(changes[:10], links) == [0] * 10
    assert _sets(changes[2:], links) == [0] * 10


def test_each_link_has_its_evidence() -> None:
    """Which name joins which changes; one alone, and a generic name, have none."""
    changes = _changes(("a", 0), ("b", 1), ("c", 2), ("d", 3), ("e", 3))
    links = _links(
        changes, c0="branch:x ticket:P-1 branch:main", c1="branch:x branch:main",
        c2="link:b#101", c3="ticket:P-2",
    )  # fmt: skip

    found = evidence(changes, links)

    assert list(found.itertuples(index=False, name=None)) == [
        (0, "a", "c0", "branch", "x"),
        (0, "b", "c1", "branch", "x"),
        (0, "b", "c1", "link", "b#101"),
        (0, "c", "c2", "link", "b#101"),
    ]
    assert evidence(changes, links, unit="commit").empty


def test_a_link_joins_with_the_pull_request_it_names() -> None:
    """In another repository; one's own numbers are mentions, and unknown ones are nothing."""
    changes = _changes(("a", 0), ("B", 0), ("a", 0))
    links = _links(changes, c0="link:b#101", c2="link:a#100 link:c#7")

    assert _sets(changes, links) == [0, 0, 1]


def test_all_evidence_is_joined() -> None:
    """By branch, ticket and link into one."""
    changes = _changes(("a", 0), ("b", 1), ("c", 2), ("d", 3))
    links = _links(
        changes, c0="branch:x", c1="branch:x ticket:P-1", c2="ticket:P-1", c3="link:a#100"
    )

    assert _sets(changes, links) == [0, 0, 0, 0]


def test_sets_keep_rows_in_order_and_index() -> None:
    """Numbers follow first rows; the index of a selection stays."""
    changes = _changes(("a", 0), ("b", 1), ("a", 2))[1:]
    found = link(changes, _links(changes, c1="branch:x"))

    assert found.index.tolist() == [1, 2]
    assert found.tolist() == [0, 1]
    assert link(changes[:0], _links(changes)).empty


@pytest.mark.parametrize(
    "branch",
    ["main", "master", "develop", "fix", "alice/fix", "patch-1", "ann-patch-12", "release/1.2",
     "release-2024", "dependabot/npm_and_yarn/x", "renovate/all", "update", "revert-12-x",
     "changeset-release/main", "1.x", "v2.0"],
)  # fmt: skip
def test_generic_names_join_nothing(branch: str) -> None:
    """They say nothing about the work on them."""
    changes = _changes(("a", 0), ("b", 0))

    assert is_generic(branch)
    assert _sets(changes, _links(changes, c0=f"branch:{branch}", c1=f"branch:{branch}")) == [0, 1]


@pytest.mark.parametrize("branch", ["new-checkout", "feature/vat-2024", "fix-basket-total", "b-12"])
def test_other_names_do(branch: str) -> None:
    """A control for the list of generic names."""
    assert not is_generic(branch)


@pytest.mark.real
def test_govuk_is_joined_as_a_plain_count_says(histories: Path) -> None:
    """People's merges by branch name, cut where 14 days pass: 2-10 repositories each."""
    history = mine(*sorted((histories / "govuk").glob("*.bundle")), jobs=2)
    changes = history.changes[~history.changes["robot"]].reset_index(drop=True)
    spans = changes.groupby(link(changes, history.change_links))["repository"].nunique()
    named = changes.dropna(subset="branch").sort_values("committer_time")
    wide = named.groupby("branch")["repository"].transform("nunique") > 10

    chains: dict[str, list[tuple[int, set[str]]]] = {}
    for row, routine in zip(named.itertuples(), wide, strict=True):
        found = chains.setdefault(str(row.branch), [])
        if not found or row.committer_time - found[-1][0] > (3 if routine else 14) * DAY:
            found.append((0, set()))
        found[-1] = (row.committer_time, found[-1][1] | {row.repository})
    counts = [len(names) for found in chains.values() for _, names in found]

    assert int((spans > 1).sum()) == sum(count > 1 for count in counts)
    whole = named.groupby("branch").agg(
        repositories=("repository", "nunique"), first=("committer_time", "min"),
        last=("committer_time", "max"),
    )  # fmt: skip
    once = (whole["last"] - whole["first"] <= 14 * DAY) & whole["repositories"].between(2, 10)
    assert abs(int(once.sum()) - 490) <= 5
    assert 600 < int(spans.between(2, 10).sum()) < 660


@pytest.mark.real
def test_links_of_govuk_are_more_than_chance(histories: Path) -> None:
    """Measured against shifted clocks: the shorter the gap, the surer."""
    history = mine(*sorted((histories / "govuk").glob("*.bundle")), jobs=2)
    changes = history.changes[~history.changes["robot"]].reset_index(drop=True)

    found = precision(changes, history.change_links)
    branches = found[found["kind"] == "branch"]["precision"].tolist()

    assert branches == sorted(branches, reverse=True)
    assert branches[0] > 0.92
    assert branches[-1] > 0.88
