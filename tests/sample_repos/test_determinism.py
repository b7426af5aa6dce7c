"""The same call gives the same objects, whatever the machine's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sample_repos.git import git

ROOT = Path(__file__).parents[2]
#: The mainline's tip (of the bank's first repository). A builder that is changed on purpose
#: gets new ones; nothing else may change them.
TIPS = {
    "shop": "70ea3903d889d8f9928beb75dbe390cfcd0dca69",
    "shop --repaired": "f6afcc9865ea5ff777bdf8da0d1e9c899c9e7b81",
    "bank": "31d919f9a354875ed166737490670f326fea9916",
}


def build(arguments: list[str], *, home: Path, settings: dict[str, str]) -> str:
    """Run the command line in an environment and return what it prints."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **settings}
    command = [sys.executable, "-m", "sample_repos", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("sample", ["shop", "shop --repaired", "bank"])
def test_settings_of_the_machine_change_nothing(sample: str, tmp_path: Path) -> None:
    """Time zone, locale, hash seed and the user's git settings leave no trace."""
    (tmp_path / ".gitconfig").write_text(
        "[user]\nname = Somebody\n[core]\nautocrlf = true\n[init]\ndefaultBranch = trunk\n"
        "[commit]\ngpgSign = true\n[tag]\nsort = -refname\n"
    )
    tips = []
    for number, settings in enumerate(
        (
            {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
            {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}
            | {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_DIR": "/nowhere"},
        )
    ):
        place = tmp_path / str(number)
        printed = build([*sample.split(), str(place)], home=tmp_path, settings=settings)
        built = [Path(line) for line in printed.splitlines()]
        tips.append({path.relative_to(place): git(path, "show-ref") for path in built})

    assert tips[0] == tips[1]
    assert len(tips[0]) == (6 if sample == "bank" else 1)
    assert git(built[0], "rev-parse", "HEAD").decode().strip() == TIPS[sample]
