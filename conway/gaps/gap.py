"""What a finding is.

In:  nothing.
Out: ``Gap``, its units and its JSON form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.display import html_table, visible
from conway.figures import Figure, figure_json, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

HANDOFFS = "handoffs per 100 change sets"
CHANGE_SETS = "change sets per 100"
CONTEXT = "change sets per 100, for context"
"""How much work a finding is about, where no part of it is known to cross a boundary."""


_SHOWN = 20


@dataclass(frozen=True, slots=True, repr=False)
class Gap:
    """One place where code and organisation disagree.

    Attributes
    ----------
    kind
        Name of the rule that found it.
    title
        One sentence that a manager understands, with the counts.
    services, teams
        What it is about; for pairs of teams, who needs whom: first the team that waits.
    strength
        How much of the work it concerns, in ``unit``.
    changes
        Change sets behind it.
    evidence
        Lists of change-set ids (the latest), files, services, rules; figures.
    unit
        ``handoffs per 100 change sets``, ``change sets per 100``, or the latter for context.
    """

    kind: str
    title: str
    services: tuple[str, ...]
    teams: tuple[str, ...]
    strength: Figure
    changes: int
    evidence: Mapping[str, object] = field(default_factory=dict)
    unit: str = CHANGE_SETS

    def to_json(self) -> dict[str, object]:
        """Return the finding as ``assess.json`` holds it."""
        return {
            "kind": self.kind,
            "title": self.title,
            "services": list(self.services),
            "teams": list(self.teams),
            "strength": figure_json(self.strength),
            "unit": self.unit,
            "changes": self.changes,
            "evidence": dict(self.evidence),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return its evidence: one row per change set, file, service or rule, ``what, name``."""
        import pandas as pd

        rows = [
            (what, _named(one))
            for what, found in self.evidence.items()
            if isinstance(found, list)
            for one in found
        ]
        return pd.DataFrame(rows, columns=["what", "name"])

    def explain(self) -> str:
        """Say what was found, how strong it is, and what stands behind it."""
        return f"{visible(self.title)} {self.strength} {self.unit}, {self.changes} change sets."

    def __repr__(self) -> str:
        """Show kind and sentence."""
        return f"<Gap {self.kind}: {visible(self.title)}>"

    def _repr_html_(self) -> str:
        rows = self.to_pandas().head(_SHOWN).itertuples(index=False, name=None)
        return html_table(("what", "behind it"), rows, caption=self.explain())

    def rank(self) -> tuple[bool, float, str, tuple[str, ...], tuple[str, ...]]:
        """Sort strongest first, then by kind and name; context and unknown strength last."""
        strength = value_of(self.strength)
        known = not math.isnan(strength)
        context = self.unit == CONTEXT
        return (context, -strength if known else 1.0, self.kind, self.services, self.teams)


def _named(one: object) -> str:
    """Return one piece of evidence in a phrase."""
    if isinstance(one, dict):
        return ", ".join(f"{key} {value}" for key, value in one.items())
    return str(one)
