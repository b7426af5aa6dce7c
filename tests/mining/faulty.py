"""Breaks a run of mining at a chosen point, in a process that may die of it.

In:  ``python -m tests.mining.faulty REPOSITORY STORE KIND NUMBER``: the fault, and at which of the
     calls that change the disk it comes; number 0 counts them and breaks nothing.
Out: exit code 0 done, 3 refused with a message, killed by a signal; the count on stdout.
"""

from __future__ import annotations

import errno
import itertools
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conway.errors import StoreError
from conway.mining.miner import mine_store

if TYPE_CHECKING:
    from collections.abc import Callable

_CALLS = ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (Path, "chmod"))


def _break_at(number: int, *, kind: str) -> Callable[[], int]:
    """Let the numbered call of those that change the disk fail, or kill the process."""
    made = itertools.count(1)
    last = [0]

    def broken(call: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes
            last[0] = next(made)
            if last[0] == number:
                if kind == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(getattr(errno, kind), os.strerror(getattr(errno, kind)))
            return call(*given, **named)

        return instead

    for owner, name in _CALLS:
        setattr(owner, name, broken(getattr(owner, name)))
    return lambda: last[0]


def main() -> None:
    """Mine with a fault."""
    repository, store, kind, number = sys.argv[1:]
    if kind == "full":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(number), int(number)))
        count: Callable[[], int] = int
    else:
        count = _break_at(int(number), kind=kind)
    try:
        mine_store([repository], store=Path(store))
    except StoreError as fault:
        sys.stderr.write(str(fault))
        raise SystemExit(3) from fault
    sys.stdout.write(str(count()))


if __name__ == "__main__":
    main()
