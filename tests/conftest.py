"""What all tests share: where the real histories are."""

from __future__ import annotations

from pathlib import Path

import pytest

_HISTORIES = Path(__file__).parents[2] / "shared" / "histories"


@pytest.fixture(scope="session")
def histories() -> Path:
    """Return the folder of real histories, or skip the test where it is absent."""
    if not _HISTORIES.is_dir():
        pytest.skip("needs the real histories in ../shared/histories")
    return _HISTORIES
