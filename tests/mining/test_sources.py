"""Bad input: one message each, that says what, where and what to do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pydriller
import pytest

from conway.errors import RepositoryError, StoreError
from conway.mining.miner import mine_facts
from conway.mining.sources import resolve
from tests.mining.repositories import HOUR, START, Story, git

if TYPE_CHECKING:
    from pathlib import Path


def _refused(*repositories: object, **options: object) -> str:
    with pytest.raises(RepositoryError) as caught:
        mine_facts(list(repositories), **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    """A path that is not there, an empty folder, a plain file, a URL, nothing at all."""
    (tmp_path / "file").write_text("x")

    assert "there is no such path" in _refused(tmp_path / "absent")
    assert "not a git repository" in _refused(tmp_path)
    assert "not a git repository" in _refused(tmp_path / "file")
    assert "only URLs that begin with" in _refused("http://user:secret@example.org/r.git")
    assert "secret" not in _refused("http://user:secret@example.org/r.git")
    assert "no repository was given" in _refused()


def test_an_empty_repository_is_refused(tmp_path: Path) -> None:
    """It has no commit; so has a HEAD on a branch that nobody made."""
    empty = Story().build(tmp_path / "empty.git")
    story = Story()
    story.commit({"a": "1\n"})
    unborn = story.build(tmp_path / "unborn.git")
    git(unborn, "symbolic-ref", "HEAD", "refs/heads/nobody")

    assert "has no commit" in _refused(empty)
    assert "HEAD is on 'nobody'" in _refused(unborn)
    assert "branches: main" in _refused(unborn)


def test_an_unknown_ref_is_refused_with_the_known_ones(kinds: Path) -> None:
    """The message lists the branches that there are."""
    said = _refused(kinds, ref="mian")

    assert "there is no commit called 'mian'" in said
    assert "branches: main" in said


def test_a_shallow_clone_is_refused(kinds: Path, tmp_path: Path) -> None:
    """Its oldest change would show the whole tree as added."""
    git(tmp_path, "clone", "--quiet", "--depth=2", "--bare", f"file://{kinds}", "shallow.git")

    assert "git fetch --unshallow" in _refused(tmp_path / "shallow.git")


def test_a_partial_clone_is_refused(kinds: Path, tmp_path: Path) -> None:
    """Its file contents are missing, and fetching them would need the network."""
    source = tmp_path / "source.git"
    shutil.copytree(kinds, source)
    git(source, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--bare", f"file://{source}", "p.git")

    assert "this is a partial clone" in _refused(tmp_path / "p.git")


def test_two_repositories_of_one_name_are_refused(kinds: Path, tmp_path: Path) -> None:
    """Every fault is named at once."""
    other = tmp_path / "kinds"
    shutil.copytree(kinds, other)

    said = _refused(kinds, other, tmp_path / "absent")

    assert "2 repositories are called 'kinds'" in said
    assert "there is no such path" in said


def test_a_broken_bundle_is_refused(kinds: Path, tmp_path: Path) -> None:
    """A bundle that ends early, and one that needs commits it does not hold."""
    git(kinds, "bundle", "create", str(tmp_path / "whole.bundle"), "--all")
    git(kinds, "bundle", "create", str(tmp_path / "late.bundle"), "main~3..main")
    raw = (tmp_path / "whole.bundle").read_bytes()
    (tmp_path / "short.bundle").write_bytes(raw[: len(raw) // 2])

    assert "this bundle cannot be read" in _refused(tmp_path / "short.bundle")
    assert "this bundle cannot be read" in _refused(tmp_path / "late.bundle")


def test_all_forms_of_a_repository_give_the_same_rows(kinds: Path, tmp_path: Path) -> None:
    """Bare, bundle, work tree, its .git, and a linked work tree."""
    git(kinds, "bundle", "create", str(tmp_path / "kinds.bundle"), "--all")
    git(tmp_path, "clone", "--quiet", str(kinds), "w/kinds")
    linked = tmp_path / "l" / "kinds"
    git(tmp_path / "w" / "kinds", "worktree", "add", "--quiet", "--detach", str(linked))
    forms = [tmp_path / "kinds.bundle", tmp_path / "w" / "kinds", tmp_path / "w" / "kinds" / ".git",
             linked]  # fmt: skip

    expected = mine_facts([kinds]).tables

    for form in forms:
        found = mine_facts([form]).tables
        assert all(found[name].equals(frame) for name, frame in expected.items()), form


def test_a_missing_blob_costs_one_change(tmp_path: Path) -> None:
    """One of 120 changes is left out, counted and named; the others are read."""
    repository, lost = _with_a_missing_blob(tmp_path, changes=120)

    facts = mine_facts([repository])

    changes = facts.tables["changes"]
    (skipped,) = facts.repositories[0].skipped
    assert facts.repositories[0].changes == 120
    assert skipped[0] == lost
    assert changes["skipped"].notna().sum() == 2 - 1
    assert changes.loc[changes["skipped"].notna(), "change"].tolist() == [lost]
    assert str(tmp_path) not in skipped[1]


def test_more_than_one_percent_lost_is_refused(tmp_path: Path) -> None:
    """One of 20 changes is 5 %."""
    repository, lost = _with_a_missing_blob(tmp_path, changes=20)

    said = _refused(repository)

    assert "1 of 20 changes cannot be read" in said
    assert lost in said


def _with_a_missing_blob(folder: Path, *, changes: int) -> tuple[Path, str]:
    story = Story()
    for number in range(changes - 1):
        story.commit({f"f{number}": f"{number}\n"})
    story.commit({"last": "the last\n"})
    repository = story.build(folder / "damaged.git")
    blob = git(repository, "rev-parse", "main:last")
    (repository / "objects" / blob[:2] / blob[2:]).unlink()
    return repository, git(repository, "rev-parse", "main")


def test_a_missing_mainline_commit_is_refused(tmp_path: Path) -> None:
    """Nothing behind it can be reached."""
    story = Story()
    for number in range(5):
        story.commit({"f": f"{number}\n"})
    repository = story.build(tmp_path / "r.git")
    commit = git(repository, "rev-parse", "main~2")
    (repository / "objects" / commit[:2] / commit[2:]).unlink()

    assert f"commit {commit} of the mainline cannot be read" in _refused(repository)


def test_a_lost_side_commit_is_counted(tmp_path: Path) -> None:
    """Git gives up on the whole walk; we go around the commit and name it."""
    story = Story()
    root = story.commit({"f": "0\n"})
    side = story.side({"g": "0\n"}, of=root)
    for number in range(1, 150):
        story.commit({"f": f"{number}\n"})
    story.commit({"g": "0\n"}, parents=[story.last or 0, side])
    repository = story.build(tmp_path / "r.git")
    lost = git(repository, "rev-parse", "main^2")
    (repository / "objects" / lost[:2] / lost[2:]).unlink()

    facts = mine_facts([repository])

    assert [oid for oid, _ in facts.repositories[0].skipped] == [lost]
    assert facts.repositories[0].changes == 151


def test_a_pydriller_repository_gives_its_path_and_dates(tmp_path: Path) -> None:
    """Changes outside the dates are left out and counted."""
    story = Story()
    for number in range(4):
        story.commit({"f": f"{number}\n"})
    repository = story.build(tmp_path / "r.git")
    asked = pydriller.Repository(
        str(repository),
        since=datetime.fromtimestamp(START + 2 * HOUR, UTC),
        to=datetime.fromtimestamp(START + 3 * HOUR, UTC),
    )

    facts = mine_facts([asked])

    assert facts.tables["changes"]["position"].tolist() == [1, 2]
    assert facts.tables["change_files"]["position"].tolist() == [1, 2]
    assert facts.repositories[0].changes == 2
    assert "2 changes are outside the dates" in facts.repositories[0].notes[0]


def test_other_filters_of_pydriller_are_refused(kinds: Path) -> None:
    """They would hide changes from every later stage."""
    asked = pydriller.Repository(str(kinds), only_authors=["Ann"], filepath="a.txt")

    assert "does not apply filepath, only_authors" in _refused(asked)


def test_a_path_in_somebody_elses_way_is_no_store(kinds: Path, tmp_path: Path) -> None:
    """A folder with anything in it is not overwritten."""
    (tmp_path / "thesis.txt").write_text("x")

    with pytest.raises(StoreError, match="is not a store"):
        mine_facts([kinds], store=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "x"


def test_sources_are_named_and_ordered(kinds: Path, tmp_path: Path) -> None:
    """By the last part of the path, without .git; the order given does not matter."""
    story = Story()
    story.commit({"a": "1\n"})
    other = story.build(tmp_path / "alpha.git")

    assert [source.name for source in resolve([kinds, other])] == ["alpha", "kinds"]


def test_faults_of_several_repositories_come_together(tmp_path: Path) -> None:
    """Where none can be read, the message names them all."""
    one = Story().build(tmp_path / "one.git")
    two = Story().build(tmp_path / "two.git")

    said = _refused(one, two, jobs=2)

    assert "2 problems" in said
    assert "one.git" in said
    assert "two.git" in said


def test_no_scratch_is_left_behind(
    kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when a run ends well nor when it fails."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    mine_facts([kinds])
    _refused(kinds, ref="nobody")

    assert list(tmp_path.iterdir()) == []


def test_a_link_gives_a_repository_another_name(tmp_path: Path) -> None:
    """As the refusal of two repositories of one name advises."""
    story = Story()
    story.commit({"a": "1\n"})
    first, second = (story.build(tmp_path / org / "api.git") for org in ("one", "two"))
    (tmp_path / "other-api").symlink_to(second)

    assert "or link to it under another name" in _refused(first, second)
    facts = mine_facts([first, tmp_path / "other-api"])

    assert [one.name for one in facts.repositories] == ["api", "other-api"]
