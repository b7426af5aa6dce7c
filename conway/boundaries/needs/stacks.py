"""What runs together: compose files, Helm charts, Backstage's catalog.

In:  a compose file, ``Chart.yaml`` or ``catalog-info.yaml``.
Out: a ``Manifest`` for each service, chart or entity that it describes. A compose service
     whose build stands in variables speaks for the service of the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.boundaries.dialects.backstage import Reference
from conway.boundaries.dialects.backstage import parse as parse_catalog
from conway.boundaries.needs.manifest import Manifest, Need, by_folder, near
from conway.boundaries.yaml_text import Table, Value, YamlTextError, read_yaml, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEEDED = ("dependsOn", "consumesApis", "subcomponentOf")


def compose(path: str, text: str) -> Iterator[Manifest]:
    """Read a compose file: a service that is built here needs those it depends on.

    Names hold within the file, so they are written ``path#name``.
    """
    services = _root(text).get("services")
    for name, service in services.items() if isinstance(services, Table) else ():
        if not isinstance(service, Table):
            continue
        place = _built(path, service.get("build"))
        if place is None:
            continue
        wanted = [*_names(service.get("depends_on")), *_names(service.get("links"))]
        needs = [Need(f"{path}#{target.partition(':')[0]}") for target in wanted]
        named = () if place else (name,)
        yield Manifest("compose", place, (f"{path}#{name}",), tuple(needs), named)


def _built(path: str, build: Value | None) -> str | None:
    """Return the file that a service is built by, empty where variables hide it, None if none."""
    if isinstance(build, str):
        context, dockerfile = build, ""
    elif isinstance(build, Table):
        found = build.get("context", "."), build.get("dockerfile", "")
        context, dockerfile = (text if isinstance(text, str) else "" for text in found)
    else:
        return None
    if "$" in context or "$" in dockerfile:
        return ""
    folder = near(path, context or ".")
    return None if folder is None else near(f"{folder}/x", dockerfile or "Dockerfile")


def _names(value: Value | None) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, Table) else texts_of(value)


def helm(path: str, text: str) -> Iterator[Manifest]:
    """Read ``Chart.yaml``: charts needed by name, or by ``file://`` folder.

    A chart speaks for the service that has its name, else for the one whose folder it is in.
    """
    root = _root(text)
    wanted = root.get("dependencies")
    needs: list[Need] = []
    for one in wanted if isinstance(wanted, list) else ():
        if not isinstance(one, Table):
            continue
        name, repository = one.get("name"), one.get("repository")
        if isinstance(repository, str) and repository.startswith("file://"):
            needs += by_folder(path, repository.removeprefix("file://"))
        elif isinstance(name, str) and name:
            needs.append(Need(name))
    named = texts_of(root.get("name"))
    yield Manifest("helm", path, named, tuple(needs), named)


def backstage(path: str, text: str) -> Iterator[Manifest]:
    """Read a catalog file: entities need what they depend on and the APIs they consume."""
    for entity in parse_catalog(text)[0]:
        links = entity.links
        own = () if entity.reference.kind == "api" else (entity.reference,)
        needs = [_name(target) for key in _NEEDED for target in links.get(key, ())]
        yield Manifest(
            "backstage",
            path,
            tuple(_name(each) for each in (*own, *links.get("providesApis", ()))),
            tuple(Need(name) for name in dict.fromkeys(needs)),
        )
        for target in links.get("dependencyOf", ()):
            yield Manifest("backstage of", path, (_name(entity.reference),), (Need(_name(target)),))


def _name(reference: Reference) -> str:
    return ":".join(reference.key)


def _root(text: str) -> Table:
    try:
        documents = read_yaml(text, aliases=True)
    except YamlTextError:
        return Table()
    return documents[0] if documents and isinstance(documents[0], Table) else Table()
