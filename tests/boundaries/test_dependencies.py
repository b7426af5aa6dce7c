from __future__ import annotations

import json

import pytest

from conway.boundaries.dependencies import declared, manifests_of
from conway.boundaries.needs.manifest import Need
from conway.boundaries.reading import read_boundaries
from conway.config import checked
from tests.boundaries.histories import histories_of, history_of

NPM = json.dumps(
    {
        "name": "@acme/a",
        "dependencies": {"@acme/b": "workspace:^", "lodash": "^4"},
        "devDependencies": {"@acme/c": "file:../c"},
        "peerDependencies": {"react": "*"},
    }
)
PYTHON = """
[project]
name = "My_App"
dependencies = ["requests[socks]>=2", "Acme.Core"]
[project.optional-dependencies]
fast = ["speed ; python_version > '3'"]
[dependency-groups]
test = ["pytest", {include-group = "x"}]
[tool.uv.sources]
core = { path = "../core" }
"""
POETRY = """
[tool.poetry]
name = "x"
[tool.poetry.dependencies]
python = "^3.11"
core = { path = "../core" }
left-pad = "*"
"""
CARGO = """
[package]
name = "a"
[dependencies]
b = { path = "../b" }
c = { version = "1", package = "real-c" }
[dev-dependencies]
d = "1"
[target.'cfg(unix)'.dependencies]
e = "1"
"""
GO = """
module example.com/shop/cart // the cart
go 1.22
require example.com/shop/mail v1.2.3
require (
	example.com/lib/x v0.0.1 // indirect
)
replace example.com/shop/mail => ../mail
"""
POM = """<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.acme</groupId><artifactId>all</artifactId></parent>
  <artifactId>cart</artifactId>
  <dependencies>
    <dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope>
    </dependency>
  </dependencies>
</project>
"""
GRADLE = """
dependencies {
    implementation project(':libs:core')
    testImplementation(project(path: ":fixtures"))
    implementation 'org.x:y:1'
}
"""
CSPROJ = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>
  <ProjectReference Include="..\\\\core\\\\core.csproj" />
  <PackageReference Include="Grpc.Net" Version="1" />
</ItemGroup></Project>
""".replace("\\\\", "\\")
GEMFILE = """
source "https://example.org"
gem "rails", "~> 7"
gem 'core', path: "../core"
"""
GEMSPEC = """
Gem::Specification.new do |spec|
  spec.name = "core"
  spec.add_dependency "rack", ">= 2"
  spec.add_development_dependency "rspec"
end
"""
CHART = """
name: shop
dependencies:
  - name: cart
    repository: file://../cart
  - name: redis
    repository: https://example.org
