"""All cases, in the order of the catalogue of threats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adversarial import config_cases, layout_cases

if TYPE_CHECKING:
    from tests.adversarial.cases import Case

CASES: tuple[Case, ...] = tuple(
    sorted((*config_cases.CASES, *layout_cases.CASES), key=lambda case: case.id)
)
