"""Measures how the counts over rows grow, from 10^3 to 10^7 change rows on DuckDB.

In:  nothing: the rows are drawn at random, 400 services, three rows a change set.
Out: one Markdown row a size, for docs/past-one-machine.md.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import duckdb

from conway.history.rows import changes_by_team, footprint_sizes, joint_sets

if TYPE_CHECKING:
    import narwhals as nw

_ROWS = """CREATE TABLE touched AS
SELECT i // 3 AS "set", 's' || CAST(floor(400 * pow(random(), 2)) AS INTEGER) AS service
FROM range({rows}) AS numbers(i)"""
_TEAMS = """CREATE TABLE authors AS
SELECT DISTINCT "set", 't' || ("set" % 50) AS team FROM touched"""


def measure(rows: int) -> str:
    """Return one row of the table."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("SELECT setseed(0.5)")
        con.execute(_ROWS.format(rows=rows))
        con.execute(_TEAMS)
        touched = con.table("touched")
        told = [_seconds(footprint_sizes(touched)), _seconds(joint_sets(touched)),
                _seconds(changes_by_team(touched, con.table("authors")))]  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"| {rows:,} | {' | '.join(f'{one:.2f} s' for one in told)} | {peak:.0f} MB |"


def _seconds(lazy: nw.LazyFrame[Any]) -> float:
    begun = time.perf_counter()
    lazy.collect("pandas")
    return time.perf_counter() - begun


def main() -> None:
    """Print a row for one size, or for all sizes, each in a process of its own."""
    if len(sys.argv) > 1:
        print(measure(int(sys.argv[1])))
        return
    for power in range(3, 8):
        subprocess.run([sys.executable, "-m", __spec__.name, str(10**power)], check=True)


if __name__ == "__main__":
    main()
