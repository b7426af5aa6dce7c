"""One row of the table of constraints.

In:  what a measure found.
Out: ``Row``: its value, where it comes from, and whether it is measured, a proxy or unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from conway.figures import Unknown

if TYPE_CHECKING:
    from conway.figures import Figure

Constraint = Literal["validation", "integration", "coordination", "release"]
Status = Literal["measured", "proxy", "unknown"]
Unit = Literal["hours", "days", "share", "count", "per 100"]

CONSTRAINTS: tuple[Constraint, ...] = ("validation", "integration", "coordination", "release")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one constraint.

    Attributes
    ----------
    constraint
        Which of the four.
    measure
        What is measured, in a phrase that names its statistic.
    value
        The figure, in ``unit``.
    unit
        What the value counts.
    source
        The table or part of git that it comes from.
    status
        ``measured`` from a table that records it, ``proxy`` from something that goes with
        it, or ``unknown``.
    beside
        What must be read beside it: of a speed the failure, of a lag what chance gives.
    teams
        The same by author's team, with the change sets behind it, where it differs by team.
    """

    constraint: Constraint
    measure: str
    value: Figure
    unit: Unit
    source: str
    status: Status
    beside: tuple[str, Figure] | None = None
    teams: tuple[tuple[str, float, int], ...] = ()

    @classmethod
    def of(
        cls,
        constraint: Constraint,
        measure: str,
        *,
        value: Figure,
        unit: Unit,
        source: str,
        proxy: bool = False,
        beside: tuple[str, Figure] | None = None,
        teams: tuple[tuple[str, float, int], ...] = (),
    ) -> Row:
        """Return a row whose status follows from its value and source."""
        status: Status = "proxy" if proxy else "measured"
        if isinstance(value, Unknown):
            status = "unknown"
        return cls(constraint, measure, value, unit, source, status, beside, teams)

    @classmethod
    def unknown(cls, constraint: Constraint, measure: str, *, reason: str) -> Row:
        """Return a row of what is not known here, with what would make it known."""
        return cls(constraint, measure, Unknown(reason), "count", "", "unknown")
