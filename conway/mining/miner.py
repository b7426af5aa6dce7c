"""Mines repositories into facts.

In:  repositories as a user names them, and optionally a store.
Out: ``Facts``. They always pass through a store; without one it is a scratch folder.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conway.errors import RepositoryError, problems
from conway.mining import git
from conway.mining.manifest import Manifest
from conway.mining.progress import Bar
from conway.mining.pseudonyms import find_key
from conway.mining.repository import Task, mine_repository
from conway.mining.selection import within_dates
from conway.mining.sources import resolve
from conway.mining.store import publish, read_facts, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conway.mining.facts import Facts
    from conway.mining.manifest import StoredRepository
    from conway.mining.shards import ReaderName
    from conway.mining.sources import Repository


def mine_facts(
    repositories: Sequence[Repository],
    *,
    store: Path | str | None = None,
    ref: str | None = None,
    jobs: int = 1,
    reader: ReaderName = "batch",
    key: bytes | None = None,
    progress: bool | None = None,
    untrusted: bool = False,
) -> Facts:
    """Read the history of repositories.

    Parameters
    ----------
    repositories
        Paths of work trees, bare directories and bundles, or ``pydriller.Repository``.
    store
        A folder to keep everything in; the next run goes on from there.
    ref
        The mainline is the first-parent history of this name, else of HEAD.
    jobs
        Repositories read at a time, each in a process of its own.
    reader
        ``batch`` asks git once, ``pydriller`` once per commit; the rows are the same.
    key
        Key of people's pseudonyms; else ``CONWAY_KEY``, else the user's own key.
    progress
        Whether to show a bar on a terminal; never elsewhere.
    untrusted
        Whether local repositories are copied and every object named anew first; bundles
        and URLs always are.

    Returns
    -------
    Facts
        Tables of the schemas in ``conway.tables.FACTS``.

    Raises
    ------
    RepositoryError
        If a repository cannot be read; the message lists every fault.
    StoreError
        If the store cannot be used.
    """
    sources = resolve(repositories)
    git.version()
    secret = find_key() if key is None else key
    with _store(store) as folder:
        with writing(folder) as before:
            tasks = [
                Task(
                    source,
                    ref,
                    folder,
                    secret,
                    reader,
                    before.named(source.name),
                    untrusted=untrusted,
                )
                for source in sources
            ]
            mined = _mine_all(tasks, jobs=jobs, progress=progress)
            publish(folder, Manifest(tuple(mined), _tools()))
        return within_dates(read_facts(folder), sources)


def _tools() -> dict[str, str]:
    from conway import __version__

    return {"conway": __version__, "git": git.version()}


@contextmanager
def _store(store: Path | str | None) -> Iterator[Path]:
    if store is not None:
        yield Path(store)
        return
    with tempfile.TemporaryDirectory(prefix="conway-") as scratch:
        yield Path(scratch) / "scratch.conway"


def _mine_all(tasks: Sequence[Task], *, jobs: int, progress: bool | None) -> list[StoredRepository]:
    """Mine every repository; all faults are raised as one."""
    alone = jobs == 1 or len(tasks) == 1
    with Bar("changes" if alone else "repositories", shown=progress) as bar:
        results = list(_in_turn(tasks, bar) if alone else _at_once(tasks, bar, jobs=jobs))
    faults = [result for result in results if isinstance(result, RepositoryError)]
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RepositoryError(problems("repositories", map(str, faults)))
    return [result for result in results if not isinstance(result, RepositoryError)]


def _in_turn(tasks: Sequence[Task], bar: Bar) -> Iterator[StoredRepository | RepositoryError]:
    for task in tasks:
        try:
            yield mine_repository(task, begin=bar.expect, tick=bar.tick)
        except RepositoryError as fault:
            yield fault


def _at_once(
    tasks: Sequence[Task], bar: Bar, *, jobs: int
) -> Iterator[StoredRepository | RepositoryError]:
    from joblib import Parallel, delayed

    bar.expect(len(tasks))
    parallel = Parallel(n_jobs=jobs, return_as="generator", batch_size=1)
    for result in parallel(delayed(_quietly)(task) for task in tasks):
        bar.tick()
        yield result


def _quietly(task: Task) -> StoredRepository | RepositoryError:
    try:
        return mine_repository(task, begin=_ignore, tick=_ignore)
    except RepositoryError as fault:
        return fault


def _ignore(*_arguments: int) -> None:
    """Report no progress: the process that shows it is another one."""
