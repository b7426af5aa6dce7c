"""Measure how long a plan of ten moves takes, and how that grows with the change sets.

In:  nothing: the work is drawn at random, 1,000 services of 100 teams, one in twenty owned by
     another team than the one that works there.
Out: one Markdown row a size, for docs/benchmarks.md: seconds and processor
     seconds from labelled rows to the plan, largest memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from conway.advice.fitting import fit
from conway.advice.options import AdviceOptions
from conway.boundaries.work import WEEK, Work
from conway.tables import CHANGE_SETS, TOUCHED

SERVICES, TEAMS, PEOPLE, FILES, MOVES = 1_000, 100, 8, 20, 10


def drawn_work(count: int, *, seed: int = 0) -> Work:
    """Draw labelled change sets of half a year."""
    rng = np.random.default_rng(seed)
    works_there = rng.integers(TEAMS, size=SERVICES)
    wrong = rng.random(SERVICES) < 0.05
    owner = np.where(wrong, rng.integers(TEAMS, size=SERVICES), works_there)
    busy = rng.pareto(1.2, size=SERVICES) + 1
    first = rng.choice(SERVICES, size=count, p=busy / busy.sum())
    size = np.minimum(rng.geometric(0.6, size=count), 6)
    sets = np.repeat(np.arange(count), size)
    near = (first[sets] + rng.integers(-3, 4, size=len(sets))) % SERVICES
    far = rng.integers(SERVICES, size=len(sets))
    begun = np.diff(sets, prepend=-1) > 0
    service = np.where(begun, first[sets], np.where(rng.random(len(sets)) < 0.8, near, far))
    path = service * FILES + rng.integers(FILES, size=len(sets))
    rows = pd.DataFrame({"set": sets, "path": path, "entity": path, "service": service})
    rows = rows.drop_duplicates(["set", "path"]).sort_values(["set", "path"])
    team = owner[rows["service"].to_numpy()]
    rows = rows.assign(unit=rows["service"], service_team=team, owners=team, rule=-1)
    home = works_there[first]
    away = rng.random(count) < 0.15
    author_team = np.where(away, rng.integers(TEAMS, size=count), home)
    weeks = 26
    times = np.sort(rng.integers(weeks * WEEK, size=count))
    return Work(
        sets=CHANGE_SETS.check(_sets(count, times, author_team=author_team, rng=rng)),
        rows=TOUCHED.check(rows.reset_index(drop=True).astype(np.int64)[list(TOUCHED.names)]),
        members=pd.DataFrame(
            {"set": np.arange(count), "repository": "r", "change": "c", "position": 0}
        ),
        paths=tuple(f"s{n // FILES:04d}/{n % FILES}.py" for n in range(SERVICES * FILES)),
        services=tuple(f"s{n:04d}" for n in range(SERVICES)),
        units=tuple(f"s{n:04d}" for n in range(SERVICES)),
        teams=tuple(f"t{n:03d}" for n in range(TEAMS)),
        owners=tuple((n,) for n in range(TEAMS)),
        service_teams=tuple(owner.tolist()),
        since=0,
        until=weeks * WEEK,
    )


def _sets(
    count: int, times: np.ndarray, *, author_team: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "change_set": [f"r@{n:07d}" for n in range(count)],
            "time": times,
            "first_time": times,
            "author": author_team * PEOPLE + rng.integers(PEOPLE, size=count),
            "author_team": author_team,
            "repositories": 1,
            "changes": 1,
            "paths": 1,
            "ai": False,
            "repeat": False,
            "huge": False,
        }
    )


def measure(count: int) -> str:
    """Return one row of the table."""
    work = drawn_work(count)
    begun, busy = time.perf_counter(), time.process_time()
    fitted = fit(work, AdviceOptions(moves=MOVES))
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"| {count:,} | {len(fitted.moves)} | {seconds:.1f} s | {busy:.1f} s | {peak:.0f} MB |"


def main() -> None:
    """Print a row for one size, or for all sizes, each in a process of its own."""
    if len(sys.argv) > 1:
        print(measure(int(sys.argv[1])))
        return
    for power in range(3, 7):
        subprocess.run([sys.executable, "-m", __spec__.name, str(10**power)], check=True)


if __name__ == "__main__":
    main()
