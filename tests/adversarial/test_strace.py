"""What the kernel saw: programs started, sockets opened, files written.

In:  repositories whose settings, hooks and attributes name programs.
Out: nothing but git and Python ran, nothing reached the network, nothing was written
     outside of store and scratch, and the repository is as before, to the byte.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adversarial.cases import as_clean
from tests.adversarial.config_cases import CASES
from tests.adversarial.lab import Lab, clean
from tests.adversarial.test_corpus import state_of
from tests.mining.repositories import git

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
]

_WATCHED = ("execve,execveat,connect,bind,sendto,open,openat,openat2,creat,rename,renameat,"
            "renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,chmod,"
            "fchmodat,chown,fchownat,utimensat,truncate,mknod,mknodat")  # fmt: skip
_PROGRAM = """
import sys
from conway.mining.miner import mine_facts
mine_facts([sys.argv[1]], store=sys.argv[2], reader=sys.argv[3], key=b"key", jobs=1)
"""
_OPENS = re.compile(r'\b(?:open|openat|openat2|creat)\(.*?"((?:[^"\\]|\\.)*)", ?([^)]*)')
_CHANGES = re.compile(
    r"\b(rename\w*|unlink\w*|mkdir\w*|rmdir|link\w*|symlink\w*|chmod|fchmodat|chown|fchownat|"
    r'utimensat|truncate|mknod\w*)\(.*?"((?:[^"\\]|\\.)*)"'
)
_STARTS = re.compile(r'\bexecve(?:at)?\(.*?"((?:[^"\\]|\\.)*)"')
_HOSTILE = [case for case in CASES if case.expect is as_clean and case.id[:3] != "S11"]
_OWN = ("/dev/null", "/dev/tty", "/proc/", "/dev/shm/sem.")  # noqa: S108 - not made here
"""What writing to harms nobody; the last are semaphores that joblib tries when imported."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the clean repository, packed."""
    place = clean().build(tmp_path_factory.mktemp("clean") / "clean.git")
    git(place, "gc", "--quiet")
    return place


def _traced(lab: Lab, *command: str) -> list[str]:
    """Run a command under strace and return what was seen."""
    logs, scratch = lab.folder / "logs", lab.folder / "scratch"
    scratch.mkdir()
    logs.mkdir()
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        ["strace", "-ff", "-qq", "-s", "4096", "-o", f"{logs}/of", "-e", f"trace={_WATCHED}",
         *command],
        env={"PATH": os.environ["PATH"], "HOME": str(lab.folder / "home"),
             "TMPDIR": str(scratch), "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=scratch, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    texts = (log.read_text(errors="replace") for log in sorted(logs.iterdir()))
    lines = (line for text in texts for line in text.splitlines())
    return [line for line in lines if not re.search(r"\) += -1 E(?!INPROGRESS|CONNREFUSED)", line)]


def _programs(lines: list[str]) -> set[str]:
    return {found[1] for line in lines if (found := _STARTS.search(line))}


def _connections(lines: list[str]) -> list[str]:
    """Return what reached for a socket, be it of the network or of a local service."""
    return [line for line in lines if re.match(r"(connect|bind|sendto)\(", line)]


def _written(lines: list[str]) -> set[str]:
    found: set[str] = set()
    for line in lines:
        opened, changed = _OPENS.search(line), _CHANGES.search(line)
        if opened and re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|creat\(", line):
            found.add(opened[1])
        if changed:
            found.add(changed[2])
    return found


def _allowed(path: str, lab: Lab) -> bool:
    """Whether a path is in the store or the scratch; a bare name is, for the cwd is there."""
    if path.startswith(_OWN) or not path.startswith("/"):
        return True
    return Path(path).is_relative_to(lab.folder / "scratch") or Path(path).is_relative_to(
        lab.folder / "hostile.conway"
    )


def _is_ours(program: str) -> bool:
    """Whether a program is our Python, or git or a part of it from our path."""
    path = Path(program).resolve()
    parts = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True)
    gits = {Path(shutil.which("git") or "").resolve()}
    return (
        path == Path(sys.executable).resolve()
        or path in gits
        or path.is_relative_to(Path(parts.stdout.strip()).resolve())
    )


@pytest.mark.parametrize("reader", ["batch", "pydriller"])
@pytest.mark.parametrize("case", _HOSTILE, ids=lambda case: case.id)
def test_the_kernel_sees_nothing_of_the_repositorys_doing(
    case: object, reader: str, tmp_path: Path, template: Path
) -> None:
    """Programs, sockets, writes, and the repository before and after."""
    lab = Lab(tmp_path, template)
    place = case.plant(lab)  # type: ignore[attr-defined]
    before = state_of(place)

    lines = _traced(lab, sys.executable, "-P", "-c", _PROGRAM, str(place),
                    str(tmp_path / "hostile.conway"), reader)  # fmt: skip

    assert [program for program in sorted(_programs(lines)) if not _is_ours(program)] == []
    assert _connections(lines) == []
    assert [path for path in sorted(_written(lines)) if not _allowed(path, lab)] == []
    assert state_of(place) == before
    assert not lab.canary.exists()


def test_the_watch_sees_what_it_looks_for(tmp_path: Path, template: Path) -> None:
    """The control: a foreign program, a socket and a write outside are all noticed."""
    lab = Lab(tmp_path, template)
    text = ("import socket, subprocess, contextlib\n"
            f"subprocess.run(['{lab.script}'])\n"
            "with contextlib.suppress(OSError):\n"
            "    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))\n"
            f"open('{tmp_path}/outside', 'w').close()\n")  # fmt: skip

    lines = _traced(lab, sys.executable, "-c", text)

    assert str(lab.script) in {program for program in _programs(lines) if not _is_ours(program)}
    assert _connections(lines)
    assert {str(tmp_path / "outside"), str(lab.canary)} <= {
        path for path in _written(lines) if not _allowed(path, lab)
    }
