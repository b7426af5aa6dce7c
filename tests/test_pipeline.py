"""The folder that a job fills, and the tables in it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from conway.errors import ConwayError
from conway.pipeline import Job, json_text, replacing, write_tables

if TYPE_CHECKING:
    from pathlib import Path


def entries(folder: Path) -> list[str]:
    """Every file below ``folder``, by its relative path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def previous_output(folder: Path) -> Path:
    """Make what an earlier run left: a store of one block, and a result."""
    store = folder / "shop.conway"
    store.mkdir(parents=True)
    (store / "manifest.json").write_text("{}")
    (store / "block.parquet").write_text("rows")
    (folder / "assess.json").write_text('{"schema": "conway.assess/1"}')
    return folder


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    """Nothing stands under the name until the block has ended."""
    out = tmp_path / "out"
    with replacing(out) as folder:
        (folder / "review.html").write_text("page")
        assert not out.exists()

    assert entries(tmp_path) == ["out/.gitignore", "out/review.html"]
    assert (out / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("folder", ["repo/.git/out", "bare.git/out"])
def test_nothing_is_written_into_gits_own_directory(tmp_path: Path, folder: str) -> None:
    """Inside a work tree OUT hides itself from git; inside .git it is refused."""
    out = tmp_path / folder
    (out.parent / "objects").mkdir(parents=True)
    (out.parent / "HEAD").write_text("ref: refs/heads/main\n")
    with pytest.raises(ConwayError, match="git's own directory"), replacing(out):
        pass

    assert not out.exists()


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """Neither OUT nor scratch stays behind."""
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "out") as folder:
        (folder / "review.html").write_text("half a page")
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_previous_output(tmp_path: Path) -> None:
    """A re-run that fails does not cost the results of the run before."""
    out = previous_output(tmp_path / "out")
    before = entries(tmp_path)
    with pytest.raises(ZeroDivisionError), replacing(out, keep="shop.conway"):
        raise ZeroDivisionError

    assert entries(tmp_path) == before


def test_a_previous_output_is_replaced_and_its_store_is_kept(tmp_path: Path) -> None:
    """The new folder starts with the old store and nothing else."""
    out = previous_output(tmp_path / "out")
    with replacing(out, keep="shop.conway") as folder:
        assert entries(folder) == ["shop.conway/block.parquet", "shop.conway/manifest.json"]
        (folder / "review.html").write_text("page")

    assert entries(tmp_path) == [
        "out/.gitignore",
        "out/review.html",
        "out/shop.conway/block.parquet",
        "out/shop.conway/manifest.json",
    ]


def test_the_kept_store_is_not_shared_with_the_old_one(tmp_path: Path) -> None:
    """A manifest that is replaced in the new folder stays as it was in the old one."""
    out = previous_output(tmp_path / "out")
    with pytest.raises(ZeroDivisionError), replacing(out, keep="shop.conway") as folder:
        (folder / "manifest.new").write_text('{"refs": 1}')
        (folder / "manifest.new").replace(folder / "shop.conway" / "manifest.json")
        raise ZeroDivisionError

    assert (out / "shop.conway" / "manifest.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.txt", "mine"), ("assess.json", '{"schema": "other/1"}'), ("assess.json", "[]")],
)
def test_foreign_files_are_never_replaced(tmp_path: Path, name: str, content: str) -> None:
    """A file of the user, or one of conway's names with other content, is refused."""
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text(content)

    with pytest.raises(ConwayError, match=name), replacing(out):
        pass

    assert (out / name).read_text() == content
    assert entries(tmp_path) == [f"out/{name}"]


def test_a_file_in_the_place_of_out_is_refused(tmp_path: Path) -> None:
    """OUT is a folder."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ConwayError, match="is a file"), replacing(tmp_path / "out"):
        pass


def test_the_current_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replacing the folder that a shell stands in would leave it nowhere."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConwayError, match="current folder"), replacing(tmp_path):
        pass


def test_an_absent_parent_is_refused(tmp_path: Path) -> None:
    """A misspelt path is not made."""
    with pytest.raises(ConwayError, match="does not exist"), replacing(tmp_path / "a" / "out"):
        pass


@pytest.mark.parametrize(
    ("repositories", "name"),
    [
        (("path/to/shop",), "shop.conway"),
        (("path/to/shop.git",), "shop.conway"),
        (("shop.bundle",), "shop.conway"),
        (("out/shop.conway",), "shop.conway"),
        (("a", "b"), "history.conway"),
    ],
)
def test_the_store_is_named_after_the_only_repository(
    repositories: tuple[str, ...], name: str
) -> None:
    """As a repository is: the last part of its path, without a known ending."""
    assert Job(repositories).store_name == name


def test_cells_are_never_formulas(tmp_path: Path) -> None:
    """Text that a spreadsheet would run starts with an apostrophe; numbers stay numbers."""
    result = {
        "coverage": [{"what": "=cmd()", "count": -3, "share": None, "note": "a\x1bb"}],
        "coupling": [],
        "gaps": [
            {
                "kind": "no_owner",
                "title": "+1",
                "services": ["@a", "b"],
                "teams": [],
                "strength": {"value": 0.5, "low": 0.1, "high": 0.9, "level": 0.95},
                "changes": 7,
            }
        ],
        "handoff_pairs": [
            {
                "from": "web",
                "to": "core",
                "changes": 2,
                "per_100": {"value": None, "reason": "too few"},
                "visiting": 2,
                "intended": 0,
                "written": {"value": None, "reason": "squashed"},
                "services": [{"name": "cart", "changes": 2}],
            }
        ],
        "lockstep": {"units": [{"a": "=a", "b": "b", "changes": 1, "per_100": 0.5}]},
    }

    write_tables(tmp_path / "tables", result=result)

    rows = {
        path.stem: list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:]
        for path in (tmp_path / "tables").iterdir()
    }
    assert rows == {
        "coverage": [["'=cmd()", "-3", "", "a\\u{1B}b"]],
        "coupling": [],
        "gaps": [["no_owner", "'+1", "'@a; b", "", "0.5", "7"]],
        "handoffs": [["web", "core", "2", "", "2", "0", "", "cart (2)"]],
        "handoffs_by_quarter": [],
        "lockstep": [["'=a", "b", "1", "0.5"]],
        "sensitivity": [],
    }


def test_json_is_plain_ascii() -> None:
    """No byte of a result can steer a terminal, whatever a repository holds."""
    text = json_text({"path": "caf\u00e9\u202e\x9b31m"})

    assert text.isascii()
    assert json.loads(text) == {"path": "caf\u00e9\u202e\x9b31m"}


def test_unread_changes_are_announced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A quarantined change is said where a person looks, not only in the coverage table."""
    import pandas as pd

    from conway.history import sources
    from conway.pipeline import Job, read_job

    changes = pd.DataFrame({"skipped": ["missing object", None, None]})
    history = type("Facts", (), {"changes": changes})()
    monkeypatch.setattr(sources, "open_history", lambda *_, **__: history)

    assert read_job(Job((str(tmp_path),))) is history
    assert "1 of 3 changes could not be read" in caplog.text


def test_untrusted_repositories_give_the_same_rows(tmp_path: Path) -> None:
    """Copied and hashed again, an honest repository reads as it does directly."""
    from conway.pipeline import Job, read_job
    from sample_repos import History

    repository = str(History.of("A", "AB").build(tmp_path / "repo"))
    plain, copied = (
        read_job(Job((repository,), untrusted=untrusted)) for untrusted in (False, True)
    )

    assert plain.changes["change"].tolist() == copied.changes["change"].tolist()
