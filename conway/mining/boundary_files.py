"""Ownership files and manifests: which paths they are, and every version of their text.

In:  the differences of a block of changes.
Out: rows of the schema ``BOUNDARY_FILES``. Only regular files of at most 3 MB are read;
     a symbolic link counts as absent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conway.mining.objects import read_objects, sizes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conway.mining.differences import FileChange
    from conway.mining.git import Git

LARGEST = 3_000_000
"""GitHub reads no CODEOWNERS file of more than 3 MB."""

REGULAR = frozenset({"100644", "100755", "100664"})
_OWNERSHIP_FOLDERS = frozenset({"", ".github", ".gitlab", ".bitbucket", "docs"})
_CLUSTER_FOLDERS = frozenset(
    {"deploy", "deployment", "deployments", "k8s", "kube", "kubernetes", "kustomize", "manifests"}
)
_NAMES = frozenset(
    {".git-blame-ignore-revs", ".gitattributes", ".gitmodules", ".mailmap", "Cargo.toml",
     "Chart.yaml", "Gemfile", "MAINTAINERS", "OWNERS", "OWNERS_ALIASES", "build.gradle",
     "build.gradle.kts", "catalog-info.yaml", "catalog-info.yml", "go.mod", "go.work",
     "lerna.json", "package.json", "pnpm-workspace.yaml", "pom.xml", "pyproject.toml",
     "settings.gradle", "settings.gradle.kts", "setup.cfg", "skaffold.yaml", "teams.json",
     "teams.yaml", "teams.yml"}
)  # fmt: skip
_PATTERN = re.compile(
    r".*\.(?:csproj|gemspec)|Dockerfile.*|.*\.Dockerfile|(?:docker-)?compose[^/]*\.ya?ml"
)

Row = tuple[str, str, int, str, str | None]


def is_boundary_file(path: str) -> bool:
    """Return whether a path is an ownership file or a manifest.

    Examples
    --------
    >>> is_boundary_file("docs/CODEOWNERS"), is_boundary_file("src/CODEOWNERS")
    (True, False)
    >>> is_boundary_file("cart/k8s/service.yaml"), is_boundary_file("cart/service.yaml")
    (True, False)
    """
    folder, _, name = path.rpartition("/")
    if name == "CODEOWNERS":
        return folder in _OWNERSHIP_FOLDERS
    return name in _NAMES or bool(_PATTERN.fullmatch(name)) or _is_cluster_file(folder, name)


def _is_cluster_file(folder: str, name: str) -> bool:
    """Tell whether a file is YAML in a folder that is called as those of Kubernetes are."""
    return name.endswith((".yaml", ".yml")) and any(
        part in _CLUSTER_FOLDERS for part in folder.split("/")
    )


def versions(
    git: Git, changes: Sequence[tuple[str, str, int, Sequence[FileChange]]]
) -> tuple[list[Row], list[str]]:
    """Return the versions of boundary files, and notes on those that were not read.

    Parameters
    ----------
    git
        Where the contents are.
    changes
        Repository, change, position and files of each change, in order.
    """
    wanted = [
        (repository, change, position, path, blob)
        for repository, change, position, files in changes
        for path, blob in _sides(files)
    ]
    blobs = sorted({blob for *_, blob in wanted if blob is not None})
    measured = sizes(git, blobs)
    readable = [blob for blob in blobs if measured.get(blob, LARGEST + 1) <= LARGEST]
    texts = _texts(git, readable)
    rows = [
        (repository, change, position, path, texts.get(blob) if blob else None)
        for repository, change, position, path, blob in wanted
    ]
    notes = [
        f"{path} of {change} is missing, damaged or larger than {LARGEST} bytes; it was not read"
        for _repository, change, _position, path, blob in wanted
        if blob is not None and blob not in texts
    ]
    return rows, notes


def _sides(files: Sequence[FileChange]) -> Iterator[tuple[str, str | None]]:
    """Yield each boundary path of a change, with its new blob where it is a regular file."""
    found: dict[str, str | None] = {}
    for file in files:
        if file.old_path is not None and is_boundary_file(file.old_path):
            found.setdefault(file.old_path, None)
        if is_boundary_file(file.path):
            regular = file.status != "D" and file.mode in REGULAR
            found[file.path] = file.blob if regular else None
    yield from sorted(found.items())


def _texts(git: Git, blobs: Sequence[str]) -> Mapping[str, str]:
    return {
        stored.oid: content_text(stored.content)
        for stored in read_objects(git, blobs)
        if stored.fault is None
    }


def content_text(raw: bytes) -> str:
    r"""Return a file's content as text: UTF-8, bytes that are not as ``\xNN``, no BOM."""
    return raw.decode("utf-8", "backslashreplace").removeprefix("\ufeff")
