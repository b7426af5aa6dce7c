"""Code Maat's input: both log formats, groups, team maps and windows of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.errors import BoundariesError, HistoryError
from conway.history.codemaat import LOG, read_log
from conway.history.codemaat_groups import parse_groups

if TYPE_CHECKING:
    from pathlib import Path

GIT2 = """\
--0a1--2025-03-04--Merging Ann
--0a2--2025-03-03--Ann
3\t1\tsrc/a.py
-\t-\tlogo.png

--0a3--2025-03-01--Bo
0\t7\tsrc/{old => new}/b.py
"""
GIT = """\
[0a1] Merging Ann 2025-03-04 Merge it
[0a2] Ann 2025-03-03 Fix what broke on 2025-02-01
3\t1\tsrc/a.py
-\t-\tlogo.png

[0a3] Bo 2025-03-01 \n0\t7\tsrc/{old => new}/b.py
"""
ROWS = [
    ("Ann", "0a2", "2025-03-03", "src/a.py", 3, 1),
    ("Ann", "0a2", "2025-03-03", "logo.png", None, None),
    ("Bo", "0a3", "2025-03-01", "src/{old => new}/b.py", 0, 7),
]


def rows(text: str | bytes | Path, **options: object) -> list[tuple[object, ...]]:
    """Read a log and return its rows without messages; None for a dash."""
    log = read_log(text, **options)  # type: ignore[arg-type]
    assert list(log.columns) == LOG.names
    table = log.drop(columns="message").astype(object)
    return list(table.where(table.notna(), None).itertuples(index=False, name=None))


def by_day(*days: tuple[str, str]) -> str:
    """Return a log with one commit a day: (day, its files as letters)."""
    return "\n".join(
        f"--{number:x}--2025-03-{day}--Ann\n" + "".join(f"1\t0\t{file}\n" for file in files)
        for number, (day, files) in enumerate(days, 1)
    )


@pytest.mark.parametrize("text", [GIT2, GIT])
def test_both_formats_are_recognised(text: str) -> None:
    """The last of several first lines counts, a dash is a binary file."""
    assert rows(text) == ROWS


def test_only_the_old_format_has_messages() -> None:
    """Messages may hold dates and may be empty."""
    assert set(read_log(GIT2)["message"]) == {"-"}
    assert read_log(GIT)["message"].tolist() == [
        "Fix what broke on 2025-02-01", "Fix what broke on 2025-02-01", "",
    ]  # fmt: skip


def test_a_file_reads_like_text(tmp_path: Path) -> None:
    """With a byte order mark, Windows line ends, and in another encoding."""
    text = GIT2.replace("Ann", "Änn")
    path = tmp_path / "a.log"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert rows(path) == rows(text)
    assert rows(text.encode("latin-1"), encoding="latin-1") == rows(text)
    assert rows(text.encode("latin-1"))[0][0] == "�nn"


@pytest.mark.parametrize("text", ["", "\n", "--0a1--2025-03-04--Ann\n"])
def test_a_log_without_files_is_empty(text: str) -> None:
    """It still has the columns."""
    assert rows(text) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("commit 0a1\nAuthor: Ann\n", 1, "not a git log"),
        ("3\t1\tsrc/a.py\n", 1, "not a git log"),
        (f"{GIT2}\n3\t1\tsrc/a.py\n", 9, "expected a commit"),
        (f"{GIT2}M src/a.py\n", 8, "expected 'added TAB deleted TAB path'"),
        (f"{GIT2}x\t1\tsrc/a.py\n", 8, "'x' is no number of lines"),
        (f"{GIT2}1\t99999999999\tsrc/a.py\n", 8, "is no number of lines"),
        ("--0a1--2025-02-30--Ann\n1\t1\ta\n", 1, "no day of the calendar"),
        (f"{GIT2}\n[0a4] Ann 2025-03-03 Mixed\n", 9, "expected a commit"),
        ("--0a1--2025-02-03--Ann\n1\t1\t\x1b[31m\n\x1b[31m\n", 3, "\\u{1B}[31m"),
    ],
)
def test_what_is_no_log_is_named_by_line(text: str, line: int, words: str) -> None:
    """One message: where, what was expected, how to write a log."""
    with pytest.raises(HistoryError) as fault:
        read_log(text)
    message = str(fault.value)
    assert message.startswith(f"log:{line}: ")
    assert words in message
    assert "conway maat log REPO" in message


def test_the_given_format_holds() -> None:
    """A log of the other format is refused."""
    with pytest.raises(HistoryError, match=r"log:1: expected a commit such as '\[1a2b3c4\]"):
        read_log(GIT2, version_control="git")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """One message each, also for an encoding that there is not."""
    with pytest.raises(HistoryError, match="cannot be read"):
        read_log(tmp_path / "no.log")
    with pytest.raises(HistoryError, match="no encoding 'klingon'"):
        read_log(b"", encoding="klingon")
    with pytest.raises(BoundariesError, match="group file cannot be read"):
        read_log(GIT2, group=tmp_path / "no.txt")
    with pytest.raises(BoundariesError, match="team map cannot be read"):
        read_log(GIT2, team_map=tmp_path / "no.csv")


def test_the_first_group_counts_and_the_rest_is_dropped(tmp_path: Path) -> None:
    """Two files of one group stay two rows."""
    groups = tmp_path / "groups.txt"
    groups.write_text("src/web => Web\n\n^src/.*\\.(py|js)$ => Code\nsrc => Never\n")
    text = by_day(("01", ["src/web/a.py", "src/b.py", "src/c.js", "src/d.md", "e.py"]))
    assert read_log(text, group=groups)["entity"].tolist() == ["Web", "Code", "Code", "Never"]


def test_a_plain_path_is_a_folder() -> None:
    """Its dots match any character, as Code Maat has it."""
    ((pattern, _name),) = parse_groups("a.b => X")
    assert [bool(pattern.search(path)) for path in ("a.b/c", "axb/c", "a.bc", "x/a.b/c")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_all_wrong_lines_of_a_group_file_are_named() -> None:
    """In one message."""
    with pytest.raises(BoundariesError, match="3 problems") as fault:
        parse_groups("a => A\nb -> B\n^(c$ => C\n^d => D\n")
    assert [word in str(fault.value) for word in ("line 2:", "line 3:", "line 4:")] == [True] * 3


def test_a_team_map_names_teams(tmp_path: Path) -> None:
    """The last row counts, comments do not, others stay themselves."""
    teams = tmp_path / "teams.csv"
    teams.write_text('team,author\nred,Ann\n#x,Bo\n"blue, sea",Ann\n')
    assert read_log(GIT2, team_map=teams)["author"].tolist() == ["blue, sea", "blue, sea", "Bo"]
    teams.write_text("name,team\nAnn,red\n")
    with pytest.raises(BoundariesError, match="columns author and team"):
        read_log(GIT2, team_map=teams)


def test_every_window_of_days_is_one_change_set() -> None:
    """Windows 1-2, 2-3, 3-4, 4-5; nothing happens on 3 and 4, so 2-3 is called 2."""
    log = read_log(by_day(("01", "ab"), ("02", "bc"), ("05", "a")), temporal_period=2)
    assert list(zip(log["rev"].str[-2:], log["date"].str[-2:], log["entity"], strict=True)) == [
        ("02", "01", "a"), ("02", "01", "b"), ("02", "02", "c"),
        ("02", "02", "b"), ("02", "02", "c"),
        ("05", "05", "a"),
    ]  # fmt: skip


def test_windows_longer_than_the_log_hold_nothing() -> None:
    """As in Code Maat: there is no complete window."""
    assert rows(by_day(("01", "ab"), ("02", "b")), temporal_period=3) == []
    with pytest.raises(HistoryError, match="pass 1 or more"):
        read_log(GIT2, temporal_period=0)
