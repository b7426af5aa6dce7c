"""Real histories with dated boundaries, which looking back and predictions are evaluated on.

Out: history, boundaries and labelled work by name; absent histories are left out.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.history.sources import mine, read_history
from tests.evaluations.advice import HISTORIES, KEY, MONOREPO

if TYPE_CHECKING:
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.record import History

STORES = "CONWAY_STORES"
"""A folder of stores ``NAME.conway`` that were mined already; else bundles are read."""


@dataclass(frozen=True, eq=False)
class Dated:
    """A history, its boundaries, and its labelled work."""

    history: History
    boundaries: Boundaries
    work: Work


def dated() -> dict[str, Dated]:
    """Return the real histories with dated owners."""
    found = {}
    govuk = sorted((HISTORIES / "govuk").glob("*.bundle"))
    monorepo = HISTORIES / "metamask-core.bundle"
    table = (HISTORIES / "govuk-teams.csv").resolve()
    dated_table = f'[teams]\nsource = "{table}"\n[window]\nsince = "2022-01-01"\n'
    if monorepo.exists():
        found["metamask-core"] = _read("metamask-core", [monorepo], MONOREPO)
    if govuk:
        found["govuk"] = _read("govuk", govuk, dated_table)
    return found


def _read(name: str, bundles: list[Path], config: str) -> Dated:
    store = Path(os.environ.get(STORES, "")) / f"{name}.conway"
    history = read_history(store) if STORES in os.environ else mine(*bundles, jobs=2, key=KEY)
    with tempfile.TemporaryDirectory() as scratch:
        toml = Path(scratch) / "conway.toml"
        toml.write_text(config, encoding="utf-8")
        boundaries = read_boundaries(toml, history)
    return Dated(history, boundaries, label(history, boundaries))
