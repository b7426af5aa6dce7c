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
        "2024-01-01,cart,a\n2024-01-01,mail,x\n2024-06-01,cart,b\n2024-06-01,mail,y\n",
        [("a", "b"), ("x", "y")],
    ),
]


@pytest.mark.parametrize(("rows", "renames"), TABLES)
def test_in_a_dated_table(tmp_path: Path, rows: str, renames: list[tuple[str, str]]) -> None:
    """Everything at one date to one new name, and the old one never again."""
    (tmp_path / "t.csv").write_text(f"valid_from,service,team\n{rows}", encoding="utf-8")
    config = tmp_path / "conway.toml"
    config.write_text('[teams]\nsource = "t.csv"\n', encoding="utf-8")
    boundaries = read_boundaries(config, SHOPS)

    assert boundaries.renames == tuple(
        Rename(seconds("2024-06-01"), old, new) for old, new in renames
    )
    assert [note for note in boundaries.notes if "is called" in note] == [
        f"{old} is called {new} since 2024-06-01" for old, new in renames
    ]


def test_in_an_ownership_file() -> None:
    """The same patterns go over in one change."""
    history = history_of(
        {"CODEOWNERS": "/a/ @x/one\n/b/ @x/two\n/c/ @x/one\n", "a/f": "", "b/f": "", "c/f": ""},
        {"CODEOWNERS": "/a/ @x/uno\n/b/ @x/two\n/c/ @x/uno\n"},
        {"CODEOWNERS": "/a/ @x/uno\n/b/ @x/due\n/c/ @x/due\n"},
    )

    assert read_boundaries(Config(), history).renames == (Rename(WEEK, "one", "uno"),)


def test_fixed_owners_have_no_renames() -> None:
    """There is one version only."""
    config = parse_config('[teams]\nowners = { cart = "a" }')

    assert read_boundaries(config, SHOPS).renames == ()
