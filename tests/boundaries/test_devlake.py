from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.boundaries.devlake import read_devlake
from conway.boundaries.reading import read_boundaries
from conway.errors import BoundariesError
from tests.boundaries.histories import histories_of

if TYPE_CHECKING:
    from pathlib import Path

TEAMS = "Id,Name,Alias,ParentId,SortingIndex\n1,Maple Leafs,ML,,0\n2,Friendly Confines,FC,1,1\n"
USERS = """\
Id,Name,Email,TeamIds
1,Tyrone K. Cummings,t@example.com,1
2,Dorothy R. Updegraff,d@example.com,1;2
"""
ACCOUNTS = "Id,UserId\ngithub:GithubAccount:1:1234,1\n"


def written(
    folder: Path, *, teams: str = TEAMS, users: str = USERS, accounts: str = ACCOUNTS
) -> Path:
    """Write the three tables."""
    made = folder / "devlake"
    made.mkdir()
    (made / "teams.csv").write_text(teams, encoding="utf-8")
    (made / "users.csv").write_text(users, encoding="utf-8")
    (made / "user_account_mapping.csv").write_text(accounts, encoding="utf-8")
    return made


def test_members_and_parents(tmp_path: Path) -> None:
    """A person in two teams; a team in another; found in git by the address."""
    made = written(tmp_path)
    history = histories_of(
        {"shop": [{"a": ""}]},
        people=[("p1", "tk", "T@example.com"), ("p2", "Dorothy R. Updegraff", "")],
    )
    config = tmp_path / "conway.toml"
    config.write_text(
        '[teams]\nmembers = "devlake"\nowners = { shop = "Maple Leafs" }\n', encoding="utf-8"
    )
    boundaries = read_boundaries(config, history)

    assert boundaries.members is not None
    assert boundaries.members.teams_of("p1", 0) == ("Maple Leafs",)
    assert boundaries.members.teams_of("p2", 0) == ("Friendly Confines", "Maple Leafs")
    assert boundaries.structure.parents == {"Friendly Confines": "Maple Leafs"}
    assert "Dorothy" not in repr(boundaries) + repr(read_devlake(made))


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Of all files, with lines and ids, naming nobody."""
    made = written(
        tmp_path,
        teams=TEAMS + "2,Again,,9,2\n",
        users=USERS + "3,Ann,a@example.com,1;7\n",
        accounts=ACCOUNTS + "x,5\n",
    )
    with pytest.raises(BoundariesError) as raised:
        read_devlake(made)

    assert str(raised.value).splitlines()[1:] == [
        "  teams.csv line 4: Id 2 stands twice",
        "  teams.csv line 4: ParentId 9 is no team's Id",
        "  users.csv line 4: 7 in TeamIds is no team's Id",
        "  user_account_mapping.csv line 3: UserId is no user's Id",
    ]


def test_headers_are_case_sensitive(tmp_path: Path) -> None:
    """As DevLake has them."""
    made = written(tmp_path, teams=TEAMS.replace("Id,Name", "ID,Name", 1))
    with pytest.raises(BoundariesError, match="column 'Id' is missing"):
        read_devlake(made)


def test_they_do_not_say_who_owns(tmp_path: Path) -> None:
    """The message says where they belong."""
    written(tmp_path)
    config = tmp_path / "conway.toml"
    config.write_text('[teams]\nsource = "devlake"\n', encoding="utf-8")
    with pytest.raises(BoundariesError, match="write members instead of source"):
        read_boundaries(config, histories_of({"shop": [{"a": ""}]}))
