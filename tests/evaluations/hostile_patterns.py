"""How long a pattern of an ownership file may take that is written to take long.

In:  the patterns of ``tests/boundaries/test_patterns.py``.
Out: milliseconds to compile and match each.
"""

from __future__ import annotations

import time

from conway.boundaries.patterns import github_matcher, gitlab_matcher
from tests.boundaries.test_patterns import HOSTILE
from tests.evaluations.tables import Table

RUNS = 20
_SHOWN = 40


def hostile_patterns() -> Table:
    """Return the slowest of several matches of each pattern, compiled once."""
    rows = []
    for pattern, path in HOSTILE:
        slowest = [
            max(_seconds(matcher, path) for _ in range(RUNS))
            for matcher in (github_matcher(pattern), gitlab_matcher(pattern))
        ]
        shown = pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}..."
        rows.append((f"`{shown}`", f"{len(pattern):,}", f"{len(path):,}", *map(_text, slowest)))
    return Table(
        "Hostile patterns of ownership files",
        ("pattern", "its length", "length of the path", "GitHub, ms", "GitLab, ms"),
        rows,
        (
            f"The slowest of {RUNS} matches, in time of the processor. Matchers that go back "
            "after a failure take minutes on these."
        ),
    )


def _seconds(matcher: object, path: str) -> float:
    begun = time.thread_time()
    matcher.matches(path)  # type: ignore[attr-defined]
    return time.thread_time() - begun


def _text(seconds: float) -> str:
    return f"{1000 * seconds:.2f}"
