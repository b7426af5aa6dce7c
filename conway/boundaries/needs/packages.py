"""Packages of npm, Python and Cargo.

In:  ``package.json``, ``pyproject.toml``, ``setup.cfg`` or ``Cargo.toml``.
Out: ``Manifest``. A text that cannot be read provides and needs nothing.
"""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from typing import TYPE_CHECKING

from conway.boundaries.needs.manifest import Manifest, Need, by_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NPM = {"dependencies": False, "peerDependencies": False, "optionalDependencies": False,
        "devDependencies": True}  # fmt: skip
_CARGO = {"dependencies": False, "build-dependencies": False, "dev-dependencies": True}
_LOCAL = re.compile(r"(?:file|link|portal):(.+)")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def npm(path: str, text: str) -> Manifest:
    """Read ``package.json``; packages of a workspace are needed by their names."""
    root = _table(_json(text))
    needs: list[Need] = []
    for key, dev in _NPM.items():
        for name, version in _table(root.get(key)).items():
            local = _LOCAL.fullmatch(version) if isinstance(version, str) else None
            needs += by_folder(path, local[1], dev=dev) if local else (Need(name, dev),)
    return Manifest("npm", path, _texts([root.get("name")]), tuple(needs))


def python(path: str, text: str) -> Manifest:
    """Read ``pyproject.toml``: PEP 621, Poetry, uv's sources."""
    root = _toml(text)
    project, tool = _table(root.get("project")), _table(root.get("tool"))
    poetry = _table(tool.get("poetry"))
    names = _texts([project.get("name"), poetry.get("name")])
    needs = [Need(name) for name in _requirements(_items(project.get("dependencies")))]
    for extra in _table(project.get("optional-dependencies")).values():
        needs += [Need(name) for name in _requirements(_items(extra))]
    for group in _table(root.get("dependency-groups")).values():
        needs += [Need(name, dev=True) for name in _requirements(_items(group))]
    needs += _python_tables(path, _table(poetry.get("dependencies")), dev=False)
    for group in _table(poetry.get("group")).values():
        needs += _python_tables(path, _table(_table(group).get("dependencies")), dev=True)
    for source in _table(_table(tool.get("uv")).get("sources")).values():
        relative = _table(source).get("path")
        needs += by_folder(path, relative) if isinstance(relative, str) else ()
    return Manifest("python", path, tuple(map(_normal, names)), tuple(needs))


def _python_tables(path: str, wanted: dict[str, object], *, dev: bool) -> Iterator[Need]:
    for name, value in wanted.items():
        relative = _table(value).get("path")
        if isinstance(relative, str):
            yield from by_folder(path, relative, dev=dev)
        elif name != "python":
            yield Need(_normal(name), dev)


def setup_cfg(path: str, text: str) -> Manifest:
    """Read ``setup.cfg``."""
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Manifest("python", path)
    names = _texts([parser.get("metadata", "name", fallback="")])
    wanted = parser.get("options", "install_requires", fallback="").splitlines()
    return Manifest(
        "python", path, tuple(map(_normal, names)), tuple(map(Need, _requirements(wanted)))
    )


def cargo(path: str, text: str) -> Manifest:
    """Read ``Cargo.toml``, also tables of one target and of the workspace."""
    root = _toml(text)
    places = [root, *(_table(each) for each in _table(root.get("target")).values())]
    needs: list[Need] = []
    for place in places:
        for key, dev in _CARGO.items():
            for name, value in _table(place.get(key)).items():
                table = _table(value)
                relative, real = table.get("path"), table.get("package")
                if isinstance(relative, str):
                    needs += by_folder(path, relative, dev=dev)
                else:
                    needs.append(Need(real if isinstance(real, str) else name, dev))
    return Manifest("cargo", path, _texts([_table(root.get("package")).get("name")]), tuple(needs))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _toml(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if isinstance(value, str) and value))


def _requirements(wanted: Iterable[object]) -> list[str]:
    """Return the normal names of requirements such as ``requests[socks]>=2``."""
    texts = (text for text in wanted if isinstance(text, str))
    return [_normal(found[1]) for text in texts if (found := _REQUIREMENT.match(text))]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
