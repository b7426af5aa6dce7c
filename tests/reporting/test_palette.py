"""Colours: the page and the charts share one palette, and text is legible in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conway.reporting import palette
from conway.reporting.palette import ink_on

CSS = Path(palette.__file__).parent / "templates" / "report.css"
LEGIBLE = 4.5  # WCAG 2.2 AA for text


def schemes() -> dict[str, dict[str, str]]:
    """Return the colour variables of each scheme, as the style sheet sets them."""
    blocks = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)
    found = [dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]{6})", block)) for block in blocks]
    return dict(zip(("light", "dark", "print"), found, strict=True))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_is_legible(scheme: str) -> None:
    """Every text colour stands out from every ground it is used on."""
    colours = schemes()[scheme]
    for text in ("ink", "muted", "link", "line", "accent"):
        for ground in ("paper", "panel", "wash"):
            assert contrast(colours[text], colours[ground]) >= LEGIBLE, (text, ground)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_numbers_in_cells_are_legible(scheme: str) -> None:
    """The ink chosen for a step stands out from it, also when the page recolours both."""
    colours = schemes()[scheme]
    for step in range(len(palette.STEPS)):
        ink = colours[palette.NAMES[ink_on(step)]]
        assert contrast(ink, colours[f"s{step}"]) >= LEGIBLE, step


def test_charts_and_page_share_the_light_palette() -> None:
    """A chart's own colours are those of the page in light."""
    light = schemes()["light"]

    for colour, name in palette.NAMES.items():
        assert light[name] == colour


def test_every_chart_colour_can_be_recoloured() -> None:
    """The style sheet has a rule for each class that charts carry."""
    css = CSS.read_text(encoding="utf-8")

    fills = [*(f"s{step}" for step in range(7)), "ink", "muted", "accent", "line", "ondark"]
    assert all(f".f-{name} " in css for name in fills)
    assert all(f".k-{name} " in css for name in ("ink", "muted", "rule", "accent", "line"))
