"""Every hostile input ends in rows, a refusal or a quarantine, and touches nothing."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from conway.errors import RepositoryError, StoreError
from conway.mining.miner import mine_facts
from tests.adversarial.cases import Case, Outcome
from tests.adversarial.corpus import CASES
from tests.adversarial.lab import Lab, clean
from tests.adversarial.test_planted_stores import PLANTED
from tests.mining.repositories import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from conway.mining.facts import Facts

_PATIENCE = 180
_DEEP = 100

_PARAMETERS = [
    pytest.param(case, id=case.id, marks=[pytest.mark.slow] if case.slow else []) for case in CASES
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the clean repository, packed."""
    place = clean().build(tmp_path_factory.mktemp("clean") / "clean.git")
    git(place, "gc", "--quiet")
    for hook in (place / "hooks").glob("*"):
        hook.unlink()
    return place


@pytest.fixture(scope="module")
def clean_facts(template: Path) -> Facts:
    """Return the rows of the clean repository."""
    return mine_facts([template], key=b"key")


@pytest.fixture
def lab(template: Path) -> Iterator[Lab]:
    """Return an empty laboratory, and clear it away.

    Some folders are too deep for Python to remove, so pytest's own place is not used.
    """
    folder = Path(tempfile.mkdtemp(prefix="conway-lab-")).resolve()
    yield Lab(folder, template)
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """End a test that hangs, wherever it hangs."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not done after {_PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def state_of(place: Path) -> dict[str, tuple[int, int, int, str]]:
    """Return mode, owner, time and digest of everything below a folder."""
    found: dict[str, tuple[int, int, int, str]] = {}
    left = [place]
    while left:
        for path in (Path(entry.path) for entry in os.scandir(left.pop())):
            seen = path.lstat()
            plain = stat.S_ISREG(seen.st_mode) and seen.st_size < 1 << 24
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
            found[str(path)] = (seen.st_mode, seen.st_uid, seen.st_mtime_ns, digest)
            deep = len(path.parts) > _DEEP
            left += [path] if stat.S_ISDIR(seen.st_mode) and not deep else []
    return found


def _mine(case: Case, given: str | os.PathLike[str]) -> Outcome:
    begun = time.monotonic()
    try:
        facts = mine_facts([given], reader=case.reader, key=b"key", untrusted=case.untrusted)
    except (RepositoryError, StoreError) as fault:
        return Outcome(None, str(fault), time.monotonic() - begun)
    return Outcome(facts, "", time.monotonic() - begun)


@pytest.mark.parametrize("case", _PARAMETERS)
def test_case(case: Case, lab: Lab, clean_facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends as expected; no program ran, nothing was written, no process is left."""
    given = case.plant(lab)
    scratch = lab.folder / "scratch"
    scratch.mkdir()
    before = state_of(lab.folder)
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr("conway.mining.mirror.Limits", lambda: case.limits)

    outcome = _mine(case, given)

    case.expect(outcome, clean_facts)
    assert not lab.canary.exists(), "a program of the repository's ran"
    assert not list(scratch.iterdir()), "scratch was left behind"
    before.pop(str(scratch))
    after = state_of(lab.folder)
    after.pop(str(scratch))
    assert after == before, "something was written"
    assert str(scratch) not in outcome.said
    assert not psutil.Process().children(recursive=True), "a process is left"


@pytest.mark.parametrize("case", _PARAMETERS)
def test_control(case: Case, lab: Lab) -> None:
    """Without protection the payload works: a case that harms nobody proves nothing."""
    given = case.plant(lab)

    assert case.control(lab, Path(given))


def test_the_corpus_is_as_large_as_promised() -> None:
    """At least 80 cases, no two of one name, each with a control."""
    names = Counter(case.id for case in CASES)

    assert len(CASES) >= 80
    assert [name for name, times in names.items() if times > 1] == []


def test_every_threat_of_the_catalogue_has_a_case() -> None:
    """The threats to mining; the others concern reports and team files."""
    wanted = {f"S{number:02}" for number in (*range(1, 18), 22, 23, *range(29, 37))} - {"S33"}

    assert wanted <= {name[:3] for name in (*PLANTED, *(case.id for case in CASES))}
