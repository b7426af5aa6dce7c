"""Numbers as Code Maat rounds and prints them.

In:  whole numbers; values.
Out: ratios of two significant digits; text as Java writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PLAIN_FROM = 1e-3


def two_digits(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return part / whole (0 to 1) rounded half up to two significant digits, exactly.

    Examples
    --------
    >>> two_digits(np.array([1, 1, 0, 5]), np.array([3, 80, 7, 5])).tolist()
    [0.33, 0.013, 0.0, 1.0]
    """
    scale = np.ones(len(part), dtype="int64")
    while True:
        small = (part > 0) & (part * scale < 10 * whole)
        if not small.any():
            break
        scale[small] *= 10
    digits = (2 * part * scale + whole) // (2 * whole)
    return digits / scale


def java_text(value: float) -> str:
    """Return a number from 0 to 1 of two significant digits as Java writes doubles.

    Examples
    --------
    >>> java_text(1.0), java_text(0.013), java_text(0.00012)
    ('1.0', '0.013', '1.2E-4')
    """
    if value == 0 or value >= _PLAIN_FROM:
        return repr(float(value))
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}E{int(exponent)}"
