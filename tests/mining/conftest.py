"""What the tests of mining share: a key, and one repository with every kind of change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mining.repositories import every_kind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never touch the key of whoever runs the tests."""
    monkeypatch.setenv("CONWAY_KEY", "a key for tests")


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a bare repository with every kind of change."""
    return every_kind().build(tmp_path_factory.mktemp("kinds") / "kinds.git")
