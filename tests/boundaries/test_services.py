from __future__ import annotations

import pytest

from conway.boundaries.services import ServiceRules, use_of
from conway.errors import BoundariesError

ONE = ("shop",)
TWO = ("bank", "shop")


def rules(services: dict[str, list[str]], *, repositories: tuple[str, ...] = ONE) -> ServiceRules:
    """Return rules as the configuration gives them."""
    return ServiceRules.of(services, repositories=repositories)


NAMED = [
    ({"{package}": ["packages/*/**"]}, "packages/cart/a.ts", "cart"),
    ({"{package}": ["packages/*/**"]}, "packages/.x/a.ts", None),
    ({"{package}": ["packages/*/**"]}, "packages/README.md", None),
    ({"{package}": ["packages/{package}/**"]}, "packages/cart/a.ts", "cart"),
    ({"lib-{name}": ["libs/*/**", "vendor/*/**"]}, "vendor/zip/a.c", "lib-zip"),
    ({"{b}-{a}": ["{a}/{b}/**"]}, "x/y/z", "y-x"),
    ({"{a}-{b}": ["*/*/**"]}, "x/y/z", "x-y"),
    ({"{app}": ["apps/*/src/*/**"]}, "apps/web/src/a/b.ts", "web"),
    ({"cart": ["src/cart/**"], "rest": ["**"]}, "src/cart/a", "cart"),
    ({"cart": ["src/cart/**"], "rest": ["**"]}, "src/web/a", "rest"),
    ({"rest": ["**"], "cart": ["src/cart/**"]}, "src/cart/a", "rest"),
    ({"{repository}-docs": ["docs/**"]}, "docs/a.md", "shop-docs"),
    ({"b": ["odd/{b}/**"]}, "odd/{b}/x", "b"),
    ({"b": ["odd/{b}/**"]}, "odd/c/x", None),
    ({}, "anything/at/all", "shop"),
]


@pytest.mark.parametrize(("services", "path", "service"), NAMED)
def test_names(services: dict[str, list[str]], path: str, service: str | None) -> None:
    """Placeholders take lone stars in order, or by name; the first glob in order counts."""
    assert rules(services).service_of("shop", path) == service
    assert rules(services).services_of("shop", [path, path]) == [service, service]


def test_repositories() -> None:
    """A qualified glob holds in its repository; without rules each repository is a service."""
    both = rules({"web": ["shop:web/**"], "{a}": ["*/**"]}, repositories=TWO)

    assert both.service_of("shop", "web/a") == "web"
    assert both.service_of("bank", "web/a") == "web"
    assert both.rule_of("bank", "web/a") != both.rule_of("shop", "web/a")
    assert rules({}, repositories=TWO).service_of("bank", "a") == "bank"


FAULTY = [
    ({"{a}": ["src/cart/**"]}, "has no '*' alone in a segment for {a}"),
    ({"{a}{b}": ["src/*/**"]}, "has no '*' alone in a segment for {b}"),
    ({"{a": ["src/*/**"]}, "a brace that is not a placeholder"),
    ({"a": ["src//x"]}, "has an empty, '.' or '..' segment"),
    ({"cart": ["src/cart/**"], "shop": ["src/cart/**"]}, "belongs to both 'cart' and 'shop'"),
]


@pytest.mark.parametrize(("services", "message"), FAULTY)
def test_rules_that_are_not_well_formed(services: dict[str, list[str]], message: str) -> None:
    """Each is named with what to write instead."""
    with pytest.raises(BoundariesError) as raised:
        rules(services)

    assert message in str(raised.value)


PATHS = {"shop": ["packages/a/x", "packages/b/y", "src/cart/m.py", "src/web/n.py", "top.md"]}

USES = [
    ({"cart": ["src/cart"]}, "it names a folder, write 'src/cart/**' for all below"),
    ({"cart": ["src/kart/**"]}, "names no path of the history; did you mean 'src/cart/**'?"),
    ({"cart": ["sop:src/cart/**"]}, "there is no repository 'sop' (repositories: shop)"),
    ({"all": ["src/**"], "cart": ["src/cart/**"]}, "belongs to both 'all' and 'cart'"),
]


@pytest.mark.parametrize(("services", "message"), USES)
def test_globs_that_never_count(services: dict[str, list[str]], message: str) -> None:
    """They name nothing, or an earlier one takes everything."""
    (fault,) = use_of(rules(services), PATHS).faults

    assert message in fault


def test_folders_and_what_is_left() -> None:
    """The folder of a service is what stands before ``**``; a fallback may be idle."""
    services = {"{p}": ["packages/*/**"], "py": ["src/**/*.py"], "{all}": ["packages/*/y"]}
    use = use_of(rules(services), PATHS)

    assert use.folders == {"a": ("shop:packages/a",), "b": ("shop:packages/b",), "py": ()}
    assert (use.unnamed, use.faults) == (1, ())


def test_two_hundred_thousand_paths() -> None:
    """Three hundred services by name and one pattern: each path gets its own."""
    services = {f"s{i}": [f"src/s{i}/**"] for i in range(300)} | {"{p}": ["packages/*/**"]}
    paths = [f"packages/p{i % 500}/src/f{i}.ts" for i in range(100_000)]
    paths += [f"src/s{i % 300}/lib/deep/f{i}.py" for i in range(100_000)]
    found = rules(services).services_of("shop", paths)

    assert (found[0], found[-1]) == ("p0", "s99")
