"""Random repositories: our rows against ``git log`` and against PyDriller."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd
import pytest

from conway.mining.miner import mine_facts
from conway.mining.texts import path_bytes
from tests.mining.random_repositories import random_story

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conway.mining.facts import Facts

Row: TypeAlias = tuple[str, str, bytes, bytes | None, str, str]
"""Commit, status, path, old path, lines added and deleted as git prints them."""


def _log(repository: Path, form: str) -> Iterator[tuple[str, list[bytes]]]:
    """Yield each mainline commit of ``git log`` with its fields."""
    command = ["git", "log", "--first-parent", "-m", "-M50%", "-l1000", form, "-z",
               "--format=%x01%H%x02", "main"]  # fmt: skip
    out = subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout
    for record in out.split(b"\x01")[1:]:
        oid, _, rest = record.partition(b"\x02")
        fields = rest.lstrip(b"\n\0").split(b"\0")
        yield oid.decode(), [field for field in fields if field]


def _of_git(repository: Path) -> set[Row]:
    """Return what ``git log`` says, read twice: once for names, once for numbers."""
    rows: dict[tuple[str, bytes], Row] = {}
    for oid, fields in _log(repository, "--name-status"):
        at = iter(fields)
        for status in at:
            old = next(at) if status[:1] == b"R" else None
            path = next(at)
            rows[oid, path] = (oid, status[:1].decode(), path, old, "", "")
    for oid, fields in _log(repository, "--numstat"):
        at = iter(fields)
        for field in at:
            added, deleted, path = field.split(b"\t", 2)
            if not path:
                next(at)
                path = next(at)
            row = rows[oid, path]
            rows[oid, path] = (*row[:4], added.decode(), deleted.decode())
    return set(rows.values())


def _of_ours(facts: Facts) -> set[Row]:
    """Return our rows; where no lines are known they read ``-``, as git prints them."""
    return {
        (
            row.change,
            row.status,
            path_bytes(row.path),
            path_bytes(row.old_path) if isinstance(row.old_path, str) else None,
            "-" if pd.isna(row.added) else str(row.added),
            "-" if pd.isna(row.deleted) else str(row.deleted),
        )
        for row in facts.tables["change_files"].itertuples(index=False)
    }


def _compare(repository: Path) -> int:
    """Hold our rows against git's and return how many commits were read.

    Two differences are meant: a submodule's pointer is no line of text, and a binary file
    of which only the mode or name changed has 0 lines, not unknown ones.
    """
    facts = mine_facts([repository])
    frame = facts.tables["change_files"]
    pointers = {
        (change, path_bytes(path))
        for change, path in frame.loc[frame["submodule"], ["change", "path"]].itertuples(
            index=False
        )
    }
    ours, theirs = _of_ours(facts), _of_git(repository)

    assert facts.repositories[0].skipped == ()
    assert {row[:4] for row in ours} == {row[:4] for row in theirs}
    for row in ours - theirs:
        pointer = (row[0], row[2]) in pointers and row[4:] == ("-", "-")
        same = row[4:] == ("0", "0") and (*row[:4], "-", "-") in theirs
        assert pointer or same, row
    return facts.repositories[0].commits


def test_rows_of_a_random_repository_are_gits(tmp_path: Path) -> None:
    """A small one in every run."""
    assert _compare(random_story(1, commits=250).build(tmp_path / "r.git")) >= 250


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_ten_thousand_random_commits_are_read_without_a_mismatch(tmp_path: Path, seed: int) -> None:
    """2,000 commits for each of five seeds."""
    assert _compare(random_story(seed, commits=2000).build(tmp_path / "r.git")) >= 2000


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_pydriller_differs_only_as_documented(tmp_path: Path, seed: int) -> None:
    """In names that are not UTF-8 or hold `` b/``, and type changes with the same content."""
    _compare_with_pydriller(random_story(seed, commits=400).build(tmp_path / "r.git"))


def test_pydriller_differs_only_as_documented_on_a_small_one(tmp_path: Path) -> None:
    """The same on 60 commits."""
    _compare_with_pydriller(random_story(10, commits=60).build(tmp_path / "r.git"))


def _compare_with_pydriller(repository: Path) -> None:
    batch, other = (
        mine_facts([repository], reader=reader).tables["change_files"]
        for reader in ("batch", "pydriller")
    )
    rows, seen = (
        set(frame.astype(str).itertuples(index=False, name=None)) for frame in (batch, other)
    )

    assert len(rows & seen) > 0.6 * len(rows)
    documented = ("\\x", " b/", "\ufffd")
    for row in rows ^ seen:
        names = f"{row[3]} {row[4]}"
        assert row[5] == "T" or any(odd in names for odd in documented), row
