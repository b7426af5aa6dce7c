"""A planned reorganisation: its moves, in order, and what teams can carry.

In:  what ``read_planned`` read, or moves made in Python.
Out: ``Planned``, a frozen value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.advice.checking import faults_of
from conway.errors import PlanError, problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.move import Move
    from conway.boundaries.work import Work


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan of one's own.

    Attributes
    ----------
    moves
        In order.
    name
        What it is called beside other plans.
    capacities
        Change sets a week that a team can approve.
    lines
        The line of each move in its file; empty where there is none.
    where
        The file.
    """

    moves: tuple[Move, ...]
    name: str = ""
    capacities: Mapping[str, float] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    where: str = "plan"

    def check(self, work: Work) -> None:
        """Refuse names that there are not, all in one message.

        Raises
        ------
        PlanError
            With lines and valid choices.
        """
        faults = faults_of(work, self.moves, lines=self.lines)
        made = {team for move in self.moves for team in move.names.new_teams}
        known = sorted({*work.teams, *made})
        faults += [
            f"[capacities]: no team '{name}' (teams: {', '.join(known[:12])})"
            for name in self.capacities
            if name not in known
        ]
        if faults:
            raise PlanError(problems(self.where, faults))
