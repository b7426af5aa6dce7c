"""The sample repositories, each built once per test process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sample_repos import build_bank, build_shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with its planted truth."""
    return build_shop(tmp_path_factory.mktemp("samples") / "shop")


@pytest.fixture(scope="session")
def repaired_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same work within mended boundaries."""
    return build_shop(tmp_path_factory.mktemp("samples") / "shop", repaired=True)


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The bank's repositories by name."""
    return {path.name: path for path in build_bank(tmp_path_factory.mktemp("bank"))}
