"""A store that somebody else made is refused or read, and nothing beside it is touched (S35)."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
from typing import TYPE_CHECKING

import pytest

from conway.errors import ConwayError
from conway.mining.miner import mine_facts
from conway.mining.store import read_facts
from tests.adversarial.lab import clean
from tests.mining.repositories import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a repository and a sound store of it."""
    folder = tmp_path_factory.mktemp("stores")
    repository = clean().build(folder / "clean.git")
    mine_facts([repository], store=folder / "clean.conway", key=b"key")
    return repository, folder / "clean.conway"


def _edited(store: Path, change: Callable[[dict[str, object]], None]) -> None:
    """Change the manifest and sign it again: its author knows how."""
    path = store / "manifest.json"
    raw = json.loads(path.read_text())
    raw.pop("sha256")
    change(raw)
    text = json.dumps(raw, sort_keys=True, allow_nan=False)
    raw["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(raw))


def _traversal(store: Path, outside: Path) -> None:
    target = next((store / "facts").glob("*.parquet"))
    shutil.copy(target, outside / "stolen.parquet")

    def change(raw: dict[str, object]) -> None:
        text = json.dumps(raw["repositories"])
        raw["repositories"] = json.loads(text.replace(target.stem, f"../../{outside.name}/stolen"))

    _edited(store, change)


def _other_parquet(store: Path, _outside: Path) -> None:
    """A file of another table, under its own right hash, stands where the tree should be."""

    def change(raw: dict[str, object]) -> None:
        (one,) = raw["repositories"]  # type: ignore[misc]
        pieces = one["pieces"]  # type: ignore[index]
        pieces["tree"] = one["blocks"][0]["pieces"]["commits"]  # type: ignore[index]

    _edited(store, change)


def _pickled(store: Path, outside: Path) -> None:
    class Payload:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {outside}/canary",)

    raw = pickle.dumps(Payload())
    for file in (store / "facts").glob("*.parquet"):
        file.write_bytes(raw)
    (store / "cache.pkl").write_bytes(raw)


def _nested(store: Path, _outside: Path) -> None:
    (store / "manifest.json").write_text("[" * 100_000)


def _endless(store: Path, _outside: Path) -> None:
    (store / "manifest.json").unlink()
    (store / "manifest.json").symlink_to("/dev/zero")


def _pipe(store: Path, _outside: Path) -> None:
    (store / "manifest.json").unlink()
    os.mkfifo(store / "manifest.json")


def _huge(store: Path, _outside: Path) -> None:
    with (store / "manifest.json").open("r+b") as file:
        file.truncate(3 << 30)


def _piece_is_pipe(store: Path, _outside: Path) -> None:
    for file in (store / "facts").glob("*.parquet"):
        file.unlink()
        os.mkfifo(file)


def _garbage(store: Path, _outside: Path) -> None:
    _edited(store, lambda raw: raw.update(repositories={"no": "list"}))


def _unrelated(store: Path, outside: Path) -> None:
    """The folder of files is a link to one with Parquet files of the user's own."""
    (outside / "mine.parquet").write_bytes(b"precious")
    shutil.copytree(store / "facts", outside, dirs_exist_ok=True)
    shutil.rmtree(store / "facts")
    (store / "facts").symlink_to(outside)


def _linked_lock(store: Path, outside: Path) -> None:
    (store / ".lock").unlink(missing_ok=True)
    (store / ".lock").symlink_to(outside / "made.by.lock")


_ONLY_WRITING = {"S35k the lock is a link"}
"""Reading goes on without a lock where there is none to be had."""

PLANTED = {
    "S35a path traversal in the manifest": _traversal,
    "S35b a table in place of another": _other_parquet,
    "S35c pickles": _pickled,
    "S35d a manifest nested 100,000 deep": _nested,
    "S35e an endless manifest": _endless,
    "S35f a manifest that is a FIFO": _pipe,
    "S35g a manifest of 3 GB": _huge,
    "S35h files that are FIFOs": _piece_is_pipe,
    "S35i a manifest of another shape": _garbage,
    "S35j the folder of files is a link": _unrelated,
    "S35k the lock is a link": _linked_lock,
}


def _planted(name: str, *, source: tuple[Path, Path], folder: Path) -> tuple[Path, Path]:
    store, outside = folder / "planted.conway", folder / "outside"
    shutil.copytree(source[1], store)
    outside.mkdir()
    PLANTED[name](store, outside)
    return store, outside


def _inside(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", sorted(set(PLANTED) - _ONLY_WRITING))
def test_a_planted_store_is_not_read(name: str, source: tuple[Path, Path], tmp_path: Path) -> None:
    """Reading says what is wrong; no program runs and nothing is made outside."""
    store, outside = _planted(name, source=source, folder=tmp_path)
    before = _inside(outside)

    with pytest.raises(ConwayError):
        read_facts(store)

    assert _inside(outside) == before


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_mining_into_a_planted_store_touches_nothing_else(
    name: str, source: tuple[Path, Path], tmp_path: Path
) -> None:
    """It is refused or made anew, and then it is a sound store."""
    store, outside = _planted(name, source=source, folder=tmp_path)
    before = _inside(outside)

    try:
        facts = mine_facts([source[0]], store=store, key=b"key")
    except ConwayError:
        facts = None

    assert _inside(outside) == before
    if facts is not None:
        assert read_facts(store).tables["changes"].equals(facts.tables["changes"])


def test_the_store_that_they_were_made_from_is_sound(source: tuple[Path, Path]) -> None:
    """The control: it is what was planted that is refused."""
    assert len(read_facts(source[1]).tables["changes"]) == 5
    assert git(source[0], "rev-list", "--count", "--first-parent", "main") == "5"
