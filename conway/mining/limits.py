"""How much one git process may use, and how long it may be silent.

In:  nothing.
Out: ``Limits``, which every git process runs under.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass, replace

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one git process.

    Attributes
    ----------
    address_space, cpu_seconds, written_file
        Kernel limits, in bytes, seconds and bytes. A tree bomb of 62 kB drives git to
        2.8 GB, so address space ends before the machine does.
    silence
        Seconds without output after which a process is taken to hang (a FIFO where a
        file should be hangs git for ever).
    record
        Bytes that git may print about one commit.
    output
        Bytes that git may print in answer to one question, where all are kept at once.
    """

    address_space: int = 2 * _GIB
    cpu_seconds: int = 4 * 3600
    written_file: int = 64 * _GIB
    silence: float = 120.0
    record: int = _GIB // 4
    output: int = _GIB

    @property
    def of_a_clone(self) -> Limits:
        """The bounds of a clone, which prints nothing while it names every object anew."""
        return replace(self, address_space=4 * self.address_space, silence=30 * self.silence)

    def apply(self, pid: int) -> None:
        """Put the kernel limits on a process that has just started (Linux only)."""
        if sys.platform != "linux":
            return
        bounds = {
            resource.RLIMIT_AS: self.address_space,
            resource.RLIMIT_CPU: self.cpu_seconds,
            resource.RLIMIT_FSIZE: self.written_file,
            resource.RLIMIT_CORE: 0,
        }
        for what, bound in bounds.items():
            try:
                _soft, hard = resource.prlimit(pid, what)
                most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
                resource.prlimit(pid, what, (most, most))
            except ProcessLookupError:  # it has already ended
                return
