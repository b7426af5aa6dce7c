"""Reads on in the background, so that git works while its last output is parsed.

In:  an iterator of blocks of bytes that waits for a process.
Out: the same blocks, in order.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 256
"""Blocks read ahead: a pipe holds 64 kB, so that is 16 MB."""


def ahead(blocks: Iterator[bytes], *, most: int = MOST) -> Iterator[bytes]:
    """Yield blocks that a thread reads ahead, at most ``most`` of them.

    What reading raises is raised here, behind the blocks that came before it. When the
    caller stops early, the process behind the blocks is ended too.
    """
    ready: SimpleQueue[bytes | None] = SimpleQueue()
    room, stopped = BoundedSemaphore(most), Event()

    def pull() -> None:
        try:
            for block in blocks:
                ready.put(block)
                room.acquire()
                if stopped.is_set():
                    break
        finally:
            if isinstance(blocks, Generator):
                blocks.close()
            ready.put(None)

    with ThreadPoolExecutor(1) as threads:
        pulling = threads.submit(pull)
        try:
            while (block := ready.get()) is not None:
                room.release()
                yield block
            pulling.result()
        finally:
            stopped.set()
            _let_go(room)


def _let_go(room: BoundedSemaphore) -> None:
    """Wake a reader that waits for room."""
    try:
        room.release()
    except ValueError:  # nobody waits
        return
