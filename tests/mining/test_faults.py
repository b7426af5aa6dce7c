"""A store is whole whatever happens while it is written: old or new, never something between."""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from conway.errors import StoreError
from conway.mining import miner, repository
from conway.mining.manifest import read_manifest
from conway.mining.miner import mine_store
from conway.mining.repository import Task
from conway.mining.store import read_facts
from tests.mining.repositories import Story, git

ROOT = Path(__file__).parents[2]
KEY = "a key for tests"


@dataclass(frozen=True)
class Case:
    """A history in two states, and the bytes of a store of each."""

    repository: Path
    before: Path
    old: dict[str, bytes]
    new: dict[str, bytes]

    def store(self, folder: Path) -> Path:
        """Return a store of the old state to break."""
        return Path(shutil.copytree(self.before, folder / "s.conway"))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A few commits, then a few more."""
    folder = tmp_path_factory.mktemp("faults")
    story = Story()
    for number in range(6):
        story.commit({f"f{number % 3}": f"{number}\n" * 50, "CODEOWNERS": f"* @org/{number}\n"})
    place = story.build(folder / "r.git")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONWAY_KEY", KEY)
        mine_store([place], store=folder / "old.conway")
        for number in range(4):
            story.commit({"f1": f"again {number}\n"})
        shutil.rmtree(place)
        story.build(place)
        mine_store([place], store=folder / "new.conway")
    return Case(place, folder / "old.conway", _bytes(folder / "old.conway"),
                _bytes(folder / "new.conway"))  # fmt: skip


def _bytes(store: Path) -> dict[str, bytes]:
    return {str(path.relative_to(store)): path.read_bytes()
            for path in sorted(store.rglob("*")) if path.is_file()}  # fmt: skip


def _named(store: Path) -> dict[str, bytes]:
    """Return the manifest and the files that it names: what a reader sees."""
    read_facts(store)
    names = {"manifest.json", ".lock", *(f"facts/{one}.parquet" for one in
                                         read_manifest(store).files())}  # fmt: skip
    return {name: raw for name, raw in _bytes(store).items() if name in names}


def _broken(case: Case, store: Path, *, kind: str, number: int, by: tuple[str, ...] = ()
            ) -> subprocess.CompletedProcess[str]:  # fmt: skip
    command = [*by, sys.executable, "-m", "tests.mining.faulty", str(case.repository), str(store),
               kind, str(number)]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False,
                          env=_variables())  # fmt: skip


def _variables() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "CONWAY_KEY": KEY}


def _check(case: Case, store: Path) -> None:
    """Old or new is read now; mining again leaves exactly the new."""
    assert _named(store) in (case.old, case.new)
    mine_store([case.repository], store=store)
    assert _bytes(store) == case.new


@pytest.fixture(scope="module")
def calls(case: Case, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many calls change the disk in one run."""
    store = case.store(tmp_path_factory.mktemp("calls"))
    return int(_broken(case, store, kind="kill", number=0).stdout)


@pytest.mark.parametrize(("kind", "share"), [("kill", 0.5), ("kill", 0.9), ("EIO", 0.7),
                                             ("ENOSPC", 0.8)])  # fmt: skip
def test_a_fault_at_some_calls(
    case: Case, calls: int, tmp_path: Path, kind: str, share: float
) -> None:
    """In the middle, and around the manifest; at every call in the slow run."""
    assert calls > 20
    _one_fault(case, tmp_path, kind=kind, number=int(share * calls))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["kill", "EIO", "ENOSPC"])
def test_a_fault_at_every_call(case: Case, calls: int, tmp_path: Path, kind: str) -> None:
    """Every fsync, rename, chmod and unlink."""
    for number in range(1, calls + 1):
        _one_fault(case, tmp_path / str(number), kind=kind, number=number)


def _one_fault(case: Case, folder: Path, *, kind: str, number: int) -> None:
    store = case.store(folder)
    done = _broken(case, store, kind=kind, number=number)
    if kind == "kill":
        assert done.returncode == -signal.SIGKILL
    else:
        assert done.returncode in {0, 3}, done.stderr
        assert done.returncode == 0 or "cannot" in done.stderr
    _check(case, store)


