"""Measures mining against git and PyDriller, in one run, and writes docs/benchmarks.md.

In:  a generated history (``tests.benchmarks.large``), kept in the temporary folder.
Out: one row a goal: what was measured, and the ratio to what it is measured against.

Whole processes are compared, git and conway in turn, the best of each: what else runs on the
machine can only make them slower.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from conway import __version__
from tests.benchmarks.large import build, go_on
from tests.benchmarks.processes import Cost, cost_of, first_number

COMMITS = 150_000
_PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_SAMPLE = 150
_VARIABLES = {"CONWAY_KEY": "benchmark"}
_PYDRILLER = """
import sys, time
from pydriller import Git
git = Git(sys.argv[1])
oids = sys.stdin.read().split()
begun = time.perf_counter()
for oid in oids:
    for file in git.get_commit(oid).modified_files:
        file.change_type, file.old_path, file.new_path, file.added_lines, file.deleted_lines
print((time.perf_counter() - begun) / len(oids))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One goal: what to reach, what was measured, and whether that reaches it."""

    what: str
    reach: str
    measured: str
    reached: bool


def measure(repository: Path, *, scratch: Path, rounds: int) -> tuple[list[Row], str]:
    """Return the table's rows, and what the history is like."""
    changes = int(_git(repository, "rev-list", "--count", "--first-parent", "main"))
    log = ["git", "-C", str(repository), "log", "--first-parent", "-m", "--raw", "--numstat",
           "-M", "-z", "main"]  # fmt: skip
    costs: dict[str, list[Cost]] = {"git": [], "one": [], "two": []}
    for number in range(rounds):
        costs["git"].append(cost_of(log))
        for name, jobs in (("one", 1), ("two", 2)):
            store = scratch / f"{name}{number}.conway"
            costs[name].append(cost_of(_mine(repository, store, jobs=jobs), variables=_VARIABLES))
    git, one, two = (min(of, key=lambda cost: cost.seconds) for of in costs.values())
    peak = max(cost.megabytes for name in ("one", "two") for cost in costs[name])
    first = first_number(_mine(repository, scratch / "first.conway"), variables=_VARIABLES)
    again, bound = _second_run(repository, scratch=scratch), max(1.0, 0.05 * one.seconds)
    alone = _pydriller(repository)
    rows = [
        _ratio("`conway mine`, one worker, against `git log`", one, git, reach=1.25),
        _ratio("two workers, against `git log`", two, git, reach=0.75),
        Row("against PyDriller `modified_files`, per change", "≥ 20 × faster",
            f"{alone * changes / one.seconds:.0f} × ({alone * 1000:.1f} ms against "
            f"{one.seconds / changes * 1000:.2f} ms; two workers "
            f"{alone * changes / two.seconds:.0f} ×, `git log` itself "
            f"{alone * changes / git.seconds:.0f} ×)", alone * changes / one.seconds >= 20),
        Row("first progress", "≤ 1 s", f"{first:.2f} s", first <= 1),
        Row("peak memory, parent and children", "≤ 512 MB", f"{peak:.0f} MB", peak <= 512),
        Row("second run after ten new commits", f"≤ {bound:.1f} s (5 %)",
            f"{again.seconds:.2f} s", again.seconds <= bound),
    ]  # fmt: skip
    commits = int(_git(repository, "rev-list", "--count", "main"))
    pace = changes / git.seconds
    told = (f"{commits:,} commits, {changes:,} changes on the mainline; `git log` reads "
            f"{pace:,.0f} of them a second")  # fmt: skip
    return rows, told


def _ratio(what: str, ours: Cost, theirs: Cost, *, reach: float) -> Row:
    ratio, work = ours.seconds / theirs.seconds, ours.processor / theirs.processor
    told = (f"{ratio:.2f} × ({ours.seconds:.1f} s against {theirs.seconds:.1f} s; processor time "
            f"{work:.2f} ×)")  # fmt: skip
    return Row(what, f"≤ {reach} ×", told, ratio <= reach)


def _mine(repository: Path, store: Path, *, jobs: int = 1) -> list[str]:
    program = "from conway.cli import main; main()"
    return [sys.executable, "-c", program, "mine", str(repository), "-o", str(store),
            "--jobs", str(jobs)]  # fmt: skip


def _second_run(repository: Path, *, scratch: Path) -> Cost:
    """Add ten commits to a copy whose files are links, and read on."""
    copy = scratch / "on" / repository.name
    shutil.copytree(repository, copy, copy_function=os.link)
    go_on(copy, commits=10)
    store = scratch / "one0.conway"
    return cost_of(_mine(copy, store), variables=_VARIABLES)


def _pydriller(repository: Path) -> float:
    """Return PyDriller's seconds for one change, over changes from all of history."""
    oids = _git(repository, "rev-list", "--first-parent", "--no-merges", "main").split()
    some = "\n".join(oids[:: max(1, len(oids) // _SAMPLE)])
    done = subprocess.run([sys.executable, "-c", _PYDRILLER, str(repository)], input=some,
                          capture_output=True, text=True, check=True)  # fmt: skip
    return float(done.stdout)


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True,
                          text=True, check=True).stdout.strip()  # fmt: skip


def page(rows: list[Row], told: str) -> str:
    """Return the table as a page."""
    lines = ["| what | reach | measured | |", "|---|---|---|---|"]
    lines += [f"| {row.what} | {row.reach} | {row.measured} | {'yes' if row.reached else 'no'} |"
              for row in rows]  # fmt: skip
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    return f"""# Benchmarks of mining

Written by `make bench` on {datetime.now(UTC).date()}: conway {__version__}, Python
{platform.python_version()}, {git.stdout.strip()}, {os.cpu_count()} cores of a {platform.machine()}
machine with a load of {os.getloadavg()[0]:.1f} at the end (an idle one has 0).

The history is generated (`tests/benchmarks/large.py`): {told}.
`git log` is `git log --first-parent -m --raw --numstat -M -z`. Whole processes are timed, in
turn, the best of each; processor time is that of the same runs and depends less on what else
the machine does: on a machine that is busy, two workers compete with everything else, and half
of their ratio of processor time is what two idle cores reach. Memory is the sum over all
processes, shared pages counted once.

{chr(10).join(lines)}

[Why these figures, and what was tried](mining-speed.md).
"""


def main() -> None:
    """Print the table and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=COMMITS)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--out", type=Path, default=_PAGE)
    asked = parser.parse_args()
    kept = Path(tempfile.gettempdir()) / "conway-benchmarks" / f"real-sized-{asked.commits}.git"
    kept.parent.mkdir(exist_ok=True)
    repository = build(kept, commits=asked.commits)
    with tempfile.TemporaryDirectory() as scratch:
        rows, told = measure(repository, scratch=Path(scratch), rounds=asked.rounds)
    text = page(rows, told)
    print(text, flush=True)
    asked.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
