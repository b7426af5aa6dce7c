"""The edge cases of git that a reader gets wrong, each as a small repository.

In:  nothing.
Out: ``CASES``: a title, how the repository is told, what to look at, and what is right.

The titles are the rows of the edge-case table in ``docs/pydriller.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.mining.repositories import BEN, START, Story, git, raw_commit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conway.mining.facts import Facts

TEN = "".join(f"line {number}\n" for number in range(10))
ROBOT = "robot-01[bot] <robot-01[bot]@example.org>"


@dataclass(frozen=True)
class Case:
    """One row: its title, the repository, what to look at, and what must be there."""

    title: str
    build: Callable[[Path], Path]
    look: Callable[[Facts], object]
    expected: object


def files(facts: Facts) -> list[tuple[Any, ...]]:
    """Return ``position, status, path, old path, added, deleted`` after the root."""
    frame = facts.tables["change_files"]
    frame = frame[frame["position"] > 0][
        ["position", "status", "path", "old_path", "added", "deleted"]
    ]
    plain = frame.astype(object).where(frame.notna(), None)
    return list(plain.itertuples(index=False, name=None))


def changes(*columns: str) -> Callable[[Facts], list[Any]]:
    """Return what to look at: columns of every change."""

    def look(facts: Facts) -> list[Any]:
        frame = facts.tables["changes"][list(columns)].astype(object)
        rows = frame.where(frame.notna(), None).itertuples(index=False, name=None)
        return [row[0] if len(columns) == 1 else row for row in rows]

    return look


def links(facts: Facts) -> list[tuple[str, str]]:
    """Return kind and key of every link."""
    frame = facts.tables["change_links"]
    return list(zip(frame["kind"], frame["key"], strict=True))


def people(facts: Facts) -> int:
    """Return how many people wrote changes."""
    return int(facts.tables["changes"]["author"].nunique())


def told(*steps: dict[str, Any]) -> Callable[[Path], Path]:
    """Return how to build a linear history from the arguments of its commits."""

    def build(path: Path) -> Path:
        story = Story()
        for step in steps:
            story.commit(**step)
        return story.build(path / "r.git")

    return build


def _merge(path: Path, **last: Any) -> Path:  # noqa: ANN401 - arguments of a commit
    story = Story()
    root = story.commit({"a": TEN})
    side = story.side({"b": "1\n"}, of=root)
    main = story.commit({"c": "1\n"})
    story.commit(parents=[main, side], **last)
    return story.build(path / "r.git")


def _octopus(path: Path) -> Path:
    story = Story()
    root = story.commit({"a": "1\n"})
    sides = [story.side({f"s{n}": "1\n"}, of=root) for n in range(5)]
    story.commit({f"s{n}": "1\n" for n in range(5)}, parents=[root, *sides])
    return story.build(path / "r.git")


def _roots(path: Path) -> Path:
    story = Story()
    first = story.commit({"a": "1\n"})
    other = story.commit({"b": "1\n"}, parents=[], main=False, author=BEN)
    story.commit({"b": "1\n"}, parents=[first, other])
    return story.build(path / "r.git")


def _replaced(path: Path) -> Path:
    repository = told({"files": {"a": "1\n"}}, {"files": {"a": TEN}})(path)
    root = git(repository, "rev-list", "--max-parents=0", "main")
    tip = git(repository, "rev-parse", "main")
    tree = git(repository, "rev-parse", "main^{tree}")
    rest = b"author F <f@x> 1 +0000\ncommitter F <f@x> 1 +0000\n\nfake\n"
    fake = raw_commit(repository, tree=tree, parents=[], ref="fake", rest=rest)
    git(repository, "update-ref", f"refs/replace/{tip}", fake)
    (repository / "info").mkdir(exist_ok=True)
    (repository / "info" / "grafts").write_text(f"{tip}\n")
    assert git(repository, "rev-list", "--count", "main") == "1"
    assert root != tip
    return repository


def _unlike_encoding(path: Path) -> Path:
    repository = told({"files": {"a": "1\n"}})(path)
    tree = git(repository, "rev-parse", "main^{tree}")
    who = b"author J\xe9r <j@x.org> 1700000000 +0000\ncommitter J <j@x.org> 1700000000 +0000\n"
    raw_commit(repository, tree=tree, rest=who + b"encoding ISO-8859-1\n\nPAY-1 \xe9\n")
    return repository


def _mailmap(path: Path) -> Path:
    return told(
        {"files": {"a": "1\n"}, "author": "al <al@old.org>"},
        {"files": {"a": "2\n"}, "author": "Ann Lee <ANN@example.org>"},
        {"files": {"a": "3\n"}, "author": "weird < w@old.org>"},
        {"files": {".mailmap": "# who\nAnn Lee <ann@example.org> <AL@old.org>\n"
                   "Ann Lee <ann@example.org> weird <w@old.org>\n<<broken\n"}},
    )(path)  # fmt: skip


def _tags(path: Path) -> Path:
    story = Story()
    story.commit({"a": "1\n"})
    story.tag("v1", 1, at=START)
    repository = story.build(path / "r.git")
    git(repository, "tag", "v2.6.11-tree", "main^{tree}")
    git(repository, "tag", "blob", "main:a")
    git(repository, "tag", "-a", "-m", "nested", "v1.1", "v1")
    return repository


SPELLINGS = "\n".join(
    f"{key}: {name} <{name.casefold()}@example.org>"
    for key, name in [
        ("Co-authored-by", "Bea"), ("co-authored-by", "Cid"), ("CO-AUTHORED-BY", "Dee"),
        ("Co-Authored-By ", "Eve"), ("Coauthored-by", "Fay"), ("Co-authored by", "Gus"),
    ]
)  # fmt: skip

CASES = (
    Case("rename, half of the lines kept", told(
        {"files": {"a": TEN}}, {"renames": {"a": "b"}, "files": {"b": TEN[:35] + "x\ny\n"}}),
        files, [(1, "R", "b", "a", 2, 5)]),
    Case("rename, less than half kept", told(
        {"files": {"a": TEN}}, {"files": {"a": None, "b": "line 0\n" + "other\n" * 9}}),
        files, [(1, "D", "a", None, 0, 10), (1, "A", "b", None, 10, 0)]),
    Case("copy", told({"files": {"a": TEN}}, {"files": {"b": TEN}}),
        files, [(1, "A", "b", None, 10, 0)]),
    Case("case-only rename", told({"files": {"b.py": TEN}}, {"renames": {"b.py": "B.py"}}),
        files, [(1, "R", "B.py", "b.py", 0, 0)]),
    Case("merge", lambda path: _merge(path, files={"b": "1\n"}),
        changes("kind", "commits", "paths"), [("root", 1, 1), ("direct", 1, 1), ("merge", 1, 1)]),
    Case("evil merge", lambda path: _merge(path, files={"b": "1\n", "evil": "9\n"}),
        lambda facts: [row[:3] for row in files(facts)],
        [(1, "A", "c"), (2, "A", "b"), (2, "A", "evil")]),
    Case("octopus", _octopus,
        changes("kind", "commits", "paths"), [("root", 1, 1), ("merge", 5, 5)]),
    Case("squash with (#123)", told(
        {"message": 'Revert "Add (#7)" (#12)'}, {"message": "Fix (#3) again (#45)"},
        {"message": 'Revert "Add (#7)"'}, {"message": "See #9"}, {"message": "Merged PR 77: x"}),
        changes("pull_request"), [12, 45, None, None, 77]),
    Case("revert of a pull request by GitHub's button", told(
        {"message": "Add (#7)"}, {"message": 'Revert "Add (#7)" (#8)\n\nReverts org/r#7'}),
        links, [("link", "r#7"), ("revert", "#7")]),
    Case("several roots", _roots,
        changes("kind", "commits", "position"), [("root", 1, 0), ("merge", 1, 1)]),
    Case("replace refs and grafts", _replaced,
        changes("kind", "paths"), [("root", 1), ("direct", 1)]),
    Case("empty commits", told({}, {"files": {"a": "1\n"}}, {}), changes("kind", "paths"),
        [("root", 0), ("direct", 1), ("direct", 0)]),
    Case("names that are not UTF-8", told(
        {}, {"files": {b"\xff\xfe.c": "1\n", b"\xfe\xff.c": "1\n"}}),
        files, [(1, "A", r"\xfe\xff.c", None, 1, 0), (1, "A", r"\xff\xfe.c", None, 1, 0)]),
    Case("' b/' in a name", told(
        {"files": {"x b/y": b"\0"}}, {"files": {"x b/y": b"\0\1"}}),
        files, [(1, "M", "x b/y", None, None, None)]),
    Case("newline, tab, quotes, spaces", told(
        {}, {"files": {'a\nb\t"c" ': "1\n", " d'": "1\n"}}),
        lambda facts: [row[2] for row in files(facts)], [" d'", 'a\nb\t"c" ']),
    Case("composed and decomposed letters", told(
        {}, {"files": {"\u00e9": "1\n", "e\u0301": "1\n"}}),
        lambda facts: [row[2] for row in files(facts)], ["e\u0301", "\u00e9"]),
    Case("line separators in a name", told({}, {"files": {"a\u2028b\u0085c": "1\n"}}),
        files, [(1, "A", "a\u2028b\u0085c", None, 1, 0)]),
    Case("NUL in a message", told({"message": b"PAY-1\0 rest"}), links, [("ticket", "PAY-1")]),
    Case("declared encoding", _unlike_encoding,
        lambda facts: (facts.tables["people"]["name"].tolist(), links(facts)),
        (["J\u00e9r"], [("ticket", "PAY-1")])),
    Case("mailmap", _mailmap, people, 1),
    Case("robots", told({"author": ROBOT}, {"author": BEN}, {"author": "robotics <r@x.org>"}),
        changes("robot"), [True, False, False]),
    Case("binary", told({"files": {"a": b"\0"}}, {"files": {"a": b"\0\1"}}),
        files, [(1, "M", "a", None, None, None)]),
    Case("type change", told({"files": {"a": "no\n"}}, {"files": {"a": ("120000", b"b")}}),
        files, [(1, "T", "a", None, 1, 1)]),
    Case("type change, same content", told(
        {"files": {"a": "b"}}, {"files": {"a": ("120000", b"b")}}),
        files, [(1, "T", "a", None, 0, 0)]),
    Case("mode only", told({"files": {"a": "1\n"}}, {"files": {"a": ("100755", b"1\n")}}),
        files, [(1, "M", "a", None, 0, 0)]),
    Case("submodule pointer", told(
        {"files": {"s": ("160000", b"1" * 40)}}, {"files": {"s": ("160000", b"2" * 40)}}),
        files, [(1, "M", "s", None, None, None)]),
    Case("lines that begin with -- and ++", told(
        {"files": {"q.sql": "-- one\n-- two\nselect\n"}}, {"files": {"q.sql": "++ one\nselect\n"}}),
        files, [(1, "M", "q.sql", None, 1, 2)]),
    Case("tags of trees and blobs", _tags,
        lambda facts: facts.tables["releases"]["tag"].tolist(), ["v1", "v1.1"]),
    Case("generated mark", told({"files": {
        "a.go": "// Code generated by x. DO NOT EDIT.\n", "b.py": "# @generated\n", "c.py": "x\n",
        "long.py": "#\n" * 1000 + "# @generated\n", "d.bin": "@generated"}}),
        lambda facts: facts.tables["tree"]["marker"].fillna("").tolist(),
        ["code generated", "@generated", "", "", ""]),
    Case("the same content again", told(
        {"files": {"a": "1\n"}}, {"files": {"a": "2\n"}}, {"files": {"a": "1\n"}},
        {"files": {"a": "3\n"}}, {"files": {"a": "1\n", "b": "1\n"}}),
        lambda facts: facts.tables["changes"]["patch"].duplicated().tolist(),
        [False, False, True, False, False]),
    Case("old tip", told({"at": START}, {"at": START + 9}, {"at": START - 10**6}),
        changes("position", "committer_time"),
        [(0, START), (1, START + 9), (2, START - 10**6)]),
    Case("an AI agent in a trailer", told(
        {"message": "x\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>", "author": BEN},
        {"message": "x\n\nCo-authored-by: Claude Monet <cm@x.org>", "author": BEN},
        {"message": "x\n\n\U0001f916 Generated with [Claude Code](https://x.org)", "author": BEN}),
        changes("ai"), [True, False, True]),
)  # fmt: skip
