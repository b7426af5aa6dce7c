"""Which folders of a repository are built or deployed as one.

In:  the paths of a history and the newest text of its workspace files.
Out: ``Folder``: each with the manifests in it that say so.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.needs.kubernetes import workloads
from conway.boundaries.needs.stacks import compose
from conway.boundaries.patterns import glob_matcher
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_NAMES = frozenset(
    {"Cargo.toml", "Chart.yaml", "Gemfile", "build.gradle", "build.gradle.kts",
     "catalog-info.yaml", "catalog-info.yml", "composer.json", "go.mod", "mix.exs",
     "package.json", "pom.xml", "pyproject.toml", "setup.py"}
)  # fmt: skip
_PATTERN = re.compile(r".+\.(?:csproj|fsproj|gemspec)|Dockerfile|.+\.Dockerfile")
_COMPOSE = re.compile(r"(?:docker-)?compose[^/]*\.ya?ml")
_SUPPORT = frozenset(
    {"benchmark", "benchmarks", "ci", "doc", "docs", "e2e", "example", "examples", "fixture",
     "fixtures", "hack", "internal", "node_modules", "sample", "samples", "script", "scripts",
     "spec", "specs", "template", "templates", "test", "testdata", "testing", "tests",
     "third_party", "tool", "tools", "vendor"}
)  # fmt: skip
_LIST_ITEM = re.compile(r"^\s*-\s*['\"]?([^'\"#\s]+)", re.MULTILINE)
_CONTEXT = re.compile(r"^\s*(?:build|context):\s*['\"]?\.?/?([\w./-]+?)/?['\"]?\s*$", re.MULTILINE)
_USE = re.compile(r"^\s*(?:use\s+)?\.?/?([\w./-]+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is built or deployed as one, and the names of the files that say so."""

    path: str
    evidence: tuple[str, ...]


def is_manifest(path: str) -> bool:
    """Tell whether a file says that its folder is built or deployed.

    Examples
    --------
    >>> is_manifest("src/cart/Dockerfile"), is_manifest("src/cart/main.go")
    (True, False)
    """
    name = path.rpartition("/")[2]
    return name in _NAMES or bool(_PATTERN.fullmatch(name))


def is_support(folder: str) -> bool:
    """Tell whether a folder is for tests, examples, tools and the like, or hidden."""
    return any(name.lower() in _SUPPORT or name.startswith(".") for name in folder.split("/"))


def folders_of(
    paths: Iterable[str], *, texts: Mapping[str, str]
) -> tuple[tuple[Folder, ...], tuple[str, ...]]:
    """Return the outermost folders that are built or deployed, and those left out.

    Parameters
    ----------
    paths
        Every file.
    texts
        Newest text of workspace and compose files by path.

    Notes
    -----
    The root is not among them. Where others stand side by side (``src/ad``, ``src/cart/src``),
    one that has its manifest deeper is taken at their level. What is for tests, examples or
    tools is left out, unless it is itself one of several side by side.
    """
    paths = list(paths)
    found = _evidence(paths, texts=texts)
    outermost = _outermost(found)
    parents = _families(outermost)
    merged: dict[str, set[str]] = defaultdict(set)
    left_out: set[str] = set()
    for folder in outermost:
        place = lifted(folder, parents=parents)
        if is_support(_parent(place) if _parent(place) in parents else place):
            left_out.add(place)
        else:
            merged[place] |= found[folder]
    for place, path in _run(paths, texts=texts, built=merged, parents=parents).items():
        merged[place].add(path)
    kept = tuple(Folder(path, tuple(sorted(merged[path]))) for path in sorted(merged))
    return kept, tuple(sorted(left_out))


