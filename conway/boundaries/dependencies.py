"""Which service says that it needs which other.

In:  the newest manifests and imports of a history, and ``Boundaries``.
Out: one row per pair of services, kind and manifest (schema ``DEPENDENCIES``).

A need is followed where a manifest of the history provides its name (in the same kind: an
npm package, a Go module, a service of the same compose file, an entity of the catalog) or
where its folder belongs to a service. What comes from outside is no dependency here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conway.boundaries.imported import imported
from conway.boundaries.needs.builds import bundler, go, gradle, maven, nuget
from conway.boundaries.needs.kubernetes import kubernetes
from conway.boundaries.needs.packages import cargo, npm, python, setup_cfg
from conway.boundaries.needs.stacks import backstage, compose, helm
from conway.tables import Column, Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pandas as pd

    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.needs.manifest import Manifest, Need
    from conway.history.record import History

DEPENDENCIES = Schema(
    "dependencies",
    "One row per pair of services, kind and manifest that declares the dependency.",
    (
        Column("from_service", "text", "the service that needs"),
        Column("to_service", "text", "the service that is needed"),
        Column("kind", "text", "npm, python, go, maven, gradle, cargo, nuget, bundler, compose, "
               "helm, kubernetes, backstage, import; with ' dev' where only tests and tools "
               "need it"),
        Column("evidence", "text", "repository:path of the manifest, or of the importing file"),
    ),
)  # fmt: skip

_ONE: dict[str, Callable[[str, str], Manifest]] = {
    "package.json": npm,
    "pyproject.toml": python,
    "setup.cfg": setup_cfg,
    "Cargo.toml": cargo,
    "go.mod": go,
    "pom.xml": maven,
    "build.gradle": gradle,
    "build.gradle.kts": gradle,
    "Gemfile": bundler,
}
_SEVERAL: dict[str, Callable[[str, str], Iterator[Manifest]]] = {
    "Chart.yaml": helm,
    "catalog-info.yaml": backstage,
    "catalog-info.yml": backstage,
}
_IMPORT = "import"
_COMPOSE = re.compile(r"(?:docker-)?compose[^/]*\.ya?ml")


def declared(history: History, boundaries: Boundaries) -> pd.DataFrame:
    """Return which services say that they need which others, as of the newest change.

    Parameters
    ----------
    history
        Whose manifests are read.
    boundaries
        Which service each manifest belongs to.

    Returns
    -------
    DataFrame
        Schema ``DEPENDENCIES``, sorted; a service never needs itself.
    """
    import pandas as pd

    manifests = _manifests(history)
    homes = _homes(manifests, boundaries)
    rows = []
    for repository, path, manifest in manifests:
        for need in manifest.needs:
            where = (repository, manifest)
            for pair in _pairs(where, need, homes=homes, boundaries=boundaries):
                kind = manifest.kind.removesuffix(" of") + (" dev" if need.dev else "")
                rows.append((*pair, kind, f"{repository}:{path}"))
    for own, other, dev, evidence in imported(history, boundaries):
        rows.append((own, other, f"{_IMPORT}{' dev' if dev else ''}", evidence))
    frame = pd.DataFrame(sorted(set(rows)), columns=DEPENDENCIES.names)
    return DEPENDENCIES.check(frame)


def provided_names(history: History, boundaries: Boundaries) -> dict[str, str]:
    """Return the service of each name that a manifest gives, such as ``@org/package``."""
    found: dict[str, str] = {}
    for _, name, services in sorted(
        (kind, name, list(services))
        for (kind, name), services in _homes(_manifests(history), boundaries).items()
    ):
        found.setdefault(name, services[0])
    return found


def _manifests(history: History) -> list[tuple[str, str, Manifest]]:
    return [
        (repository, path, manifest)
        for repository, path, text in _newest(history)
        for manifest in manifests_of(path, text)
    ]


def _homes(
    manifests: Iterable[tuple[str, str, Manifest]], boundaries: Boundaries
) -> dict[tuple[str, str], dict[str, None]]:
    """Return the services that provide each name, by kind."""
    homes: dict[tuple[str, str], dict[str, None]] = {}
    for repository, _, manifest in manifests:
        home = _service(repository, manifest, boundaries)
        for name in manifest.provides if home is not None else ():
            for key in _keys(manifest, name, repository=repository):
                homes.setdefault(key, {})[str(home)] = None
    return homes


def _service(  # noqa: PLR0917
    repository: str, manifest: Manifest, boundaries: Boundaries
) -> str | None:
    """Return the service that a manifest speaks for: by its names, else by its place."""
    named = next((name for name in manifest.named if name in boundaries.folders), None)
    if named is not None or not manifest.place:
        return named
    return boundaries.services.service_of(repository, manifest.place)


def manifests_of(path: str, text: str) -> Iterable[Manifest]:
    """Return what the manifest at ``path`` says; nothing if it is none."""
    name = path.rpartition("/")[2]
    if name in _ONE:
        return (_ONE[name](path, text),)
    if name in _SEVERAL:
        return _SEVERAL[name](path, text)
    if _COMPOSE.fullmatch(name):
        return compose(path, text)
    if name.endswith(".csproj"):
        return (nuget(path, text),)
    if name.endswith((".yaml", ".yml")):
        return kubernetes(path, text)
    return (bundler(path, text),) if name.endswith(".gemspec") else ()


def _keys(manifest: Manifest, name: str, *, repository: str) -> list[tuple[str, str]]:
    """Return what a provided and a needed name share, the nearest first.

    Names of compose stay in their file; a host of Kubernetes is looked for in its repository
    first.
    """
    kind, here = manifest.kind.removesuffix(" of"), f"{repository}:{name}"
    near = [(kind, here)] if kind in {"compose", "kubernetes"} else []
    return near if kind == "compose" else [*near, (kind, name)]


def _pairs(
    where: tuple[str, Manifest],
    need: Need,
    *,
    homes: Mapping[tuple[str, str], Mapping[str, None]],
    boundaries: Boundaries,
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of services that one need stands for, the needing one first."""
    repository, manifest = where
    services = boundaries.services
    own = _service(repository, manifest, boundaries)
    if own is None:
        return
    if need.folder:
        found = services.service_of(repository, need.target) or services.service_of(
            repository, f"{need.target}/x"
        )
        others = [] if found is None else [found]
    else:
        others = _providers(where, need, homes=homes)
    for other in others:
        if other != own:
            yield (other, own) if manifest.kind.endswith(" of") else (own, other)


def _providers(
    where: tuple[str, Manifest], need: Need, *, homes: Mapping[tuple[str, str], Mapping[str, None]]
) -> list[str]:
    """Return who provides a name; of several clusters' hosts none is meant for sure."""
    repository, manifest = where
    found: list[str] = []
    for key in _keys(manifest, need.target, repository=repository):
        found = found or list(homes.get(key, {}))
    return [] if manifest.kind == "kubernetes" and len(found) > 1 else found


def _newest(history: History) -> Iterator[tuple[str, str, str]]:
    """Yield repository, path and text of each boundary file that still stands."""
    table = history.boundary_files.sort_values(["repository", "path", "position"], kind="stable")
    table = table.drop_duplicates(["repository", "path"], keep="last")
    columns = ["repository", "path", "content"]
    for repository, path, content in table[columns].itertuples(index=False, name=None):
        if isinstance(content, str):
            yield repository, path, content
