"""Run evaluations, print their tables, and keep them in ``docs/evaluation.md``.

``python -m tests.evaluations`` runs all; ``python -m tests.evaluations forecast planted``
runs these and leaves the other tables of the document as they are.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conway import __version__
from tests.evaluations import (
    advice,
    codemaat,
    forecast,
    look_back,
    nulls,
    overtaken,
    planted,
    predictions,
    significance,
    waits,
)
from tests.evaluations.dated import Dated, dated
from tests.evaluations.hostile_patterns import hostile_patterns
from tests.evaluations.real import real
from tests.evaluations.tables import Table, merged

if TYPE_CHECKING:
    from collections.abc import Callable

    from conway.boundaries.work import Work

DOCUMENT = Path(__file__).parents[2] / "docs" / "evaluation.md"


@cache
def _works() -> dict[str, Work]:
    return advice.histories()


@cache
def _dated() -> dict[str, Dated]:
    return dated()


@cache
def _real() -> dict[str, Work]:
    return real(_works())


EVALUATIONS: dict[str, Callable[[], list[Table]]] = {
    "advice": lambda: [advice.held_out(_works()), advice.planted()],
    "overtaken": lambda: [overtaken.one_quarter_later(_works())],
    "look_back": lambda: [look_back.events(_dated()), look_back.fake_dates(_dated())],
    "nulls": lambda: [*nulls.tables(nulls.works(_dated())), nulls.power()],
    "predictions": lambda: [predictions.table(_dated())],
    "forecast": lambda: [forecast.average_precision(_real()), forecast.coverage(_real())],
    "significance": lambda: [significance.false_pairs(_real()), significance.cost()],
    "codemaat": lambda: [codemaat.cost(), hostile_patterns()],
    "waits": lambda: [waits.planted_costs(), waits.delay_links(_dated())],
    "planted": lambda: [planted.planted_groups(), planted.structureless()],
}


def main(wanted: list[str]) -> None:
    """Evaluate, print and write."""
    unknown = sorted(set(wanted) - set(EVALUATIONS))
    if unknown:
        sys.exit(f"no evaluation {', '.join(unknown)} (evaluations: {', '.join(EVALUATIONS)})")
    tables = []
    for name in wanted or list(EVALUATIONS):
        found = EVALUATIONS[name]()
        sys.stdout.write("".join(table.markdown() + "\n" for table in found))
        sys.stdout.flush()
        tables += found
    today = datetime.now(UTC).date().isoformat()
    head = (
        "# How good the advice and the measures are\n\n"
        f"Printed by `make evaluate` on {today}, version {__version__}. Real histories are public "
        "repositories of which only shapes are known; they are left out where they are absent.\n"
    )
    before = DOCUMENT.read_text(encoding="utf-8") if wanted and DOCUMENT.exists() else ""
    DOCUMENT.write_text(merged(before, tables, head=head), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
