"""Real histories give the figures that were counted independently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.assessment import assess
from conway.boundaries.reading import read_boundaries
from conway.figures import value_of
from conway.history.sources import mine

if TYPE_CHECKING:
    from pathlib import Path

    from conway.history.record import History

pytestmark = pytest.mark.real

MONOREPO = """
[services]
"{package}" = "packages/*/**"
[teams]
source = "CODEOWNERS"
[changes]
releases = "include"
"""


@pytest.fixture(scope="module")
def monorepo(histories: Path) -> History:
    """A public monorepo with squash merges, two years."""
    return mine(histories / "metamask-core.bundle", key=b"test")


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        ("", (2434, 69, 2.906, 3.827, 2.528, 0.1706)),
        (
            'exclude = ["**/CHANGELOG.md", "**/package.json"]',
            (1656, 69, 1.415, 5.576, 4.800, 0.0823),
        ),
    ],
)
def test_concentration_of_a_public_monorepo(
    monorepo: History, tmp_path: Path, exclude: str, expected: tuple[float, ...]
) -> None:
    """Changes, lanes, mean footprint, bound, in-order, conflict probability."""
    toml = tmp_path / "conway.toml"
    toml.write_text(MONOREPO + exclude, encoding="utf-8")
    found = assess(monorepo, read_boundaries(toml, monorepo)).delivery.services

    figures = (found.mean_footprint, found.bound, found.in_order, found.conflict_probability)
    assert (found.changes, found.lanes) == expected[:2]
    assert [
        round(value_of(one), digits) for one, digits in zip(figures, (3, 3, 3, 4), strict=True)
    ] == [*expected[2:]]


def test_forty_eight_repositories_of_one_organisation(histories: Path, tmp_path: Path) -> None:
    """Near an independent pilot: about 60 % single-team, 44 handoffs, 7 of 12.5 streams.

    The pilot took each name for a team. With renamed teams as one there are fewer teams, and
    fewer handoffs between what a team is called now and was called before.
    """
    bundles = sorted((histories / "govuk").glob("*.bundle"))
    history = mine(*bundles, jobs=2, key=b"test")
    toml = tmp_path / "conway.toml"
    table = (histories / "govuk-teams.csv").resolve()
    toml.write_text(
        f'[teams]\nsource = "{table}"\n[window]\nsince = "2022-01-01"\n', encoding="utf-8"
    )
    merged = assess(history, read_boundaries(toml, history)).delivery
    toml.write_text(toml.read_text().replace("[window]", 'renames = "keep"\n[window]'))
    delivery = assess(history, read_boundaries(toml, history)).delivery

    assert len(bundles) == 48
    assert value_of(merged.autonomy.single_team_share) == pytest.approx(0.635, abs=0.02)
    assert value_of(merged.autonomy.handoffs_per_100) == pytest.approx(40.6, abs=2)
    assert value_of(merged.teams.streams) == pytest.approx(4.6, abs=0.3)
    assert value_of(merged.teams.retained) == pytest.approx(0.61, abs=0.03)
    assert value_of(delivery.autonomy.single_team_share) == pytest.approx(0.60, abs=0.02)
    assert value_of(delivery.autonomy.handoffs_per_100) == pytest.approx(44, abs=3)
    assert value_of(delivery.teams.streams) == pytest.approx(7.0, abs=0.5)
    assert value_of(delivery.teams.retained) == pytest.approx(0.56, abs=0.04)
