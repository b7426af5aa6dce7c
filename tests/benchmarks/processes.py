"""Measures whole processes: seconds, processor seconds, memory with all children.

In:  a command.
Out: ``Cost``. Memory is the sum of what each process holds, shared pages split between
     those that share them (PSS), sampled twice a second; so a pack that two gits map counts once.
"""

from __future__ import annotations

import os
import pty
import re
import resource
import subprocess
import termios
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and its children took."""

    seconds: float
    processor: float
    megabytes: float


def cost_of(command: Sequence[str], *, variables: dict[str, str] | None = None) -> Cost:
    """Run a command and return what it took; its output is thrown away."""
    before, begun = _processor(), time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **(variables or {})},
    ) as process:  # fmt: skip
        watch = _Watch(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - begun
        peak = watch.end()
    if code:
        raise RuntimeError(f"{command[0]} ended with code {code}")
    return Cost(seconds, _processor() - before, peak)


def first_number(command: Sequence[str], *, variables: dict[str, str]) -> float:
    """Return the seconds until a command shows a count on its terminal, then stop it."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, **variables}
    ) as process:
        os.close(theirs)
        shown = b""
        while not re.search(rb"[1-9]", shown):
            shown += os.read(ours, 4096)
        seconds = time.perf_counter() - begun
        process.terminate()
    os.close(ours)
    return seconds


class _Watch:
    """Samples the memory of a process and all that it started."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._ended = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> float:
        self._ended.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._ended.wait(_EVERY):
            self._peak = max(self._peak, sum(map(_held, _family(self._pid))))


def _family(pid: int) -> list[int]:
    """Return a process and its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, ()))
    return found


def _held(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
