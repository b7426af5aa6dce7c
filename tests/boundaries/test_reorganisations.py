"""Reorganisations that a person wrote down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.boundaries.reading import read_boundaries
from conway.boundaries.reorganisations import Reorganisation
from conway.config import seconds
from conway.errors import BoundariesError
from tests.boundaries.histories import histories_of

if TYPE_CHECKING:
    from pathlib import Path

    from conway.boundaries.boundaries import Boundaries

SHOPS = histories_of({"cart": [{"a": ""}], "mail": [{"a": ""}]})


def read(folder: Path, rows: str) -> Boundaries:
    """Read boundaries with teams a and b and a table of reorganisations."""
    (folder / "moves.csv").write_text(rows, encoding="utf-8")
    config = folder / "conway.toml"
    config.write_text(
        '[teams]\nowners = { cart = "a", mail = "b" }\nreorganisations = "moves.csv"\n'
    )
    return read_boundaries(config, SHOPS)


def test_rows_in_order_of_time(tmp_path: Path) -> None:
    """The former team and the name may be left out."""
    found = read(
        tmp_path, "date,service,team,from,name\n2024-06-01,mail,a,,\n2024-03-01,cart,b,a,spring\n"
    ).reorganisations

    assert found == (
        Reorganisation(seconds("2024-03-01"), "cart", "b", "a", "spring"),
        Reorganisation(seconds("2024-06-01"), "mail", "a"),
    )


def test_every_fault_in_one_message(tmp_path: Path) -> None:
    """Line, what is wrong, and what there is."""
    rows = "date,service,team,from\n,cart,b,\n2024-01-01,crat,c,c\n2024-01-01,mail,a,a\n"
    with pytest.raises(BoundariesError) as fault:
        read(tmp_path, rows)

    said = str(fault.value)
    assert "line 2 has no date" in said
    assert "line 3: no service 'crat'; did you mean 'cart'?" in said
    assert "line 3: no team 'c'; there are: a, b" in said
    assert "line 4: from and team are the same" in said


def test_a_wrong_column_is_named(tmp_path: Path) -> None:
    """As every table's."""
    with pytest.raises(BoundariesError, match="unknown column 'day'"):
        read(tmp_path, "day,service,team\n2024-01-01,cart,b\n")


def test_the_table_is_part_of_the_hash(tmp_path: Path) -> None:
    """Another table, another configuration."""
    first = read(tmp_path, "date,service,team\n2024-01-01,cart,b\n").config_hash

    assert read(tmp_path, "date,service,team\n2024-01-02,cart,b\n").config_hash != first
