"""The store: whole or absent, the same whether read on or read afresh, never silently wrong."""

from __future__ import annotations

import functools
import json
import multiprocessing
import random
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.errors import StoreError
from conway.history.record import History
from conway.mining import miner
from conway.mining.miner import mine_facts
from conway.mining.repository import Task
from conway.mining.store import copy_store, read_facts
from tests.mining.repositories import Story, git

if TYPE_CHECKING:
    from pathlib import Path

    from conway.mining.facts import Facts


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut history into blocks of three changes."""
    monkeypatch.setattr(miner, "Task", functools.partial(Task, block=3))


def _same(one: Facts, other: Facts) -> None:
    assert (one.repositories, one.refused) == (other.repositories, other.refused)
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name])


def _bytes(store: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(store)): path.read_bytes()
        for path in sorted(store.rglob("*"))
        if path.is_file()
    }


def test_what_is_stored_is_what_is_read(kinds: Path, tmp_path: Path) -> None:
    """With a store or without, now or later."""
    written = mine_facts([kinds], store=tmp_path / "k.conway")

    _same(written, mine_facts([kinds]))
    _same(written, read_facts(tmp_path / "k.conway"))


def test_equal_histories_have_equal_bytes(kinds: Path, tmp_path: Path) -> None:
    """Another process with another hash seed, zone and locale writes the same files."""
    mine_facts([kinds], store=tmp_path / "here.conway")
    program = (
        "import sys; from conway.mining.miner import mine_facts; "
        "mine_facts([sys.argv[1]], store=sys.argv[2])"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(kinds), str(tmp_path / "there.conway")], check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo",
             "CONWAY_KEY": "a key for tests", "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )  # fmt: skip

    assert _bytes(tmp_path / "here.conway") == _bytes(tmp_path / "there.conway")


@pytest.mark.usefixtures("small_blocks")
def test_reading_on_equals_reading_afresh(tmp_path: Path) -> None:
    """After commits, merges, amends, rewinds, tags and a new mailmap, byte for byte."""
    chance = random.Random(5)
    story, store = Story(), tmp_path / "on.conway"
    story.commit({"f": "0\n", "CODEOWNERS": "* @org/a\n"})
    for step in range(8):
        _go_on(story, chance, step=step)
        shutil.rmtree(tmp_path / "r.git", ignore_errors=True)
        repository = story.build(tmp_path / "r.git")
        fresh = tmp_path / f"fresh{step}.conway"

        mine_facts([repository], store=store)
        mine_facts([repository], store=fresh)

        assert _bytes(store) == _bytes(fresh)


def _go_on(story: Story, chance: random.Random, *, step: int) -> None:
    """Add a few commits; now and then from further back, so that history is rewritten."""
    assert story.last is not None
    rewound = chance.random() < 0.3
    here = chance.randint(max(1, story.last - 4), story.last) if rewound else story.last
    for number in range(chance.randint(1, 5)):
        if chance.random() < 0.4:
            side = story.side({f"s{step}": f"{number}\n"}, of=here)
            here = story.commit({f"s{step}": f"{number}\n"}, parents=[here, side],
                                message=f"Merge pull request #{step} from org/b{step}")  # fmt: skip
        else:
            message = f"change\n\nThis reverts commit {'0' * 40}."
            here = story.commit({"f": f"{step} {number}\n"}, parents=[here], message=message)
    if chance.random() < 0.5:
        story.tag(f"v{step}", chance.choice([here, max(1, here - 2)]), at=1_700_000_000 + step)
    if step == 5:
        story.commit({".mailmap": "Ann Lee <ann@new.org> <ann@example.org>\n"}, parents=[here])


@pytest.mark.usefixtures("small_blocks")
def test_complete_blocks_are_not_read_again(kinds: Path, tmp_path: Path) -> None:
    """Their files keep their names; a damaged one is read again."""
    store = tmp_path / "k.conway"
    first = mine_facts([kinds], store=store)
    before = {path.name: path.stat().st_mtime_ns for path in (store / "facts").iterdir()}
    manifest = json.loads((store / "manifest.json").read_text())
    blocks = manifest["repositories"][0]["blocks"]
    complete = {piece["sha256"] for block in blocks[:-1] for piece in block["pieces"].values()}
    assert len(blocks) > 3

    mine_facts([kinds], store=store)
    after = {path.name: path.stat().st_mtime_ns for path in (store / "facts").iterdir()}
    kept = {name for name in before if before[name] == after[name]}
    assert {f"{name}.parquet" for name in complete} <= kept

    (store / "facts" / f"{min(complete)}.parquet").write_bytes(b"damaged")
    _same(first, mine_facts([kinds], store=store))
    _same(first, read_facts(store))


def test_a_flipped_bit_is_never_read(kinds: Path, tmp_path: Path) -> None:
    """Wherever it is: in a table, in the manifest, or where a file ends."""
    store, chance = tmp_path / "k.conway", random.Random(1)
    expected = mine_facts([kinds], store=store)
    files = [path for path in sorted(store.rglob("*")) if path.is_file() and path.stat().st_size]

    for _try in range(40):
        path = chance.choice(files)
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        flipped = bytes([whole[at] ^ (1 << chance.randrange(8))])
        damaged = whole[:at] if chance.random() < 0.3 else whole[:at] + flipped + whole[at + 1 :]
        path.write_bytes(damaged)
        try:
            found = read_facts(store)
        except StoreError:
            pass
        else:  # white space between two words of the manifest
            assert path.name == "manifest.json"
            _same(expected, found)
        path.write_bytes(whole)


def test_a_damaged_manifest_is_refused_and_mended(kinds: Path, tmp_path: Path) -> None:
    """Reading says what to do; mining again does it. A newer store is left alone."""
    store = tmp_path / "k.conway"
    mine_facts([kinds], store=store)
    (store / "manifest.json").write_text('{"version": 1, "repositories": [')

    with pytest.raises(StoreError, match="manifest is damaged"):
        read_facts(store)
    mine_facts([kinds], store=store)
    assert read_facts(store).repositories[0].name == "kinds"

    (store / "manifest.json").write_text('{"version": 99}')
    with pytest.raises(StoreError, match="layout 99"):
        read_facts(store)
    with pytest.raises(StoreError, match="layout 99"):
        mine_facts([kinds], store=store)


def test_only_the_owner_may_read_a_store(kinds: Path, tmp_path: Path) -> None:
    """It knows people's names."""
    store = tmp_path / "k.conway"
    mine_facts([kinds], store=store)

    for path in [store, *store.rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_failed_run_leaves_nothing_or_what_was_there(kinds: Path, tmp_path: Path) -> None:
    """A new store is removed; an old one still reads."""
    broken = Story().build(tmp_path / "broken.git")
    with pytest.raises(Exception, match="has no commit"):
        mine_facts([broken], store=tmp_path / "new.conway")
    assert not (tmp_path / "new.conway").exists()

    store = tmp_path / "old.conway"
    expected = mine_facts([kinds], store=store)
    with pytest.raises(Exception, match="has no commit"):
        mine_facts([broken], store=store)
    _same(expected, read_facts(store))


def test_one_bad_repository_is_named_and_the_rest_is_read(kinds: Path, tmp_path: Path) -> None:
    """Now, from the store, and with several processes; it is refused only where it is alone."""
    broken = Story().build(tmp_path / "broken.git")

    found = mine_facts([kinds, broken], store=tmp_path / "two.conway")

    _same(found, mine_facts([kinds, broken], jobs=2))
    assert [(one.name, "has no commit" in one.reason) for one in found.refused] == [
        ("broken", True)
    ]
    assert read_facts(tmp_path / "two.conway").refused == found.refused
    assert found.tables["changes"].equals(mine_facts([kinds]).tables["changes"])
    assert "1 could not be read" in repr(History.of(found))
    assert "1 could not be read" in History.of(found)._repr_html_()


def test_a_store_can_be_copied(kinds: Path, tmp_path: Path) -> None:
    """The copy is a store of its own."""
    expected = mine_facts([kinds], store=tmp_path / "one.conway")

    copy_store(tmp_path / "one.conway", tmp_path / "two.conway")

    shutil.rmtree(tmp_path / "one.conway")
    _same(expected, read_facts(tmp_path / "two.conway"))


def _mine(repository: str, store: str) -> None:
    mine_facts([repository], store=store)


def test_processes_share_a_store(kinds: Path, tmp_path: Path) -> None:
    """Four at once leave what one leaves."""
    store = tmp_path / "shared.conway"
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_mine, args=(str(kinds), str(store))) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0] * 4
    _same(read_facts(store), mine_facts([kinds]))


def test_another_key_gives_other_pseudonyms(kinds: Path, tmp_path: Path) -> None:
    """Nothing of the old key is kept in the store."""
    store = tmp_path / "k.conway"
    one = mine_facts([kinds], store=store, key=b"one").tables["commits"]["author"]
    two = mine_facts([kinds], store=store, key=b"two").tables["commits"]["author"]

    assert not set(one.dropna()) & set(two.dropna())


def test_several_repositories_are_read_at_once(kinds: Path, tmp_path: Path) -> None:
    """In two processes or in one, in whatever order they are given."""
    story = Story()
    story.commit({"a": "1\n"})
    other = story.build(tmp_path / "other.git")
    git(other, "tag", "v1", "main")

    _same(mine_facts([kinds, other]), mine_facts([other, kinds], jobs=2))
