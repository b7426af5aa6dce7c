"""The real histories that coupling is evaluated on.

In:  labelled work that other evaluations read, and one more history where it is present.
Out: labelled work by name, real histories only.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.history.sources import mine
from tests.evaluations.advice import HISTORIES, KEY

if TYPE_CHECKING:
    from conway.boundaries.work import Work

DEMO = '[services]\n"{service}" = "src/*/**"\n'


def real(works: dict[str, Work]) -> dict[str, Work]:
    """Return the real ones of these works, and the polyglot demo."""
    found = {name: work for name, work in works.items() if "sample" not in name}
    bundle = HISTORIES / "opentelemetry-demo.bundle"
    if bundle.exists():
        with tempfile.TemporaryDirectory() as scratch:
            toml = Path(scratch) / "conway.toml"
            toml.write_text(DEMO, encoding="utf-8")
            history = mine(bundle, key=KEY)
            found["opentelemetry-demo"] = label(history, read_boundaries(toml, history))
    return found
