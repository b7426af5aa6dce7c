"""Edge cases of git, one table: what is told, and what must come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.errors import RepositoryError
from conway.mining.messages import read_message
from conway.mining.miner import mine_facts
from tests.mining.exact_cases import CASES, SPELLINGS, TEN, Case, files, told
from tests.mining.repositories import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_an_edge_case_is_read_right(tmp_path: Path, case: Case) -> None:
    """The repository of each row gives the rows beside it, and nothing is skipped."""
    facts = mine_facts([case.build(tmp_path)])

    assert case.look(facts) == case.expected
    assert facts.repositories[0].skipped == ()


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_pydriller_gives_the_same_rows_but_for_documented_ones(tmp_path: Path, case: Case) -> None:
    """``docs/pydriller.md`` lists the cases that differ."""
    differing = {"names that are not UTF-8", "' b/' in a name", "type change, same content"}
    repository = case.build(tmp_path)
    batch, other = (
        mine_facts([repository], reader=reader).tables["change_files"]
        for reader in ("batch", "pydriller")
    )

    assert batch.equals(other) != (case.title in differing)


def test_all_spellings_of_co_authors() -> None:
    """Upper and lower case, with and without hyphen, CRLF, folded, without an address."""
    message = f"x\n\n{SPELLINGS}\nCo-authored-by: Hal\nCo-authored-by: Ida\n <ida@example.org>"

    for text in (message, message.replace("\n", "\r\n")):
        found = read_message(text).co_authors
        assert [name for name, _ in found] == [
            "Bea", "Cid", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida",
        ]  # fmt: skip
        assert found[-2:] == (("Hal", ""), ("Ida", "ida@example.org"))
    assert read_message("we co-authored-by hand: nobody").co_authors == ()


@pytest.mark.parametrize(
    ("options", "remedy"),
    [(["--depth=1"], "--unshallow"), (["--filter=blob:none"], "without --filter")],
)
def test_incomplete_clones_are_refused_with_what_to_do(
    tmp_path: Path, options: list[str], remedy: str
) -> None:
    """A shallow or a partial clone would show numbers that are wrong."""
    origin = told({"files": {"a": "1\n"}}, {"files": {"a": TEN}})(tmp_path)
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--bare", *options, f"file://{origin}", "part.git")

    with pytest.raises(RepositoryError, match=remedy):
        mine_facts([tmp_path / "part.git"])


@pytest.mark.parametrize("where", ["bare", "work tree", "linked work tree", "detached"])
def test_every_form_of_a_repository_gives_the_same_rows(tmp_path: Path, where: str) -> None:
    """Bare, with a work tree, a second work tree, and with HEAD on no branch."""
    bare = told({"files": {"a": TEN}}, {"renames": {"a": "b"}})(tmp_path)
    place = bare
    if where != "bare":
        git(tmp_path, "clone", "--quiet", str(bare), "tree")
        place = tmp_path / "tree"
    if where == "linked work tree":
        git(place, "worktree", "add", "--quiet", "--detach", "../linked")
        place = tmp_path / "linked"
    if where == "detached":
        git(place, "checkout", "--quiet", "--detach")

    facts = mine_facts([place])

    assert files(facts) == [(1, "R", "b", "a", 0, 0)]
    assert facts.repositories[0].ref == ("main" if where in {"bare", "work tree"} else "HEAD")


def test_a_sha256_repository_has_ids_of_64_digits(tmp_path: Path) -> None:
    """PyDriller cannot read it; the batch reader can."""
    tmp_path.joinpath("x").mkdir()
    git(tmp_path / "x", "init", "--quiet", "--object-format=sha256", "--initial-branch=main", ".")
    git(tmp_path / "x", "commit", "--quiet", "--allow-empty", "-m", "x")

    facts = mine_facts([tmp_path / "x"])

    assert facts.repositories[0].object_format == "sha256"
    assert facts.tables["changes"]["change"].str.len().tolist() == [64]
    with pytest.raises(RepositoryError, match=r"x: PyDriller cannot read SHA-256 ids; leave out"):
        mine_facts([tmp_path / "x"], reader="pydriller")


def test_another_history_that_git_would_show_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Replacement refs, loose and packed, and grafts: read as if they were not there, and said."""
    (case,) = (one for one in CASES if one.title == "replace refs and grafts")
    place = case.build(tmp_path)

    loose = mine_facts([place]).repositories[0].notes
    git(place, "pack-refs", "--all")
    packed = mine_facts([place], untrusted=True).repositories[0].notes

    assert loose == packed
    assert [note.split(":")[0] for note in loose] == [
        "1 replacement refs are not followed", "1 grafts are not followed",
    ]  # fmt: skip
    assert "r: 1 grafts are not followed" in caplog.text


def test_mailmaps_are_read_as_git_reads_them(tmp_path: Path) -> None:
    """Against ``git check-mailmap`` over every pair of names and addresses."""
    lines = [
        "Ann Lee <ann@x.org>", "Ann Lee <ann@x.org> <old@x.org>", "<new@x.org> <older@x.org>",
        "Bo <bo@x.org> bob <shared@x.org>", "Cy <cy@x.org> CID <SHARED@x.org>", "# no <no@x.org>",
        "  Dee  <dee@x.org>   d  <d@x.org>  # why", "broken <", "<only@x.org>",
    ]  # fmt: skip
    repository = told({"files": {".mailmap": "\n".join(lines) + "\n"}})(tmp_path)
    names = ["ann", "bob", "BOB", "cid", "d", "", "x"]
    mails = ["ann@x.org", "OLD@x.org", "older@x.org", "shared@x.org", "d@x.org", "no@x.org", "z@x"]
    asked = [(name, mail) for name in names for mail in mails]
    given = "".join(f"{name} <{mail}>\n" for name, mail in asked).encode()
    told_by_git = git(repository, "-c", "mailmap.blob=main:.mailmap", "check-mailmap", "--stdin",
                      given=given).splitlines()  # fmt: skip

    from conway.mining.mailmap import parse_mailmap

    mailmap = parse_mailmap("\n".join(lines).encode())
    ours = [mailmap.proper(*who) for who in asked]

    assert [f"{name} <{mail}>".strip() for name, mail in ours] == told_by_git
