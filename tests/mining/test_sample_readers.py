"""The batch reader and PyDriller give the same rows on every sample repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from conway.history.sources import mine
from sample_repos import build_bank, build_shop

if TYPE_CHECKING:
    from pathlib import Path

TABLES = (
    "commits", "changes", "change_files", "change_links", "releases", "boundary_files", "tree",
    "imports",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("sample", ["shop", "shop repaired", "bank"])
def test_both_readers_agree(tmp_path: Path, sample: str) -> None:
    """Every table, row for row."""
    if sample == "bank":
        repositories = build_bank(tmp_path / "bank")
    else:
        repositories = [build_shop(tmp_path / "shop", repaired=sample.endswith("repaired"))]
    batch, pydriller = (
        mine(*repositories, reader=reader, key=b"test") for reader in ("batch", "pydriller")
    )

    assert len(batch.changes) > 800
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(batch, table), getattr(pydriller, table))
