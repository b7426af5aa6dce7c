"""The step of a quarter in ``assess.json``.

In:  a ``Step``.
Out: ``step`` with the whole and its two parts, as natural logarithms of ratios, which add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.figures import figure_json

if TYPE_CHECKING:
    from conway.delivery.trend import Step


def step_json(one: Step) -> dict[str, Any]:
    """Return a step under its key."""
    names = ("streams", "distribution", "coupling")
    return {"step": {f"log_{name}": figure_json(getattr(one, name)) for name in names}}
