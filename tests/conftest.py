"""What all tests share: where the real histories are, and one small repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli_runs import two_services

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # a busy machine is no fault of a law

_HISTORIES = Path(__file__).parents[2] / "shared" / "histories"


@pytest.fixture(scope="session")
def histories() -> Path:
    """Return the folder of real histories, or skip the test where it is absent."""
    if not _HISTORIES.is_dir():
        pytest.skip("needs the real histories in ../shared/histories")
    return _HISTORIES


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of 260 changes over 37 weeks; no test may change it."""
    return two_services(260).build(tmp_path_factory.mktemp("good") / "shop")
