"""Figures as text: one way to say each kind of number."""

from __future__ import annotations

import pytest

from conway.reporting.quantities import (
    NBSP,
    PER_100,
    SHARE,
    STREAMS,
    Unit,
    day,
    number,
    saved,
    shown,
    span,
    window,
)


@pytest.mark.parametrize(
    ("figure", "unit", "expected"),
    [
        ({"value": 0.6, "low": 0.57, "high": 0.63, "level": 0.95}, SHARE, "60 % (95 %: 57–63)"),
        ({"value": 0.042, "low": 0.01, "high": 0.07}, SHARE, "4.2 % (95 %: 1.0–7.0)"),
        (44.04, PER_100, "44.0"),
        ({"value": 7, "low": -1, "high": 9}, STREAMS, "7.0 (95 %: −1.0 to 9.0)"),
        ({"value": None, "reason": "one team"}, STREAMS, "unknown: one team"),
        (None, SHARE, "unknown: not measured"),
        (float("nan"), SHARE, "unknown: not measured"),
        (True, SHARE, "unknown: not measured"),
        (0, SHARE, "0 %"),
    ],
)
def test_a_figure_is_said_with_unit_interval_or_reason(
    figure: object, unit: Unit, expected: str
) -> None:
    """Each form of a figure has one text."""
    assert expected == shown(figure, unit).replace(NBSP, " ")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ({"value": 8.1, "low": 3.2, "high": 12.4}, "8.1 fewer (95 %: 3.2–12.4)"),
        ({"value": 2, "low": -1.2, "high": 5}, "2.0 fewer (95 %: 1.2 more to 5.0 fewer)"),
        ({"value": -1.5, "low": -4, "high": -0.5}, "1.5 more (95 %: 4.0 more to 0.5 more)"),
        (0.0, "0.0 fewer"),
        ({"value": None, "reason": "under 40 weeks"}, "unknown: under 40 weeks"),
    ],
)
def test_a_saving_says_fewer_or_more(figure: object, expected: str) -> None:
    """The sign of a saving is a word, also in its interval."""
    assert expected == saved(figure).replace(NBSP, " ")


def test_a_rounded_zero_has_no_minus() -> None:
    """A small negative number that rounds to zero is zero."""
    assert number(-0.01, PER_100) == "0.0"


def test_a_window_names_its_last_day() -> None:
    """A window names both its days; of a half-open span the last day is the day before."""
    assert window("2024-01-01", "2024-12-31") == "1 Jan 2024 – 31 Dec 2024"
    assert span("2024-01-01", "2025-01-01") == "1 Jan 2024 – 31 Dec 2024"
    assert day("not a date") == "not a date"
