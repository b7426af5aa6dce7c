"""What co-change would look like by chance: the bipartite configuration model.

In:  how many services each change set touches, how many change sets touch each service.
Out: the chance ``p[d, s]`` that a set of size ``d`` touches service ``s``.

Both margins are kept in expectation and entropy is otherwise largest (BiCM; Saracco et
al. 2015): ``p[d, s] = x_d y_s / (1 + x_d y_s)``, so that ``sum_s p[d, s] = d`` and
``sum_d N_d p[d, s] = n_s``. A set counts through its size alone, so the equations are
solved over distinct sizes and distinct service counts: a million change sets are as
cheap as a thousand.

The equations say that the gradient of a convex function of ``log x`` and ``log y`` is
zero; Newton's method with backtracking finds it. Where a margin forces a cell (a service
in every set, a set with every service) the logarithm has no finite optimum: such cells
are peeled off first and are exactly 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Callable

PRECISION = 1e-8
"""Largest error of a reproduced margin, relative to the margin."""

_STEPS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """A solved configuration model.

    Attributes
    ----------
    sizes, counts
        Distinct sizes of change sets, and how many sets have each (shape: sizes).
    chances
        Chance that a set of each size touches each service (sizes × services).
    """

    sizes: np.ndarray
    counts: np.ndarray
    chances: np.ndarray


def configuration(sizes: np.ndarray, services: np.ndarray) -> Configuration:
    """Solve the configuration model.

    Parameters
    ----------
    sizes
        Services that each change set touches (shape: sets); sets of size 0 are left out.
    services
        Change sets that touch each service (shape: services).

    Returns
    -------
    Configuration
        Margins are reproduced to a relative ``PRECISION``.

    Raises
    ------
    ValueError
        If the two margins do not belong to one table.
    """
    if sizes.sum() != services.sum():
        raise ValueError(f"sizes add up to {sizes.sum()}, services to {services.sum()}")
    size, counts = np.unique(sizes[sizes > 0], return_counts=True)
    degree, column, columns = np.unique(services, return_inverse=True, return_counts=True)
    table = _peeled(size.astype(np.float64), counts, degree.astype(np.float64), columns)
    return Configuration(size.astype(np.int64), counts, table[:, column])


def _peeled(
    size: np.ndarray, counts: np.ndarray, degree: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Return the chances (sizes × degrees), forced cells first, the rest solved."""
    table = np.zeros((len(size), len(degree)))
    size, degree = size.copy(), degree.copy()
    row, col = size > 0, degree > 0
    while row.any() and col.any():
        full_rows = row & (size >= columns[col].sum())
        full_cols = col & (degree >= counts[row].sum())
        if full_rows.any():
            table[np.ix_(full_rows, col)] = 1.0
            degree[col] -= counts[full_rows].sum()
            row &= ~full_rows
        elif full_cols.any():
            table[np.ix_(row, full_cols)] = 1.0
            size[row] -= columns[full_cols].sum()
            col &= ~full_cols
        elif (row & (size <= 0)).any() or (col & (degree <= 0)).any():
            row &= size > 0
            col &= degree > 0
        else:
            free = np.ix_(row, col)
            table[free] = _solve(size[row], counts[row], degree[col], columns[col])
            break
    return table


def _solve(
    size: np.ndarray, counts: np.ndarray, degree: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Return the chances (sizes × degrees) of margins that force no single cell."""
    weight = np.outer(counts, columns).astype(np.float64)
    margin = np.concatenate([counts * size, columns * degree])
    split = len(size)
    density = margin[:split].sum() / weight.sum()
    start = np.log(density / (1 - density)) / 2
    at = np.concatenate(
        [start + np.log(size * len(size) / size.sum()), start + np.log(degree / degree.mean())]
    )

    def loss(at: np.ndarray) -> float:
        return float((weight * np.logaddexp(0, _sums(at, split))).sum() - margin @ at)

    value = loss(at)
    for _ in range(_STEPS):
        chance = expit(_sums(at, split))
        cells = weight * chance
        gradient = np.concatenate([cells.sum(axis=1), cells.sum(axis=0)]) - margin
        if np.abs(gradient / margin).max() <= PRECISION:
            break
        step = _newton_step(cells * (1 - chance), gradient)
        at, value = _descend(loss, at, value=value, step=step, slope=float(gradient @ step))
    return np.asarray(expit(_sums(at, split)))


def _sums(at: np.ndarray, split: int) -> np.ndarray:
    return np.add.outer(at[:split], at[split:])


def _newton_step(curvature: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Solve the Newton equations; the small ridge removes the free scale of x against y."""
    split = curvature.shape[0]
    hessian = np.zeros((len(gradient), len(gradient)))
    hessian[:split, split:] = curvature
    hessian[split:, :split] = curvature.T
    diagonal = np.concatenate([curvature.sum(axis=1), curvature.sum(axis=0)])
    np.fill_diagonal(hessian, diagonal * (1 + 1e-10) + 1e-12 * diagonal.max())
    return np.asarray(np.linalg.solve(hessian, -gradient))


def _descend(
    loss: Callable[[np.ndarray], float],
    at: np.ndarray,
    *,
    value: float,
    step: np.ndarray,
    slope: float,
) -> tuple[np.ndarray, float]:
    """Return the first point along ``step`` that lowers the loss enough, and its loss."""
    length = 1.0
    rounding = 1e-13 * abs(value)
    while True:
        there = at + length * step
        reached = loss(there)
        if reached <= value + 1e-4 * length * slope + rounding or length < 1e-9:
            return there, reached
        length /= 2
