"""What looking back found, as one value that shows itself.

In:  measured events.
Out: ``LookBack``, its JSON form, table and explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from conway.advice.lookback.effects import BEHAVIOUR, INFERRED, MECHANICAL, SELECTION, day
from conway.display import html_table, visible
from conway.figures import Figure, Interval, Unknown, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.lookback.effects import Effect, PastEvent, SetApart


@dataclass(frozen=True, eq=False)
class LookBack:
    """What past reorganisations changed, against services that stayed.

    Attributes
    ----------
    events
        In order of time.
    pooled
        By outcome, all moves and splits together; teams that went as a whole are left out.
    apart
        What is no reorganisation.
    window
        ``since <= time < until``.
    inferred
        Whether authors' teams are inferred.
    seed
        Of the fake reorganisations.
    """

    events: tuple[PastEvent, ...]
    pooled: Mapping[str, Effect]
    apart: SetApart
    window: tuple[int, int]
    inferred: bool = True
    seed: int = 0

    @property
    def helped(self) -> bool:
        """Whether work on services that changed hands needed clearly fewer handoffs later.

        The effect is that beyond arithmetic and beyond services that stayed.
        """
        effect = self.pooled["handoffs_per_100"].effect
        return isinstance(effect, Interval) and effect.high < 0

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``lookback.json``."""
        return {
            "schema": "conway.lookback/1",
            "window": {"since": day(self.window[0]), "until": day(self.window[1] - 1)},
            "events": [event.to_json() for event in self.events],
            "pooled": {name: one.to_json() for name, one in self.pooled.items()},
            "set_apart": self.apart.to_json(),
            "notes": self.notes,
            "seed": self.seed,
        }

    @property
    def notes(self) -> list[str]:
        """What each part is, and what limits it."""
        found = [
            f"effect: {BEHAVIOUR}",
            f"people_stay, people_follow: {MECHANICAL}",
            f"selection: {SELECTION}",
        ]
        return [*found, INFERRED] if self.inferred else found

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per event: ``date, kind, moves, measured`` and its handoffs.

        ``detectable, effect, rank, people_stay, people_follow``: per 100 change sets.
        """
        figures = ("detectable", "effect", "rank", "people_stay", "people_follow")
        rows = [
            (
                event.date,
                event.kind,
                len(event.moves),
                one.services,
                *(value_of(getattr(one, name)) for name in figures),
            )
            for event in self.events
            for one in [event.effects["handoffs_per_100"]]
        ]
        return pd.DataFrame(rows, columns=["date", "kind", "moves", "measured", *figures])

    def explain(self) -> str:
        """Say in words what could be seen, and then what was."""
        apart, kinds = self.apart, [event.kind for event in self.events]
        found = (
            f"{len(kinds)} past events: {kinds.count('move')} moves, {kinds.count('split')} teams "
            f"split up, {kinds.count('en_bloc')} teams that went as a whole. Set apart: "
            f"{len(apart.renames)} renames, {apart.passing_owners} owners for less than four "
            f"weeks, {apart.file_edits} edits of ownership files that moved no service."
        )
        one = self.pooled["handoffs_per_100"]
        if isinstance(one.detectable, Unknown):
            return f"{found}\nNo effect can be measured: {one.detectable.reason}."
        said = {each.name: _short(getattr(one, each.name)) for each in fields(one)}
        detectable = (
            f"Moves and splits together, handoffs per 100 change sets ({one.services} services, "
            f"{one.controls:.1f} comparable ones for each): an effect smaller than "
            f"{said['detectable'].lstrip('+')} cannot be told from none."
        )
        effect = (
            f"Effect {said['effect']}: {BEHAVIOUR}. {_percent(one.rank)} of fake "
            "reorganisations show as much."
        )
        mechanical = (
            f"Apart from it, {said['people_stay']} if nobody changed teams and "
            f"{said['people_follow']} if people went along: {MECHANICAL}."
        )
        selection = (
            f"Selection: {SELECTION}. Before, they stood {said['selection']} from the services "
            f"that stayed; those that stood as far off came back by {said['returning']} of "
            f"themselves. From the comparable ones they stood {said['pre_level']}, with a trend "
            f"of {said['pre_trend']}."
        )
        lines = [found, detectable, effect, mechanical, selection]
        return "\n".join([*lines, f"Limit: {INFERRED}."] if self.inferred else lines)

    def __repr__(self) -> str:
        """Show events and the pooled effect, the detectable one first."""
        one = self.pooled["handoffs_per_100"]
        return (
            f"<LookBack: {len(self.events)} events, detectable {_short(one.detectable)}, "
            f"effect {_short(one.effect)} handoffs per 100>"
        )

    def _repr_html_(self) -> str:
        rows = [
            (
                event.date,
                event.kind,
                "; ".join(visible(str(move)) for move in event.moves),
                _short(one.detectable),
                _short(one.effect),
                _short(one.people_stay),
                _short(one.people_follow),
            )
            for event in self.events
            for one in [event.effects["handoffs_per_100"]]
        ]
        columns = ("date", "kind", "moves", "detectable", "effect", "people stay", "people follow")
        return html_table(columns, rows, caption=self.explain())


def _short(figure: Figure) -> str:
    """Show a figure with one decimal."""
    if isinstance(figure, Unknown):
        return str(figure)
    if isinstance(figure, Interval):
        return f"{figure.value:+.1f} [{figure.low:+.1f}, {figure.high:+.1f}]"
    return f"{figure:+.1f}"


def _percent(figure: Figure) -> str:
    return str(figure) if isinstance(figure, Unknown) else f"{100 * value_of(figure):.0f} %"
