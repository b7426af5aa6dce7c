"""Charts of an evaluation, as SVG beside the documentation.

In:  an Altair chart and a name.
Out: ``docs/images/NAME.svg``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def save(chart: alt.TopLevelMixin, name: str) -> Path:
    """Write the chart and return where it is."""
    import vl_convert

    place = IMAGES / f"{name}.svg"
    place.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")
    return place