"""

READ = [
    ("a/package.json", NPM, ("@acme/a",),
     [Need("@acme/b"), Need("lodash"), Need("react"), Need("c", dev=True, folder=True)]),
    ("app/pyproject.toml", PYTHON, ("my-app",),
     [Need("requests"), Need("acme-core"), Need("speed"), Need("pytest", dev=True),
      Need("core", folder=True)]),
    ("app/pyproject.toml", POETRY, ("x",), [Need("core", folder=True), Need("left-pad")]),
    ("app/setup.cfg", "[metadata]\nname=A_B\n[options]\ninstall_requires=\n  x>=1\n  y\n",
     ("a-b",), [Need("x"), Need("y")]),
    ("a/Cargo.toml", CARGO, ("a",),
     [Need("b", folder=True), Need("real-c"), Need("d", dev=True), Need("e")]),
    ("cart/go.mod", GO, ("example.com/shop/cart",),
     [Need("example.com/shop/mail"), Need("example.com/lib/x"), Need("mail", folder=True)]),
    ("cart/pom.xml", POM, ("org.acme:cart",),
     [Need("org.acme:core"), Need("junit:junit", dev=True)]),
    ("cart/build.gradle", GRADLE, (),
     [Need("libs/core", folder=True), Need("fixtures", dev=True, folder=True)]),
    ("src/cart/cart.csproj", CSPROJ, ("cart",),
     [Need("src/core/core.csproj", folder=True), Need("grpc.net")]),
    ("cart/Gemfile", GEMFILE, (), [Need("rails"), Need("core", folder=True)]),
    ("core/core.gemspec", GEMSPEC, ("core",), [Need("rack"), Need("rspec", dev=True)]),
    ("charts/shop/Chart.yaml", CHART, ("shop",), [Need("charts/cart", folder=True), Need("redis")]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "provides", "needs"), READ)
def test_manifests(path: str, text: str, provides: tuple[str, ...], needs: list[Need]) -> None:
    """Names given, names and folders needed, what only tests need."""
    (manifest,) = manifests_of(path, text)

    assert manifest.provides == provides
    assert list(manifest.needs) == needs


@pytest.mark.parametrize("path", sorted({path for path, *_ in READ} | {"compose.yaml", "a/x.txt"}))
@pytest.mark.parametrize(
    "text",
    ["", "\x00", "[" * 50_000, "{" * 50_000, "<a>" * 5000, "[]", "null", "{}", "a = 1", "a: [1"],
)
def test_no_text_does_harm(path: str, text: str) -> None:
    """What cannot be read needs nothing."""
    assert not any(manifest.needs for manifest in manifests_of(path, text))


def test_entities_in_xml_are_not_read() -> None:
    """The laughs of a billion."""
    text = '<!DOCTYPE p [<!ENTITY a "b">]>' + POM.partition("?>")[2]
    (manifest,) = manifests_of("pom.xml", text)

    assert (manifest.provides, manifest.needs) == ((), ())


COMPOSE = """
x-common: &common
  restart: always
services:
  cart:
    <<: *common
    build: {context: ./, dockerfile: ./src/cart/Dockerfile}
    depends_on: {mail: {condition: service_started}, redis: {}}
  mail:
    build: ./src/mail
  redis:
    image: redis
"""
CATALOG = """
kind: Component
metadata: {name: cart}
spec: {owner: web, consumesApis: [mail-api], dependencyOf: ["component:web"]}
"""
MAIL = "kind: Component\nmetadata: {name: mail}\nspec: {owner: ops, providesApis: [mail-api]}\n"
WEB = "kind: Component\nmetadata: {name: web}\nspec: {owner: web}\n"

SERVICES = {"services": {"{s}": "src/*/**"}}


def test_dependencies_between_services() -> None:
    """By name, by folder, by compose service; the outside and the service itself are left out."""
    history = history_of(
        {
            "src/cart/package.json": '{"name": "cart", "dependencies": {"mail": "*", "x": "1"}}',
            "src/cart/sub/package.json": '{"name": "sub", "dependencies": {"cart": "*"}}',
            "src/mail/package.json": '{"name": "mail", "devDependencies": {"web": "file:../web"}}',
            "src/web/index.js": "",
            "compose.yaml": COMPOSE,
            "src/gone/package.json": '{"dependencies": {"cart": "*"}}',
        },
        {"src/gone/package.json": None},
    )
    found = declared(history, read_boundaries(checked(SERVICES), history))

    assert found.to_numpy().tolist() == [
        ["cart", "mail", "compose", "shop:compose.yaml"],
        ["cart", "mail", "npm", "shop:src/cart/package.json"],
        ["mail", "web", "npm dev", "shop:src/mail/package.json"],
    ]


def test_a_catalog_over_several_repositories() -> None:
    """APIs lead to those who provide them; ``dependencyOf`` is read the other way round."""
    name = "catalog-info.yaml"
    history = histories_of(
        {"cart": [{name: CATALOG}], "mail": [{name: MAIL}], "web": [{name: WEB}]}
    )
    found = declared(history, read_boundaries(checked({}), history))

    assert found[["from_service", "to_service", "kind"]].to_numpy().tolist() == [
        ["cart", "mail", "backstage"],
        ["web", "cart", "backstage"],
    ]
