"""What a number is: known, known with an interval, or unknown with a reason.

In:  numbers computed by a measure.
Out: ``Interval`` and ``Unknown``, and their JSON form, which every result shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its interval at a level of confidence.

    Attributes
    ----------
    value, low, high
        In the unit of the measure.
    level
        Confidence of the interval, between 0 and 1.
    """

    value: float
    low: float
    high: float
    level: float = 0.95

    def __str__(self) -> str:
        """Show value and interval."""
        return f"{self.value:.4g} [{self.low:.4g}, {self.high:.4g}]"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known here, and why."""

    reason: str

    def __str__(self) -> str:
        """Show that the value is unknown, and why."""
        return f"unknown ({self.reason})"


Figure = float | Interval | Unknown


def value_of(figure: Figure) -> float:
    """Return the plain value of a figure, ``nan`` where it is unknown."""
    if isinstance(figure, Unknown):
        return math.nan
    return figure.value if isinstance(figure, Interval) else float(figure)


def figure_json(figure: Figure) -> object:
    """Return the JSON form of a figure.

    A number, ``{"value", "low", "high", "level"}`` or ``{"value": null, "reason"}``.

    Examples
    --------
    >>> figure_json(Unknown("no releases"))
    {'value': None, 'reason': 'no releases'}
    """
    if isinstance(figure, Unknown):
        return {"value": None, "reason": figure.reason}
    if isinstance(figure, Interval):
        return {
            "value": rounded(figure.value),
            "low": rounded(figure.low),
            "high": rounded(figure.high),
            "level": figure.level,
        }
    return rounded(figure)


def rounded(value: float) -> float | int | None:
    """Round to ten significant digits, so that equal results have equal bytes."""
    if isinstance(value, int):
        return value
    if not math.isfinite(value):
        return None
    return 0.0 if abs(value) < _NOISE else float(f"{value:.10g}")


_NOISE = 1e-12
"""Below this a value is what rounding left of zero."""
