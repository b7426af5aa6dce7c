"""What a path needs before it may be merged.

In:  nothing.
Out: ``Demand``, one approval as an ownership file writes it; ``PathRules``, what each
     format's reader gives; ``Requirement``, the same with teams.

One demand is met by any one of its owners; a path may make several, all of which count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Requirement:
    """One approval that a path needs.

    Attributes
    ----------
    teams
        Those of which any may give it.
    rule
        The pattern that asks for it, ``repository:pattern`` among several; None where
        owners go by service.
    """

    teams: frozenset[str]
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """One approval as written: owners of whom any may give it, and the pattern that asks.

    An owner is ``@org/team``, a person (``@login``, an e-mail address), or the bare name of
    a group.
    """

    owners: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of an ownership file that is not read, and why; line 0 is the whole file."""

    path: str
    line: int
    reason: str


class PathRules(Protocol):
    """The ownership files of one commit."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is not read."""

    @property
    def patterns(self) -> Mapping[str, tuple[str, ...]]:
        """The owners that each pattern names, in order of the files."""

    def demands(self, path: str) -> tuple[Demand, ...]:
        """Return the approvals that ``path`` needs; empty: it is not owned."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One ownership format.

    Attributes
    ----------
    name
        As ``[teams] source`` or ``dialect`` writes it.
    places
        Where its files are, for messages.
    holds
        Tells whether a path is a file of this format.
    read
        Reads the files of one commit, texts by path.
    """

    name: str
    places: str
    holds: Callable[[str], bool]
    read: Callable[[Mapping[str, str]], PathRules]
