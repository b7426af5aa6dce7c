"""Nothing that a repository holds may run, hang, or be written to."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from conway.errors import RepositoryError
from conway.mining.git import Git, GitFailure, environment
from conway.mining.limits import Limits
from conway.mining.miner import mine_facts
from conway.mining.ownership_files import read_at
from tests.mining.repositories import Story, git

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = {
    "fsmonitor": '[core]\n\tfsmonitor = "touch {canary}; false"\n',
    "hooks": "[core]\n\thooksPath = {hooks}\n",
    "external": '[diff]\n\texternal = "touch {canary}; false"\n',
    "driver": '[diff "x"]\n\tcommand = "touch {canary}; false"\n',
    "textconv": '[diff "x"]\n\ttextconv = "touch {canary}; cat"\n',
    "filter": '[filter "x"]\n\tsmudge = "touch {canary}; cat"\n\tclean = "touch {canary}; cat"\n',
    "pager": '[core]\n\tpager = "touch {canary}; cat"\n[pager]\n\tlog = true\n',
    "signature": '[log]\n\tshowSignature = true\n[gpg]\n\tprogram = "{script}"\n',
}


@pytest.fixture
def worktree(tmp_path: Path, kinds: Path) -> Path:
    """Return a work tree with an index and a changed file."""
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "--quiet", str(kinds), str(work)], check=True,
                   env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})  # fmt: skip
    (work / "d.txt").write_text("changed\n")
    return work


def _arm(work: Path, *, setting: str, canary: Path) -> None:
    """Put a program of the repository's choice wherever git might run one."""
    script = canary.with_suffix(".sh")
    script.write_text(f"#!/bin/sh\ntouch {canary}\nfalse\n")
    script.chmod(0o755)
    hooks = canary.with_suffix(".hooks")
    hooks.mkdir()
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        shutil.copy(script, hooks / hook)
    text = _SETTINGS[setting].format(canary=canary, script=script, hooks=hooks)
    with (work / ".git" / "config").open("a") as config:
        config.write(text)
    info = work / ".git" / "info"
    info.mkdir(exist_ok=True)
    (info / "attributes").write_text("* diff=x filter=x\n")


@pytest.mark.parametrize("setting", sorted(_SETTINGS))
@pytest.mark.parametrize("reader", ["batch", "pydriller"])
def test_no_program_of_a_repository_runs(
    worktree: Path, tmp_path: Path, setting: str, reader: str
) -> None:
    """Neither reader runs what the repository's config names."""
    canary = tmp_path / "canary"
    _arm(worktree, setting=setting, canary=canary)

    mine_facts([worktree], reader=reader)  # type: ignore[arg-type]
    read_at(worktree)

    assert not canary.exists()


@pytest.mark.parametrize("setting", ["fsmonitor", "external", "driver", "textconv", "filter"])
def test_plain_git_runs_it(worktree: Path, tmp_path: Path, setting: str) -> None:
    """The control: each case is real."""
    canary = tmp_path / "canary"
    _arm(worktree, setting=setting, canary=canary)
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    for command in (["status"], ["diff", "HEAD"]):
        subprocess.run(["git", *command], cwd=worktree, env=plain, capture_output=True, check=False)

    assert canary.exists()


