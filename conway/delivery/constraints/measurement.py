"""The table of the four constraints, and the largest of those observed.

In:  ``Observed``: one measurement with the tables that came from elsewhere.
Out: ``Constraints``.

Stages are compared by the median hours that a change waits at them, so the largest is named
only among stages whose waits were measured, with what is not observed beside it. Whether it
binds is another question: see ``conway.delivery.constraints.stages``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.delivery.constraints.coordination import coordination
from conway.delivery.constraints.failures import reverted_share
from conway.delivery.constraints.integration import integration
from conway.delivery.constraints.release import NOT_MEASURED, release
from conway.delivery.constraints.row import CONSTRAINTS, Constraint, Row
from conway.delivery.constraints.validation import validation
from conway.figures import Unknown, value_of

if TYPE_CHECKING:
    from conway.delivery.constraints.observed import Observed
    from conway.delivery.constraints.stages import Stage
    from conway.delivery.waits.releasing import Releasing
    from conway.figures import Figure

_FEWEST_STAGES = 2


@dataclass(frozen=True, eq=False)
class Constraints:
    """What limits delivery, as far as it was observed.

    Attributes
    ----------
    rows
        The table, in order of the four constraints.
    stages
        Stages whose waits were measured.
    """

    rows: tuple[Row, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def unobserved(self) -> tuple[Constraint, ...]:
        """Constraints of which no wait was measured."""
        seen = {stage.constraint for stage in self._known}
        return tuple(one for one in CONSTRAINTS if one not in seen)

    @property
    def largest(self) -> Stage | Unknown:
        """The stage with the longest median wait of those measured, or why none is named."""
        known = self._known
        if len(known) < _FEWEST_STAGES:
            only = f"only the wait of {known[0].constraint} was" if known else "no wait was"
            return Unknown(
                f"{only} measured, and one alone cannot be the largest; "
                f"not observed: {', '.join(self.unobserved)}"
            )
        return max(known, key=lambda stage: value_of(stage.hours))

    @property
    def _known(self) -> list[Stage]:
        return [stage for stage in self.stages if not isinstance(stage.hours, Unknown)]


def measure_constraints(
    seen: Observed, *, releasing: Releasing | Unknown = NOT_MEASURED
) -> Constraints:
    """Measure the four constraints.

    Parameters
    ----------
    seen
        What was measured, with the imported tables.
    releasing
        Waits from merge to the first release by tags, where they were measured.
    """
    reverted = reverted_share(seen)
    validated, validating = validation(seen)
    coordinated, coordinating = coordination(seen, reverted=reverted)
    released, deploying = release(seen, reverted=reverted, releasing=releasing)
    rows = (*validated, *integration(seen), *coordinated, *released, *_answers(seen))
    ordered = sorted(rows, key=lambda row: CONSTRAINTS.index(row.constraint))
    return Constraints(tuple(ordered), (*validating, *coordinating, *deploying))


def _answers(seen: Observed) -> list[Row]:
    """Return the answers to surveys in the window, those of fewer than five people left out."""
    rows = seen.boundaries.imported.survey
    rows = rows[seen.inside(rows["answered"])]
    source = seen.boundaries.imported.sources.get("survey", "survey")
    found = []
    keys = (
        rows[["constraint", "question"]].drop_duplicates().sort_values(["constraint", "question"])
    )
    for constraint, question in keys.itertuples(index=False, name=None):
        part = rows[rows["constraint"].eq(constraint) & rows["question"].eq(question)]
        people = part["respondents"]
        value: Figure = Unknown("fewer than 5 people")
        if people.min() >= _FEWEST_ANSWERS:
            value = float((part["score"] * people).sum() / people.sum())
        name = f"asked: {question} (mean answer)"
        found.append(Row.of(constraint, name, value=value, unit="count", source=source))
    return found


_FEWEST_ANSWERS = 5
