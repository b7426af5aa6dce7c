"""All cases, in the order of the catalogue of threats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.adversarial import (
    config_cases,
    layout_cases,
    name_cases,
    object_cases,
    pointer_cases,
    promisor_cases,
    source_cases,
)

if TYPE_CHECKING:
    from tests.adversarial.cases import Case

_PARTS = (config_cases, layout_cases, name_cases, object_cases, pointer_cases, promisor_cases,
          source_cases)  # fmt: skip

CASES: tuple[Case, ...] = tuple(
    sorted((case for part in _PARTS for case in part.CASES), key=lambda case: case.id)
)
