"""A run that is interrupted leaves nothing: no scratch, no store, no process, no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.mining.repositories import git

if TYPE_CHECKING:
    from pathlib import Path

_MAIN = "from conway.cli import main; main()"
_CHANGES = 9_000  # more than four blocks: parts of one repository go to several processes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository that keeps two processes busy for some seconds."""
    place = tmp_path_factory.mktemp("long") / "long.git"
    place.mkdir()
    git(place, "init", "--quiet", "--bare", "--initial-branch=main", ".")
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@x> {1_700_000_000 + number} +0000\ndata 1\nx\n"
        f"M 100644 inline f\ndata {len(str(number))}\n{number}\n"
        for number in range(_CHANGES)
    )
    git(place, "fast-import", "--quiet", given=stream.encode())
    return place


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_nothing_is_left(
    tmp_path: Path, repository: Path, number: signal.Signals, code: int, count: int
) -> None:
    """Ctrl-C reaches the whole group of processes, SIGTERM only the first of them."""
    places = [tmp_path / f"r{copy}.git" for copy in range(count)]
    for place in places:
        place.symlink_to(repository)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = _started(places, scratch=scratch, store=tmp_path / "s.conway")
    children = _until_two_gits_run(process)

    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _out, said = process.communicate(timeout=60)
    _gone, alive = psutil.wait_procs(children, timeout=10)

    assert (process.returncode, said) == (code, "")
    assert not list(scratch.iterdir())
    assert not (tmp_path / "s.conway").exists()
    assert not alive


def _started(places: list[Path], *, scratch: Path, store: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _MAIN, "mine", *map(str, places), "-o", str(store), "-j", "2"]
    variables = {**os.environ, "TMPDIR": str(scratch), "CONWAY_KEY": "k",
                 "PYTHONPATH": os.pathsep.join(sys.path)}  # fmt: skip
    return subprocess.Popen(command, env=variables, start_new_session=True, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def _until_two_gits_run(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until workers have started git; return all processes of the run."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        children = psutil.Process(process.pid).children(recursive=True)
        workers = [one for one in children if _runs(one, "loky") and one.children()]
        if workers:
            return children
        time.sleep(0.02)
    raise AssertionError(f"no worker was seen: {process.communicate()}")


def _runs(process: psutil.Process, what: str) -> bool:
    try:
        return any(what in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return False
