"""``python -m sample_repos shop [--repaired] DIR`` and ``python -m sample_repos bank DIR``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_repos import build_bank, build_shop


def main() -> int:
    """Build what the command line asks for; print where it is."""
    parser = argparse.ArgumentParser(prog="python -m sample_repos", description=__doc__)
    parser.add_argument("sample", choices=("shop", "bank"))
    parser.add_argument("--repaired", action="store_true", help="the shop with mended boundaries")
    parser.add_argument("directory", type=Path, metavar="DIR", help="a new or empty directory")
    asked = parser.parse_args()
    if asked.repaired and asked.sample != "shop":
        parser.error("--repaired goes with shop")
    try:
        if asked.sample == "shop":
            built = [build_shop(asked.directory, repaired=asked.repaired)]
        else:
            built = build_bank(asked.directory)
    except (FileExistsError, RuntimeError) as fault:
        sys.stderr.write(f"{fault}\n")
        return 3
    sys.stdout.write("".join(f"{path}\n" for path in built))
    return 0


if __name__ == "__main__":
    sys.exit(main())
