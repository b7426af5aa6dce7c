"""How well next quarter's joint changes are foretold, on quarters not yet seen.

In:  labelled work of real histories.
Out: average precision of ranker, decayed count and Code Maat's degree; coverage of the
     intervals; the calibration plot ``docs/images/forecast-calibration.svg``.

Everything is fitted on what lies before each quarter, of the same history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.candidates import Timeline
from conway.coupling.dispersion import Dispersion, dispersion, seen_at
from conway.coupling.forecast import QUARTER
from conway.coupling.ranker import Ranker, Trial, chosen
from tests.evaluations.plots import save
from tests.evaluations.tables import Table

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.coupling.incidence import Entity

QUARTERS = {"service": 12, "entity": 6}
LARGE = 20_000
"""Histories with more paths than this are tried on fewer quarters of file pairs."""

LARGE_QUARTERS = 4
LEVELS = (0.8, 0.95)
ENTITIES: tuple[Entity, ...] = ("service", "entity")
SAID = {"service": "services", "entity": "files"}


def average_precision(works: dict[str, Work]) -> Table:
    """Return average precision on rolling quarters, by history and kind of pair."""
    rows = [_precision(name, work, entity) for entity in ENTITIES for name, work in works.items()]
    return Table(
        "Which pairs change together next quarter",
        (
            "history", "pairs of", "quarters", "pairs a quarter", "together", "degree",
            "decayed count", "ranker", "ranker / decayed", "ranker used in", "as used / decayed",
            "quarters below", "as used / degree",
        ),
        [row for row in rows if row is not None],
        (
            "Average precision, mean over rolling quarters of 13 weeks; ratios are of these "
            "means. Candidates: pairs that met before, and pairs of active services or files "
            "(conway/coupling/candidates.py). The ranker is used in a quarter only if it beat "
            "the decayed count in the quarters before it; 'as used' is what a user gets. "
            "'Quarters below' counts those in which what was used did worse than the decayed "
            "count."
        ),
    )  # fmt: skip


def _precision(name: str, work: Work, entity: Entity) -> tuple[object, ...] | None:
    ranker = Ranker(Timeline(work, entity))
    tried, used = [], []
    for date in _dates(work, entity):
        trial = ranker.trial(date)
        if trial is not None:
            tried.append(trial)
            method, _ = chosen(ranker.trials(date))
            used.append(trial.ranker if method == "ranker" else trial.decayed)
    if not tried:
        return None
    decayed, learnt, degree = (_mean(tried, part) for part in ("decayed", "ranker", "degree"))
    gained = np.array(used) - np.array([trial.decayed for trial in tried])
    return (
        name,
        SAID[entity],
        len(tried),
        f"{np.mean([trial.pairs for trial in tried]):,.0f}",
        f"{np.mean([trial.together for trial in tried]):,.0f}",
        f"{degree:.3f}",
        f"{decayed:.3f}",
        f"{learnt:.3f}",
        f"{learnt / decayed:.2f}",
        int((gained != 0).sum()),
        f"{np.mean(used) / decayed:.2f}",
        int((gained < 0).sum()),
        f"{np.mean(used) / degree:.1f}",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """Where what came fell in what was foretold (shape of each: pairs and quarters)."""

    history: str
    entity: Entity
    quarters: int
    below: np.ndarray
    upto: np.ndarray

    def covered(self, level: float) -> tuple[float, float]:
        """Return coverage of whole-number intervals, and with counts spread over their step."""
        tail = (1 - level) / 2
        whole = (self.upto >= tail) & (self.below < 1 - tail)
        inside = np.minimum(self.upto, 1 - tail) - np.maximum(self.below, tail)
        spread = np.clip(inside, 0, None) / np.maximum(self.upto - self.below, 1e-12)
        return float(whole.mean()), float(spread.mean())


def coverage(works: dict[str, Work]) -> Table:
    """Return how often what came lies in the interval; write the calibration plot."""
    found = [
        (_ranks(name, work, entity, fit=True), _ranks(name, work, entity, fit=False))
        for entity in ENTITIES
        for name, work in works.items()
    ]
    _plot([fitted for fitted, _ in found])
    rows = [
        (
            fitted.history,
            SAID[fitted.entity],
            fitted.quarters,
            f"{len(fitted.below):,}",
            *(f"{one:.1%}" for level in LEVELS for one in fitted.covered(level)[::-1]),
            *(f"{constant.covered(level)[1]:.1%}" for level in LEVELS),
        )
        for fitted, constant in found
    ]
    return Table(
        "Coverage of the forecast's intervals",
        (
            "history", "pairs of", "quarters", "pairs and quarters", "80 %", "80 %, whole",
            "95 %", "95 %, whole", "80 %, constant rate", "95 %, constant rate",
        ),
        rows,
        (
            "Pairs that met before, on quarters not yet seen. Counts are whole and mostly 0, so "
            "an interval of whole numbers must cover more than it says ('whole'): where 0 alone "
            "has a chance of 90 %, no interval covers 80 %. The first figure spreads each count "
            "over its step of the distribution (Czado, Gneiting and Held 2009) and should equal "
            "the level. 'Constant rate' is the same without the fitted dispersion."
        ),
    )  # fmt: skip


def _ranks(name: str, work: Work, entity: Entity, *, fit: bool) -> Ranks:
    timeline, below, upto, quarters = Timeline(work, entity), [], [], 0
    for date in _dates(work, entity):
        fitted = dispersion(timeline, date)
        if not fitted.fitted:
            continue
        seen = seen_at(timeline, date)
        came = timeline.joint(seen.pairs, date=date)
        model = fitted if fit else Dispersion()
        less, most = model.ranks(seen.decay, seen.decayed, came=came)
        below.append(less)
        upto.append(most)
        quarters += 1
    return Ranks(name, entity, quarters, np.concatenate(below), np.concatenate(upto))


def _dates(work: Work, entity: Entity) -> list[int]:
    large = entity == "entity" and len(work.paths) > LARGE
    quarters = LARGE_QUARTERS if large else QUARTERS[entity]
    dates = [work.until - number * QUARTER for number in range(1, quarters + 1)]
    return sorted(date for date in dates if date > work.since + QUARTER)


def _mean(trials: list[Trial], part: str) -> float:
    return float(np.mean([getattr(trial, part) for trial in trials]))


def _plot(found: list[Ranks]) -> None:
    import altair as alt
    import pandas as pd

    levels = [number / 20 for number in range(1, 20)]
    rows = [
        {
            "stated": level,
            "covered": ranks.covered(level)[1],
            "history": f"{ranks.history}, {SAID[ranks.entity]}",
        }
        for ranks in found
        for level in levels
    ]
    even = pd.DataFrame({"stated": [0, 1], "covered": [0, 1]})
    diagonal = alt.Chart(even).mark_line(strokeDash=[4, 4], color="#888")
    diagonal = diagonal.encode(x="stated:Q", y="covered:Q")
    lines = alt.Chart(pd.DataFrame(rows)).mark_line(point=True).encode(
        x=alt.X("stated:Q", title="stated level", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("covered:Q", title="share covered", scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("history:N", title=None),
    )  # fmt: skip
    chart = (diagonal + lines).properties(
        width=420, height=320, title="Intervals cover about what they say, on quarters not yet seen"
    )
    save(chart, "forecast-calibration")
