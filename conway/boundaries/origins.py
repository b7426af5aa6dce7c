"""Which paths nobody here wrote by hand: generated and vendored files.

In:  a history: its attributes, the first lines of its newest files, and its paths.
Out: one row per such path with the reason. Nothing is left out because of it; the coverage
     says how many there are.

Attributes (``linguist-generated``, ``linguist-vendored``) of the newest mainline commit
decide, also against a mark or a name; then what the first lines say; then names that
linguist, GitHub's own list, takes for generated or vendored everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conway.boundaries.attributes import Attributes, read_attributes
from conway.history.schemas import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from conway.history.record import History

_VENDORED = re.compile(
    r"(?:^|/)(?:vendor|vendors|node_modules|bower_components|third[_-]?party|Godeps/_workspace"
    r"|Pods|Carthage/Build|deps/[^/]+/vendor|\.yarn/releases|\.yarn/plugins)/"
)
_GENERATED = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?"
    r"|Cargo\.lock|poetry\.lock|Pipfile\.lock|pdm\.lock|uv\.lock|composer\.lock|Gemfile\.lock"
    r"|go\.sum|Package\.resolved|Podfile\.lock|mix\.lock|flake\.lock|gradlew|gradlew\.bat"
    r"|deno\.lock|\.terraform\.lock\.hcl|__generated__/.*"
    r"|[^/]+(?:\.min\.(?:js|css)|\.(?:js|css)\.map|\.pb\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?"
    r"|_pb\.(?:js|rb|d\.ts)|\.(?:g|freezed)\.dart|\.designer\.(?:cs|vb)|\.pbobjc\.[hm]))$",
    re.IGNORECASE,
)


class _Origin(NamedTuple):
    origin: str
    reason: str


def origins(history: History) -> pd.DataFrame:
    """Return the generated and vendored paths of a history.

    Returns
    -------
    pandas.DataFrame
        Schema ``ORIGINS``, sorted by repository and path; paths of the tree and of
        ``change_files`` (also old names), without submodules.
    """
    import pandas as pd

    marks = history.tree[history.tree["marker"].notna()]
    by_path = {
        (repository, path): marker
        for repository, path, marker in zip(
            marks["repository"], marks["path"], marks["marker"], strict=True
        )
    }
    rows: list[tuple[str, str, str, str]] = []
    declared = read_attributes(history.boundary_files)
    for repository, paths in _paths(history).items():
        attributes = declared.get(repository, Attributes())
        for path in paths:
            found = _origin(path, attributes, marker=by_path.get((repository, path)))
            if found is not None:
                rows.append((repository, path, *found))
    return ORIGINS.check(pd.DataFrame(rows, columns=ORIGINS.names))


def _paths(history: History) -> Mapping[str, list[str]]:
    """Return every path that each repository has or had, sorted."""
    files, tree = history.change_files, history.tree
    known: dict[str, set[str]] = {one.name: set() for one in history.repositories}
    for frame, column in ((tree, "path"), (files, "path"), (files, "old_path")):
        rows = frame.loc[~frame["submodule"] & frame[column].notna(), ["repository", column]]
        for repository, paths in rows.groupby("repository")[column]:
            known.setdefault(str(repository), set()).update(paths.unique().tolist())
    return {repository: sorted(known[repository]) for repository in sorted(known)}


def _origin(path: str, attributes: Attributes, *, marker: str | None) -> _Origin | None:
    """Return what a path is: by its attributes, its mark, its name."""
    said = attributes.of(path)
    for origin in ("generated", "vendored"):
        if said.get(f"linguist-{origin}"):
            return _Origin(origin, f".gitattributes: linguist-{origin}")
    if marker is not None and "linguist-generated" not in said:
        return _Origin("generated", f"says '{marker}'")
    if "linguist-generated" not in said and _GENERATED.search(path):
        return _Origin("generated", "named like a generated file")
    if "linguist-vendored" not in said and _VENDORED.search(path):
        return _Origin("vendored", "in a folder for vendored code")
    return None
