"""What each of Code Maat's analyses costs on a long log.

In:  a made-up log of 250,000 lines.
Out: seconds and memory of ``conway maat`` for each of the 18 analyses, a process each.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from conway.coupling.codemaat import ANALYSES
from tests.evaluations.tables import Table

LINES = 250_000
PER_COMMIT = 8
PATHS = 6_000
AUTHORS = 200
GROUP = 6
"""Files that change together."""

_NEEDED = {"messages": ["--expression-to-match", "fix"]}


def cost() -> Table:
    """Return time and memory of each analysis, from the start of the program to its end."""
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        write_log(log)
        rows = [(name, *_measured(name, log)) for name in sorted(ANALYSES)]
    return Table(
        "Cost of Code Maat's analyses",
        ("analysis", "rows", "seconds", "of the processor", "MB"),
        rows,
        (
            f"`conway maat ANALYSIS LOG` on a log of {LINES:,} lines: "
            f"{LINES // (PER_COMMIT + 2):,} commits of up to {PER_COMMIT} of {PATHS:,} files in "
            f"two of {PATHS // GROUP:,} groups, by {AUTHORS} authors, in Code Maat's format git2 "
            "(`messages`: git). Wall clock and time of the processor from the start of Python on, "
            "memory of the process, on two cores that other work shared."
        ),
    )


def write_log(path: Path, *, messages: bool = False) -> None:
    """Write a log in which few files change often."""
    random = np.random.default_rng(0)
    commits = LINES // (PER_COMMIT + 2)
    chance = np.arange(1, PATHS // GROUP + 1) ** -0.7
    groups = random.choice(PATHS // GROUP, (commits, 2), p=chance / chance.sum())
    files = np.repeat(groups, PER_COMMIT // 2, axis=1) * GROUP
    files += random.integers(GROUP, size=files.shape)
    authors = random.integers(AUTHORS, size=commits)
    days = np.sort(random.integers(1000, size=commits))[::-1]
    since = np.datetime64("2022-01-01")
    with path.open("w", encoding="utf-8") as out:
        for number in range(commits):
            day, author = since + days[number], f"Author {authors[number]}"
            head = (
                f"[{number:08x}] {author} {day} fix {number}"
                if messages
                else (f"--{number:08x}--{day}--{author}")
            )
            out.write(head + "\n")
            out.writelines(
                f"{1 + place}\t{place}\tsrc/d{file % 97}/file_{file}.py\n"
                for place, file in enumerate(dict.fromkeys(files[number].tolist()))
            )
            out.write("\n")


def _measured(analysis: str, log: Path) -> tuple[str, str, str, str]:
    """Return rows, seconds, seconds of the processor and megabytes of one run."""
    command = [str(Path(sys.executable).with_name("conway")), "maat", analysis, str(log)]
    if analysis == "messages":
        write_log(log.with_name("messages"), messages=True)
        command[-1] = str(log.with_name("messages"))
    out = log.with_name("out")
    launched = [sys.executable, "-S", "-c", _LAUNCH, str(out), *command]
    done = subprocess.run(
        [*launched, *_NEEDED.get(analysis, [])], capture_output=True, text=True, check=True
    )
    seconds, busy, kilobytes = map(float, done.stdout.split())
    rows = out.read_bytes().count(b"\n") - 1
    return f"{rows:,}", f"{seconds:.1f}", f"{busy:.1f}", f"{kilobytes / 1024:.0f}"


_LAUNCH = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[2:], stdout=open(sys.argv[1], "wb"), check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""Starts one run from a small process: a child's memory counts from that of its parent on."""
