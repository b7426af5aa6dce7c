"""Shows on a terminal how far long work has come, and is silent anywhere else.

In:  how much there is, and ticks.
Out: a bar on standard error.
"""

from __future__ import annotations

import sys
from typing import Protocol, Self


class Progress(Protocol):
    """What long work tells of itself."""

    def seen(self, count: int) -> None:
        """Tell that so many commits were found so far."""

    def expect(self, more: int) -> None:
        """Add to the total."""

    def tick(self, more: int = 1) -> None:
        """Count what was done."""


class Silent:
    """Shows nothing: the process that shows progress is another one."""

    def seen(self, count: int) -> None:
        """Tell nobody."""

    def expect(self, more: int) -> None:
        """Tell nobody."""

    def tick(self, more: int = 1) -> None:
        """Tell nobody."""


class Bar:
    """A progress bar whose total may grow.

    Parameters
    ----------
    what
        What is counted, such as ``changes``.
    shown
        Whether to show it; None means only when standard error is a terminal.
    """

    def __init__(self, what: str, *, shown: bool | None = None) -> None:
        from tqdm import tqdm

        on_terminal = sys.stderr.isatty()
        show = on_terminal if shown is None else (shown and on_terminal)
        self._bar = tqdm(total=0, unit=f" {what}", desc="reading git", disable=not show,
                         file=sys.stderr, leave=False, mininterval=0.2)  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._bar.close()

    def seen(self, count: int) -> None:
        """Show how many commits were found so far, until reading begins."""
        self._bar.set_postfix_str(f"{count:,} commits found" if count else "")

    def expect(self, more: int) -> None:
        """Add to the total."""
        self._bar.set_postfix_str("", refresh=False)
        self._bar.total += more
        self._bar.refresh()

    def tick(self, more: int = 1) -> None:
        """Count what was done."""
        self._bar.update(more)
