"""Logs that conway writes are the ones that git writes, and read_log reads them."""

from __future__ import annotations

import subprocess
from datetime import date
from typing import TYPE_CHECKING

import pytest

from conway.errors import RepositoryError
from conway.history.codemaat import read_log
from conway.history.codemaat_writing import write_log
from sample_repos import ANA, BEN, History

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of three commits, one with a file name that git quotes."""
    history = History(step=24 * 3600)
    history.commit({"a.py": "1\n2\n"}, author=ANA, message="Begin")
    history.commit({"a.py": "1\n", "ä.py": "1\n"}, author=BEN, message="Fix a")
    history.commit({"logo.png": b"\0"}, author=ANA, message="Draw")
    return history.build(tmp_path_factory.mktemp("maat") / "shop")


@pytest.mark.parametrize(
    ("version", "options"),
    [
        ("git2", ["--all", "--pretty=format:--%h--%ad--%aN", "--no-renames"]),
        ("git", ["--pretty=format:[%h] %aN %ad %s"]),
    ],
)
def test_a_log_is_the_one_that_git_writes(
    repository: Path, version: str, options: list[str]
) -> None:
    """Byte for byte, by the command that Code Maat documents."""
    command = ["git", "-C", str(repository), "log", "--numstat", "--date=short", *options]
    own = b"".join(write_log(repository, version_control=version))  # type: ignore[arg-type]
    assert own == subprocess.run(command, capture_output=True, check=True).stdout
    log = read_log(own)
    assert log["entity"].tolist() == ["logo.png", "a.py", '"\\303\\244.py"', "a.py"]
    assert log["loc-deleted"].astype(object).tolist()[1:] == [1, 0, 0]


def test_a_log_begins_after_a_day(repository: Path) -> None:
    """Nothing is left after a day far ahead."""
    assert b"".join(write_log(repository, after=date(2090, 1, 1))) == b""


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    """As everywhere in conway."""
    with pytest.raises(RepositoryError):
        list(write_log(tmp_path))
