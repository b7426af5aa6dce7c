"""Every difference from PyDriller that docs/pydriller.md lists is real, on both sides.

Each row builds a repository, and says what PyDriller makes of it and what conway does. The rows
are those of the table in the docs, title by title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydriller import Repository

from conway.errors import RepositoryError
from conway.mining.messages import read_message
from conway.mining.miner import mine_facts
from tests.adversarial.forging import object_file
from tests.mining.exact_cases import CASES, SPELLINGS, TEN, changes, files, people, told
from tests.mining.repositories import BEN, START, Story, git, raw_commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydriller import Commit

_PAGE = Path(__file__).parents[2] / "docs" / "pydriller.md"
_HEAD = "## Where conway differs from PyDriller's own numbers"
_BUILT = {case.title: case.build for case in CASES}


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes
    ----------
    title
        As in the docs.
    build
        Makes the repository and returns what a user passes.
    theirs, ours
        What PyDriller and conway make of it, as text, number or list.
    expected
        What must come of both.
    """

    title: str
    build: Callable[[Path], Path]
    theirs: Callable[[Path], object]
    ours: Callable[[Path], object]
    expected: tuple[object, object]


def _last(place: Path, what: Callable[[Commit], object]) -> Any:  # noqa: ANN401 - whatever is asked
    """Return what is asked of the last commit; behind its loop PyDriller knows it no more."""
    found: object = None
    for commit in Repository(str(place)).traverse_commits():
        found = what(commit)
    return found


def _modified(place: Path) -> Any:  # noqa: ANN401 - as above
    return _last(place, _files)


def _files(commit: Commit) -> list[tuple[str, str | None, int, int]]:
    return sorted(
        (file.change_type.name, file.new_path or file.old_path, file.added_lines,
         file.deleted_lines)
        for file in commit.modified_files
    )  # fmt: skip


def _rows(place: Path) -> list[tuple[Any, ...]]:
    return [row[1:] for row in files(mine_facts([place]))]


def _fault(call: Callable[[], object]) -> str:
    """Return the kind of exception that a call raises."""
    try:
        call()
    except Exception as fault:  # noqa: BLE001 - which one is what is asked
        return type(fault).__name__
    return "none"


def _merge(path: Path) -> Path:
    story = Story()
    root = story.commit({"a": TEN})
    side = story.side({"b": "1\n"}, of=root)
    main = story.commit({"c": "1\n"})
    story.commit({"b": "1\n", "evil": "1\n"}, parents=[main, side])
    return story.build(path / "r.git")


def _configured(path: Path) -> Path:
    place = told({"files": {"a": TEN}}, {"renames": {"a": "b"}})(path)
    git(place, "config", "diff.renames", "false")
    return place


def _part(option: str) -> Callable[[Path], Path]:
    def build(path: Path) -> Path:
        origin = told({"files": {"a": "1\n"}}, {"files": {"a": TEN}})(path)
        git(origin, "config", "uploadpack.allowFilter", "true")
        git(path, "clone", "--quiet", "--bare", option, f"file://{origin}", "part.git")
        return path / "part.git"

    return build


def _packs(place: Path) -> int:
    return len(list((place / "objects" / "pack").glob("*.pack")))


def _fetched(place: Path) -> bool:
    before = _packs(place)
    _modified(place)
    return _packs(place) > before


def _encoded(path: Path) -> Path:
    place = told({"files": {"a": "1\n"}})(path)
    who = b"author J\xe9r <j@x.org> 1700000000 +0000\ncommitter J <j@x.org> 1700000000 +0000\n"
    raw_commit(place, tree=git(place, "rev-parse", "main^{tree}"),
               rest=who + b"encoding ISO-8859-1\n\nx\n")  # fmt: skip
    return place


def _far(path: Path) -> Path:
    place = told({"files": {"a": "1\n"}})(path)
    who = b"author A <a@x> 1700000000 +0000\ncommitter A <a@x> 99999999999999 +0000\n\nx\n"
    raw_commit(place, tree=git(place, "rev-parse", "main^{tree}"),
               parents=[git(place, "rev-parse", "main")], rest=who)  # fmt: skip
    return place


def _within(place: Path) -> Repository:
    return Repository(str(place), since=datetime.fromtimestamp(START, UTC))


def _mailmap(path: Path) -> Path:
    """A work tree in which the file is not checked out."""
    bare = told(
        {"files": {".mailmap": "Ann <ann@x.org> <old@x.org>\n"}, "author": "Ann <ann@x.org>"},
        {"author": "al <old@x.org>"},
    )(path)
    git(path, "clone", "--quiet", str(bare), "tree")
    (path / "tree" / ".mailmap").unlink()
    return path / "tree"


def _mapped(place: Path) -> int:
    commits = Repository(str(place), use_mailmap=True).traverse_commits()
    return len({commit.author.email for commit in commits})


def _cut(path: Path) -> Path:
    story = Story()
    for number in range(210):
        story.commit({"f": f"{number}\n"})
    place = story.build(path / "r.git")
    object_file(place, git(place, "rev-parse", "main:f")).unlink()
    return place


