"""What one past event changed, as values, and what each figure is.

In:  measured events.
Out: ``Effect``, ``PastEvent``, ``SetApart`` and their JSON forms.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conway.figures import Figure, Unknown, figure_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.lookback.events import Transfer

MECHANICAL = (
    "the same work before the event, approved by the new owners instead of the old ones: "
    "arithmetic, no change of behaviour"
)
BEHAVIOUR = (
    "work after against work before, both under the new owners, beyond services that stayed "
    "and were alike before: what people did differently"
)
SELECTION = (
    "services are not moved at random: they were moved because they looked bad, or because "
    "another team worked there already; part of any effect may be why they were chosen"
)
INFERRED = (
    "authors' teams are inferred from the work before the event: whether people moved along "
    "with a service is not known, so the mechanical part has two ends"
)


@dataclass(frozen=True, slots=True)
class Effect:
    """One outcome of one event, or of several together.

    Changes in the unit of the outcome: handoffs per 100 change sets (fewer is better) or the
    autonomous share (more is better).

    Attributes
    ----------
    detectable
        The smallest effect that would be seen in 80 of 100 cases.
    effect
        Change of behaviour (``BEHAVIOUR``).
    rank
        Share of fake reorganisations with an effect at least as large.
    people_stay, people_follow
        Mechanical part (``MECHANICAL``), where nobody changed teams, and where everybody is
        in the team that owns most of what they touched.
    before
        Level before the event, under the old owners.
    selection
        That level, less that of the services that stayed.
    returning
        What of the distance to the others services that stayed lost by themselves
        (regression to the mean); matched services have it too, so it is not in the effect.
    pre_level, pre_trend
        Level and trend before, less those of the matched services: near zero if they are alike.
    services
        How many services are measured.
    controls
        How many services each is compared with, on average.
    """

    detectable: Figure
    effect: Figure
    rank: Figure
    people_stay: Figure
    people_follow: Figure
    before: Figure
    selection: Figure
    returning: Figure
    pre_level: Figure
    pre_trend: Figure
    services: int = 0
    controls: float = 0.0

    @classmethod
    def unknown(cls, reason: str) -> Effect:
        """Return an effect of which nothing is known, for one reason."""
        nothing = Unknown(reason)
        return cls(
            nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Return every figure by name, the smallest detectable effect first."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: figure_json(one) for name, one in found.items()}


@dataclass(frozen=True, slots=True)
class PastEvent:
    """Services that changed hands on one day.

    Attributes
    ----------
    time
        Of the first of them, seconds UTC.
    kind
        ``move``; ``split``: their team is gone and its services went to several teams;
        ``en_bloc``: a team went as a whole to another.
    moves
        What changed hands.
    effects
        By outcome.
    name
        What a person called it, empty where none did.
    """

    time: int
    kind: str
    moves: tuple[Transfer, ...]
    effects: Mapping[str, Effect]
    name: str = ""

    @property
    def date(self) -> str:
        """Its day."""
        return day(self.time)

    def to_json(self) -> dict[str, Any]:
        """Return ``date, kind, name, moves`` and the effects; handoffs also on top."""
        first = self.effects["handoffs_per_100"]
        return {
            "date": self.date,
            "kind": self.kind,
            "name": self.name,
            "moves": [str(move) for move in self.moves],
            "detectable": figure_json(first.detectable),
            "effect": figure_json(first.effect),
            "rank": figure_json(first.rank),
            "outcomes": {name: one.to_json() for name, one in self.effects.items()},
        }


@dataclass(frozen=True, slots=True)
class SetApart:
    """Changes of boundaries that are no reorganisation.

    Attributes
    ----------
    renames
        Teams that got another name.
    passing_owners
        Owners who held a service for less than four weeks: an edit of the file that was taken
        back, or corrected.
    file_edits
        Versions of ownership files at which no service's owner changed.
    first_owners, lost_owners
        Services that got their first owner, or lost their last.
    """

    renames: tuple[str, ...] = ()
    passing_owners: int = 0
    file_edits: int = 0
    first_owners: int = 0
    lost_owners: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the counts and the renames."""
        return {
            "renames": list(self.renames),
            "passing_owners": self.passing_owners,
            "file_edits": self.file_edits,
            "first_owners": self.first_owners,
            "lost_owners": self.lost_owners,
        }


def day(seconds: int) -> str:
    """Return the day of a time."""
    return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
