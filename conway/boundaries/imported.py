"""Which service imports which: Python's modules, by the files that hold them.

In:  the tables ``imports`` and ``tree`` of a history, and ``Boundaries``.
Out: pairs of services, each with the importing file.

A file holds the module that its path spells from a folder on: from the repository's root,
from below a folder ``src`` or ``lib``, or from the top of its package (the outermost of the
folders above it that have an ``__init__.py``). ``from a import b`` means the module ``a.b``
where there is one, else ``a``. A service's own module goes first; a name that several other
services hold is nobody's. From another repository only packages are imported, never a
module of the standard library.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from conway.boundaries.manifests import is_support

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History

_ROOTS = frozenset({"lib", "src"})
_TESTS = ("test_", "conftest.")

Pair = tuple[str, str, bool, str]
Key = TypeVar("Key", str, tuple[str, str])


def imported(history: History, boundaries: Boundaries) -> Iterator[Pair]:
    """Yield who imports, who is imported, whether only for tests, and ``repository:path``."""
    if history.imports.empty:
        return
    held = _Held.of(history, boundaries)
    columns = history.imports[["repository", "path", "module"]]
    for repository, path, module in columns.itertuples(index=False, name=None):
        own = boundaries.services.service_of(repository, path)
        other = None if own is None else held.by(module, where=(repository, path), own=own)
        if own is not None and other not in {None, own}:
            yield own, str(other), _for_tests(path), f"{repository}:{path}"


@dataclass(frozen=True, slots=True)
class _Held:
    """The services that hold each module.

    Attributes
    ----------
    files
        By repository and path without ``.py`` or ``/__init__.py``.
    names
        By repository and name.
    packages
        By name, those in packages of any repository.
    """

    files: Mapping[tuple[str, str], str]
    names: Mapping[tuple[str, str], frozenset[str]]
    packages: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, history: History, boundaries: Boundaries) -> _Held:
        files: dict[tuple[str, str], str] = {}
        names: dict[tuple[str, str], set[str]] = defaultdict(set)
        packages: dict[str, set[str]] = defaultdict(set)
        tree = history.tree[history.tree["path"].str.endswith(".py")]
        for repository, group in tree.groupby("repository", sort=True):
            paths = group["path"].tolist()
            inits = {path.removesuffix("/__init__.py") for path in paths if "/__init__.py" in path}
            services = boundaries.services.services_of(str(repository), paths)
            for path, service in zip(paths, services, strict=True):
                if service is None:
                    continue
                module = path.removesuffix(".py").removesuffix("/__init__")
                files[str(repository), module] = service
                for name in _names(module, inits=inits):
                    names[str(repository), name].add(service)
                package = _from_package(module, inits=inits)
                if "." in package or module in inits:
                    packages[package].add(service)
        return cls(files, _frozen(names), _frozen(packages))

    def by(self, module: str, *, where: tuple[str, str], own: str) -> str | None:
        """Return the service that holds what a file of ``own`` imports, None if unknown."""
        repository, path = where
        if module.startswith("."):
            return self._relative(module, repository=repository, path=path)
        for name in (module, module.rpartition(".")[0]):
            found = self.names.get((repository, name))
            if found is None and name.partition(".")[0] not in sys.stdlib_module_names:
                found = self.packages.get(name)
            if found is not None:
                return own if own in found else next(iter(found)) if len(found) == 1 else None
        return None

    def _relative(self, module: str, *, repository: str, path: str) -> str | None:
        name = module.lstrip(".")
        folders = path.split("/")[: -(len(module) - len(name))]
        target = "/".join([*folders, *name.split(".")]).strip("/")
        return self.files.get((repository, target)) or self.files.get(
            (repository, target.rpartition("/")[0])
        )


def _names(module: str, *, inits: Iterable[str]) -> set[str]:
    """Return what a module may be called (its path without ending: ``src/shop/cart``)."""
    parts = module.split("/")
    roots = [0, *(place + 1 for place, part in enumerate(parts[:-1]) if part in _ROOTS)]
    return {".".join(parts[place:]) for place in roots} | {_from_package(module, inits=inits)}


def _from_package(module: str, *, inits: Iterable[str]) -> str:
    """Return a module's name from the top of its package on."""
    parts = module.split("/")
    top = len(parts) - 1
    while top > 0 and "/".join(parts[:top]) in inits:
        top -= 1
    return ".".join(parts[top:])


def _for_tests(path: str) -> bool:
    name = path.rpartition("/")[2]
    return is_support(path) or name.startswith(_TESTS) or name.endswith("_test.py")


def _frozen(held: Mapping[Key, set[str]]) -> dict[Key, frozenset[str]]:
    return {name: frozenset(services) for name, services in held.items()}