def _skipped(place: Path) -> tuple[int, int]:
    (one,) = mine_facts([place]).repositories
    return one.changes, len(one.skipped)


def _refused(remedy: str) -> Callable[[Path], bool]:
    def ours(place: Path) -> bool:
        with pytest.raises(RepositoryError, match=remedy):
            mine_facts([place])
        return True

    return ours


ROWS = (
    Row("merges", _merge, lambda place: _last(place, lambda one: (_files(one), one.insertions)),
        lambda place: [row for row in files(mine_facts([place])) if row[0] == 2],
        (([], 2), [(2, "A", "b", None, 1, 0), (2, "A", "evil", None, 1, 0)])),
    Row("renames", _configured,
        lambda place: _last(place, lambda one: (_files(one)[0][0], one.insertions)),
        _rows, (("RENAME", 10), [("R", "b", "a", 0, 0)])),
    Row("copies", told({"files": {"a": TEN}}, {"files": {"b": TEN}}), _modified, _rows,
        ([("ADD", "b", 10, 0)], [("A", "b", None, 10, 0)])),
    Row("binary files", told({"files": {"a": b"\0"}}, {"files": {"a": b"\0\1"}}), _modified, _rows,
        ([("MODIFY", "a", 0, 0)], [("M", "a", None, None, None)])),
    Row("type changes", told({"files": {"a": "no\n"}}, {"files": {"a": ("120000", b"b")}}),
        _modified, _rows,
        ([("ADD", "a", 1, 0), ("DELETE", "a", 0, 1)], [("T", "a", None, 1, 1)])),
    Row("submodules", told({}, {"files": {"s": ("160000", b"2" * 40)}}), _modified, _rows,
        ([("ADD", "s", 1, 0)], [("A", "s", None, None, None)])),
    Row("replacement refs, grafts", _BUILT["replace refs and grafts"],
        lambda place: len(list(Repository(str(place)).traverse_commits())),
        lambda place: len(mine_facts([place]).tables["changes"]), (1, 2)),
    Row("shallow clones", _part("--depth=1"), lambda place: _fault(lambda: _modified(place)),
        _refused("--unshallow"), ("GitCommandError", True)),
    Row("partial clones", _part("--filter=blob:none"), _fetched, _refused("without --filter"),
        (True, True)),
    Row("`encoding` of a commit", _encoded, lambda place: _last(place, lambda one: one.author.name),
        lambda place: mine_facts([place]).tables["people"]["name"].tolist(),
        ("J\ufffdr", ["J\u00e9r"])),
    Row("dates before 1971 or after 2099, none at all", _far,
        lambda place: _fault(lambda: _last(place, lambda one: one.hash)),
        lambda place: changes("position")(mine_facts([place])), ("ValueError", [0, 1])),
    Row("`since`, `to`", told({"at": START}, {"at": START + 9}, {"at": START - 10**6}),
        lambda place: len(list(_within(place).traverse_commits())),
        lambda place: changes("position")(mine_facts([_within(place)])), (0, [0, 1])),
    Row("mailmap", _mailmap, _mapped, lambda place: people(mine_facts([place])), (2, 1)),
    Row("co-authors", told({"message": f"x\n\n{SPELLINGS}\n"}),
        lambda place: _last(place, lambda one: len(one.co_authors)),
        lambda place: len(read_message(_last(place, lambda one: one.msg)).co_authors), (1, 6)),
    Row("robots and AI agents", told(
        {"author": "robot-01[bot] <r@x.org>"},
        {"author": BEN, "message": "x\n\nCo-Authored-By: Claude <noreply@anthropic.com>"}),
        lambda place: _last(place, lambda one: [
            name for name in dir(one) if re.search("bot|agent|ai_", name)]),
        lambda place: changes("robot", "ai")(mine_facts([place])),
        ([], [(True, False), (False, True)])),
    Row("a tag of a tree or blob", _BUILT["tags of trees and blobs"],
        lambda place: _fault(lambda: list(Repository(str(place), only_releases=True)
                                          .traverse_commits())),
        lambda place: mine_facts([place]).tables["releases"]["tag"].tolist(),
        ("ValueError", ["v1", "v1.1"])),
    Row("a missing blob, a damaged commit", _cut, lambda place: _fault(lambda: _modified(place)),
        _skipped, ("GitCommandError", (210, 1))),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[row.title for row in ROWS])
def test_the_difference_is_as_documented(tmp_path: Path, row: Row) -> None:
    """Ours first: PyDriller writes into what it opens."""
    place = row.build(tmp_path)

    ours = row.ours(place)
    theirs = row.theirs(place)

    assert (theirs, ours) == row.expected


def test_every_documented_difference_has_a_test() -> None:
    """And every test a row in the docs."""
    text = _PAGE.read_text(encoding="utf-8")
    table = text.split(_HEAD, 1)[1].split("\n\n", 2)[1].splitlines()[2:]

    assert [line.split("|")[1].strip() for line in table] == [row.title for row in ROWS]
