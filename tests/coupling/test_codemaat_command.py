"""The command ``conway maat``: options, where results go, what is refused, what it costs."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli_runs import conway

Capture = pytest.CaptureFixture[str]
LOG = "--1--2025-01-01--Ann\n1\t0\ta\n1\t0\tb\n\n--2--2025-01-02--Bo\n3\t0\ta\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of two commits."""
    path = tmp_path / "shop.log"
    path.write_text(LOG)
    return path


def test_results_go_to_stdout(log: Path, capsys: Capture) -> None:
    """As CSV, cut to the rows that are asked for."""
    found = conway("maat", "authors", log, "-r", 1, capture=capsys)
    assert (found.code, found.out, found.err) == (0, "entity,n-authors,n-revs\na,2,2\n", "")


def test_a_file_gets_all_rows(log: Path, capsys: Capture) -> None:
    """As in Code Maat, whatever ``--rows`` says."""
    out = log.parent / "out.csv"
    found = conway("maat", "revisions", log, "-r", 1, "-o", out, capture=capsys)
    assert (found.code, found.out) == (0, "")
    assert out.read_text() == "entity,n-revs\na,2\nb,1\n"


def test_thresholds_are_code_maats(log: Path, capsys: Capture) -> None:
    """Short options, long ones, and its defaults."""
    head = "entity,coupled,degree,average-revs\n"
    assert conway("maat", "coupling", log, capture=capsys).out == head
    low = ("-n", 1, "-m", 1, "-i", 1)
    assert conway("maat", "coupling", log, *low, capture=capsys).out == f"{head}a,b,66,2\n"
    for bound in (("--max-coupling", 65), ("--max-changeset-size", 1)):
        assert conway("maat", "coupling", log, *low, *bound, capture=capsys).out == head


def test_teams_groups_and_days(log: Path, capsys: Capture) -> None:
    """Each option reaches the reader."""
    teams, groups = log.parent / "teams.csv", log.parent / "groups.txt"
    teams.write_text("author,team\nAnn,red\nBo,red\n")
    groups.write_text("^a$ => A\n")
    options = ("-p", teams, "-g", groups, "-t", 2, "-c", "git2")
    assert conway("maat", "entity-effort", log, *options, capture=capsys).out == (
        "entity,author,author-revs,total-revs\nA,red,1,1\n"
    )


def test_a_log_may_come_from_a_pipe(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """Where LOG is a dash."""
    stdin = SimpleNamespace(buffer=io.BytesIO(LOG.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert conway("maat", "summary", "-", capture=capsys).out.endswith("number-of-authors,2\n")


def test_a_log_that_conway_writes_is_read(good: Path, tmp_path: Path, capsys: Capture) -> None:
    """From a repository to a table."""
    path = tmp_path / "good.log"
    assert conway("maat", "log", good, "-o", path, capture=capsys).code == 0
    found = conway("maat", "summary", path, capture=capsys)
    assert "number-of-commits,260\n" in found.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("hotspots", "LOG"), 2, "no analysis 'hotspots'"),
        (("messages", "LOG"), 2, "needs an expression"),
        (("messages", "LOG", "-e", "x"), 3, "has no messages"),
        (("age", "LOG", "-d", "soon"), 2, "no day"),
        (("authors", "nowhere.log"), 3, "cannot be read"),
        (("authors", "LOG", "-c", "git"), 3, "shop.log:1: expected a commit"),
        (("authors", "LOG", "-o", "no/such/folder"), 3, "cannot be written"),
        (("log", "nowhere"), 3, "no such path"),
    ],
)
def test_wrong_input_is_one_message(
    log: Path, capsys: Capture, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """Exit code 2 for usage, 3 for what is in files."""
    given = [str(log) if each == "LOG" else each for each in arguments]
    found = conway("maat", *given, capture=capsys)
    assert found.code == code
    assert words in " ".join(found.err.replace("│", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize("analysis", ["coupling", "communication", "identity", "fragmentation"])
def test_a_quarter_of_a_million_lines(analysis: str, tmp_path: Path) -> None:
    """A log of the size that other tools run out of memory on gives a table."""
    path = tmp_path / "large.log"
    path.write_text("\n".join(_large(dice=random.Random(1))))
    script = "from conway.cli import main; main()"
    command = [sys.executable, "-c", script, "maat", analysis, str(path)]
    found = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[2])

    assert found.returncode == 0, found.stderr
    assert found.stdout.count(b"\n") > 1


def _large(*, dice: random.Random) -> list[str]:
    """Return the lines of commits of many sizes over 20,000 files."""
    lines: list[str] = []
    while len(lines) < 250_000:
        day = time.strftime("%Y-%m-%d", time.gmtime(1_400_000_000 + 500 * len(lines)))
        lines.append(f"--{dice.getrandbits(36):09x}--{day}--Dev {int(dice.expovariate(0.01))}")
        first = int(dice.random() ** 3 * 20_000)
        files = range(first, first + min(int(dice.paretovariate(0.9)), 200))
        lines += [f"{n % 300}\t{n % 200}\tpackages/p{n % 80}/src/file_{n}.ts" for n in files]
        lines.append("")
    return lines
