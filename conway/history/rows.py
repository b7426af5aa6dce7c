"""Joins and counts over millions of rows, on whatever engine holds them.

In:  rows of (change set, service), (change set, path) or (change set, team): a pandas frame, a
     DuckDB relation, a Dask frame, or anything else that Narwhals knows.
Out: a lazy frame of the same engine, so that only the small result is ever collected.

These are the only steps that grow with history; what follows works on distinct footprints.
Rows that repeat count once. Results have no order: sort what you collect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import narwhals as nw


def labelled(files: Any, services: Any) -> nw.LazyFrame[Any]:  # noqa: ANN401 - any engine's frame
    """Return which services each change set touches.

    Parameters
    ----------
    files
        Columns ``set`` and ``path``: one row per change set and path that it touches.
    services
        Columns ``path`` and ``service``: the service of each path; others have none.

    Returns
    -------
    narwhals.LazyFrame
        Columns ``set`` and ``service``, each pair once.
    """
    joined = _lazy(files).join(_lazy(services), on="path", how="inner")
    return joined.select("set", "service").unique()


def footprint_sizes(touched: Any) -> nw.LazyFrame[Any]:  # noqa: ANN401 - any engine's frame
    """Return how many change sets touch how many services.

    Parameters
    ----------
    touched
        Columns ``set`` and ``service``.

    Returns
    -------
    narwhals.LazyFrame
        Columns ``services`` and ``sets``.
    """
    sizes = _counted(_lazy(touched).select("set", "service").unique(), "set", name="services")
    return _counted(sizes, "services", name="sets")


def joint_sets(touched: Any) -> nw.LazyFrame[Any]:  # noqa: ANN401 - any engine's frame
    """Return how many change sets touch both of two services.

    Parameters
    ----------
    touched
        Columns ``set`` and ``service``; leave huge change sets out first.

    Returns
    -------
    narwhals.LazyFrame
        Columns ``a``, ``b`` (``a < b``) and ``joint``; pairs without a joint set are left out.
    """
    import narwhals as nw

    rows = _lazy(touched).select("set", "service").unique()
    one, other = (
        rows.select("set", nw.col("service").alias(name)) for name in ("a", "b")
    )  # Dask cannot rename what it grouped
    pairs = one.join(other, on="set", how="inner")
    return _counted(pairs.filter(nw.col("a") < nw.col("b")), "a", "b", name="joint")


def changes_by_team(touched: Any, authors: Any) -> nw.LazyFrame[Any]:  # noqa: ANN401 - any engine's frame
    """Return how many change sets of each team touch each service.

    Parameters
    ----------
    touched
        Columns ``set`` and ``service``.
    authors
        Columns ``set`` and ``team``: the team of each change set's author.

    Returns
    -------
    narwhals.LazyFrame
        Columns ``service``, ``team`` and ``sets``.
    """
    rows = _lazy(touched).select("set", "service").unique()
    joined = rows.join(_lazy(authors).select("set", "team").unique(), on="set", how="inner")
    return _counted(joined, "service", "team", name="sets")


def _lazy(frame: Any) -> nw.LazyFrame[Any]:  # noqa: ANN401 - any engine's frame
    import narwhals as nw

    lazy: nw.LazyFrame[Any] = nw.from_native(frame).lazy()
    return lazy


def _counted(rows: nw.LazyFrame[Any], *by: str, name: str) -> nw.LazyFrame[Any]:
    """Count rows by some columns, as whole numbers: DuckDB's sums may come as decimals."""
    import narwhals as nw

    ones = rows.with_columns(nw.lit(1).alias(name))
    return ones.group_by(*by).agg(nw.col(name).sum()).with_columns(nw.col(name).cast(nw.Int64))
