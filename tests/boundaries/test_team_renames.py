from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.boundaries.reading import read_boundaries
from conway.boundaries.team_renames import Rename
from conway.config import Config, parse_config, seconds
from tests.boundaries.histories import WEEK, histories_of, history_of

if TYPE_CHECKING:
    from pathlib import Path

SHOPS = histories_of({"cart": [{"a": ""}], "mail": [{"a": ""}], "web": [{"a": ""}]})

TABLES = [
    ("2024-01-01,cart,a\n2024-01-01,mail,a\n2024-06-01,cart,b\n2024-06-01,mail,b\n", [("a", "b")]),
    ("2024-01-01,cart,a\n2024-01-01,mail,a\n2024-06-01,cart,b\n2024-07-01,mail,b\n", []),
    ("2024-01-01,cart,a\n2024-01-01,mail,c\n2024-06-01,cart,c\n", []),
    ("2024-01-01,cart,a\n2024-06-01,cart,b\n2024-07-01,cart,a\n", []),
    ("2024-01-01,cart,a\n2024-06-01,cart,b\n2024-06-01,web,b\n", []),
    (
        "2024-01-01,cart,ops\n2024-01-01,mail,web\n2024-06-01,cart,Ops!\n2024-06-01,mail,shop-web\n",
        [("ops", "Ops!")],
    ),
]


@pytest.mark.parametrize(("rows", "renames"), TABLES)
def test_in_a_dated_table(tmp_path: Path, rows: str, renames: list[tuple[str, str]]) -> None:
    """Everything at one date to one new name, and the old one never again."""
    (tmp_path / "t.csv").write_text(f"valid_from,service,team\n{rows}", encoding="utf-8")
    config = tmp_path / "conway.toml"
    config.write_text('[teams]\nsource = "t.csv"\n', encoding="utf-8")
    boundaries = read_boundaries(config, SHOPS)

    assert [(one.time, one.old, one.new) for one in boundaries.renames] == [
        (seconds("2024-06-01"), old, new) for old, new in renames
    ]
    assert [note for note in boundaries.notes if "is called" in note] == [
        f"renamed teams, each counted as one: {old} is called {new} since 2024-06-01"
        for old, new in renames
    ]
    assert not {old for old, _ in renames} & set(boundaries.teams())


def test_in_an_ownership_file() -> None:
    """The same patterns go over in one change."""
    history = history_of(
        {"CODEOWNERS": "/a/ @x/one\n/b/ @x/two\n/c/ @x/one\n", "a/f": "", "b/f": "", "c/f": ""},
        {"CODEOWNERS": "/a/ @x/uno\n/b/ @x/two\n/c/ @x/uno\n"},
        {"CODEOWNERS": "/a/ @x/uno\n/b/ @x/due\n/c/ @x/uno\n"},
    )

    boundaries = read_boundaries(Config(), history)
    first = boundaries.ownership.requirements("shop", 1, "a/f", "a")

    assert boundaries.renames == (Rename(WEEK, "one", "uno", 2),)
    assert boundaries.teams() == ("due", "two", "uno")
    assert [one.teams for one in first] == [{"uno"}]
    assert [note for note in boundaries.notes if "handover" in note] == [
        (
            "all that two owned went to due on 1970-01-15, too little to tell a new name from a "
            "handover: counted as two teams; [teams.map] makes them one"
        )
    ]


def test_fixed_owners_have_no_renames() -> None:
    """There is one version only."""
    config = parse_config('[teams]\nowners = { cart = "a" }')

    assert read_boundaries(config, SHOPS).renames == ()


def test_a_team_of_many_names_is_one_team(tmp_path: Path) -> None:
    """Through two renames, for its members and what is said of it under any of its names."""
    rows = "".join(
        f"2024-0{month}-01,{service},{team}\n"
        for month, team in enumerate(["red", "green", "blue"], start=1)
        for service in ("cart", "mail")
    )
    (tmp_path / "t.csv").write_text(f"valid_from,service,team\n{rows}", encoding="utf-8")
    (tmp_path / "p.csv").write_text("person,team\nAda,red\nBen,green\n", encoding="utf-8")
    config = tmp_path / "conway.toml"
    config.write_text(
        """
        [teams]
        source = "t.csv"
        members = "p.csv"
        parents = { green = "colours" }
        types = { red = "platform" }
        """,
        encoding="utf-8",
    )
    history = histories_of(
        {"cart": [{"a": ""}], "mail": [{"a": ""}]},
        people=[("1", "Ada", "ada@example.org"), ("2", "Ben", "ben@example.org")],
    )
    boundaries = read_boundaries(config, history)

    assert boundaries.teams() == ("blue",)
    assert boundaries.members is not None
    assert [boundaries.members.teams_of(person, 0) for person in "12"] == [("blue",), ("blue",)]
    assert boundaries.structure.parents == {"blue": "colours"}
    assert boundaries.structure.types == {"blue": "platform"}


SPLIT = [
    ({"a": "@x/b", "b": "@x/c"}, []),
    ({"a": "@x/b", "b": "@x/b"}, ["b"]),
]


@pytest.mark.parametrize(("later", "new"), SPLIT)
def test_a_team_that_repositories_split_is_not_renamed(
    later: dict[str, str], new: list[str]
) -> None:
    """Two names come after it: somebody was reorganised."""
    files = {"x/f": "", "y/f": ""}
    owned = "/x/ {0}\n/y/ {0}\n/z/ @x/other\n"
    history = histories_of(
        {
            name: [
                {"CODEOWNERS": owned.format("@x/a"), **files},
                {"CODEOWNERS": owned.format(owner)},
            ]
            for name, owner in later.items()
        }
    )

    assert [one.new for one in read_boundaries(Config(), history).renames] == new


def test_names_may_be_kept_apart(tmp_path: Path) -> None:
    """Where a person knows better."""
    (tmp_path / "t.csv").write_text(f"valid_from,service,team\n{TABLES[0][0]}", encoding="utf-8")
    config = tmp_path / "conway.toml"
    config.write_text('[teams]\nsource = "t.csv"\nrenames = "keep"\n', encoding="utf-8")

    boundaries = read_boundaries(config, SHOPS)

    assert (boundaries.renames, boundaries.teams()) == ((), ("a", "b"))