def _run(
    paths: Iterable[str],
    *,
    texts: Mapping[str, str],
    built: Collection[str],
    parents: Collection[str],
) -> dict[str, str]:
    """Return the folders named as what runs, each with the file that says so.

    A folder counts that is built, that stands beside such, or that holds the file.
    """
    named: dict[str, str] = {}
    for path in sorted(texts, key=lambda path: (path.count("/"), path)):
        for name in _runs(path, texts[path]):
            named.setdefault(name, path)
    within = tuple(f"{folder}/" for folder in built)
    found: dict[str, str] = {}
    for folder in sorted({folder for path in paths for folder in above(path)}):
        file = named.get(folder.rpartition("/")[2])
        if file is None:
            continue
        beside = _parent(folder) in parents or file.startswith(f"{folder}/")
        apart = not folder.startswith((*within, *(f"{other}/" for other in found)))
        if folder in built or (beside and apart and not is_support(folder)):
            found[folder] = file
    return found


def _runs(path: str, text: str) -> Iterable[str]:
    """Return the names of what a cluster's or the root's compose file runs."""
    name = path.rpartition("/")[2]
    if _COMPOSE.fullmatch(name):
        services = compose(path, text) if name == path else ()
        return [service for one in services for service in one.named]
    return workloads(text) if name.endswith((".yaml", ".yml")) else ()


def above(path: str) -> Iterator[str]:
    """Yield the folders that a path is in, the outermost first."""
    end = path.find("/")
    while end > 0:
        yield path[:end]
        end = path.find("/", end + 1)


def _evidence(paths: Iterable[str], *, texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the manifests of each folder, also compose files, ``go.work``, ``skaffold.yaml``."""
    found: dict[str, set[str]] = defaultdict(set)
    members = _workspaces(texts)
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder and is_manifest(path):
            globs = members.get(name)
            if globs is None or any(_holds(glob, folder) for glob in globs):
                found[folder].add(name)
    folders = {path.rpartition("/")[0] for path in paths}
    for path, text in sorted(texts.items()):
        if "/" not in path and (_COMPOSE.fullmatch(path) or path in {"go.work", "skaffold.yaml"}):
            for folder in (_USE if path == "go.work" else _CONTEXT).findall(text):
                if folder in folders:
                    found[folder].add(path)
    return found


def _workspaces(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each kind of manifest the globs of its workspace, where one is declared."""
    members: dict[str, list[str]] = {}
    npm = _npm(texts.get("package.json", "")) or _LIST_ITEM.findall(
        texts.get("pnpm-workspace.yaml", "")
    )
    if npm:
        members["package.json"] = npm
    try:
        cargo = tomllib.loads(texts.get("Cargo.toml", "")).get("workspace", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        cargo = {}
    listed = cargo.get("members") if isinstance(cargo, dict) else None
    if isinstance(listed, list) and listed:
        members["Cargo.toml"] = [glob for glob in listed if isinstance(glob, str)]
    return members


def _npm(text: str) -> list[str]:
    """Return the workspaces of a root ``package.json``: a list, or a table of packages."""
    try:
        root = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return []
    listed = root.get("workspaces") if isinstance(root, dict) else None
    listed = listed.get("packages") if isinstance(listed, dict) else listed
    return [glob for glob in listed if isinstance(glob, str)] if isinstance(listed, list) else []


def _holds(glob: str, folder: str) -> bool:
    try:
        return glob_matcher(glob.removeprefix("./").rstrip("/")).matches(folder)
    except BoundariesError:
        return False


def _outermost(folders: Iterable[str]) -> list[str]:
    """Leave out folders within others."""
    kept: list[str] = []
    for folder in sorted(folders, key=lambda name: name.split("/")):
        if not kept or not folder.startswith(kept[-1] + "/"):
            kept.append(folder)
    return kept


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]


def _families(folders: Iterable[str]) -> set[str]:
    """Return the folders that hold two or more."""
    counts: dict[str, int] = defaultdict(int)
    for folder in folders:
        counts[_parent(folder)] += 1
    return {parent for parent, count in counts.items() if count > 1 and parent}


def lifted(folder: str, *, parents: Collection[str]) -> str:
    """Return the ancestor that stands in one of the families ``parents``, else the folder."""
    parts = folder.split("/")
    for depth in range(2, len(parts)):
        if "/".join(parts[: depth - 1]) in parents:
            return "/".join(parts[:depth])
    return folder
