"""The rows of both readers, against each other, git and hand-written ones."""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.mining.differences import _records, _rows
from conway.mining.miner import mine_facts
from tests.mining.repositories import Content, Story, git

if TYPE_CHECKING:
    from pathlib import Path

_SHORT = ["position", "status", "path", "old_path", "added", "deleted", "submodule"]


def _told(repository: Path) -> list[tuple[object, ...]]:
    files = mine_facts([repository]).tables["change_files"][_SHORT]
    rows = files.astype(object).where(files.notna(), None)
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_a_merge_shows_its_difference_to_its_first_parent(tmp_path: Path) -> None:
    """The merge brings one file; what it changes itself beside it (an evil merge) counts too."""
    story = Story()
    root = story.commit({"a": "1\n"})
    side = story.side({"b": "1\n"}, of=root)
    main = story.commit({"c": "1\n"})
    story.commit({"b": "1\n", "a": "1\n2\n"}, parents=[main, side])

    rows = _told(story.build(tmp_path / "r.git"))

    assert rows == [
        (0, "A", "a", None, 1, 0, False),
        (1, "A", "c", None, 1, 0, False),
        (2, "M", "a", None, 1, 0, False),
        (2, "A", "b", None, 1, 0, False),
    ]


def test_a_rename_keeps_both_names(tmp_path: Path) -> None:
    """Half of the lines must stay; below that it is a deletion and an addition."""
    lines = "".join(f"{number}\n" for number in range(10))
    story = Story()
    story.commit({"a": lines, "b": lines.replace("\n", "b\n")})
    story.commit({"c": lines + "more\n"}, renames={"a": "c"})
    story.commit({"b": None, "d": "something else\n"})

    rows = _told(story.build(tmp_path / "r.git"))

    assert rows[2:] == [
        (1, "R", "c", "a", 1, 0, False),
        (2, "D", "b", None, 0, 10, False),
        (2, "A", "d", None, 1, 0, False),
    ]


def test_binary_files_and_submodules_have_no_lines(tmp_path: Path) -> None:
    """A change of mode alone has none either, but that is known: 0."""
    story = Story()
    story.commit({"bin": b"\0\1", "sub": ("160000", b"1" * 40), "text": "1\n"})
    story.commit({"bin": ("100755", b"\0\1"), "text": ("100755", b"1\n")})

    assert _told(story.build(tmp_path / "r.git")) == [
        (0, "A", "bin", None, None, None, False),
        (0, "A", "sub", None, None, None, True),
        (0, "A", "text", None, 1, 0, False),
        (1, "M", "bin", None, 0, 0, False),
        (1, "M", "text", None, 0, 0, False),
    ]


def test_paths_that_are_not_utf8_stay_apart(tmp_path: Path) -> None:
    r"""A bad byte reads ``\xNN``, a backslash ``\\``; tabs and newlines stand as they are."""
    story = Story()
    story.commit({b"\xff.c": "1\n", b"\xfe.c": "1\n", b"\\xff.c": "1\n", b"t\tn\n \"q'": "1\n"})

    paths = [row[2] for row in _told(story.build(tmp_path / "r.git"))]

    assert sorted(map(str, paths)) == sorted([r"\xff.c", r"\xfe.c", r"\\xff.c", "t\tn\n \"q'"])


def test_a_path_that_looks_like_a_commit_is_a_path(tmp_path: Path) -> None:
    """Forty hexadecimal digits, a raw record, or a line count may all be file names."""
    odd = ["a" * 40, ":100644 100644 a b M", "1\t2\tx", "3\t4\t", "b" * 64]
    story = Story()
    lines = "".join(f"{number}\n" for number in range(10))
    story.commit(dict.fromkeys(odd, lines))
    story.commit(renames={"a" * 40: "c" * 40})

    rows = _told(story.build(tmp_path / "r.git"))

    assert sorted(str(row[2]) for row in rows[:5]) == sorted(odd)
    assert rows[5:] == [(1, "R", "c" * 40, "a" * 40, 0, 0, False)]


