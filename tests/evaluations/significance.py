"""Whether significance holds what it says, and what it costs.

In:  real histories, their cells shuffled by swaps that keep both margins; one large history.
Out: a table of false pairs at the stated rate, and one of time and memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.coupling.incidence import incidence, meetings
from conway.coupling.significance import FALSE_DISCOVERY_RATE, significance
from tests.evaluations.tables import Table

if TYPE_CHECKING:
    from conway.boundaries.work import Work

RUNS = 20
SWAPS = 10
CHANGES, SERVICES = 1_000_000, 1_000


def swapped(touches: sparse.csr_array, random: np.random.Generator) -> sparse.csr_array:
    """Return a random table with the same margins (curveball, ten trades a cell).

    Two sets pool what only one of them touches, and deal it out anew, each as many as it
    had (Strona et al. 2014); sets of one service take part.
    """
    rows = [set(touches.indices[a:b].tolist()) for a, b in _bounds(touches)]
    full = np.array([number for number, row in enumerate(rows) if row])
    cells = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    trades = SWAPS * len(cells)
    ends = (random.choice(cells, size=trades), random.choice(full, size=trades))
    for one, other in np.column_stack(ends).tolist():
        mine, yours = sorted(rows[one] - rows[other]), sorted(rows[other] - rows[one])
        if one == other or not mine or not yours:
            continue
        pool = np.array(mine + yours)
        random.shuffle(pool)
        both = rows[one] & rows[other]
        rows[one], rows[other] = (
            both | set(pool[: len(mine)].tolist()),
            both | set(pool[len(mine) :].tolist()),
        )
    kept = [(number, column) for number, row in enumerate(rows) for column in sorted(row)]
    place = tuple(np.array(kept, dtype=np.int64).T)
    return sparse.csr_array((np.ones(len(kept)), place), shape=touches.shape)


def false_pairs(works: dict[str, Work]) -> Table:
    """Return how many pairs are significant as they are and after shuffling."""
    rows = []
    for name, work in works.items():
        touches = incidence(work)
        real = _significant(touches)
        tested = int((np.asarray(touches.sum(axis=0)).ravel() > 0).sum())
        random = np.random.default_rng(0)
        shuffled = [_significant(swapped(touches, random)) for _ in range(RUNS)]
        pairs = tested * (tested - 1) // 2
        rows.append(
            (
                name,
                pairs,
                real,
                RUNS,
                sum(count > 0 for count in shuffled),
                sum(shuffled),
                f"{sum(shuffled) / (RUNS * pairs):.5f}",
                f"{np.mean(shuffled) / max(real, 1):.4f}",
            )
        )
    return Table(
        "Significant pairs on shuffled histories",
        (
            "history",
            "pairs",
            "significant",
            "shuffled histories",
            "with any significant pair",
            "false pairs in all",
            "share of pairs",
            "false for each real one",
        ),
        rows,
        (
            f"Services of change sets are shuffled by trades that keep both margins. At a false "
            f"discovery rate of {FALSE_DISCOVERY_RATE:.0%}, at most 5 % of the shuffled "
            "histories should show any significant pair, since there all are false."
        ),
    )


def cost() -> Table:
    """Return time and memory of the significance of a large history, in its own process."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.evaluations.significance"],
        capture_output=True,
        text=True,
        check=True,
    )
    pairs, kept, seconds, megabytes = answer.stdout.split()
    return Table(
        "Cost of significance",
        ("changes", "services", "pairs that met", "significant", "seconds", "MB"),
        [
            (
                f"{CHANGES:,}",
                f"{SERVICES:,}",
                f"{int(pairs):,}",
                f"{int(kept):,}",
                seconds,
                megabytes,
            )
        ],
        "From the incidence table to q-values, on one core; memory is that of the process.",
    )


def large(changes: int, services: int) -> sparse.csr_array:
    """Return a large incidence table: sizes 1-30, services by a power law."""
    random = np.random.default_rng(0)
    sizes = 1 + np.minimum(random.geometric(0.55, changes) - 1, 29)
    chance = np.arange(1, services + 1) ** -0.8
    columns = random.choice(services, int(sizes.sum()), p=chance / chance.sum())
    cells = np.unique(np.repeat(np.arange(changes), sizes) * np.int64(services) + columns)
    place = (cells // services, cells % services)
    return sparse.csr_array((np.ones(len(cells)), place), shape=(changes, services))


def _bounds(touches: sparse.csr_array) -> list[tuple[int, int]]:
    return list(zip(touches.indptr[:-1].tolist(), touches.indptr[1:].tolist(), strict=True))


def _significant(touches: sparse.csr_array) -> int:
    chance = significance(touches, meetings(touches))
    return int((chance.q_values <= FALSE_DISCOVERY_RATE).sum())


def _measure() -> None:
    touches = large(CHANGES, SERVICES)
    begun = time.perf_counter()
    pairs = meetings(touches)
    kept = int((significance(touches, pairs).q_values <= FALSE_DISCOVERY_RATE).sum())
    seconds = time.perf_counter() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{len(pairs)} {kept} {seconds:.1f} {megabytes:.0f}\n")


if __name__ == "__main__":
    _measure()
