"""Run from inside an analysed repository, conway imports nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sample_repos import History

NAMES = ("json", "html", "re", "pandas", "numpy", "joblib", "conway")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_modules_of_the_repository_are_not_imported(tmp_path: Path, jobs: str) -> None:
    """Neither by the command nor by its workers, which Python starts in this folder."""
    canary = tmp_path / "canary"
    payload = f"open({str(canary)!r}, 'a').write('ran')\nraise SystemExit(9)\n"
    repositories = []
    for name in ("one", "two"):
        history = History()
        history.commit({f"{module}.py": payload for module in NAMES})
        repositories.append(history.build(tmp_path / name))
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    control = subprocess.run(
        [sys.executable, "-c", "import json"], cwd=repositories[0], env=plain, check=False
    )
    assert control.returncode == 9
    canary.unlink()
    command = Path(sys.executable).with_name("conway")
    found = subprocess.run(
        [command, "mine", ".", "../two", "-o", "../kept.conway", "-j", jobs],
        cwd=repositories[0],
        env=plain,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stderr
    assert not canary.exists()
