"""The deep pass: which functions changed, bounded, and never a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.history.methods import Deep, owners, pairs
from conway.history.sources import mine
from conway.mining.methods import Touch, read_methods
from tests.mining.repositories import BEN, Story, git

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@pytest.fixture(autouse=True)
def _own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never touch the key of whoever runs the tests."""
    monkeypatch.setenv("CONWAY_KEY", "a key for tests")


def _code(**functions: int) -> str:
    return "\n\n".join(
        f"def {name}(x):\n    if x:\n        return {value}\n    return 0"
        for name, value in functions.items()
    ) + "\n"  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository where ``price`` and ``total`` change together three times."""
    story = Story()
    story.commit({"old.py": _code(price=1, tax=1), "b.py": _code(total=1)})
    story.commit({"old.py": _code(price=2, tax=1), "b.py": _code(total=2)})
    story.commit(renames={"old.py": "a.py"})
    story.commit({"a.py": _code(price=3, tax=1), "b.py": _code(total=3)}, author=BEN)
    here = story.last or 0
    side = story.side({"a.py": _code(price=3, tax=2)}, of=here)
    story.commit({"a.py": _code(price=3, tax=2), "c.py": "x = 1\n"}, parents=[here, side])
    return story.build(tmp_path_factory.mktemp("methods") / "r.git")


def _all(path: Path) -> tuple[pd.DataFrame, str, pd.DataFrame]:
    history = mine(path)
    every = list(zip(history.changes["repository"], history.changes["change"], strict=True))
    table, note = Deep(history, [path], seconds=60).look(every, files=["a.py", "b.py"])
    return table, note, history.changes


def test_functions_of_named_files_by_change(repository: Path) -> None:
    """Under the paths as of the change, through a rename, and of a merge."""
    table, note, changes = _all(repository)
    at = dict(zip(changes["change"], changes["position"], strict=True))

    assert note == ""
    assert [(at[c], p, m) for _r, c, p, m, *_ in table.itertuples(index=False)] == [
        (0, "b.py", "total"), (0, "old.py", "price"), (0, "old.py", "tax"),
        (1, "b.py", "total"), (1, "old.py", "price"),
        (3, "a.py", "price"), (3, "b.py", "total"),
        (4, "a.py", "tax"),
    ]  # fmt: skip
    assert set(table["complexity"]) == {2}


def test_functions_that_change_together(repository: Path) -> None:
    """Twice under the old name of the file, so once more is not enough under the new one."""
    table, _note, _changes = _all(repository)

    assert list(pairs(table).itertuples(index=False, name=None)) == [
        ("b.py", "total", "old.py", "price", 2),
    ]  # fmt: skip


def test_people_are_counted_and_not_named(repository: Path) -> None:
    """``total`` was changed by two people, ``tax`` by one at a time."""
    table, _note, changes = _all(repository)
    found = owners(table, changes).set_index(["path", "method"])

    assert found.loc[("b.py", "total"), "people"] == 2
    assert found.loc[("b.py", "total"), "main_share"] == pytest.approx(2 / 3)
    assert not set(changes["author"].dropna()) & set(found.astype(str).to_numpy().ravel())


def test_what_is_cut_off_is_said(repository: Path) -> None:
    """The newest changes are read first; no time at all reads nothing."""
    ids = git(repository, "rev-list", "--first-parent", "--reverse", "main").split()
    touches = [
        Touch(oid, ids[n - 1] if n else None, ("a.py", "old.py")) for n, oid in enumerate(ids)
    ]

    newest, note = read_methods(repository, touches, commits=2, seconds=60)
    assert note == "the newest 2 of 5 changes were read"
    assert newest["method"].tolist() == ["price", "tax"]
    nothing, note = read_methods(repository, touches, seconds=0.01)
    assert nothing.empty
    assert note == "the newest 0 of 5 changes were read"


def test_a_parser_that_hangs_costs_one_file(tmp_path: Path) -> None:
    """800 nested functions: it is left out and named."""
    nested = "".join(f"{' ' * n}def f{n}(x):\n" for n in range(700)) + " " * 700 + "pass\n"
    story = Story()
    story.commit({"slow.py": nested, "b.py": _code(total=1)})
    path = story.build(tmp_path / "r.git")
    root = git(path, "rev-parse", "main")

    table, note = read_methods(path, [Touch(root, None, ("slow.py", "b.py"))], seconds=60)

    assert table["method"].tolist() == ["total"], note
    assert note == "left out: slow.py: its parser takes too much time or memory"


def test_repositories_that_are_not_at_hand_are_named(repository: Path, tmp_path: Path) -> None:
    """A store alone has no contents."""
    history = mine(repository, store=tmp_path / "s.conway")
    every = list(zip(history.changes["repository"], history.changes["change"], strict=True))

    assert Deep.at_hand(history, [str(tmp_path / "s.conway")]) is None
    assert Deep.at_hand(history, [str(repository)]) is not None
    table, note = Deep(history, []).look(every, files=["a.py"])
    assert table.empty
    assert note == "not at hand: r"
