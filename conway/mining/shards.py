"""Reads a mainline block by block: here, or in several processes at once.

In:  how to read one repository, and the steps to read.
Out: its stored blocks in order. A block needs nothing of the one before it but a clock, so
     who reads it makes no difference to its bytes.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Literal

from conway.mining.block import TABLES, Block, Reading, Stretch, read_blocks
from conway.mining.commits import parse_commit
from conway.mining.differences import read_differences
from conway.mining.earlier import Earlier
from conway.mining.manifest import StoredBlock
from conway.mining.objects import read_objects
from conway.mining.parquet import Pieces
from conway.mining.quarantine import bounded
from conway.tables import COMMITS, FACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from conway.mining.block import Reader
    from conway.mining.differences import Difference
    from conway.mining.mailmap import Mailmap
    from conway.mining.mirror import Mirror
    from conway.mining.parquet import Piece
    from conway.mining.pseudonyms import Pseudonyms
    from conway.mining.walk import Step

ReaderName = Literal["batch", "pydriller"]

_SCHEMAS = {schema.name: schema for schema in FACTS}
_TOGETHER = 4
_WINDOW = 256


@dataclass(frozen=True, slots=True)
class Shop:
    """All that a process needs to read blocks of one repository.

    Attributes
    ----------
    mirror, reader, mailmap, pseudonyms
        Where and how to read, and who is who.
    folder
        Where the files of the store are.
    kept
        The stored commits of the blocks that still hold.
    listed
        A file with the ids of all commits behind them, in order, one per line.
    changes
        How many changes the repository has.
    """

    mirror: Mirror
    reader: ReaderName
    mailmap: Mailmap
    pseudonyms: Pseudonyms
    folder: Path
    kept: tuple[Piece, ...]
    listed: Path
    changes: int

    def commits(self) -> list[str]:
        """Return the ids of all commits in order."""
        with Pieces(self.folder) as pieces:
            known = pieces.texts(COMMITS, self.kept, column="commit")
        return [*known, *self.listed.read_text(encoding="ascii").split()]


def stretches(mirror: Mirror, steps: Sequence[Step], *, size: int, after: Stretch) -> list[Stretch]:
    """Cut steps into blocks.

    Parameters
    ----------
    mirror, steps
        Where their commits are, and all steps to read.
    size
        Changes in a block.
    after
        An empty stretch with what is known of the changes before the first step.
    """
    cut: list[Stretch] = []
    commits, clock = after.commits, after.clock
    for first in range(0, len(steps), size):
        if first:
            clock = _clock(mirror, steps[:first], before=after.clock or 0)
        one = Stretch(tuple(steps[first : first + size]), commits, clock)
        commits += len(one.oids)
        cut.append(one)
    return cut


def read_shards(
    shop: Shop, cut: Sequence[Stretch], *, jobs: int, tick: Callable[[int], None]
) -> Iterator[StoredBlock]:
    """Read stretches and write them into the store; yields their blocks in order.

    Parameters
    ----------
    shop
        How to read.
    cut
        The stretches, in order.
    jobs
        Processes that read at a time, on this machine: they share the mirror.
    tick
        Called with the number of changes that were read.
    """
    if jobs == 1 or len(cut) <= _TOGETHER:
        yield from read_here(shop, cut, tick=tick)
        return
    from joblib import Parallel, delayed

    parallel = Parallel(n_jobs=jobs, backend="loky", return_as="generator", batch_size=1,
                        initializer=end_silently)  # fmt: skip
    groups = [cut[first : first + _TOGETHER] for first in range(0, len(cut), _TOGETHER)]
    with workers_start():
        read = parallel(delayed(_quietly)(shop, group) for group in groups)
    for blocks in read:
        for block in blocks:
            tick(block.changes)
            yield block


def read_here(
    shop: Shop, cut: Sequence[Stretch], *, tick: Callable[[int], None]
) -> Iterator[StoredBlock]:
    """Read stretches in this process; yields their blocks in order, once all are written."""
    reading = Reading(shop.mirror, _bounded(shop), shop.mailmap, shop.pseudonyms,
                      Earlier(shop.commits))  # fmt: skip
    with Pieces(shop.folder) as pieces:
        blocks = read_blocks(reading, cut, tick=tick)
        written = [
            _written(block, stretch, pieces=pieces)
            for stretch, block in zip(cut[::-1], blocks, strict=True)
        ]
    yield from reversed(written)


def end_silently() -> None:
    """Let Ctrl-C end a worker at once, without a word: its parent says what there is to say."""
    if parent_process() is not None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def workers_start() -> Iterator[None]:
    """Hold Ctrl-C back while workers are made: they inherit that, until ``end_silently``.

    Starting loky's tracker of resources lets signals through again, so it is started before.
    """
    from joblib.externals.loky.backend import resource_tracker

    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _quietly(shop: Shop, cut: Sequence[Stretch]) -> list[StoredBlock]:
    return list(read_here(shop, cut, tick=lambda _count: None))


def _written(block: Block, stretch: Stretch, *, pieces: Pieces) -> StoredBlock:
    return StoredBlock(
        first=stretch.steps[0].position,
        changes=len(stretch.steps),
        last=stretch.steps[-1].oid,
        clock=block.clock,
        pieces={name: pieces.write(_SCHEMAS[name], block.rows[name]) for name in TABLES},
        skipped=block.skipped,
        notes=block.notes,
    )


def _clock(mirror: Mirror, steps: Sequence[Step], *, before: int) -> int:
    """Return the last plausible committer's clock of some steps, almost always the last one's."""
    window = 1
    while steps:
        some, steps = steps[-window:], steps[:-window]
        found = list(read_objects(mirror.git, [step.oid for step in some]))
        for stored in reversed(found):
            committer = parse_commit(stored.oid, stored.content).committer
            if committer.valid:
                return committer.time
        window = _WINDOW
    return before


def _bounded(shop: Shop) -> Reader:
    """Return a reader that gives a repository up as soon as too much of it cannot be read."""
    read = _reader(shop.reader)

    def until_too_many(mirror: Mirror, steps: Sequence[Step]) -> Iterator[Difference]:
        return bounded(read(mirror, steps), shown=mirror.shown, changes=shop.changes)

    return until_too_many


def _reader(name: ReaderName) -> Reader:
    if name == "pydriller":
        from conway.mining.pydriller_reader import read_with_pydriller

        return read_with_pydriller
    return _batch_reader


def _batch_reader(mirror: Mirror, steps: Sequence[Step]) -> Iterator[Difference]:
    return read_differences(mirror.git, steps)
