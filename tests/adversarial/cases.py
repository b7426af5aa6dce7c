"""What a case is, and what may come of it.

In:  a builder and a control.
Out: ``Case``; and the three endings a case may have: rows, a refusal, a quarantine.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from conway.mining.limits import Limits

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from pathlib import Path

    from conway.mining.facts import Facts
    from tests.adversarial.lab import Lab

TABLES = ("changes", "change_files", "commits", "releases", "tree", "boundary_files", "imports")


@dataclass(frozen=True)
class Outcome:
    """What ``mine_facts`` made of a case: facts, or the message of its refusal."""

    facts: Facts | None
    said: str
    seconds: float


@dataclass(frozen=True)
class Case:
    """One hostile input.

    Attributes
    ----------
    id, title
        Its name in the catalogue of threats, and what it is.
    plant
        Builds it; returns what a user would pass.
    control
        True if the payload is real: without protection it runs, hangs, lies or crashes.
    expect
        Asserts what must come of it.
    slow
        It takes more than about two seconds.
    reader, untrusted, limits
        How it is mined.
    """

    id: str
    title: str
    plant: Callable[[Lab], str | os.PathLike[str]]
    control: Callable[[Lab, Path], bool]
    expect: Callable[[Outcome, Facts], None]
    slow: bool = False
    reader: Literal["batch", "pydriller"] = "batch"
    untrusted: bool = False
    limits: Limits = Limits()  # noqa: RUF009 - frozen


def as_clean(outcome: Outcome, clean: Facts) -> None:
    """Every row is that of the clean repository."""
    found = rows(outcome)
    for name in TABLES:
        ours = found.tables[name].drop(columns="repository")
        theirs = clean.tables[name].drop(columns="repository")
        assert ours.equals(theirs), f"{name} differs from the clean repository's"


def rows(outcome: Outcome) -> Facts:
    """Return the facts; there must be some."""
    assert outcome.facts is not None, outcome.said
    return outcome.facts


def refused(pattern: str) -> Callable[[Outcome, Facts], None]:
    """It is refused, with a message that says so and holds nothing that harms a terminal."""

    def check(outcome: Outcome, _clean: Facts) -> None:
        assert outcome.facts is None, "it was read"
        assert re.search(pattern, outcome.said), outcome.said
        hidden = [c for c in outcome.said if c != "\n" and unicodedata.category(c) in {"Cc", "Cf"}]
        assert not hidden, outcome.said

    return check


def quarantined(pattern: str, *, changes: int, lost: int = 1) -> Callable[[Outcome, Facts], None]:
    """All changes have rows, and those that cannot be read say why."""

    def check(outcome: Outcome, _clean: Facts) -> None:
        facts = rows(outcome)
        (one,) = facts.repositories
        assert (one.changes, len(one.skipped)) == (changes, lost), one.skipped
        assert all(re.search(pattern, reason) for _, reason in one.skipped), one.skipped
        told, files = facts.tables["changes"], facts.tables["change_files"]
        assert set(told.loc[told["skipped"].isna(), "change"]) == set(files["change"])

    return check


def read_as_text(path: str) -> Callable[[Outcome, Facts], None]:
    """The name stays text, or git refuses it: newer versions check bundles too."""

    def check(outcome: Outcome, clean: Facts) -> None:
        if outcome.facts is None:
            refused("this bundle cannot be read")(outcome, clean)
        else:
            assert path in set(outcome.facts.tables["change_files"]["path"])

    return check


def holds(check: Callable[[Facts], bool]) -> Callable[[Outcome, Facts], None]:
    """It is read, and its facts are as ``check`` says."""

    def expect(outcome: Outcome, _clean: Facts) -> None:
        assert check(rows(outcome))

    return expect