def test_pydriller_sees_the_same_rows(kinds: Path) -> None:
    """Merges, renames, octopus and evil merges, binary, modes, types, deletes, submodules."""
    batch = mine_facts([kinds]).tables
    other = mine_facts([kinds], reader="pydriller").tables

    for name, frame in batch.items():
        pd.testing.assert_frame_equal(frame, other[name])
    assert set(batch["change_files"]["status"]) == {"A", "D", "M", "R", "T"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_readers_agree_on_random_histories(tmp_path: Path, seed: int) -> None:
    """Edits, renames, copies, deletes and merges in any order."""
    repository = _random_story(random.Random(seed)).build(tmp_path / "r.git")

    batch = mine_facts([repository]).tables["change_files"]
    other = mine_facts([repository], reader="pydriller").tables["change_files"]

    pd.testing.assert_frame_equal(batch, other)


def _random_story(chance: random.Random) -> Story:
    story = Story()
    state: dict[str, str] = {"f0": _text(chance)}
    story.commit(dict(state))
    for number in range(1, 25):
        files: dict[str | bytes, Content] = {}
        for name in chance.sample(sorted(state), min(3, len(state))):
            files[name] = state[name] = _edited(state[name], chance)
        files[f"d{number % 3}/f{number}"] = state[f"d{number % 3}/f{number}"] = _text(chance)
        if chance.random() < 0.5 and len(state) > 3:
            old = chance.choice(sorted(set(state) - set(files)) or sorted(state))
            text = state.pop(old)
            files[old] = None
            if chance.random() < 0.7:
                files[f"moved{number}"] = state[f"moved{number}"] = _edited(text, chance)
        if chance.random() < 0.3:
            side = story.side({f"side{number}": "1\n"}, of=story.last or 0)
            state[f"side{number}"] = "1\n"
            story.commit({**files, f"side{number}": "1\n"}, parents=[story.last or 0, side])
        else:
            story.commit(files)
    return story


def _text(chance: random.Random) -> str:
    return "".join(f"{chance.random()}\n" for _ in range(chance.randint(0, 12)))


def _edited(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if chance.random() < 0.8]
    return "".join([*kept, *(f"++{chance.random()}\n" for _ in range(chance.randint(0, 3)))])


def test_rows_are_those_of_git_log(kinds: Path) -> None:
    """An independent count: ``git log --numstat`` along the first parents."""
    out = git(kinds, "log", "--first-parent", "-m", "-M50%", "--numstat", "--format=%x01%H", "main")
    expected: dict[str, list[tuple[str, str]]] = {}
    for record in out.split("\x01")[1:]:
        oid, *lines = record.strip().splitlines()
        expected[oid] = sorted((line.split("\t")[0], line.split("\t")[1]) for line in lines if line)

    files = mine_facts([kinds]).tables["change_files"]
    text = files[~files["submodule"] & files["added"].notna() & (files["status"] != "R")]

    for oid, rows in text.groupby("change"):
        ours = [(str(row.added), str(row.deleted)) for row in rows.itertuples()]
        assert all(ours.count(pair) <= _with_zeros(expected[str(oid)]).count(pair) for pair in ours)
    total = sum(len(lines) for lines in expected.values())
    assert total == len(files)


def _with_zeros(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("0", "0") if pair == ("-", "-") else pair for pair in pairs]


def test_a_sha256_repository_is_read(tmp_path: Path) -> None:
    """Object ids have 64 digits there."""
    story = Story()
    story.commit({"a": "1\n"})
    story.commit({"a": "1\n2\n"})
    facts = mine_facts([story.build(tmp_path / "r.git", object_format="sha256")])

    assert facts.repositories[0].object_format == "sha256"
    assert facts.tables["changes"]["change"].str.len().tolist() == [64, 64]


def test_records_are_cut_across_blocks() -> None:
    """The same tokens come out whatever blocks the output arrives in."""
    raw = b":100644 100644 %s %s M" % (b"1" * 40, b"2" * 40)
    output = b"\0".join([b"a" * 40, raw, b"x", b"1\t2\tx", b"b" * 40, b""])
    whole = list(_records([output], most=1000))

    for size in (1, 2, 7, 41):
        blocks = [output[at : at + size] for at in range(0, len(output), size)]
        assert list(_records(blocks, most=1000)) == whole
    assert [oid for oid, _ in whole] == ["a" * 40, "b" * 40]
    assert _rows(whole[0][1])[0][:5] == ("M", "x", None, 1, 2)


def test_a_merge_is_never_compared_with_its_second_parent(kinds: Path) -> None:
    """Control: ``-m`` without a pinned parent shows more rows than there are."""
    merges = git(kinds, "rev-list", "--first-parent", "--merges", "main").split()
    shown = subprocess.run(
        ["git", "diff-tree", "--stdin", "-m", "-r", "--raw"], cwd=kinds, capture_output=True,
        input="\n".join(merges).encode() + b"\n", check=True,
    ).stdout.decode()  # fmt: skip

    files = mine_facts([kinds]).tables["change_files"]

    assert files["change"].isin(merges).sum() < shown.count("\n:")


@pytest.mark.real
def test_metamask_has_its_known_counts(histories: Path) -> None:
    """Counted once with a program of its own: 2,660 changes, 2,803 commits."""
    facts = mine_facts([histories / "metamask-core.bundle"])

    assert facts.repositories[0].changes == 2660
    assert facts.repositories[0].commits == 2803
    assert len(facts.tables["change_files"]) == 21764
    assert not facts.repositories[0].skipped
