"""A store in a place that fails: read-only, or gone while it is written or read (D10)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conway.errors import StoreError
from conway.mining.miner import mine_facts, mine_store
from conway.mining.store import pieces_of, read_facts
from tests.mining.repositories import Story

if TYPE_CHECKING:
    from pathlib import Path

_READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
_MAIN = "from conway.cli import main; main()"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a small repository."""
    story = Story()
    for number in range(4):
        story.commit({"f": f"{number}\n"})
    return story.build(tmp_path / "r.git")


def _on_a_read_only_disk(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run conway where a folder is mounted so that nobody, not even root, can write there."""
    command = ["unshare", "--mount", "sh", "-c", _READ_ONLY, "sh", str(place), sys.executable,
               "-c", _MAIN, *arguments]  # fmt: skip
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "CONWAY_KEY": "k"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"this user may not mount: {done.stderr.strip()}")
    return done


@pytest.mark.slow
def test_a_store_on_a_read_only_disk_is_read(tmp_path: Path, repository: Path) -> None:
    """It needs no lock that cannot be made; writing there is refused with what to do."""
    place = tmp_path / "disk"
    place.mkdir()
    mine_store([repository], store=place / "s.conway")
    (place / "s.conway" / ".lock").unlink()

    read = _on_a_read_only_disk(place, "assess", str(place / "s.conway"), "--json")
    written = _on_a_read_only_disk(place, "mine", str(repository), "-o", str(place / "s.conway"))
    made = _on_a_read_only_disk(place, "mine", str(repository), "-o", str(place / "new.conway"))

    assert "too little history: 4 change sets" in read.stderr  # so it was read
    for refused in (written, made):
        assert refused.returncode == 3
        assert "give another place with -o" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert sorted(entry.name for entry in place.iterdir()) == ["s.conway"]


def test_a_repository_on_a_read_only_disk_is_read(repository: Path) -> None:
    """Its files may all be read-only: nothing is written there."""
    for path in sorted(repository.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    assert len(mine_facts([repository]).tables["changes"]) == 4


def test_a_store_that_vanishes_while_it_is_written(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody removes the folder in the middle: a message, and nothing half-made is left."""
    store = tmp_path / "s.conway"

    def vanish(_bar: object, _more: int = 1) -> None:
        shutil.rmtree(store, ignore_errors=True)

    monkeypatch.setattr("conway.mining.progress.Bar.tick", vanish)

    with pytest.raises(StoreError, match=r"s\.conway"):
        mine_store([repository], store=store)

    assert not (store / "manifest.json").exists()


def test_a_file_that_vanishes_while_a_store_is_read(tmp_path: Path, repository: Path) -> None:
    """Reading names it; mining again mends it."""
    store = tmp_path / "s.conway"
    manifest = mine_store([repository], store=store)
    gone = pieces_of(store).path(manifest.pieces("changes")[0])
    gone.unlink()

    with pytest.raises(StoreError, match=rf"{gone.name}: this file of the store is missing"):
        read_facts(store)
    mine_store([repository], store=store)

    assert len(read_facts(store).tables["changes"]) == 4
