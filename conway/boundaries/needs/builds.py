"""Modules of Go, Maven, Gradle, NuGet and Bundler.

In:  ``go.mod``, ``pom.xml``, ``build.gradle``, a ``.csproj``, a ``Gemfile`` or ``.gemspec``.
Out: ``Manifest``. A text that cannot be read provides and needs nothing; XML that declares
     entities is not read.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from conway.boundaries.needs.manifest import Manifest, Need, by_folder

_GO_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)
_GO_NEED = re.compile(r"^(?:\s+|require\s+)([A-Za-z0-9][^\s()]*)\s+v\d", re.MULTILINE)
_GO_REPLACED = re.compile(r"=>\s*(\.{1,2}/[^\s]*)")
_GRADLE = re.compile(
    r"(?:^|[\s(;{])(\w*)\s*\(?\s*project\s*\(\s*(?:path\s*[:=]\s*)?['\"]:?([\w:./-]+)['\"]",
    re.MULTILINE,
)
_GEM = re.compile(r"^[ \t]*gem[ \t]*\(?[ \t]*['\"]([\w.-]+)['\"](.*)$", re.MULTILINE)
_GEM_PATH = re.compile(r"(?:\bpath:|:path\s*=>)\s*['\"]([^'\"]+)['\"]")
_SPEC_NAME = re.compile(r"^\s*\w+\.name\s*=\s*['\"]([\w.-]+)['\"]", re.MULTILINE)
_SPEC_NEED = re.compile(
    r"^\s*\w+\.add_(?:(development)_|runtime_)?dependency[ \t(]+['\"]([\w.-]+)['\"]", re.MULTILINE
)


def go(path: str, text: str) -> Manifest:
    """Read ``go.mod``: the module, what it requires, and replacements by folders."""
    lines = "\n".join(line.partition("//")[0] for line in text.splitlines())
    needs = [Need(name) for name in _GO_NEED.findall(lines)]
    for relative in _GO_REPLACED.findall(lines):
        needs += by_folder(path, relative)
    return Manifest("go", path, tuple(_GO_MODULE.findall(lines)[:1]), tuple(needs))


def gradle(path: str, text: str) -> Manifest:
    """Read the ``project(':a:b')`` of a Gradle build; a project's path is its folders."""
    needs = [
        Need(target.strip(":").replace(":", "/"), dev="test" in how.lower(), folder=True)
        for how, target in _GRADLE.findall(text)
    ]
    return Manifest("gradle", path, (), tuple(needs))


def maven(path: str, text: str) -> Manifest:
    """Read ``pom.xml``: ``group:artifact``, the group perhaps the parent's."""
    root = _xml(text)
    if root is None:
        return Manifest("maven", path)
    own = _child(root, "artifactId")
    group = _child(root, "groupId") or _child(_first(root, "parent"), "groupId")
    needs = [
        Need(f"{_group(one, group)}:{_child(one, 'artifactId')}", _child(one, "scope") == "test")
        for place in root
        if _plain(place.tag) == "dependencies"
        for one in place
    ]
    return Manifest("maven", path, (f"{group}:{own}",) if own else (), tuple(needs))


def _group(dependency: ET.Element, own: str) -> str:
    """Return the group of a dependency, with the project's own filled in."""
    group = _child(dependency, "groupId")
    return own if group in {"${project.groupId}", "${pom.groupId}", "${groupId}"} else group


def nuget(path: str, text: str) -> Manifest:
    """Read a ``.csproj``: references to projects by path, to packages by name."""
    root = _xml(text)
    if root is None:
        return Manifest("nuget", path)
    stem = path.rpartition("/")[2].rpartition(".")[0]
    named = [each.text for each in root.iter() if _plain(each.tag) in {"PackageId", "AssemblyName"}]
    needs: list[Need] = []
    for each in root.iter():
        target = each.get("Include", "")
        if target and _plain(each.tag) == "ProjectReference":
            needs += by_folder(path, target)
        elif target and _plain(each.tag) == "PackageReference":
            needs.append(Need(target.lower()))
    names = [stem, *(name.strip() for name in named if name and "$" not in name)]
    return Manifest("nuget", path, tuple(dict.fromkeys(map(str.lower, names))), tuple(needs))


def bundler(path: str, text: str) -> Manifest:
    """Read a ``Gemfile`` or a ``.gemspec``."""
    needs: list[Need] = []
    for name, rest in _GEM.findall(text):
        local = _GEM_PATH.search(rest)
        needs += by_folder(path, local[1]) if local else (Need(name),)
    needs += [Need(name, bool(dev)) for dev, name in _SPEC_NEED.findall(text)]
    names = _SPEC_NAME.findall(text)[:1] if path.endswith(".gemspec") else []
    return Manifest("bundler", path, tuple(names), tuple(needs))


def _xml(text: str) -> ET.Element | None:
    """Return the root of an XML text without declarations, None if it is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    try:
        return ET.fromstring(text.strip())  # noqa: S314 - no entity is declared
    except (ET.ParseError, ValueError):
        return None


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _first(root: ET.Element, name: str) -> ET.Element | None:
    return next((each for each in root if _plain(each.tag) == name), None)


def _child(root: ET.Element | None, name: str) -> str:
    found = None if root is None else _first(root, name)
    return "" if found is None or found.text is None else found.text.strip()
