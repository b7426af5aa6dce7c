"""Folders that were services before: moved since, or gone.

In:  ``change_files`` and today's folders.
Out: each former folder with the one that it became, or itself where it is gone.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from conway.boundaries.manifests import is_manifest, is_support, lifted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import pandas as pd


def former_folders(files: pd.DataFrame, *, today: Collection[str]) -> dict[str, str]:
    """Return folders that held a manifest before, and what became of each.

    A folder became another where at least half of the files that left it in one change
    went there, or any did and the two names are alike (``adservice``, ``ad``). One that is
    gone counts if it stood beside two or more of today's.

    Parameters
    ----------
    files
        Schema ``CHANGE_FILES``, of one repository.
    today
        The folders that are services now.
    """
    paths = {*files["path"].tolist(), *files["old_path"].dropna().tolist()}
    parents = Counter(folder.rpartition("/")[0] for folder in today)
    families = {parent for parent, count in parents.items() if parent and count > 1}
    held = {path.rpartition("/")[0] for path in paths if is_manifest(path)} - {""}
    before = sorted({lifted(folder, parents=families) for folder in held})
    before = [folder for folder in before if folder not in today and not _near(folder, today)]
    became = _moved(files, before=before, today=today)
    former: dict[str, str] = {}
    for folder in before:
        end = _end(folder, became)
        family = folder.rpartition("/")[0]
        if end in today or (family in families and not is_support(family)):
            former[folder] = end if end in today else folder
    return former


def _near(folder: str, today: Iterable[str]) -> bool:
    """Tell whether a folder lies in one of today's, or around one."""
    return any(folder.startswith(other + "/") or other.startswith(folder + "/") for other in today)


def _end(folder: str, became: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while folder in became and folder not in seen:
        seen.add(folder)
        folder = became[folder]
    return folder


def _moved(
    files: pd.DataFrame, *, before: Collection[str], today: Collection[str]
) -> dict[str, str]:
    """Return for each folder that moved where most of it went."""
    left = files[files["status"].isin(["R", "D"])]
    old = left["old_path"].where(left["status"] == "R").fillna(left["path"])
    places = {*before, *today}
    became: dict[str, str] = {}
    for folder in before:
        mine = left[old.str.startswith(folder + "/")]
        targets: Counter[tuple[int, str]] = Counter()
        for position, path in mine.loc[mine["status"] == "R", ["position", "path"]].itertuples(
            index=False
        ):
            place = _holder(path, places)
            if place not in {None, folder}:
                targets[position, str(place)] += 1
        if targets:
            (position, place), count = min(targets.items(), key=lambda item: (-item[1], item[0]))
            gone = int((mine["position"] == position).sum())
            if 2 * count >= gone or _alike(folder, place):
                became[folder] = place
    return became


def _holder(path: str, places: Collection[str]) -> str | None:
    """Return the place that ``path`` lies in."""
    end = path.find("/")
    while end > 0:
        if path[:end] in places:
            return path[:end]
        end = path.find("/", end + 1)
    return None


def _alike(one: str, other: str) -> bool:
    """Tell whether one folder's name holds the other's, marks and case apart."""
    names = [re.sub(r"[^a-z0-9]", "", path.rpartition("/")[2].lower()) for path in (one, other)]
    return names[0] in names[1] or names[1] in names[0]
