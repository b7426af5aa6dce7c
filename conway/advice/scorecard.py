"""How a prediction did, as one value that shows itself.

In:  expected figures and what came.
Out: ``Score``: coverage of intervals, rank agreement, errors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from conway.display import html_table, visible
from conway.figures import Figure, Interval, Unknown, figure_json, rounded, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.advice.prediction import Prediction

FIGURE, TEAMS, SERVICES, MOVE = "figure", "team pair", "service pair", "move"
KINDS = (FIGURE, TEAMS, SERVICES, MOVE)
TOP = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """One number: what was expected, and what came.

    Attributes
    ----------
    kind
        One of ``KINDS``.
    what
        In words.
    expected
        With its interval.
    came
        Unknown where it cannot be measured, with the reason.
    """

    kind: str
    what: str
    expected: Figure
    came: Figure

    @property
    def inside(self) -> bool | None:
        """Whether the interval held; None where either is unknown."""
        came = value_of(self.came)
        if not isinstance(self.expected, Interval) or math.isnan(came):
            return None
        return self.expected.low - _NOISE <= came <= self.expected.high + _NOISE

    @property
    def error(self) -> float:
        """What came, less what was expected; nan where either is unknown."""
        return value_of(self.came) - value_of(self.expected)

    def to_json(self) -> dict[str, Any]:
        """Return ``kind, what, expected, came, inside, error``."""
        return {
            "kind": self.kind,
            "what": self.what,
            "expected": figure_json(self.expected),
            "came": figure_json(self.came),
            "inside": self.inside,
            "error": rounded(self.error),
        }


_NOISE = 1e-9


@dataclass(frozen=True, eq=False)
class Score:
    """How a prediction did.

    Attributes
    ----------
    prediction
        What was predicted.
    rows
        Number by number.
    found_pairs
        By kind of pair: how many of the ten largest that came were predicted.
    notes
        What a reader should know, such as owners that changed since.
    """

    prediction: Prediction
    rows: tuple[Scored, ...]
    found_pairs: tuple[tuple[str, int, int], ...] = ()
    notes: tuple[str, ...] = ()

    def coverage(self, kind: str | None = None) -> tuple[int, int, float]:
        """Return how many intervals held, of how many, and the level that they claimed."""
        rows = [one for one in self.rows if kind in {None, one.kind} and one.inside is not None]
        levels = [one.expected.level for one in rows if isinstance(one.expected, Interval)]
        held = sum(bool(one.inside) for one in rows)
        return held, len(rows), float(np.mean(levels)) if levels else math.nan

    def rank_agreement(self, kind: str) -> Figure:
        """Return Spearman's correlation of expected and came, over the pairs of one kind."""
        pairs = [(value_of(one.expected), value_of(one.came)) for one in self.rows
                 if one.kind == kind]  # fmt: skip
        known = [pair for pair in pairs if not any(map(math.isnan, pair))]
        if len(known) < _FEWEST or any(len(set(side)) < 2 for side in zip(*known, strict=True)):  # noqa: PLR2004
            return Unknown("too few different pairs to rank")

        from scipy.stats import spearmanr

        sides = np.array(known)
        return float(spearmanr(sides[:, 0], sides[:, 1]).statistic)

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``score.json``."""
        return {
            "schema": "conway.score/1",
            "prediction": self.prediction.to_json(),
            "rows": [one.to_json() for one in self.rows],
            "coverage": [
                {"kind": kind, "held": held, "of": of, "level": rounded(level)}
                for kind in KINDS
                for held, of, level in [self.coverage(kind)]
                if of
            ],
            "rank_agreement": {
                kind: figure_json(self.rank_agreement(kind)) for kind in (TEAMS, SERVICES)
            },
            "largest_found": [
                {"kind": kind, "found": found, "of": of} for kind, found, of in self.found_pairs
            ],
            "notes": list(self.notes),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per number: ``kind, what, expected, low, high, came, inside, error``."""
        rows = [
            (
                one.kind,
                one.what,
                value_of(one.expected),
                one.expected.low if isinstance(one.expected, Interval) else math.nan,
                one.expected.high if isinstance(one.expected, Interval) else math.nan,
                value_of(one.came),
                one.inside,
                one.error,
            )
            for one in self.rows
        ]
        names = ["kind", "what", "expected", "low", "high", "came", "inside", "error"]
        return pd.DataFrame(rows, columns=names)

    def explain(self) -> str:
        """Say how many intervals held, and each number."""
        lines = []
        for kind in KINDS:
            held, of, level = self.coverage(kind)
            if of:
                lines.append(f"{held} of {of} intervals of {level:.0%} held ({kind}s).")
        for kind in (TEAMS, SERVICES):
            agreement = self.rank_agreement(kind)
            if not isinstance(agreement, Unknown):
                lines.append(f"Rank agreement of {kind}s: {value_of(agreement):.2f}.")
        lines += [f"Of the {of} largest {kind}s that came, {found} were among those predicted."
                  for kind, found, of in self.found_pairs if of]  # fmt: skip
        lines += [f"- {visible(one.what)}: expected {one.expected}, came {_said(one.came)}"
                  f"{_mark(one.inside)}" for one in self.rows]  # fmt: skip
        return "\n".join([*lines, *(f"Note: {visible(note)}." for note in self.notes)])

    def __repr__(self) -> str:
        """Show how many intervals held."""
        held, of, _ = self.coverage()
        return f"<Score: {held} of {of} intervals held>"

    def _repr_html_(self) -> str:
        rows = [
            (one.what, one.expected, _said(one.came), _mark(one.inside).strip(" ()"))
            for one in self.rows
        ]
        return html_table(("what", "expected", "came", "interval"), rows, caption=repr(self))


_FEWEST = 3


def _said(figure: Figure) -> str:
    return f"{figure:.4g}" if isinstance(figure, float) else str(figure)


def _mark(inside: bool | None) -> str:  # noqa: FBT001
    if inside is None:
        return ""
    return " (held)" if inside else " (missed)"


def largest_found(
    kind: str, *, predicted: Sequence[tuple[str, str]], came: Sequence[tuple[str, str]]
) -> tuple[str, int, int]:
    """Return how many of the pairs that came largest were predicted."""
    top = came[:TOP]
    return kind, len(set(top) & set(predicted)), len(top)
