"""The language of small histories writes what it says, as git sees it."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

import sample_repos.history
from sample_repos import ANA, BEN, Entry, History, Step
from sample_repos.git import git

if TYPE_CHECKING:
    from pathlib import Path


def lines(repository: Path, *arguments: str) -> list[str]:
    """Return what git prints, by lines."""
    return git(repository, *arguments).decode().splitlines()


def test_examples_of_the_module_hold() -> None:
    """The docstring's session runs."""
    failed, tried = doctest.testmod(sample_repos.history)

    assert (failed, tried > 0) == (0, True)


def test_letters_name_the_files_of_each_change(tmp_path: Path) -> None:
    """A history of two words has two commits that touch their letters."""
    path = History.of("ABC", "AB").build(tmp_path / "letters")

    touched = lines(path, "log", "--reverse", "--format=", "--name-only", "--root")

    assert touched == ["A", "B", "C", "A", "B"]


def test_a_merge_brings_its_steps_and_conflicts_with_nothing(tmp_path: Path) -> None:
    """The branch leaves the mainline before its start, but after its files changed last."""
    history = History(start=1000, step=100)
    history.commit({"a": "1\n", "b": "1\n"})
    history.commit({"b": "2\n"}, at=2000)
    history.commit({"c": "1\n"}, at=3000)
    history.merge([Step({"a": "2\n"}), Step({"b": "3\n"}, author=BEN)], at=4000, started=1500)
    path = history.build(tmp_path / "merged")

    head, first, second = lines(path, "log", "-1", "--format=%P%n%H%n%s", "HEAD")[0], *_tips(path)

    assert head == f"{first} {second}"
    assert lines(path, "log", "--format=%an %at", "HEAD^1..HEAD^2") == [
        "Ben Beech 3333",
        "Ana Ash 2666",
    ]
    assert lines(path, "merge-base", "HEAD^1", "HEAD^2") == lines(path, "rev-parse", "HEAD~2")
    assert lines(path, "diff", "--name-only", "HEAD^1", "HEAD") == ["a", "b"]


def _tips(path: Path) -> tuple[str, str]:
    first, second = lines(path, "rev-parse", "HEAD^1", "HEAD^2")
    return first, second


def test_moves_modes_tags_and_odd_paths(tmp_path: Path) -> None:
    """Folders move, links and submodules keep their modes, any path can be written."""
    history = History()
    link, module = Entry("old/a", "120000"), Entry("1" * 40, "160000")
    history.commit({"old/a": "1\n", "link": link, "sub": module, '"quoted\n': "q", "ü b": "u"})
    history.commit(history.move("old/", "new/"), author=BEN)
    history.tag("light")
    history.tag("v1", message="One", by=ANA)
    path = history.build(tmp_path / "odd.git", bare=True)

    tree = git(path, "ls-tree", "-r", "-z", "HEAD").decode().split("\0")

    assert [entry.split("\t")[1] for entry in tree if entry] == [
        '"quoted\n',
        "link",
        "new/a",
        "sub",
        "ü b",
    ]
    assert sorted({entry.split()[0] for entry in tree if entry}) == ["100644", "120000", "160000"]
    assert lines(path, "tag") == ["light", "v1"]
    assert lines(path, "cat-file", "-t", "v1") == ["tag"]
    assert lines(path, "log", "-1", "-M", "--summary", "--format=") == [
        " rename {old => new}/a (100%)"
    ]


def test_an_existing_folder_is_never_overwritten(tmp_path: Path) -> None:
    """A folder with something in it is refused."""
    (tmp_path / "mine").write_text("keep")

    with pytest.raises(FileExistsError, match="new or empty"):
        History.of("A").build(tmp_path)
