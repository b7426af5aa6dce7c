"""What the past says of a pair: counts, decays, degree, activity, names and people.

In:  a ``Timeline``, candidate pairs and a date.
Out: a table of features (pairs × features), the decayed count, Code Maat's degree, and the
     adjusted count: the decayed count with small adjustments that are the same everywhere.

Only change sets before the date are looked at. Names of files and their services are
today's, since a file keeps its identity through renames.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from conway.coupling.candidates import Candidates, Timeline, pair_values
from conway.coupling.communities import shares
from conway.coupling.forecast import HALF_LIFE, QUARTER

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = 24 * 3600
HALF_LIVES = (20, 60, 180, 540)
"""Days."""

LATELY = 60
"""Half-life of the last months in days."""

ADJUSTED = (0.2, 0.1, 0.2)
"""Weights of the last months, of the rarer one's and of the commoner one's change sets."""

MAAT_JOINT = MAAT_SETS = 5
_FEW = 0.02
_BLOCK = 50_000
_TEST = re.compile(r"(_spec|_test|\.test|\.spec|test_|_controller|_presenter|_helper|s$)")


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """Pairs with what is known of them at a date (rows as the pairs).

    Attributes
    ----------
    features
        Pairs × features.
    decayed
        Decayed count, half-life 180 days: the baseline.
    degree
        Code Maat's degree, 0 below its thresholds.
    adjusted
        Logarithm of the decayed count, a fifth of it from the last months and from small
        change sets, and with how much each of the two changed in the last quarter.
    """

    features: np.ndarray
    decayed: np.ndarray
    degree: np.ndarray
    adjusted: np.ndarray


def describe(timeline: Timeline, pairs: Candidates, *, date: int) -> Described:
    """Return the features of each pair as of the date."""
    past = timeline.before(date)
    touches = timeline.touches[past]
    age = (date - timeline.times[past]) / DAY
    columns, decayed = _decays(touches, pairs, age=age)
    more, degree = _counts(touches, pairs)
    columns += more
    columns += _recency(touches, pairs, age=age)
    columns += _names(timeline, pairs)
    columns.append(_people(timeline, pairs, past=past, age=age))
    columns.append(np.log(decayed + _FEW))
    adjusted = _adjusted(touches, pairs, age=age, decayed=decayed)
    return Described(np.column_stack(columns), decayed, degree, adjusted)


def _adjusted(
    touches: sparse.csr_array, pairs: Candidates, *, age: np.ndarray, decayed: np.ndarray
) -> np.ndarray:
    """Return ``0.8 log d + 0.2 log n + 0.1 log(1 + low) + 0.2 log(1 + high)``.

    ``d`` is the decayed count, ``n`` the same with a half-life of 60 days where a change set
    of ``k`` things counts ``1 / (k - 1)``, ``low`` and ``high`` the change sets of the rarer
    and of the commoner of the two in the last quarter.
    """
    lately = pair_values(touches, pairs, weights=np.exp2(-age / LATELY) * shares(touches))
    sets = np.asarray(touches.T @ (age < QUARTER / DAY).astype(float)).ravel()
    low, high = (np.log1p(values) for values in _ordered(sets, pairs))
    share, rarer, commoner = ADJUSTED
    kept = (1 - share) * np.log(decayed + _FEW) + share * np.log(lately + _FEW)
    return np.asarray(kept + rarer * low + commoner * high)


def _decays(
    touches: sparse.csr_array, pairs: Candidates, *, age: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    columns: list[np.ndarray] = []
    for days in HALF_LIVES:
        weights = np.exp2(-age / days)
        met = pair_values(touches, pairs, weights=weights)
        low, high = _ordered(np.asarray(touches.T @ weights).ravel(), pairs)
        columns += [np.log1p(4 * values) for values in (met, low, high)]
        if days * DAY == HALF_LIFE:
            decayed = met
            columns += [2 * met / np.maximum(low + high, 1e-9), met / np.maximum(low, 1e-9)]
            newman = pair_values(touches, pairs, weights=weights * shares(touches))
            columns.append(np.log1p(4 * newman))
    return columns, decayed


def _counts(touches: sparse.csr_array, pairs: Candidates) -> tuple[list[np.ndarray], np.ndarray]:
    joint = pair_values(touches, pairs)
    low, high = _ordered(np.asarray(touches.sum(axis=0)).ravel(), pairs)
    degree = 2 * joint / np.maximum(low + high, 1)
    passing = (joint >= MAAT_JOINT) & ((low + high) / 2 >= MAAT_SETS)
    return [np.log1p(joint), degree, np.log1p(low), np.log1p(high)], np.where(passing, degree, 0)


def _recency(touches: sparse.csr_array, pairs: Candidates, *, age: np.ndarray) -> list[np.ndarray]:
    """Return how long ago each of the two changed last and first."""
    cells = touches.tocoo()
    last = np.full(touches.shape[1], np.inf)
    first = np.zeros(touches.shape[1])
    np.minimum.at(last, cells.col, age[cells.row])
    np.maximum.at(first, cells.col, age[cells.row])
    ends = (*_ordered(last, pairs), *_ordered(first, pairs))
    return [np.log1p(np.minimum(values, 10_000)) for values in ends]


def _names(timeline: Timeline, pairs: Candidates) -> list[np.ndarray]:
    """Return whether the two share a folder, a tree, a stem, an ending and a home."""
    used, place = np.unique(np.concatenate([pairs.first, pairs.second]), return_inverse=True)
    one, other = place[: len(pairs)], place[len(pairs) :]
    names = [timeline.names[code] for code in used.tolist()]
    homes = timeline.homes
    if timeline.entity == "service":
        homes = np.array(timeline.work.service_teams, dtype=np.int64)
    marks = [_numbers([mark(name) for name in names]) for mark in _MARKS]
    same = [(mark[one] == mark[other]).astype(float) for mark in marks]
    home = homes[pairs.first] == homes[pairs.second]
    return [*same, (home & (homes[pairs.first] >= 0)).astype(float)]


def _people(
    timeline: Timeline, pairs: Candidates, *, past: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Return the cosine of who worked on the two, decayed; nobody is named."""
    authors = timeline.work.sets["author"].to_numpy()[past]
    weights = np.exp2(-age / (HALF_LIFE / DAY)) * (authors >= 0)
    sets = np.arange(len(authors))
    shape = (int(authors.max(initial=0)) + 1, len(authors))
    wrote = sparse.csr_array((weights, (np.maximum(authors, 0), sets)), shape=shape)
    work = (wrote @ timeline.touches[past]).T.tocsr()
    length = np.sqrt(np.asarray(work.multiply(work).sum(axis=1)).ravel())
    work = sparse.csr_array(sparse.diags_array(1 / np.maximum(length, 1e-12)) @ work)
    cosine = np.zeros(len(pairs))
    for start in range(0, len(pairs), _BLOCK):
        part = slice(start, start + _BLOCK)
        product = work[pairs.first[part]].multiply(work[pairs.second[part]])
        cosine[part] = np.asarray(product.sum(axis=1)).ravel()
    return cosine


def _ordered(values: np.ndarray, pairs: Candidates) -> tuple[np.ndarray, np.ndarray]:
    """Return the smaller and the larger of the two's values."""
    one, other = values[pairs.first], values[pairs.second]
    return np.minimum(one, other), np.maximum(one, other)


def _numbers(marks: Sequence[str]) -> np.ndarray:
    return np.unique(np.array(marks, dtype=object).astype(str), return_inverse=True)[1]


def stem(path: str) -> str:
    """Return a file's name without what marks it as a test, a controller or a plural.

    Examples
    --------
    >>> stem("spec/models/order_spec.rb") == stem("app/controllers/orders_controller.rb")
    True
    """
    name = path.rsplit("/", 1)[-1].split(".", 1)[0].lower()
    while (shorter := _TEST.sub("", name)) not in (name, ""):
        name = shorter
    return name


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _tree(path: str) -> str:
    return "/".join(path.split("/")[:3])


def _ending(path: str) -> str:
    return path.rpartition(".")[2]


_MARKS = (_folder, _tree, stem, _ending)
