"""Measures how delivery grows with the number of changes, from labelled rows to all its figures.

In:  nothing: change sets are drawn over 1,000 services and 100 teams, skewed as real ones are.
Out: docs/delivery-growth.md, one row a size, each measured in a process of its own.

A change set touches one service and, with falling chance, more (1.5 on average, one in 500 of
them 10 to 40); services are Zipf-distributed; a sixth of the authors work outside the team of
their first service; one service in ten has two teams that may each approve.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from conway import __version__
from conway.boundaries.work import WEEK, Work
from conway.delivery.measurement import measure_delivery
from conway.figures import value_of
from conway.tables import CHANGE_SETS, TOUCHED

SERVICES, TEAMS, WEEKS = 1_000, 100, 208
SIZES = (100_000, 1_000_000, 10_000_000)
_PAGE = Path(__file__).parents[2] / "docs" / "delivery-growth.md"


def draw_work(changes: int, *, seed: int = 0) -> Work:
    """Draw labelled change sets."""
    rng = np.random.default_rng(seed)
    size = 1 + rng.geometric(0.7, changes) - 1
    wide = rng.random(changes) < 0.002
    size[wide] = rng.integers(10, 41, int(wide.sum()))
    weight = 1 / np.arange(1, SERVICES + 1) ** 0.8
    owner = rng.permutation(SERVICES) % TEAMS
    other = np.where(rng.random(SERVICES) < 0.1, rng.integers(0, TEAMS, SERVICES), owner)
    number = np.repeat(np.arange(changes), size)
    drawn = rng.choice(SERVICES, len(number), p=weight / weight.sum())
    cells = np.unique(number * SERVICES + drawn)
    number, service = np.divmod(cells, SERVICES)
    first = service[np.searchsorted(number, np.arange(changes))]
    author = np.where(rng.random(changes) < 1 / 6, rng.integers(0, TEAMS, changes), owner[first])
    alternatives, codes = np.unique(np.sort(np.stack([owner, other]), axis=0), axis=1,
                                    return_inverse=True)  # fmt: skip
    owners = tuple(tuple(sorted(set(pair))) for pair in alternatives.T.tolist())
    return Work(
        sets=_sets(changes, author=author, rng=rng),
        rows=_rows(number, service, owner=owner, codes=codes.ravel()),
        members=pd.DataFrame({"set": [], "repository": [], "change": [], "position": []}),
        paths=tuple(f"s{one:04d}/a" for one in range(SERVICES)),
        services=tuple(f"s{one:04d}" for one in range(SERVICES)),
        units=tuple(f"s{one:04d}" for one in range(SERVICES)),
        teams=tuple(f"t{one:02d}" for one in range(TEAMS)),
        owners=owners,
        service_teams=tuple(owner.tolist()),
        since=0,
        until=WEEKS * WEEK,
    )


def _sets(changes: int, *, author: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    times = np.sort(rng.integers(0, WEEKS * WEEK, changes))
    columns = dict.fromkeys(CHANGE_SETS.names, 1) | {
        "change_set": "r@0", "time": times, "first_time": times, "author": author,
        "author_team": author, "ai": False, "huge": False, "repeat": False,
    }  # fmt: skip
    return CHANGE_SETS.check(pd.DataFrame(columns, index=range(changes)))


def _rows(
    number: np.ndarray, service: np.ndarray, *, owner: np.ndarray, codes: np.ndarray
) -> pd.DataFrame:
    same = dict.fromkeys(("path", "entity", "service", "unit"), service)
    more = {"service_team": owner[service], "owners": codes[service], "rule": -1}
    return TOUCHED.check(pd.DataFrame({"set": number, **same, **more}))


def measure(changes: int) -> str:
    """Return one row of the table."""
    work = draw_work(changes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun, used = time.perf_counter(), time.process_time()
    found = measure_delivery(work)
    seconds, busy = time.perf_counter() - begun, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"| {changes:,} | {len(work.rows):,} | {len(found.prints.teams):,} | "
        f"{seconds:.1f} s | {busy:.1f} s | {before:,.0f} MB | {peak:,.0f} MB | "
        f"{value_of(found.teams.streams):.2f} |"
    )


def page(rows: list[str]) -> str:
    """Return docs/delivery-growth.md."""
    today = datetime.now(UTC).date().isoformat()
    return f"""# How delivery grows

Written by `make bench` on {today}: conway {__version__}, Python {platform.python_version()},
{os.cpu_count()} cores of a {platform.machine()} machine with a load of {os.getloadavg()[0]:.1f} at
the end (an idle one has 0).

Change sets are drawn (`tests/benchmarks/delivery.py`) over {SERVICES:,} services, {TEAMS} teams and
{WEEKS} weeks, skewed as real ones are. Measured is everything from labelled rows to autonomy,
handoffs, parallelism of teams and of release units, concentration and the trend, with 1,000
resampled histories; to reach: 10⁶ change sets in at most 5 s. Memory is that of the process with
its rows, and at its peak.

| change sets | rows | kinds of footprints | time | processor time | rows held | peak | streams |
|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}

On a busy machine the time is a multiple of the processor time, and that is inflated too.
Grouping change sets into kinds of footprints grows with their number; what follows works on
kinds, which grow more slowly. Pairs that meet are counted by inclusion and exclusion over
common subsets, never listed (`conway/delivery/meeting.py`): listing them needed more than 20 GB
at 10⁶. What costs most is the one change set in 500 that touches 10 to 40 services, which has
too many subsets; taking all subsets up to 4, 5 or 6 services made little difference.

Sizes can be named:
`python -m tests.benchmarks.delivery 100000 10000000`.
"""


def main() -> None:
    """Write the page, each size in a process of its own; sizes may be named."""
    if sys.argv[1:2] == ["--row"]:
        print(measure(int(sys.argv[2])))
        return
    command = [sys.executable, "-m", __spec__.name, "--row"]
    rows = [
        subprocess.run([*command, size], check=True, capture_output=True, text=True).stdout
        for size in sys.argv[1:] or map(str, SIZES)
    ]
    _PAGE.write_text(page([row.strip() for row in rows]), encoding="utf-8")


if __name__ == "__main__":
    main()
