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

from sample_repos import build_shop

_ROOT = Path(__file__).parents[2]
_HISTORIES = _ROOT.parent / "shared" / "histories"
_METAMASK = """[services]
"{package}" = "packages/*/**"
[teams]
source = "CODEOWNERS"
"""
_GOVUK = f"""[teams]
source = "{_HISTORIES / "govuk-teams.csv"}"
"""


def measure(name: str, *repositories: Path, config: Path, folder: Path) -> str:
    """Run the whole job in a process of its own and return its cost as a line."""
    before = time.perf_counter()
    command = [sys.executable, "-c", "from conway.cli import main; main()", "run", "--quiet"]
    places = [*map(str, repositories), "-b", str(config), "-o", str(folder / name)]
    subprocess.run([*command, *places, "--jobs", "2"], check=True)
    seconds = time.perf_counter() - before
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return f"{name:12} {seconds:7.1f} s  {megabytes:7.0f} MB at most so far"


def written(path: Path, text: str) -> Path:
    """Write a file and return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def main() -> None:
    """Measure every history that is there, the small ones first."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        shop = build_shop(folder / "sample" / "shop")
        print(measure("shop", shop, config=_ROOT / "sample_repos" / "shop.toml", folder=folder))
        if not _HISTORIES.is_dir():
            print(f"no real histories in {_HISTORIES}")
            return
        metamask = written(folder / "metamask.toml", _METAMASK)
        bundle = _HISTORIES / "metamask-core.bundle"
        print(measure("metamask", bundle, config=metamask, folder=folder))
        govuk = written(folder / "govuk.toml", _GOVUK)
        bundles = sorted((_HISTORIES / "govuk").glob("*.bundle"))
        print(measure("govuk", *bundles, config=govuk, folder=folder))


if __name__ == "__main__":
    main()
