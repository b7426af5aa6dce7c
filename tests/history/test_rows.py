"""Counts over rows: by hand, and the same on every engine."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pytest

from conway.history.rows import changes_by_team, footprint_sizes, joint_sets, labelled

if TYPE_CHECKING:
    from collections.abc import Callable

    import narwhals as nw

    Engine = Callable[[pd.DataFrame], Any]

TOUCHED = pd.DataFrame(
    [(0, "a"), (0, "b"), (0, "a"), (1, "a"), (2, "a"), (2, "b"), (2, "c")],
    columns=["set", "service"],
)


def _rows(lazy: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    frame = lazy.collect("pandas").to_pandas()
    return sorted(frame.itertuples(index=False, name=None))


def test_each_count_by_hand() -> None:
    """Three change sets over services a, b and c; a row that repeats counts once."""
    authors = pd.DataFrame([(0, "x"), (1, "x"), (2, "y")], columns=["set", "team"])
    files = pd.DataFrame([(0, "a/1"), (0, "a/2"), (1, "z")], columns=["set", "path"])
    services = pd.DataFrame([("a/1", "a"), ("a/2", "a")], columns=["path", "service"])

    assert _rows(labelled(files, services).select("set", "service")) == [(0, "a")]
    assert _rows(footprint_sizes(TOUCHED).select("services", "sets")) == [(1, 1), (2, 1), (3, 1)]
    assert _rows(joint_sets(TOUCHED).select("a", "b", "joint")) == [
        ("a", "b", 2), ("a", "c", 1), ("b", "c", 1),
    ]  # fmt: skip
    assert _rows(changes_by_team(TOUCHED, authors).select("service", "team", "sets")) == [
        ("a", "x", 2), ("a", "y", 1), ("b", "x", 1), ("b", "y", 1), ("c", "y", 1),
    ]  # fmt: skip


def _all(engine: Engine) -> list[list[tuple[Any, ...]]]:
    """Return every result over random rows that an engine holds."""
    chance = random.Random(4)
    files = pd.DataFrame(
        [(number, f"p{chance.randrange(60)}") for number in range(300) for _ in range(4)],
        columns=["set", "path"],
    )
    services = pd.DataFrame(
        [(f"p{number}", f"s{number % 7}") for number in range(50)], columns=["path", "service"]
    )
    authors = pd.DataFrame(
        [(number, f"t{number % 5}") for number in range(300)], columns=["set", "team"]
    )
    touched = labelled(engine(files), engine(services))
    return [
        _rows(touched.select("set", "service")),
        _rows(footprint_sizes(touched.to_native()).select("services", "sets")),
        _rows(joint_sets(touched.to_native()).select("a", "b", "joint")),
        _rows(changes_by_team(touched.to_native(), engine(authors)).select(
            "service", "team", "sets")),
    ]  # fmt: skip


def test_duckdb_and_pandas_give_the_same_rows() -> None:
    """The functions that both run are the same ones."""
    with duckdb.connect() as con:

        def held(frame: pd.DataFrame) -> duckdb.DuckDBPyRelation:
            return con.from_df(frame)

        assert _all(held) == _all(lambda frame: frame)


@pytest.mark.dask
@pytest.mark.filterwarnings("ignore:Dask support is moving:FutureWarning")
def test_dask_gives_the_same_rows() -> None:
    """In three partitions."""
    dask = pytest.importorskip("dask.dataframe", reason="the extra `dask` is not installed")

    assert _all(lambda frame: dask.from_pandas(frame, npartitions=3)) == _all(lambda frame: frame)
