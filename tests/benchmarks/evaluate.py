"""Measure what the advice is worth: tested on history it had not seen, against its rivals.

In:  the sample shop, and the real histories where ../shared/histories holds them.
Out: for each, handoffs saved per 100 held-out change sets by the advice and by each baseline.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import conway
from tests.benchmarks.samples import Sample, samples


def evaluate(sample: Sample) -> str:
    """Return the backtest of one history as a table."""
    history = conway.mine(*sample.repositories, jobs=2, progress=False)
    boundaries = conway.read_boundaries(sample.config, history)
    found = conway.backtest(history, boundaries).to_json()
    rows = {"advice": found["gain"], "share of the oracle": found["oracle_share"]}
    rows |= found["baselines"]
    lines = [f"  {name:20} {_shown(figure)}" for name, figure in rows.items()]
    return "\n".join([f"{sample.name}: {len(found['folds'])} folds", *lines])


def _shown(figure: Any) -> str:  # noqa: ANN401  a figure of the JSON has three forms
    if not isinstance(figure, dict):
        return f"{figure:8.2f}"
    if figure["value"] is None:
        return f"unknown: {figure['reason']}"
    return f"{figure['value']:8.2f}  [{figure['low']:.2f}, {figure['high']:.2f}]"


def main() -> None:
    """Evaluate every history that is there, the small ones first."""
    with tempfile.TemporaryDirectory() as scratch:
        for sample in samples(Path(scratch)):
            print(evaluate(sample), flush=True)


if __name__ == "__main__":
    main()
