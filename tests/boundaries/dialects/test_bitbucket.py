from __future__ import annotations

import pytest

from conway.boundaries.dialects.bitbucket import BITBUCKET, LOCATION, bitbucket_owner

RULES = """\
# Each line is a file pattern followed by one or more owners.
* individual@example.com individual2@example.com
*.scala @workspace-slug/reviewer-group:random(2)  # two of them
/web/ @teams/backend @someone
/web/free/
!negated @x
[ab] @x
\\#x @x
"""
TEAMS = "backend:\n  contributors:\n    - a@example.com\n"


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("README", ("individual@example.com", "individual2@example.com")),
        ("a/b.scala", ("@workspace-slug/reviewer-group",)),
        ("web/x.scala", ("@teams/backend", "@someone")),
        ("web/free/x", ()),
    ],
)
def test_the_last_rule_counts(path: str, owners: tuple[str, ...]) -> None:
    """Gitignore's patterns; a selector chooses among the same owners."""
    found = BITBUCKET.read({LOCATION: RULES}).demands(path)

    assert [demand.owners for demand in found] == ([owners] if owners else [])


def test_what_does_not_work_in_bitbucket_is_skipped() -> None:
    """Negation, ranges, an escaped ``#``."""
    assert [fault.line for fault in BITBUCKET.read({LOCATION: RULES}).faults] == [6, 7, 8]


@pytest.mark.parametrize(
    ("word", "owner"),
    [
        ("@ws/group:all", "@ws/group"),
        ("@ws/group:least_busy(1)", "@ws/group"),
        ("@ws/group:some(1)", None),
        ("@user:all", None),
        ("@user", "@user"),
        ("a@b.c", "a@b.c"),
        ("user", None),
    ],
)
def test_owners(word: str, owner: str | None) -> None:
    """Selectors belong to groups and teams."""
    assert bitbucket_owner(word) == owner


@pytest.mark.parametrize(
    ("teams", "lines"),
    [(TEAMS, []), ("front: {}\n", [4]), ("a: *b\n", [1]), ("a:\na:\n", [2])],
)
def test_the_table_of_teams(teams: str, lines: list[int]) -> None:
    """A team that it lacks is said, and so is a table that cannot be read."""
    rules = "\n\n\n/web/ @teams/backend\n"
    found = BITBUCKET.read({LOCATION: rules, ".bitbucket/teams.yaml": teams})

    assert [fault.line for fault in found.faults] == lines
