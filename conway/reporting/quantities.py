"""How a figure is said: the one place where numbers become text.

In:  a figure of a JSON result: a number, ``{"value", "low", "high", "level"}`` or
     ``{"value": null, "reason"}``.
Out: text with its unit and interval, such as ``60 % (95 %: 57–63)``, or the reason why
     the figure is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Unit:
    """How values of one kind are shown: factor, decimals and what follows the number."""

    factor: float
    decimals: int
    suffix: str = ""


SHARE = Unit(100, 0, f"{NBSP}%")
PER_100 = Unit(1, 1)
STREAMS = Unit(1, 1)
RATIO = Unit(1, 2)
COUNT = Unit(1, 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure taken apart: its value and bounds, or the reason why there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    reason: str = ""

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def has_interval(self) -> bool:
        """Whether both bounds are known."""
        return self.low is not None and self.high is not None


def reading(figure: object) -> Reading:
    """Return a figure of a JSON result taken apart.

    Examples
    --------
    >>> reading({"value": None, "reason": "one team"}).reason
    'one team'
    """
    if isinstance(figure, Mapping):
        value = _finite(figure.get("value"))
        reason = str(figure.get("reason") or "") or ("" if value is not None else "not measured")
        low, high = _finite(figure.get("low")), _finite(figure.get("high"))
        return Reading(value, low, high, float(figure.get("level") or 0.95), reason)
    value = _finite(figure)
    return Reading(value, reason="" if value is not None else "not measured")


def shown(figure: object, unit: Unit, *, interval: bool = True) -> str:
    """Say a figure with its unit, and its interval where it has one.

    Examples
    --------
    >>> shown({"value": 0.6, "low": 0.57, "high": 0.63, "level": 0.95}, SHARE).replace(NBSP, " ")
    '60 % (95 %: 57–63)'
    >>> shown({"value": None, "reason": "no team file"}, SHARE)
    'unknown: no team file'
    """
    read = reading(figure)
    if read.value is None:
        return f"unknown: {read.reason}"
    text = number(read.value, unit) + unit.suffix
    if not interval or not read.has_interval:
        return text
    return f"{text} ({level(read)}: {bounds(read, unit)})"


def number(value: float, unit: Unit = COUNT) -> str:
    """Say a value without its suffix: thousands apart, a real minus sign."""
    scaled = value * unit.factor
    text = f"{abs(scaled):,.{_decimals(scaled, unit)}f}"
    return f"{MINUS}{text}" if scaled < 0 and text.strip("0.,") else text


def bounds(read: Reading, unit: Unit) -> str:
    """Say the bounds of an interval, with ``to`` where a bound is negative."""
    low, high = number(read.low or 0.0, unit), number(read.high or 0.0, unit)
    return f"{low} to {high}" if MINUS in low + high else f"{low}{DASH}{high}"


def level(read: Reading) -> str:
    """Say the confidence of an interval, such as ``95 %``."""
    return f"{read.level * 100:.0f}{NBSP}%"


def saved(figure: object, noun: str = "", *, interval: bool = True) -> str:
    """Say a saving in words: positive is fewer, negative is more.

    Examples
    --------
    >>> saved({"value": 2, "low": -1, "high": 5, "level": 0.95}, "handoffs").replace(NBSP, " ")
    '2.0 fewer handoffs (95 %: 1.0 more to 5.0 fewer)'
    """
    read = reading(figure)
    if read.value is None:
        return f"unknown: {read.reason}"
    text = f"{_fewer(read.value)} {noun}".rstrip()
    if not interval or not read.has_interval:
        return text
    low, high = read.low or 0.0, read.high or 0.0
    if low >= 0:
        return f"{text} ({level(read)}: {bounds(read, PER_100)})"
    return f"{text} ({level(read)}: {_fewer(low)} to {_fewer(high)})"


def plural(count: float, noun: str, *, many: str | None = None) -> str:
    """Say a count with its noun.

    Examples
    --------
    >>> plural(1, "change set"), plural(1234, "change set")
    ('1 change set', '1,234 change sets')
    """
    return f"{number(count)} {noun if count == 1 else many or noun + 's'}"


def day(text: str, *, shift: int = 0) -> str:
    """Say an ISO date as ``1 Jan 2024``, moved by ``shift`` days."""
    try:
        when = date.fromisoformat(text[:10]) + timedelta(days=shift)
    except ValueError:
        return text
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def window(first: str, last: str) -> str:
    """Say a window by its first and last day, both included.

    Examples
    --------
    >>> window("2024-01-01", "2024-12-31")
    '1 Jan 2024 – 31 Dec 2024'
    """
    return f"{day(first)} {DASH} {day(last)}"


def span(since: str, until: str) -> str:
    """Say a half-open window, ``since <= time < until``, by its first and last day."""
    return f"{day(since)} {DASH} {day(until, shift=-1)}"


def listed(items: list[str] | tuple[str, ...], *, limit: int = 4) -> str:
    """Say a list in words, and how many are left out.

    Examples
    --------
    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    if not items:
        return "none"
    if len(items) > limit:
        return f"{', '.join(items[:limit])} and {len(items) - limit} more"
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


_ROUNDS_TO_TEN = 9.95
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _fewer(value: float) -> str:
    return f"{number(abs(value), PER_100)} {'fewer' if value >= 0 else 'more'}"


def _decimals(scaled: float, unit: Unit) -> int:
    """Shares below ten per cent get one decimal more."""
    return 1 if unit is SHARE and 0 < abs(scaled) < _ROUNDS_TO_TEN else unit.decimals


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
