"""How predictions do: each quarter of real histories from the quarters before.

In:  real histories with their boundaries, where they are present.
Out: a table of coverage, rank agreement and errors.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice import AdviceOptions
from conway.advice.fitting import fit
from conway.advice.heldout import fitting_work
from conway.advice.predicting import Made, expected, with_savings
from conway.advice.quarterly import measure_quarters
from conway.advice.scorecard import FIGURE, KINDS, MOVE, SERVICES, TEAMS, Score
from conway.advice.scoring import score_work
from conway.boundaries.work import WEEK
from conway.coupling.cochange import service_pairs
from conway.figures import value_of
from tests.evaluations.tables import Table

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from tests.evaluations.dated import Dated

FIRST = 6
"""Quarters that the first prediction is made from."""
MADE = Made("", (), "", "", 0, 0)


def scored(work: Work, *, moves: bool = True) -> list[Score]:
    """Predict each quarter from those before, with the moves that would be advised, and score."""
    quarters, options = measure_quarters(work), AdviceOptions()
    found = []
    for place in range(FIRST, len(quarters)):
        cut = quarters[place].since
        early = work.between(work.since, cut)
        made = expected(
            replace(MADE, since=work.since, until=cut),
            quarters[:place],
            coupling=service_pairs(early),
        )
        if moves:
            window = (cut - options.train_weeks * WEEK, cut)
            plan = fit(fitting_work(early, since=window[0], cut=cut), options).moves
            made = with_savings(made, early, moves=plan, apart_from=window)
        found.append(score_work(made, work))
    return found


def table(organisations: dict[str, Dated]) -> Table:
    """Return how often intervals held, and how wrong figures were."""
    rows: list[tuple[object, ...]] = []
    for name, one in organisations.items():
        scores = scored(one.work)
        for kind in KINDS:
            held = sum(each.coverage(kind)[0] for each in scores)
            of = sum(each.coverage(kind)[1] for each in scores)
            if not of:
                continue
            rows.append((
                name, kind, len(scores), of, _level(scores, kind), f"{held / of:.0%}",
                _agreement(scores, kind), _largest(scores, kind), _error(scores, kind),
            ))  # fmt: skip
    return Table(
        "Predictions of the next quarter",
        (
            "history", "what", "quarters", "intervals", "claimed", "held", "rank agreement",
            "largest ten predicted", "median error",
        ),
        rows,
        (
            "Each quarter is predicted from those before it (at least six), then scored. Figures "
            "are handoffs and lockstep releases per 100 change sets, the autonomous share and the "
            "streams; four figures of one quarter go together, so ten quarters are few. Moves are "
            "the plan that would have been advised then, judged by quarters that it was not fitted "
            "on. 'Rank agreement' is Spearman's, mean over quarters; 'largest ten predicted' is "
            "how many of the ten largest pairs that came stood in the prediction. The median error "
            "is relative for figures, absolute for the rest."
        ),
    )  # fmt: skip


def _level(scores: list[Score], kind: str) -> str:
    levels = [each.coverage(kind)[2] for each in scores if each.coverage(kind)[1]]
    return f"{np.mean(levels):.0%}"


def _agreement(scores: list[Score], kind: str) -> str:
    if kind not in {TEAMS, SERVICES}:
        return "-"
    found = [value_of(each.rank_agreement(kind)) for each in scores]
    return f"{np.nanmean(found):.2f}"


def _largest(scores: list[Score], kind: str) -> str:
    found = [(hit, of) for each in scores for what, hit, of in each.found_pairs if what == kind]
    return f"{sum(hit for hit, _ in found)} of {sum(of for _, of in found)}" if found else "-"


def _error(scores: list[Score], kind: str) -> str:
    rows = [row for each in scores for row in each.rows if row.kind == kind]
    if kind == FIGURE:
        wrong = [abs(row.error) / max(abs(value_of(row.came)), 1e-9) for row in rows]
        return f"{np.nanmedian(wrong):.0%}"
    unit = " per 100" if kind == MOVE else ""
    return f"{np.nanmedian([abs(row.error) for row in rows]):.1f}{unit}"
