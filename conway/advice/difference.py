"""What one move would change about a state.

In:  a state and a move. Out: ``Difference``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conway.advice.move import Label


@dataclass(frozen=True, slots=True)
class Difference:
    """What one move changes: labels by cell, cells, authors and costs by kind."""

    labels: dict[int, Label]
    cells: dict[int, tuple[int, ...]]
    costs: dict[int, tuple[int, int]]
    saved_handoffs: float
    saved_lockstep: float
    authors: dict[int, str]

    @property
    def saved(self) -> float:
        """Handoffs and lockstep releases saved, over all change sets."""
        return self.saved_handoffs + self.saved_lockstep

    @property
    def empty(self) -> bool:
        """Whether the move changes nothing."""
        return not (self.labels or self.cells or self.authors)