def test_a_first_run_that_is_killed_can_be_done_again(
    case: Case, calls: int, tmp_path: Path
) -> None:
    """Nothing stands in the way of the next one, whatever the first one left."""
    for number in (calls // 2, calls - 4):
        store = tmp_path / f"{number}.conway"
        _broken(case, store, kind="kill", number=number)
        mine_store([case.repository], store=store)
        assert _bytes(store) == case.new


@pytest.mark.parametrize("size", [100, 3_000])
def test_a_full_disk_leaves_the_old_store(case: Case, tmp_path: Path, size: int) -> None:
    """Files may not grow beyond a size: the run says so, and the old store reads."""
    store = case.store(tmp_path)

    done = _broken(case, store, kind="full", number=size)

    assert done.returncode == 3, done.stderr
    assert "make room" in done.stderr or "disk" in done.stderr
    assert _named(store) == case.old
    _check(case, store)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("fault", ["error=ENOSPC", "error=EIO", "signal=KILL"])
@pytest.mark.parametrize("call", ["write,pwrite64", "fsync,fdatasync", "rename,renameat2"])
def test_a_fault_at_every_system_call(case: Case, tmp_path: Path, call: str, fault: str) -> None:
    """Also those that DuckDB makes, in this process only; until no more faults are met."""
    for number in range(1, 200):
        store, log = case.store(tmp_path / str(number)), tmp_path / f"{number}.log"
        by = ("strace", "-o", str(log), "-e", f"trace={call}",
              "-e", f"inject={call}:{fault}:when={number}")  # fmt: skip
        _broken(case, store, kind="kill", number=0, by=by)
        met = "INJECTED" in log.read_text() or "killed by SIGKILL" in log.read_text()
        _check(case, store)
        if not met:
            return


@pytest.mark.slow
def test_a_process_killed_at_random(case: Case, tmp_path: Path) -> None:
    """Sixty times, at any moment of a run."""
    chance = random.Random(3)
    for number in range(60):
        store = case.store(tmp_path / str(number))
        command = [sys.executable, "-m", "tests.mining.faulty", str(case.repository), str(store)]
        with subprocess.Popen([*command, "kill", "0"], cwd=ROOT, stdout=subprocess.DEVNULL,
                              env=_variables()
                              ) as process:  # fmt: skip
            time.sleep(chance.uniform(0.3, 1.5))
            process.kill()
        _check(case, store)


def test_names_reach_the_disk_before_what_names_them(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File, then its folder, then the manifest, then its folder: a loss of power finds no gap."""
    store, told = case.store(tmp_path), []
    fsync, replace = os.fsync, Path.replace

    def flushed(handle: int) -> None:
        told.append(("fsync", Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    def renamed(path: Path, target: Path) -> Path:
        assert ("fsync", path) in told
        told.append(("rename", target))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    mine_store([case.repository], store=store)

    order = [step for step in told if step[1] in {store, store / "facts", store / "manifest.json"}]
    assert order == [("fsync", store / "facts"), ("rename", store / "manifest.json"),
                     ("fsync", store)]  # fmt: skip


@pytest.mark.slow
def test_a_thousand_flipped_bits(case: Case, tmp_path: Path) -> None:
    """And truncations at every 512 bytes: refused, or equal where only white space changed."""
    store, chance = case.store(tmp_path), random.Random(7)
    expected = _tables(store)
    files = [path for path in sorted(store.rglob("*")) if path.is_file() and path.stat().st_size]
    cuts = [(path, at, b"") for path in files for at in range(0, path.stat().st_size, 512)]
    for path, at, flip in [*cuts, *(_flip(chance, files) for _ in range(1000))]:
        whole = path.read_bytes()
        path.write_bytes(whole[:at] + (flip + whole[at + 1 :] if flip else b""))
        try:
            assert _tables(store) == expected
        except StoreError:
            pass
        else:
            assert path.name == "manifest.json"
        path.write_bytes(whole)


def _flip(chance: random.Random, files: list[Path]) -> tuple[Path, int, bytes]:
    path = chance.choice(files)
    at = chance.randrange(path.stat().st_size)
    return path, at, bytes([path.read_bytes()[at] ^ (1 << chance.randrange(8))])


def _tables(store: Path) -> dict[str, str]:
    return {name: frame.to_json() for name, frame in read_facts(store).tables.items()}


def _mine(place: str, store: str) -> None:
    mine_store([place], store=Path(store))


@pytest.mark.slow
def test_eight_processes_share_a_store(case: Case, tmp_path: Path) -> None:
    """What they leave is what one leaves, five times over."""
    spawn = multiprocessing.get_context("spawn")
    store = tmp_path / "s.conway"
    for _round in range(5):
        processes = [spawn.Process(target=_mine, args=(str(case.repository), str(store)))
                     for _ in range(8)]  # fmt: skip
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0] * 8
        assert _bytes(store) == case.new


def test_a_store_of_an_older_layout_is_refused_and_rebuilt(case: Case, tmp_path: Path) -> None:
    """Reading says what to do; mining does it."""
    store = case.store(tmp_path)
    (store / "manifest.json").write_text(json.dumps({"version": 1, "repositories": []}))

    with pytest.raises(StoreError, match=r"layout 1, .* repositories again"):
        read_facts(store)
    _check_new(case, store)


@pytest.mark.parametrize("what", ["git", "rules"])
def test_other_tools_read_everything_again(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Another version of git, or other rules: no block of the old ones is kept."""
    monkeypatch.setattr(miner, "Task", functools.partial(Task, block=3))
    store = case.store(tmp_path)
    mine_store([case.repository], store=store)
    blocks = read_manifest(store).repositories[0].options
    if what == "git":
        monkeypatch.setattr("conway.mining.git.version", lambda: "2.99.0")
    else:
        monkeypatch.setattr(repository, "RULES", 99)

    mine_store([case.repository], store=store)
    mine_store([case.repository], store=tmp_path / "fresh.conway")

    assert read_manifest(store).repositories[0].options != blocks
    assert _bytes(store) == _bytes(tmp_path / "fresh.conway")


def _check_new(case: Case, store: Path) -> None:
    mine_store([case.repository], store=store)
    assert _bytes(store) == case.new


@pytest.fixture
def _small_and_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of few changes; flushing to the disk is most of such a run and another test's."""
    monkeypatch.setattr(miner, "Task", functools.partial(Task, block=4))
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.mark.usefixtures("_small_and_quick")
def test_histories_rewritten_at_random(tmp_path: Path) -> None:
    """Reading on equals reading afresh, byte for byte."""
    _rewrite(tmp_path, seed=1)


@pytest.mark.slow
@pytest.mark.usefixtures("_small_and_quick")
@pytest.mark.parametrize("group", range(10))
def test_two_hundred_histories_rewritten_at_random(tmp_path: Path, group: int) -> None:
    """The same over many."""
    for seed in range(20 * group, 20 * group + 20):
        _rewrite(tmp_path / str(seed), seed=1000 + seed)
        shutil.rmtree(tmp_path / str(seed))


def _rewrite(folder: Path, *, seed: int) -> None:
    """Commit, amend, rebase, force-push, delete branches and collect garbage; compare each time."""
    chance, story = random.Random(seed), Story()
    story.commit({"f": "0\n"})
    here = folder / "long" / "r.git"
    story.build(here)
    for step in range(chance.choice((2, 3, 5))):
        _go_on(story, chance, step=step)
        told = story.build(folder / f"{step}" / "r.git")
        git(here, "fetch", "--quiet", "--force", "--prune", "--update-head-ok", str(told),
            "+refs/*:refs/*")  # fmt: skip
        if chance.random() < 0.3:
            # git 2.39 never ends writing a commit-graph over a commit without a readable date
            git(here, "-c", "gc.writeCommitGraph=false", "gc", "--quiet", "--prune=now")
        mine_store([here], store=folder / "on.conway")
        if step:  # the first run is a fresh one
            fresh = folder / f"fresh{step}.conway"
            mine_store([here], store=fresh)
            assert _bytes(folder / "on.conway") == _bytes(fresh), (seed, step)


def _go_on(story: Story, chance: random.Random, *, step: int) -> None:
    """Add commits, now and then from further back (an amend, a rebase), with branches and tags."""
    last = story.last or 1
    here = chance.randint(max(1, last - 4), last) if chance.random() < 0.4 else last
    for number in range(chance.randint(1, 5)):
        if chance.random() < 0.4:
            side = story.side({f"s{step}": f"{number}\n"}, of=here)
            here = story.commit({f"s{step}": f"{number}\n"}, parents=[here, side],
                                message=f"Merge pull request #{step} from org/b{step}")  # fmt: skip
        else:
            bad = -5 if chance.random() < 0.2 else None  # a clock before 1970
            here = story.commit({"f": f"{step} {number}\n"}, parents=[here], at=bad)
    if chance.random() < 0.5:
        story.tag(f"v{step}", chance.choice([here, max(1, here - 2)]), at=1_700_000_000 + step)
