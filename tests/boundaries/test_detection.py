from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conway.boundaries.detection import config_text, detect_boundaries, detected_services
from conway.boundaries.reading import read_boundaries
from conway.config import parse_config
from tests.boundaries.histories import Moved, histories_of, history_of

if TYPE_CHECKING:
    from pathlib import Path

    from conway.history.record import History


def files(*paths: str) -> dict[str, str]:
    """Return one change that adds empty files."""
    return dict.fromkeys(paths, "")


PACKAGES = files("package.json", "packages/a/package.json", "packages/b/package.json", "docs/x.md")
SERVICES = files(
    "src/ad/Dockerfile",
    "src/cart/src/Dockerfile",
    "src/cart/tests/cart.tests.csproj",
    "src/checkout/go.mod",
    "src/checkout/genproto/Dockerfile",
    "src/grafana/dashboard.json",
    "test/tracetesting/Dockerfile",
    "internal/tools/go.mod",
)

FOUND = [
    (PACKAGES, {"{package}": ("packages/*/**",)}),
    (
        SERVICES,
        {
            "ad": ("src/ad/**",),
            "cart": ("src/cart/**",),
            "checkout": ("src/checkout/**",),
        },
    ),
    (
        files("api/pom.xml", "web/package.json", "docs/package.json", "README.md"),
        {"api": ("api/**",), "web": ("web/**",)},
    ),
    (
        files("apps/web/package.json", "apps/x/go.mod", "libs/web/go.mod", "libs/y/go.mod"),
        {"apps/{package}": ("apps/*/**",), "libs/{package}": ("libs/*/**",)},
    ),
    (files("Gemfile", "app/models/a.rb", "lib/b.rb"), {}),
    (files("package.json", "only/package.json"), {}),
    (
        files("examples/a/go.mod", "examples/b/go.mod", "x/go.mod", "y/go.mod"),
        {"x": ("x/**",), "y": ("y/**",)},
    ),
    (files("packages/tools/go.mod", "packages/web/go.mod"), {"{package}": ("packages/*/**",)}),
]


@pytest.mark.parametrize(("step", "services"), FOUND)
def test_what_is_detected(step: dict[str, str], services: dict[str, tuple[str, ...]]) -> None:
    """Whole families as one pattern; the rest by name; tests and tools left out."""
    assert detected_services(history_of(step)).services == services


WORKSPACES = [
    ("package.json", json.dumps({"workspaces": ["packages/*"]}), "package.json"),
    ("package.json", json.dumps({"workspaces": {"packages": ["packages/*"]}}), "package.json"),
    ("pnpm-workspace.yaml", "packages:\n  - 'packages/*'  # all\n", "package.json"),
    ("Cargo.toml", '[workspace]\nmembers = ["packages/*"]\n', "Cargo.toml"),
]


@pytest.mark.parametrize(("root", "text", "manifest"), WORKSPACES)
def test_workspaces_decide(root: str, text: str, manifest: str) -> None:
    """A manifest outside of the declared workspace is not a package of it."""
    step = files(*(f"{folder}/{manifest}" for folder in ("packages/a", "packages/b", "gen/c")))

    found = detected_services(history_of(step | {root: text}))

    assert found.services == {"{package}": ("packages/*/**",)}


HOSTILE = ["{", "[]", "null", "[" * 100_000, '{"workspaces": 3}', '{"workspaces": ["[", 1, "//"]}']


@pytest.mark.parametrize("text", HOSTILE)
def test_broken_workspaces_are_not_believed(text: str) -> None:
    """Nothing in a repository may stop the run."""
    step = PACKAGES | {"package.json": text, "Cargo.toml": text}

    assert isinstance(detected_services(history_of(step)).source, str)


def test_compose_and_go_work_name_folders() -> None:
    """What they build counts without a manifest of its own."""
    compose = "services:\n  a:\n    build: ./a\n  b:\n    build:\n      context: 'b'\n"
    step = files("a/main.go", "b/main.go", "c/main.go", "d/go.mod")

    composed = detected_services(history_of(step | {"compose.yaml": compose}))
    worked = detected_services(history_of(step | {"go.work": "use (\n\t./c\n\t./d\n)\n"}))

    assert list(composed.services) == ["a", "b", "d"]
    assert composed.evidence["a"] == "compose.yaml"
    assert list(worked.services) == ["c", "d"]


def test_a_moved_folder_stays_one_service() -> None:
    """Half of its files went there, or the names are alike; a gone one is its own."""
    history = history_of(
        SERVICES | files("src/adservice/Dockerfile", "src/adservice/a", "src/old/Dockerfile"),
        {
            "src/ad/a": Moved("src/adservice/a"),
            "src/adservice/Dockerfile": None,
            "src/old/Dockerfile": None,
        },
    )

    services = detected_services(history).services

    assert services["ad"] == ("src/ad/**", "src/adservice/**")
    assert services["old"] == ("src/old/**",)


def test_boilerplate_does_not_move_a_folder() -> None:
    """A licence that git takes for renamed says nothing of the service."""
    history = history_of(
        PACKAGES | files("libs/gone/package.json", "libs/gone/x", "libs/gone/y", "libs/gone/LIC"),
        {
            "packages/b/LIC": Moved("libs/gone/LIC"),
            "libs/gone/x": None,
            "libs/gone/y": None,
            "libs/gone/package.json": None,
        },
    )

    assert detected_services(history).services == {"{package}": ("packages/*/**",)}


def test_several_repositories_are_one_service_each() -> None:
    """Whatever is in them."""
    boundaries = detect_boundaries(histories_of({"bank": [PACKAGES], "shop": [SERVICES]}))

    assert sorted(boundaries.folders) == ["bank", "shop"]
    assert boundaries.sources["services"] == "detected: 2 repositories, one service each"


OWNED = {"CODEOWNERS": "/src/ad/ @acme/ads\n/src/ @acme/shop\n"}
WRITTEN = [
    history_of(PACKAGES),
    history_of(SERVICES | OWNED),
    history_of(files("Gemfile", "a")),
    history_of(files('odd/"x\\\x1b[31m/go.mod', "odd/{b}/go.mod", "odd/c/main.go")),
    histories_of({"bank": [PACKAGES], "shop": [SERVICES]}),
]


@pytest.mark.parametrize("history", WRITTEN)
def test_what_is_written_reads_back_the_same(history: History, tmp_path: Path) -> None:
    """``conway init`` writes what detection gives, and no control characters."""
    text = config_text(history)
    path = tmp_path / "conway.toml"
    path.write_text(text, encoding="utf-8")

    read, detected = read_boundaries(path, history), detect_boundaries(history)

    assert read.folders == detected.folders
    assert read.teams() == detected.teams()
    assert read.selection == detected.selection
    assert "\x1b" not in text
    assert parse_config(text).limits == parse_config("").limits


def test_the_evidence_is_written() -> None:
    """So that a person can judge it."""
    text = config_text(history_of(SERVICES | OWNED))

    assert '"ad" = "src/ad/**"  # Dockerfile\n' in text
    assert "# left out: test/tracetesting\n" in text
    assert 'source = "CODEOWNERS"           # 2 owners; as of each change\n' in text
