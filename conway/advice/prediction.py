"""A prediction: what the next quarter will be like, and where that came from.

In:  expected figures.
Out: ``Prediction``, its JSON form, table and explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conway.advice.prediction_series import LEVEL
from conway.display import html_table, visible
from conway.figures import Figure, Interval, Unknown, figure_json

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = "conway.prediction/1"
NOTES = (
    "what `conway assess` will measure of the quarter if nothing is reorganised",
    "intervals hold as much as quarters of this history differed before",
)


@dataclass(frozen=True, slots=True)
class Expected:
    """A count of a pair: of teams (who writes, who must approve), or of services."""

    a: str
    b: str
    count: Figure


@dataclass(frozen=True, slots=True)
class ExpectedSaving:
    """What a move would save of the quarter's handoffs and lockstep, per 100 change sets."""

    title: str
    saved: Figure


@dataclass(frozen=True, slots=True)
class Made:
    """Where a prediction came from.

    Attributes
    ----------
    conway
        Version.
    repositories
        Name and newest change of each.
    config_hash
        Over the configuration and the tables that it names.
    settings_hash
        Over what is measured, without window, limits and the content of tables: these may
        change until the prediction is scored, the rest may not.
    since, until
        The window, in seconds.
    seed
        Of the assessment.
    """

    conway: str
    repositories: tuple[tuple[str, str], ...]
    config_hash: str
    settings_hash: str
    since: int
    until: int
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Prediction:
    """What the 13 weeks after a window will be like.

    Attributes
    ----------
    made
        Where it came from.
    since, until
        The quarter, in seconds.
    figures
        By name.
    team_pairs, service_pairs
        Handoffs, and joint change sets, those with most to come first.
    moves
        What each move would save; ``plan`` all of them together.
    plan_text
        The moves, as ``plan.toml``.
    """

    made: Made
    since: int
    until: int
    figures: Mapping[str, Figure]
    team_pairs: tuple[Expected, ...]
    service_pairs: tuple[Expected, ...]
    moves: tuple[ExpectedSaving, ...] = ()
    plan: Figure = field(default_factory=lambda: Unknown("no moves were given"))
    plan_text: str = ""

    @property
    def name(self) -> str:
        """Name of the file that it is kept in, after the quarter's first day."""
        return f"prediction-{_day(self.since)}.json"

    def to_json(self) -> dict[str, Any]:
        """Return the content of the prediction's file."""
        made = self.made
        return {
            "schema": SCHEMA,
            "made": {
                "conway": made.conway,
                "repositories": [{"name": name, "tip": tip} for name, tip in made.repositories],
                "config_hash": made.config_hash,
                "settings_hash": made.settings_hash,
                "since": made.since,
                "until": made.until,
                "seed": made.seed,
            },
            "quarter": {
                "since": self.since,
                "until": self.until,
                "first_day": _day(self.since),
                "last_day": _day(self.until - 1),
            },
            "figures": {name: figure_json(one) for name, one in self.figures.items()},
            "team_pairs": [
                {"from": one.a, "to": one.b, "handoffs": figure_json(one.count)}
                for one in self.team_pairs
            ],
            "service_pairs": [
                {"a": one.a, "b": one.b, "joint": figure_json(one.count)}
                for one in self.service_pairs
            ],
            "moves": [
                {"title": one.title, "saved_per_100": figure_json(one.saved)} for one in self.moves
            ],
            "plan": figure_json(self.plan),
            "plan_text": self.plan_text,
            "notes": list(NOTES),
        }

    def rows(self) -> list[tuple[str, Figure]]:
        """Return everything that is predicted, in words."""
        found: list[tuple[str, Figure]] = [
            (name.replace("_", " "), one) for name, one in self.figures.items()
        ]
        found += [(f"handoffs: {one.a} needs {one.b}", one.count) for one in self.team_pairs]
        found += [(f"joint: {one.a} and {one.b}", one.count) for one in self.service_pairs]
        found += [(f"saved per 100: {one.title}", one.saved) for one in self.moves]
        return [*found, ("saved per 100 by all moves", self.plan)] if self.moves else found

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per number: ``what, value, low, high, level``."""
        rows = [
            (what, one.value, one.low, one.high, one.level)
            if isinstance(one, Interval)
            else (what, np.nan if isinstance(one, Unknown) else one, np.nan, np.nan, np.nan)
            for what, one in self.rows()
        ]
        return pd.DataFrame(rows, columns=["what", "value", "low", "high", "level"])

    def explain(self) -> str:
        """Say what is expected."""
        head = (
            f"Expected from {_day(self.since)} to {_day(self.until - 1)}, if nothing is "
            f"reorganised (intervals of {LEVEL:.0%} for figures, pairs of teams and moves):"
        )
        return "\n".join([head, *(f"- {visible(what)}: {one}" for what, one in self.rows())])

    def __repr__(self) -> str:
        """Show the quarter and the headline."""
        return (
            f"<Prediction: {_day(self.since)} to {_day(self.until - 1)}, "
            f"{self.figures['handoffs_per_100']} handoffs per 100>"
        )

    def _repr_html_(self) -> str:
        return html_table(("what", "expected"), self.rows(), caption=repr(self))


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
