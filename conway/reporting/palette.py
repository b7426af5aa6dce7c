"""Colours and the look of charts.

In:  nothing.
Out: the palette for light paper, the names under which a page may recolour it in the dark, and
     the configuration every chart shares. One sequential hue (blue) and one accent (orange):
     both are told apart by all common kinds of colour vision, and in print.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import altair as alt

INK = "#1b1f24"
MUTED = "#5b6470"
RULE = "#dde1e6"
PANEL = "#f6f7f9"
ACCENT = "#b4480e"
LINE = "#235d91"
ON_DARK = "#fefefe"
STEPS = ("#edf2f7", "#d2e0ed", "#a8c4de", "#79a4cb", "#3e76a9", "#265c8e", "#123d66")

#: Colour on paper -> name of the class under which a page recolours it.
NAMES = {
    INK: "ink",
    MUTED: "muted",
    RULE: "rule",
    PANEL: "panel",
    ACCENT: "accent",
    LINE: "line",
    ON_DARK: "ondark",
} | {colour: f"s{step}" for step, colour in enumerate(STEPS)}

#: Its metrics come with the renderer, so layout is the same on every machine.
FONT = "Liberation Sans"

# Wider where lines carry their names: a page may draw them in a wider font.
_PADDING = {"left": 4, "top": 4, "right": 14, "bottom": 4}


def styled(chart: alt.LayerChart | alt.FacetChart) -> alt.LayerChart:
    """Return a chart with the look that all share."""
    looks = (
        chart.configure(background="transparent", font=FONT, aria=True, padding=_PADDING)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            labelFontSize=12,
            titleColor=MUTED,
            titleFontSize=12,
            titleFontWeight="normal",
            domainColor=RULE,
            tickColor=RULE,
            gridColor=RULE,
            labelPadding=6,
            titlePadding=10,
        )
        .configure_title(
            anchor="start",
            color=INK,
            fontSize=15,
            subtitleColor=MUTED,
            subtitleFontSize=12,
            offset=14,
        )
        .configure_text(color=INK, fontSize=12)
    )
    return cast("alt.LayerChart", looks)


def step_of(value: float, largest: float) -> int:
    """Return the step of the sequential hue for a value between 0 and ``largest``.

    Examples
    --------
    >>> [step_of(v, 6) for v in (0, 0.1, 3, 6)]
    [0, 1, 3, 6]
    """
    if value <= 0 or largest <= 0:
        return 0
    return min(len(STEPS) - 1, max(1, round(value / largest * (len(STEPS) - 1))))


def ink_on(step: int) -> str:
    """Return the colour of text that is legible on a step."""
    return ON_DARK if step >= _FIRST_DARK else INK


_FIRST_DARK = 4
