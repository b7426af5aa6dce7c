"""Bad input ends in exit code 3, one message that names it, and nothing left behind."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from sample_repos import History
from sample_repos.git import git
from tests.cli_runs import CONFIG, config_in, conway, two_services

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli_runs import Run

Capture = pytest.CaptureFixture[str]


def refused(run: Run, *, out: Path, words: tuple[str, ...]) -> None:
    """Hold that a run was refused, said why in ``words``, and left nothing."""
    assert run.code == 3, run.err
    assert "Traceback" not in run.err
    assert [word for word in words if word not in run.err] == []
    assert run.out == ""
    assert [entry.name for entry in out.parent.iterdir() if entry.name.startswith((".", "o"))] == []


def test_no_repository(tmp_path: Path, capsys: Capture) -> None:
    """A path that does not exist."""
    out = tmp_path / "out"
    refused(conway("run", tmp_path / "nope", "-o", out, capture=capsys), out=out, words=("nope",))


def test_a_folder_without_git(tmp_path: Path, capsys: Capture) -> None:
    """A folder that is no repository."""
    out, plain = tmp_path / "out", tmp_path / "plain"
    plain.mkdir()
    refused(conway("run", plain, "-o", out, capture=capsys), out=out, words=("plain",))


def test_an_empty_repository(tmp_path: Path, capsys: Capture) -> None:
    """A repository without a commit."""
    out, empty = tmp_path / "out", tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "--quiet")
    refused(conway("run", empty, "-o", out, capture=capsys), out=out, words=("empty",))


def test_a_shallow_clone(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """History was cut off: the message says how to get the rest."""
    out = tmp_path / "out"
    git(tmp_path, "clone", "--quiet", "--depth=220", f"file://{good}", "cut")
    words = ("cut", "shallow", "unshallow")
    refused(conway("run", tmp_path / "cut", "-o", out, capture=capsys), out=out, words=words)


def test_a_partial_clone(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """Blobs were left out: without them nothing can be compared."""
    out, served = tmp_path / "out", tmp_path / "served"
    shutil.copytree(good, served)
    git(served, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", "--filter=blob:none", f"file://{served}", "cut.git")
    words = ("cut", "partial")
    refused(conway("run", tmp_path / "cut.git", "-o", out, capture=capsys), out=out, words=words)


def test_an_unknown_ref(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """The mainline was misspelt."""
    out = tmp_path / "out"
    run = conway("run", good, "-o", out, "--ref", "mian", capture=capsys)
    refused(run, out=out, words=("mian",))


def test_two_repositories_of_one_name(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """Names tell repositories apart."""
    out = tmp_path / "out"
    shutil.copytree(good, tmp_path / "b" / "shop")
    run = conway("run", good, tmp_path / "b" / "shop", "-o", out, capture=capsys)
    refused(run, out=out, words=("shop",))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("[services\n", ("conway.toml", "line 1")),
        ('[servces]\nx = "x/**"\n', ("conway.toml", "servces", "services")),
        (CONFIG + '[changes]\nbots = "maybe"\n', ("conway.toml", "bots", "exclude", "include")),
        (CONFIG + '[window]\nsince = "last week"\n', ("conway.toml", "since")),
        ('[services]\nshop = "shpo/**"\n', ("conway.toml", "shpo/**")),
        (CONFIG.replace("CODEOWNERS", "teams.csv"), ("teams.csv",)),
        (CONFIG + '[window]\nsince = "2031-01-01"\n', ("--since", "[window]")),
    ],
)
def test_a_bad_config(
    tmp_path: Path, capsys: Capture, good: Path, config: str, words: tuple[str, ...]
) -> None:
    """The message names the file, the key or glob, and what would be valid."""
    out = tmp_path / "out"
    path = config_in(tmp_path, text=config)
    run = conway("run", good, "-b", path, "-o", out, capture=capsys)
    refused(run, out=out, words=words)


def test_all_faults_of_a_config_at_once(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """Nobody mends a file one message at a time."""
    out = tmp_path / "out"
    path = config_in(tmp_path, text='[servces]\nx = "x/**"\n[changes]\nbots = "maybe"\n')
    run = conway("run", good, "-b", path, "-o", out, capture=capsys)
    refused(run, out=out, words=("servces", "bots", "2 problems"))


def test_no_config(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """The file given with -b does not exist."""
    out = tmp_path / "out"
    run = conway("run", good, "-b", tmp_path / "nope.toml", "-o", out, capture=capsys)
    refused(run, out=out, words=("nope.toml",))


@pytest.mark.parametrize("rows", ["", "valid_from,service,team\n", "who,what\na,b\n"])
def test_a_team_file_that_names_nobody(
    tmp_path: Path, capsys: Capture, good: Path, rows: str
) -> None:
    """Empty, without rows, or with other columns."""
    out = tmp_path / "out"
    (tmp_path / "teams.csv").write_text(rows)
    path = config_in(tmp_path, text=CONFIG.replace("CODEOWNERS", "teams.csv"))
    run = conway("run", good, "-b", path, "-o", out, capture=capsys)
    refused(run, out=out, words=("teams.csv",))


def test_too_little_history(tmp_path: Path, capsys: Capture) -> None:
    """Under 200 changes nothing is claimed."""
    out = tmp_path / "out"
    small = two_services(150).build(tmp_path / "small")
    refused(conway("run", small, "-o", out, capture=capsys), out=out, words=("200",))


def test_too_short_a_history(tmp_path: Path, capsys: Capture) -> None:
    """Many changes within a few days are no history either."""
    out = tmp_path / "out"
    history = History(step=60)
    for number in range(300):
        history.commit({"a.py": f"{number}\n"})
    small = history.build(tmp_path / "small")
    refused(conway("run", small, "-o", out, capture=capsys), out=out, words=("13 weeks",))


def test_a_damaged_store(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """A block whose bytes do not match its name is not believed."""
    out, store = tmp_path / "out", tmp_path / "shop.conway"
    assert conway("mine", good, "-o", store, capture=capsys).code == 0
    block = max(store.rglob("*.parquet"))
    block.write_bytes(block.read_bytes()[:-1] + b"x")
    refused(conway("run", store, "-o", out, capture=capsys), out=out, words=("shop.conway",))


def test_a_missing_object_beyond_the_limit(tmp_path: Path, capsys: Capture, good: Path) -> None:
    """With more than 1 % of the changes unreadable, nothing is measured."""
    out, broken = tmp_path / "out", tmp_path / "broken"
    shutil.copytree(good, broken)
    loosen(broken)
    for tree in trees(broken)[10:20]:
        (broken / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    refused(conway("run", broken, "-o", out, capture=capsys), out=out, words=("broken", "1 %"))


def loosen(repository: Path) -> None:
    """Unpack all objects of a repository, so that single ones can be taken away."""
    packs = sorted((repository / ".git" / "objects" / "pack").glob("*.pack"))
    for pack in packs:
        content = pack.read_bytes()
        pack.unlink()
        pack.with_suffix(".idx").unlink()
        git(repository, "unpack-objects", "-q", stdin=content)


def trees(repository: Path) -> list[str]:
    """Return the root tree of each mainline commit, newest first."""
    return git(repository, "log", "--first-parent", "--format=%T").decode().split()
