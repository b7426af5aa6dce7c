from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conway.boundaries.dependencies import declared
from conway.boundaries.detection import detect_boundaries, detected_services
from conway.boundaries.reading import read_boundaries
from conway.boundaries.train_detection import find_trains
from conway.config import parse_config
from conway.coupling.architecture import architecture
from conway.history.sources import mine

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

DEPLOYED = [
    "accounting",
    "ad",
    "cart",
    "checkout",
    "currency",
    "email",
    "flagd-ui",
    "fraud-detection",
    "frontend",
    "frontend-proxy",
    "image-provider",
    "kafka",
    "llm",
    "load-generator",
    "opensearch",
    "payment",
    "postgres",
    "product-catalog",
    "product-reviews",
    "quote",
    "react-native-app",
    "recommendation",
    "shipping",
]


def test_a_monorepo_of_packages(histories: Path) -> None:
    """The services are its workspace packages; most touched paths are owned."""
    history = mine(histories / "metamask-core.bundle")
    boundaries = detect_boundaries(history)
    declared = read_boundaries(
        parse_config('[services]\n"{package}" = "packages/*/**"\n[teams]\nsource = "CODEOWNERS"'),
        history,
    )

    assert detected_services(history).services["{package}"] == ("packages/*/**",)
    assert list(boundaries.folders) == list(declared.folders)
    assert boundaries.teams() == declared.teams()
    ownership = boundaries.ownership
    rows = history.change_files
    owned = 0
    for path, position in zip(rows["path"].tolist(), rows["position"].tolist(), strict=True):
        version = ownership.version("metamask-core", parent_position=position - 1, time=0)
        owned += bool(ownership.requirements("metamask-core", version, path, None))
    assert owned > len(rows) / 2


def test_a_monorepo_of_services(histories: Path) -> None:
    """The folders of ``src`` that deploy, each with its former folder; no teams."""
    boundaries = detect_boundaries(mine(histories / "opentelemetry-demo.bundle"))

    assert set(boundaries.folders) - set(DEPLOYED) == {
        "featureflagservice",
        "ffspostgres",
        "otelcollector",
    }
    assert boundaries.folders["ad"] == (
        "opentelemetry-demo:src/ad",
        "opentelemetry-demo:src/adservice",
    )
    assert boundaries.teams() == ()


def test_a_dated_table_of_teams(histories: Path) -> None:
    """Real reorganisations, of services of which the history has two."""
    history = mine(
        histories / "govuk" / "publishing-api.bundle", histories / "govuk" / "whitehall.bundle"
    )
    table = (histories / "govuk-teams.csv").resolve()

    boundaries = read_boundaries(parse_config(f"[teams]\nsource = '{table}'"), history)

    assert list(boundaries.folders) == ["publishing-api", "whitehall"]
    assert len(boundaries.teams()) > 2
    assert any("are not in this history" in note for note in boundaries.notes)


def test_packages_depend_on_each_other_and_share_a_train(histories: Path) -> None:
    """Every release of a package of MetaMask/core is a numbered release of the repository."""
    history = mine(histories / "metamask-core.bundle")
    boundaries = detect_boundaries(history)
    table = declared(history, boundaries)
    found = architecture(tuple(boundaries.folders), table)
    train = find_trains(history, boundaries)[0]

    assert (table["kind"] == "npm").sum() > 200
    assert set(table["to_service"]) <= set(boundaries.folders)
    assert found.propagation_cost == pytest.approx(0.134, abs=0.01)
    assert found.cycles == ()
    assert max(found.reached_by, key=lambda name: found.reached_by[name]) == "messenger"
    assert (train.name, set(train.services)) == ("metamask-core", set(boundaries.folders))
    assert train.departures > 600
