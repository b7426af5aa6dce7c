"""How far two partitions of the same services agree beyond chance.

In:  a label of each service by each partition, -1 for none.
Out: ``Alignment``: adjusted mutual information and adjusted Rand index, with what
     shuffled labels give, or an ``Unknown`` with the reason.

Plain mutual information grows with the number of clusters even where there is no
agreement, so only adjusted indices are used (Vinh et al. 2010): 0 in expectation under
shuffling, 1 for equal partitions. AMI is the one to read for clusters of unequal size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.partitions import rand_index
from conway.figures import Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Alignment:
    """Agreement of two partitions.

    Attributes
    ----------
    ami, ari
        Adjusted mutual information (arithmetic mean) and adjusted Rand index.
    null_mean, null_high
        Mean and 95 % quantile of AMI where the second labels are shuffled.
    p_value
        Share of shuffles, the observed one included, with at least this AMI.
    services
        Services that both partitions know.
    """

    ami: float
    ari: float
    null_mean: float
    null_high: float
    p_value: float
    services: int
    seed: int


def align(
    first: Sequence[int], second: Sequence[int], *, shuffles: int = 199, seed: int = 0
) -> Alignment | Unknown:
    """Compare two partitions over the services that both know.

    Parameters
    ----------
    first, second
        Label of each service, -1 for none.
    shuffles
        Permutations of the second labels for the null expectation.
    seed
        Of the permutations.
    """
    left, right = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    known = (left >= 0) & (right >= 0)
    if not (right >= 0).any():
        return Unknown("no service has an owning team")
    if not known.any():
        return Unknown("no coupled service has an owning team")
    left, right = _codes(left[known]), _codes(right[known])
    if left.max() == 0 or right.max() == 0:
        what = "coupled services form one cluster" if left.max() == 0 else "one team owns them all"
        return Unknown(f"nothing to compare: {what}")
    random = np.random.default_rng(seed)
    shared = np.array(
        [_information(left, right)]
        + [_information(left, random.permutation(right)) for _ in range(shuffles)]
    )
    chance = _expected_information(left, right)
    most = (_entropy(left) + _entropy(right)) / 2
    scores = (shared - chance) / (most - chance) if most > chance else np.ones(len(shared))
    return Alignment(
        ami=float(scores[0]),
        ari=rand_index(left.tolist(), right.tolist()),
        null_mean=float(scores[1:].mean()),
        null_high=float(np.quantile(scores[1:], 0.95)),
        p_value=float((scores >= scores[0] - 1e-12).mean()),
        services=int(known.sum()),
        seed=seed,
    )


def _codes(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1]


def _entropy(labels: np.ndarray) -> float:
    share = np.bincount(labels) / len(labels)
    share = share[share > 0]
    return float(-(share * np.log(share)).sum())


def _information(left: np.ndarray, right: np.ndarray) -> float:
    joint = _entropy(left * (int(right.max()) + 1) + right)
    return _entropy(left) + _entropy(right) - joint


def _expected_information(left: np.ndarray, right: np.ndarray) -> float:
    from sklearn.metrics.cluster import contingency_matrix, expected_mutual_information

    table = contingency_matrix(left, right, sparse=True).astype(np.int64)
    return float(expected_mutual_information(table, len(left)))
