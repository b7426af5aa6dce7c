"""Backstage's ``catalog-info.yaml``: what a folder holds, who owns it, what it needs.

In:  every catalog file of one commit.
Out: ``Entity``, one document; ``BackstageRules``: for a path one demand, the owners of the
     nearest folder with a catalog file.

A catalog has no lists of paths: a file speaks for its folder and all below, by its
Components, or by its other entities where it has none. An owner is a reference
``[kind:][namespace/]name``, a Group unless it says otherwise; a User is a person.
References ignore case; ``default`` is the namespace left out.
Source: "Descriptor Format of Catalog Entities", backstage.io.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from conway.boundaries.requirements import Demand, Dialect, Fault
from conway.boundaries.yaml_text import Table, Value, YamlTextError, read_yaml, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAMES = frozenset({"catalog-info.yaml", "catalog-info.yml"})
_OWNED = frozenset({"component", "api", "system", "resource", "domain", "template"})
_REFERENCE = re.compile(r"(?:([A-Za-z0-9]+):)?(?:([A-Za-z0-9-]+)/)?([A-Za-z0-9._-]{1,63})")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """Another entity, in lower case but for the name's spelling."""

    kind: str
    namespace: str
    name: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What two references to the same entity share."""
        return self.kind, self.namespace, self.name.lower()

    @property
    def owner(self) -> str:
        """Write an owner: a user with ``@``, a group by its name."""
        name = self.name if self.namespace == "default" else f"{self.namespace}/{self.name}"
        return f"@{name.replace('/', '.')}" if self.kind == "user" else name


def reference(text: str, *, kind: str = "group", namespace: str = "default") -> Reference | None:
    """Read ``[kind:][namespace/]name``; None if it is none.

    Examples
    --------
    >>> reference("artist-relations-team")
    Reference(kind='group', namespace='default', name='artist-relations-team')
    >>> reference("user:ghe/frida").owner
    '@ghe.frida'
    """
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    return Reference((found[1] or kind).lower(), (found[2] or namespace).lower(), found[3])


@dataclass(frozen=True, slots=True)
class Entity:
    """One document of a catalog file.

    Attributes
    ----------
    reference
        What it is.
    line
        Where its kind stands.
    owners
        Groups and users of ``spec.owner`` and ``spec.owners``.
    type, email
        ``spec.type`` and ``spec.profile.email``.
    links
        By field of ``spec`` (``dependsOn``, ``providesApis``, ``consumesApis``,
        ``memberOf``, ``members``, ``children``, ``parent``, ``system``) what it refers to.
    """

    reference: Reference
    line: int
    owners: tuple[Reference, ...]
    type: str
    email: str
    links: Mapping[str, tuple[Reference, ...]]


_LINKS = {
    "dependsOn": "component",
    "dependencyOf": "component",
    "providesApis": "api",
    "consumesApis": "api",
    "subcomponentOf": "component",
    "system": "system",
    "memberOf": "group",
    "members": "user",
    "parent": "group",
    "children": "group",
}


@lru_cache(maxsize=65536)
def parse(text: str) -> tuple[tuple[Entity, ...], tuple[tuple[int, str], ...]]:
    """Return the entities of a file, and ``(line, reason)`` of what is not read."""
    try:
        documents = read_yaml(text)
    except YamlTextError as fault:
        return (), ((fault.line, fault.reason),)
    entities: list[Entity] = []
    faults: list[tuple[int, str]] = []
    for document in documents:
        if document == "":
            continue
        entity = _entity(document, faults=faults)
        if entity is not None:
            entities.append(entity)
    return tuple(entities), tuple(faults)


def _entity(document: Value, *, faults: list[tuple[int, str]]) -> Entity | None:
    if not isinstance(document, Table):
        faults.append((0, "a document that is no table"))
        return None
    line = document.lines.get("kind", 0)
    kind, metadata = document.get("kind"), document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Table) else None
    if not isinstance(kind, str) or not kind or not isinstance(name, str) or not name:
        faults.append((line, "an entity without kind or metadata.name"))
        return None
    given = metadata.get("namespace") if isinstance(metadata, Table) else None
    namespace = given.lower() if isinstance(given, str) and given else "default"
    held = document.get("spec")
    spec = held if isinstance(held, Table) else Table()
    profile, type_ = spec.get("profile"), spec.get("type")
    email = profile.get("email") if isinstance(profile, Table) else None

    def read(key: str, kind_there: str) -> tuple[Reference, ...]:
        return _references(spec, key, kind=kind_there, namespace=namespace, faults=faults)

    return Entity(
        Reference(kind.lower(), namespace, name),
        line,
        tuple(dict.fromkeys((*read("owner", "group"), *read("owners", "group")))),
        type_ if isinstance(type_, str) else "",
        email if isinstance(email, str) else "",
        {key: found for key, kind_there in _LINKS.items() if (found := read(key, kind_there))},
    )


def _references(
    spec: Table, key: str, *, kind: str, namespace: str, faults: list[tuple[int, str]]
) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for text in texts_of(spec.get(key)):
        one = reference(text, kind=kind, namespace=namespace)
        if one is None:
            faults.append((spec.lines[key], f"spec.{key} is no reference [kind:][namespace/]name"))
        else:
            found.append(one)
    return tuple(found)


def entities_of(files: Mapping[str, str]) -> dict[str, tuple[Entity, ...]]:
    """Return the entities of each folder with a catalog file."""
    found: dict[str, tuple[Entity, ...]] = {}
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        if name in NAMES:
            found[folder] = (*found.get(folder, ()), *parse(text)[0])
    return found


@dataclass(frozen=True, slots=True, eq=False)
class BackstageRules:
    """The owners of each folder with a catalog file of one commit."""

    owners: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...]

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The owners of each folder."""
        return {_rule(folder): owners for folder, owners in self.owners.items()}

    def demands(self, path: str) -> tuple[Demand, ...]:
        """Return the approval that ``path`` needs: of an owner of the nearest folder."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in self.owners:
                return (Demand(self.owners[folder], _rule(folder)),)
        return ()


def _rule(folder: str) -> str:
    return f"/{folder}/" if folder else "/"


def _owners(entities: Iterable[Entity]) -> tuple[str, ...]:
    """Return the owners of the components, else of the other entities that are owned."""
    owned = [entity for entity in entities if entity.reference.kind in _OWNED and entity.owners]
    components = [entity for entity in owned if entity.reference.kind == "component"]
    return tuple(
        dict.fromkeys(owner.owner for entity in components or owned for owner in entity.owners)
    )


def _read(files: Mapping[str, str]) -> BackstageRules:
    owners = {folder: _owners(entities) for folder, entities in entities_of(files).items()}
    faults = [
        Fault(path, line, reason) for path, text in files.items() for line, reason in parse(text)[1]
    ]
    return BackstageRules({at: named for at, named in owners.items() if named}, tuple(faults))


def _holds(path: str) -> bool:
    return path.rpartition("/")[2] in NAMES


BACKSTAGE = Dialect("catalog-info.yaml", "catalog-info.yaml in any folder", _holds, _read)
