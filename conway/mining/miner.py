"""Mines repositories into facts.

In:  repositories as a user names them, and optionally a store.
Out: ``Facts``. They always pass through a store; without one it is a scratch folder.
"""

from __future__ import annotations

import errno
import logging
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conway.display import visible
from conway.errors import RepositoryError, StoreError, problems
from conway.mining import git
from conway.mining.facts import Refused
from conway.mining.manifest import Manifest
from conway.mining.progress import Bar, Silent
from conway.mining.pseudonyms import find_key
from conway.mining.refs import IGNORED
from conway.mining.repository import Task, mine_repository
from conway.mining.selection import within_dates
from conway.mining.shards import end_silently, workers_start
from conway.mining.sources import resolve
from conway.mining.store import publish, read_facts, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conway.mining.facts import Facts
    from conway.mining.manifest import StoredRepository
    from conway.mining.progress import Progress
    from conway.mining.shards import ReaderName
    from conway.mining.sources import Repository

_LOG = logging.getLogger("conway")
_NO_ROOM = frozenset({errno.EDQUOT, errno.EFBIG, errno.ENOSPC})
_ATTEMPTS = 20
_PAUSE = 0.1


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
        Processes that read at a time: several repositories, or parts of one.
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
        If what was given names no repository, or none of them can be read; the message
        lists every fault. One of several that cannot be read is left out and named in
        ``refused``.
    StoreError
        If the store cannot be used.
    """
    with _store(store) as folder:
        mine_store(repositories, store=folder, ref=ref, jobs=jobs, reader=reader, key=key,
                   progress=progress, untrusted=untrusted)  # fmt: skip
        return within_dates(read_facts(folder), resolve(repositories))


def mine_store(
    repositories: Sequence[Repository],
    *,
    store: Path,
    ref: str | None = None,
    jobs: int = 1,
    reader: ReaderName = "batch",
    key: bytes | None = None,
    progress: bool | None = None,
    untrusted: bool = False,
) -> Manifest:
    """Read the history of repositories into a store, and nothing of it into memory.

    Parameters and errors are those of ``mine_facts``. A repository that cannot be read is
    left out and named in the manifest, unless none is left.
    """
    sources = resolve(repositories)
    git.version()
    secret = find_key() if key is None else key
    with writing(store) as before:
        tasks = [
            Task(source, ref, store, secret, reader, before.named(source.name), untrusted=untrusted)
            for source in sources
        ]
        mined, refused = _mine_all(tasks, jobs=_processes(jobs), progress=progress)
        manifest = Manifest(mined, refused, _tools())
        publish(store, manifest)
    for one in refused:
        _LOG.warning("%s was left out: %s", one.name, one.reason)
    for facts in (stored.facts for stored in mined):
        for note in (note for note in facts.notes if IGNORED in note):
            _LOG.warning("%s: %s", facts.name, note)
    return manifest


def _processes(jobs: int) -> int:
    """Return how many processes ``jobs`` means: -1 is one per core, as joblib has it."""
    if jobs >= 1:
        return jobs
    from joblib import effective_n_jobs

    return int(effective_n_jobs(jobs))


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


def _mine_all(
    tasks: Sequence[Task], *, jobs: int, progress: bool | None
) -> tuple[tuple[StoredRepository, ...], tuple[Refused, ...]]:
    """Mine every repository; those that cannot be read are returned with the reason.

    Raises
    ------
    RepositoryError
        If none could be read; the message lists every fault.
    """
    one_by_one = jobs == 1 or len(tasks) < jobs
    with (
        _scratch() as room,
        Bar("changes" if one_by_one else "repositories", shown=progress) as bar,
    ):
        here = [replace(task, scratch=room) for task in tasks]
        results = list(_in_turn(here, bar, jobs=jobs) if one_by_one
                       else _at_once(here, bar, jobs=jobs))  # fmt: skip
    refused = tuple(result for result in results if isinstance(result, Refused))
    if len(refused) == len(tasks):
        faults = [one.reason for one in refused]
        raise RepositoryError(faults[0] if len(faults) == 1 else problems("repositories", faults))
    return tuple(one for one in results if not isinstance(one, Refused)), refused


@contextmanager
def _scratch() -> Iterator[Path]:
    """Make room for all git directories; whoever made them, and however they end, it goes.

    A worker that an interrupt kills clears nothing away, and may still write while we do.
    """
    room = Path(tempfile.mkdtemp(prefix="conway-"))
    try:
        yield room
    finally:
        for _attempt in range(_ATTEMPTS):
            shutil.rmtree(room, ignore_errors=True)
            if not room.exists():
                break
            time.sleep(_PAUSE)


def _in_turn(tasks: Sequence[Task], bar: Bar, *, jobs: int) -> Iterator[StoredRepository | Refused]:
    """Mine one repository after the other, each with all processes."""
    for task in tasks:
        yield _mined(replace(task, jobs=jobs), bar)


def _at_once(tasks: Sequence[Task], bar: Bar, *, jobs: int) -> Iterator[StoredRepository | Refused]:
    """Mine several repositories at a time, where the caller's joblib backend puts them."""
    from joblib import Parallel, delayed

    bar.expect(len(tasks))
    parallel = Parallel(n_jobs=jobs, return_as="generator", batch_size=1,
                        initializer=end_silently)  # fmt: skip
    with workers_start():
        results = parallel(delayed(_mined)(task, Silent()) for task in tasks)
    for result in results:
        bar.tick()
        yield result


def _mined(task: Task, progress: Progress) -> StoredRepository | Refused:
    try:
        return mine_repository(task, progress=progress)
    except RepositoryError as fault:
        return Refused(task.source.name, str(fault))
    except OSError as fault:
        if fault.errno not in _NO_ROOM:
            raise
        raise StoreError(
            f"{visible(tempfile.gettempdir())}: cannot write scratch files: {fault}; make room on "
            "this disk, or name another one with TMPDIR"
        ) from fault
