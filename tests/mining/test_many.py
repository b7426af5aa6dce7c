"""Many repositories: in turn, in processes, and on a Dask cluster, always the same rows."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.mining import miner
from conway.mining.miner import mine_facts, mine_store
from conway.mining.repository import Task
from conway.mining.store import read_facts
from tests.mining.repositories import Story

if TYPE_CHECKING:
    from pathlib import Path

    from conway.mining.facts import Facts


def _repositories(folder: Path, *, count: int) -> list[Path]:
    """Build repositories of a few commits each; the last one has none and cannot be read."""
    places = []
    for number in range(count):
        story = Story()
        for change in range(number % 4 + 1):
            story.commit({f"f{change}": f"{number}\n"})
        places.append(story.build(folder / f"r{number:03}.git"))
    return [*places, Story().build(folder / "empty.git")]


def _same(one: Facts, other: Facts) -> None:
    assert (one.repositories, one.refused) == (other.repositories, other.refused)
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name])


def test_processes_make_no_difference(tmp_path: Path) -> None:
    """Nor does one repository that cannot be read; it is named."""
    places = _repositories(tmp_path, count=4)

    one = mine_facts(places)

    _same(one, mine_facts(places, jobs=2))
    assert [one.name for one in one.refused] == ["empty"]


def test_parts_of_one_repository_are_read_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are those of one process."""
    monkeypatch.setattr(miner, "Task", functools.partial(Task, block=2))
    story = Story()
    for number in range(30):
        odd = -7 if number % 7 == 3 else None  # the clock comes from the change before
        story.commit({"f": f"{number}\n"}, at=odd, message=f"Change {number}")
    place = story.build(tmp_path / "r.git")

    mine_store([place], store=tmp_path / "one.conway")
    mine_store([place], store=tmp_path / "two.conway", jobs=2)

    for name in ("one", "two"):
        assert len(list((tmp_path / f"{name}.conway" / "facts").iterdir())) > 8
    assert (tmp_path / "one.conway" / "manifest.json").read_bytes() == (
        tmp_path / "two.conway" / "manifest.json"
    ).read_bytes()


@pytest.mark.slow
def test_hundreds_of_repositories(tmp_path: Path) -> None:
    """Two hundred good ones and a bad one, in two processes."""
    places = _repositories(tmp_path, count=200)

    facts = mine_facts(places, jobs=2)

    assert (len(facts.repositories), len(facts.refused)) == (200, 1)
    assert len(facts.tables["changes"]) == 50 * (1 + 2 + 3 + 4)


@pytest.mark.dask
def test_a_dask_cluster_gives_the_same_rows(tmp_path: Path) -> None:
    """The same call under joblib's backend of Dask, with workers of their own processes."""
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    import joblib

    places = _repositories(tmp_path, count=6)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as some,
        distributed.Client(some),
        joblib.parallel_config(backend="dask"),
    ):
        mine_store(places, store=tmp_path / "cluster.conway", jobs=-1)

    _same(read_facts(tmp_path / "cluster.conway"), mine_facts(places))