def _state(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("reader", ["batch", "pydriller"])
def test_a_repository_is_not_written_to(worktree: Path, reader: str) -> None:
    """Every byte and time is as before; PyDriller alone would write to its config."""
    before = _state(worktree)

    mine_facts([worktree], reader=reader)  # type: ignore[arg-type]

    assert _state(worktree) == before


def test_settings_and_attributes_change_no_number(worktree: Path, kinds: Path) -> None:
    """A repository cannot turn off renames, hide submodules or call text binary."""
    with (worktree / ".git" / "config").open("a") as config:
        config.write("[diff]\n\trenames = false\n\tignoreSubmodules = all\n\torderFile = /none\n")
    (worktree / ".git" / "info").mkdir(exist_ok=True)
    (worktree / ".git" / "info" / "attributes").write_text("* -diff binary\n")
    (worktree / ".gitattributes").write_text("* -diff binary\n")

    ours = mine_facts([worktree]).tables["change_files"].drop(columns="repository")

    assert ours.equals(mine_facts([kinds]).tables["change_files"].drop(columns="repository"))


def test_committed_attributes_change_no_number(tmp_path: Path) -> None:
    """``-diff`` in a committed .gitattributes would make text binary in newer versions of git."""
    story = Story()
    story.commit({".gitattributes": "* -diff\n", "a": "1\n2\n"})
    files = mine_facts([story.build(tmp_path / "r.git")]).tables["change_files"]

    assert files.set_index("path")["added"]["a"] == 2


def test_replacements_and_grafts_are_not_honoured(kinds: Path, tmp_path: Path) -> None:
    """Both would put another history in place of the recorded one."""
    copy = tmp_path / "kinds.git"
    shutil.copytree(kinds, copy)
    tip, root = git(copy, "rev-parse", "main"), git(copy, "rev-list", "--max-parents=0", "main")
    git(copy, "update-ref", f"refs/replace/{tip}", root)
    (copy / "info").mkdir(exist_ok=True)
    (copy / "info" / "grafts").write_text(f"{tip}\n")

    assert git(copy, "rev-list", "--count", "main") == "1"
    facts, real = mine_facts([copy]), mine_facts([kinds])

    assert facts.tables["changes"].equals(real.tables["changes"])


@pytest.mark.parametrize("name", ["HEAD", "config", "packed-refs", "objects/info/alternates"])
def test_a_fifo_is_refused_at_once(kinds: Path, tmp_path: Path, name: str) -> None:
    """Plain git and PyDriller hang on it for ever."""
    copy = tmp_path / "r.git"
    shutil.copytree(kinds, copy)
    (copy / name).unlink(missing_ok=True)
    os.mkfifo(copy / name)

    begun = time.monotonic()
    with pytest.raises(RepositoryError, match="neither a file nor a directory"):
        mine_facts([copy])
    assert time.monotonic() - begun < 5


def test_links_and_alternates_that_leave_the_repository_are_refused(
    kinds: Path, tmp_path: Path
) -> None:
    """They may lead into somebody else's objects."""
    linked, borrowing = tmp_path / "linked.git", tmp_path / "borrowing.git"
    shutil.copytree(kinds, linked)
    shutil.move(linked / "objects", tmp_path / "elsewhere")
    (linked / "objects").symlink_to(tmp_path / "elsewhere")
    shutil.copytree(kinds, borrowing)
    (borrowing / "objects" / "info").mkdir(exist_ok=True)
    (borrowing / "objects" / "info" / "alternates").write_text(f"{kinds}/objects\n")

    with pytest.raises(RepositoryError, match="leaves the repository"):
        mine_facts([linked])
    with pytest.raises(RepositoryError, match="borrows objects from"):
        mine_facts([borrowing])


def test_nothing_of_ours_reaches_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Variables that would redirect git, its libraries or Python stay behind."""
    for name in ("GIT_DIR", "GIT_EXTERNAL_DIFF", "LD_PRELOAD", "PYTHONPATH", "GIT_SSH"):
        monkeypatch.setenv(name, "hostile")

    assert "hostile" not in environment(tmp_path).values()


def test_a_silent_git_is_ended(tmp_path: Path) -> None:
    """Its whole process group goes, and the caller hears of it."""
    git_here = Git(tmp_path / "x.git", tmp_path, Limits(silence=0.2))
    git_here.create(object_format="sha1")
    (tmp_path / "x.git" / "config").unlink()
    os.mkfifo(tmp_path / "x.git" / "config")

    with pytest.raises(GitFailure, match="printed nothing"):
        git_here.run("rev-parse", "HEAD")


def test_a_revision_is_never_an_option(kinds: Path, tmp_path: Path) -> None:
    """``--output=FILE`` as a name of a branch writes no file."""
    for name in (f"--output={tmp_path}/pwned", "--all", "-h"):
        with pytest.raises(RepositoryError, match="there is no commit called"):
            mine_facts([kinds], ref=name)
    assert not (tmp_path / "pwned").exists()
