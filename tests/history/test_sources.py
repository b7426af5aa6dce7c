"""Histories from repositories and stores, and how they show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import conway
from conway.errors import StoreError
from conway.history.sources import mine, open_history, read_history
from tests.mining.repositories import Story, every_kind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bare repository with every kind of change."""
    return every_kind().build(tmp_path_factory.mktemp("kinds") / "kinds.git")


@pytest.fixture(autouse=True)
def _own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONWAY_KEY", "a key for tests")


def test_a_history_is_mined_stored_and_read(kinds: Path, tmp_path: Path) -> None:
    """By the public verbs; a store opened by name is the same history."""
    mined = conway.mine(str(kinds), store=tmp_path / "k.conway")

    for other in (read_history(tmp_path / "k.conway"), open_history([str(tmp_path / "k.conway")])):
        for name, frame in mined.to_pandas().items():
            assert frame.equals(other.to_pandas()[name])
        assert other.repositories == mined.repositories


def test_a_store_is_copied_where_a_store_is_asked_for(kinds: Path, tmp_path: Path) -> None:
    """The whole job keeps a store in its folder, whatever it was given."""
    mine(kinds, store=tmp_path / "one.conway")

    open_history([tmp_path / "one.conway"], store=tmp_path / "two.conway")

    assert len(read_history(tmp_path / "two.conway").changes) == len(mine(kinds).changes)


def test_a_store_goes_alone(kinds: Path, tmp_path: Path) -> None:
    """Not with repositories, and not with another mainline."""
    mine(kinds, store=tmp_path / "k.conway")

    with pytest.raises(StoreError, match="pass one store, or only repositories"):
        open_history([tmp_path / "k.conway", kinds])
    with pytest.raises(StoreError, match="a store has one mainline"):
        open_history([tmp_path / "k.conway"], ref="main")


def test_a_history_shows_itself_and_no_one(kinds: Path) -> None:
    """One line, a small escaped table, and no name."""
    history = mine(kinds)

    assert repr(history) == "History(kinds, 17 changes, 2023-11-14 to 2023-11-15)"
    assert "<td>kinds</td>" in history._repr_html_()
    assert "Ann" not in history._repr_html_()
    assert "people" not in history.to_pandas()


def test_a_name_from_a_repository_is_escaped(tmp_path: Path) -> None:
    """A folder may be called anything."""
    story = Story()
    story.commit({"a": "1\n"})
    history = mine(story.build(tmp_path / "<script>.git"))

    assert "<script>" not in history._repr_html_()
    assert "&lt;script&gt;" in history._repr_html_()


def test_tables_given_away_are_copies(kinds: Path) -> None:
    """Changing one changes no history."""
    history = mine(kinds)
    changes = history.to_pandas()["changes"]
    changes["position"] = -1

    assert history.changes["position"].tolist() == list(range(len(history.changes)))
