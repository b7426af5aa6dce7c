"""Measure how long the whole job takes, and how much memory.

In:  the sample shop, and the real histories where ../shared/histories holds them.
Out: one line each: seconds from repositories to report, largest resident memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.samples import Sample, samples


def measure(sample: Sample, *, folder: Path) -> str:
    """Run the whole job in a process of its own and return its cost as a line."""
    before = time.perf_counter()
    command = [sys.executable, "-c", "from conway.cli import main; main()", "run", "--quiet"]
    places = [*sample.repositories, "-b", sample.config, "-o", folder / f"{sample.name}-out"]
    subprocess.run([*command, *map(str, places), "--jobs", "2"], check=True)
    seconds = time.perf_counter() - before
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return f"{sample.name:12} {seconds:7.1f} s  {megabytes:7.0f} MB in the largest process so far"


def main() -> None:
    """Measure every history that is there, the small ones first."""
    with tempfile.TemporaryDirectory() as scratch:
        for sample in samples(Path(scratch)):
            print(measure(sample, folder=Path(scratch)), flush=True)


if __name__ == "__main__":
    main()
