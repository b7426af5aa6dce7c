"""Where services are when nobody says: what builds and deploys as one.

In:  the tables ``tree``, ``change_files`` and ``boundary_files`` of a history.
Out: ``[services]`` as a person would write it, with the evidence, and a ``conway.toml``
     to correct. Several repositories are one service each; so is one that holds nothing
     smaller.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.boundaries.former_folders import former_folders
from conway.boundaries.known_paths import repository_names
from conway.boundaries.manifests import Folder, above, folders_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History

_CAPTURE = "{package}"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Detected:
    """Services as they were found.

    Attributes
    ----------
    services
        Name (perhaps with a placeholder) to globs, in order; empty: one a repository.
    evidence
        For each name what speaks for it.
    source
        One phrase for the coverage table.
    left_out
        Folders that build by themselves but are for tests, examples or tools.
    """

    services: Mapping[str, tuple[str, ...]]
    evidence: Mapping[str, str]
    source: str
    left_out: tuple[str, ...] = ()


def detect_boundaries(history: History) -> Boundaries:
    """Return the boundaries that a history shows by itself.

    Services from what builds and deploys, teams from CODEOWNERS where there is one.
    """
    from conway.boundaries.reading import read_boundaries
    from conway.config import Config

    return read_boundaries(Config(), history)


def config_text(history: History) -> str:
    """Return a ``conway.toml`` of what is detected, for a person to correct."""
    from conway.boundaries.config_text import text_of
    from conway.boundaries.train_detection import find_trains

    boundaries = detect_boundaries(history)
    trains = find_trains(history, boundaries)
    return text_of(detected_services(history), boundaries=boundaries, trains=trains)


def detected_services(history: History) -> Detected:
    """Return the services of a history, with what speaks for each."""
    repositories = repository_names(history)
    if len(repositories) > 1:
        return Detected({}, {}, f"{len(repositories)} repositories, one service each")
    tree = history.tree["path"].tolist()
    folders, left_out = folders_of(tree, texts=_newest(history.boundary_files))
    if len(folders) < 2:  # noqa: PLR2004
        return Detected({}, {}, "one service: no two folders build or deploy by themselves")
    former = former_folders(history.change_files, today=[folder.path for folder in folders])
    source = f"{len(folders)} folders that build or deploy by themselves"
    services, evidence = _written(folders, tree=tree, former=former)
    return Detected(services, evidence, source, left_out)


def _newest(files: pd.DataFrame) -> dict[str, str]:
    """Return the newest text of each file that still stands."""
    newest = files.sort_values("position", kind="stable").drop_duplicates("path", keep="last")
    pairs = zip(newest["path"].tolist(), newest["content"].tolist(), strict=True)
    return {path: text for path, text in pairs if isinstance(text, str)}


def _written(
    folders: Sequence[Folder], *, tree: Sequence[str], former: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Write services as globs: whole families as one pattern, the rest by name."""
    whole = _whole_families(folders, tree=tree)
    gone = [folder for folder, end in former.items() if folder == end]
    shared = Counter(_last(path) for path in [*(folder.path for folder in folders), *gone])
    entries: list[tuple[str, str, str]] = []
    for folder in folders:
        if _parent(folder.path) not in whole:
            name = _name(folder.path, shared)
            entries.append((name, folder.path, ", ".join(folder.evidence)))
    for folder_before, end in sorted(former.items()):
        if folder_before != end:
            entries.append((_name(end, shared), folder_before, f"was {folder_before}"))
        elif _parent(end) not in whole:
            entries.append((_name(end, shared), end, "gone since"))
    for parent, held in sorted(whole.items()):
        clash = any(shared[_last(folder.path)] > 1 for folder in held)
        name = f"{parent}/{_CAPTURE}" if clash else _CAPTURE
        entries.append((name, f"{parent}/*", f"{len(held)} folders with {_kinds(held)}"))
    services: dict[str, tuple[str, ...]] = {}
    evidence: dict[str, str] = {}
    for name, folder_path, reason in entries:
        services[name] = (*services.get(name, ()), f"{folder_path}/**")
        evidence[name] = f"{evidence[name]}; {reason}" if name in evidence else reason
    return services, evidence


def _whole_families(folders: Sequence[Folder], *, tree: Sequence[str]) -> dict[str, list[Folder]]:
    """Return the parents of which every visible folder is a service."""
    families: dict[str, list[Folder]] = defaultdict(list)
    for folder in folders:
        families[_parent(folder.path)].append(folder)
    visible = {
        folder
        for path in tree
        for folder in above(path)
        if _parent(folder) in families and not _last(folder).startswith(".")
    }
    among = Counter(_parent(folder) for folder in visible)
    return {
        parent: held
        for parent, held in families.items()
        if parent and len(held) > 1 and len(held) == among[parent]
    }


def _kinds(held: Sequence[Folder]) -> str:
    kinds = sorted({kind for folder in held for kind in folder.evidence})
    return ", ".join(kinds[:_SHOWN]) + (", ..." if len(kinds) > _SHOWN else "")


def _name(path: str, shared: Mapping[str, int]) -> str:
    """Return the folder's own name, or its path where others have the same name."""
    name = path if shared[_last(path)] > 1 else _last(path)
    return name.replace("{", "(").replace("}", ")")


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
