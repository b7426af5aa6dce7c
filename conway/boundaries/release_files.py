"""Files that releases touch by themselves: version manifests, changelogs, lock files.

In:  a path.
Out: whether a change of nothing but such files is a release or an upgrade, not coupling.
"""

from __future__ import annotations

import re
from functools import lru_cache

_NAMES = frozenset(
    {
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock",
        "pnpm-lock.yaml", "bun.lock", "bun.lockb", "lerna.json",
        "pyproject.toml", "setup.cfg", "poetry.lock", "pdm.lock", "uv.lock", "pipfile.lock",
        "cargo.toml", "cargo.lock", "go.mod", "go.sum", "go.work.sum",
        "gemfile.lock", "composer.lock", "mix.lock", "pubspec.lock", "packages.lock.json",
        "gradle.properties", "gradle.lockfile", "chart.yaml", "chart.lock", "pom.xml",
        "version", "version.txt", "version.json", ".release-please-manifest.json",
        "directory.packages.props", "directory.build.props",
    }
)  # fmt: skip
_PATTERN = re.compile(r"(changelog|changes|history|release[-_]?notes|news)(\.(md|rst|txt|adoc))?")
_VERSIONED = re.compile(r"(_?version\.(py|rb|go|ts|js)|.+\.gemspec|.+\.csproj)")


@lru_cache(maxsize=1 << 18)
def is_release_file(path: str) -> bool:
    """Return whether ``path`` is a version manifest, a changelog or a lock file.

    Examples
    --------
    >>> [is_release_file(p) for p in ("packages/a/CHANGELOG.md", "yarn.lock", "a/index.js")]
    [True, True, False]
    """
    name = path.rpartition("/")[2].lower()
    return bool(name in _NAMES or _PATTERN.fullmatch(name) or _VERSIONED.fullmatch(name))
