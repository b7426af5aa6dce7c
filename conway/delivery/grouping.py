"""Distinct rows of a ragged table: the step from change sets to types of footprints.

In:  rows of different lengths, such as the lanes that each change set touches.
Out: the kind of each row, numbered in order of first appearance, and where each kind stands first.

Rows are extended one column at a time, and each prefix gets a number, so equal rows have
equal numbers exactly (nothing is hashed away) and a million rows take a second.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def distinct_rows(
    starts: np.ndarray, codes: np.ndarray, *, heads: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Number the distinct rows of a ragged table.

    Parameters
    ----------
    starts
        Row ``i`` holds ``codes[starts[i]:starts[i + 1]]`` (shape: rows + 1).
    codes
        Non-negative integers, in the same order in equal rows.
    heads
        A further non-negative integer that equal rows share (shape: rows).

    Returns
    -------
    tuple
        The kind of each row (shape: rows), and the first row of each kind (shape: kinds).

    Examples
    --------
    >>> kinds, first = distinct_rows(np.array([0, 2, 3, 5, 5]), np.array([1, 4, 1, 1, 4]))
    >>> kinds.tolist(), first.tolist()
    ([0, 1, 0, 2], [0, 1, 3])
    """
    lengths = np.diff(starts)
    width = int(codes.max(initial=0)) + 1
    prefix = np.zeros(len(lengths), dtype=np.int64) if heads is None else heads.astype(np.int64)
    active = np.arange(len(lengths))
    place = 0
    while len(active := active[lengths[active] > place]):
        key = prefix[active] * width + codes[starts[active] + place]
        prefix[active] = pd.factorize(key)[0]
        place += 1
    kinds, _ = pd.factorize(prefix * (place + 1) + lengths)
    first = np.flatnonzero(~pd.Series(kinds).duplicated().to_numpy())
    return kinds.astype(np.int64), first
