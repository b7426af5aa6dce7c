"""Whether the advice helps on work that it has not seen.

In:  the sample shop (as it is, and repaired), and real histories where they are present.
Out: a table of held-out savings against baselines, and one of planted moves found.
"""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from conway.advice import AdviceOptions, recommend
from conway.advice.rolling import backtest_work
from conway.assessment import assess
from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.history.sources import mine
from sample_repos import build_shop
from tests.evaluations.tables import Table

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.figures import Figure

SAMPLES = Path(__file__).parents[2] / "sample_repos"
HISTORIES = Path(__file__).parents[3] / "shared" / "histories"
KEY = b"evaluation"

MONOREPO = '[services]\n"{package}" = "packages/*/**"\n[teams]\nsource = "CODEOWNERS"\n'


def histories() -> dict[str, Work]:
    """Return labelled work by name: the shop, and the real histories that are present."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        history = mine(build_shop(folder / "shop"), key=KEY)
        found["shop (sample)"] = label(history, read_boundaries(SAMPLES / "shop.toml", history))
        toml = folder / "conway.toml"
        if (bundle := HISTORIES / "metamask-core.bundle").exists():
            toml.write_text(MONOREPO, encoding="utf-8")
            history = mine(bundle, key=KEY)
            found["metamask-core"] = label(history, read_boundaries(toml, history))
        bundles = sorted((HISTORIES / "govuk").glob("*.bundle"))
        if bundles:
            table = (HISTORIES / "govuk-teams.csv").resolve()
            toml.write_text(
                f'[teams]\nsource = "{table}"\n[window]\nsince = "2022-01-01"\n', encoding="utf-8"
            )
            history = mine(*bundles, jobs=2, key=KEY)
            found["govuk"] = label(history, read_boundaries(toml, history))
    return found


def held_out(works: dict[str, Work]) -> Table:
    """Return what plans of up to five moves save on the quarters after their fit."""
    rows = []
    for name, work in works.items():
        trial = backtest_work(work, options=AdviceOptions())
        one = trial.evaluation
        base = trial.baselines
        moves = sum(len(fold.moves) for fold in trial.folds)
        helped = sum(fold.helped for fold in trial.folds)
        rows.append(
            (
                name,
                len(trial.folds),
                moves,
                f"{helped / moves:.0%}" if moves else "-",
                one.gain,
                one.lockstep,
                one.beyond_largest,
                one.beyond_other,
                base["random"],
                base["load_only"],
                base["leiden"],
                _share(trial.oracle_share),
                _share(trial.hindsight_share),
            )
        )
    return Table(
        "Held-out savings of the advice",
        (
            "history", "quarters", "moves", "moves that helped", "saved per 100",
            "of that lockstep", "beyond largest team", "beyond other teams", "random",
            "load only", "Leiden", "share of hindsight", "with its own moves",
        ),
        rows,
        (
            "Handoffs and lockstep releases saved per 100 change sets of quarters that the plans "
            "had not seen, with 95 % intervals over week blocks; more is better. Each plan is "
            "fitted on the 26 weeks before, one week is left out. A move helped if its Shapley "
            "share of the saving is above zero. Hindsight has the same candidates, limits and "
            "budget, or also the candidates that only the held-out quarter suggests ('with its "
            "own moves')."
        ),
    )  # fmt: skip


def _share(figure: Figure) -> str:
    return f"{figure:.2f}" if isinstance(figure, float) else str(figure)


def planted() -> Table:
    """Return which planted moves are found in the shop, and what is claimed once mended."""
    truth = tomllib.loads((SAMPLES / "shop_truth.toml").read_text(encoding="utf-8"))
    total = len(truth["reassign"]) + 3
    rows = []
    for repaired in (False, True):
        with tempfile.TemporaryDirectory() as scratch:
            history = mine(build_shop(Path(scratch) / "shop", repaired=repaired), key=KEY)
            name = "shop_repaired.toml" if repaired else "shop.toml"
            boundaries = read_boundaries(SAMPLES / name, history)
            plan = recommend(assess(history, boundaries), moves=6)
        build = "repaired" if repaired else "with its faults"
        rows.append((build, 0 if repaired else total, len(plan.surviving), plan.message or "-"))
    return Table(
        "Planted moves in the sample shop",
        ("build", "planted", "moves that survive", "message"),
        rows,
        "A test holds that the surviving moves are the planted ones.",
    )
