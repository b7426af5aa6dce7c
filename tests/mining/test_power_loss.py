"""A store is whole whenever power is lost: the old one or the new one, at every moment of a run."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conway.errors import StoreError
from tests.mining.power import TRACED, Disk, Step, steps_of
from tests.mining.test_faults import ROOT, Case, _bytes, _check, _named, _variables, case

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["case"]  # the fixture: a history in two states

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


@pytest.fixture(scope="module")
def seen(
    case: Case, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Step], dict[str, bytes]]:
    """What a run that reads on does to a store, and the disk before it."""
    folder = tmp_path_factory.mktemp("power").resolve()
    store, log = case.store(folder), folder / "log"
    before = {str(store / name): content for name, content in _bytes(store).items()}
    command = ["strace", "-f", "-qq", "-y", "-xx", "-s", "9999999", "-o", str(log), "-e",
               f"trace={TRACED}", sys.executable, "-m", "tests.mining.faulty",
               str(case.repository), str(store), "kill", "0"]  # fmt: skip
    subprocess.run(command, cwd=ROOT, env=_variables(), check=True, capture_output=True)
    steps = steps_of(log, folder=store)
    _same_as_the_real_one(steps, before, store=store)
    return steps, before


def _same_as_the_real_one(steps: list[Step], before: dict[str, bytes], *, store: Path) -> None:
    """Control of the harness: with everything kept, it replays to the store that is there."""
    disk = Disk.of(before)
    for step in steps:
        disk.do(step)
    kept = disk.after_loss(name=lambda: True, data=lambda: True)
    assert kept == {str(store / name): content for name, content in _bytes(store).items()}


def test_power_is_lost_at_every_step(
    case: Case,
    seen: tuple[list[Step], dict[str, bytes]],
    tmp_path: Path,
) -> None:
    """Each state that the disk may be in is read as the old or the new store."""
    steps, before = seen
    disk = Disk.of(before)
    chance, met, states = random.Random(5), set(), 0
    for number, step in enumerate(steps):
        disk.do(step)
        for files in disk.losses(chance):
            key = hash(frozenset(files.items()))
            if key in met:
                continue
            met.add(key)
            states += 1
            store = _laid(files, tmp_path / f"{number}-{states}")
            assert _named(store) in (case.old, case.new), step
            if states % 40 == 0:
                _check(case, store)
            shutil.rmtree(store.parent)
    assert len(steps) > 50
    assert states > 50


def test_control_without_flushes_a_store_is_lost(
    seen: tuple[list[Step], dict[str, bytes]], tmp_path: Path
) -> None:
    """The harness finds what breaks a writer that flushes nothing: names without content."""
    steps, before = seen
    disk = Disk.of(before)
    for step in steps:
        if step.kind != "flush":
            disk.do(step)

    files = disk.after_loss(name=lambda: True, data=lambda: False)

    with pytest.raises(StoreError):
        _named(_laid(files, tmp_path))


def _laid(files: dict[str, bytes], folder: Path) -> Path:
    """Write files as a store."""
    for path, content in files.items():
        place = folder / "s.conway" / path.split("s.conway/", 1)[1]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (folder / "s.conway" / "facts").mkdir(exist_ok=True)
    return folder / "s.conway"
