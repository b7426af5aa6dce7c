"""Which folders of a service another team works on, apart from its owner.

In:  ``Work`` and a service.
Out: globs of the folders that make a part of their own, or none.

Folders are taken below the service's common folder and opened while teams mix in them. A
folder goes to the other team if that team wrote most of its change sets. The part counts
only if it is large enough, leaves the owner's part large enough, and is rarely changed
together with it.
"""

from __future__ import annotations

import os.path
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.advice.moves import unqualified

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work

CLEAR_SHARE = 0.6
"""Share of a folder's change sets that one team must have written to be its own."""

MOST_JOINT = 0.25
"""Share of the smaller part's change sets that may touch both parts."""

FEWEST_SETS = 8
"""Change sets that each part needs in the window."""

DEEPEST = 3
"""Levels of folders that are opened below the service's common folder."""


@dataclass(frozen=True, slots=True)
class Part:
    """Folders of a service that can stand alone.

    Attributes
    ----------
    globs
        The folders.
    sets, theirs
        Change sets that touch them, and those that the other team wrote.
    """

    globs: tuple[str, ...]
    sets: int
    theirs: int


def separable_part(work: Work, rows: pd.DataFrame, *, team: int, owner: int) -> Part | None:
    """Return the part of a service that ``team`` works on, None where none is separable.

    Parameters
    ----------
    work
        Labelled change sets.
    rows
        The rows of one service.
    team, owner
        Codes of the other team and of the owner.
    """
    rows = rows[["set", "path"]]
    teams = work.sets["author_team"].to_numpy()[rows["set"].to_numpy()]
    usable = work.pairable[rows["set"].to_numpy()]
    rows = rows.assign(
        team=teams, name=[unqualified(work.paths[path]) for path in rows["path"].tolist()]
    )
    rows = rows[usable & (teams >= 0)]
    if rows.empty:
        return None
    folders = _folders(rows, team=team, owner=owner)
    return _checked(rows, folders, team=team, owner=owner)


def _folders(rows: pd.DataFrame, *, team: int, owner: int) -> tuple[str, ...]:
    """Return the folders that are clearly the other team's."""
    folders = [name.rpartition("/")[0] for name in rows["name"].unique()]
    start = os.path.commonpath(folders) if all(folders) else ""
    open_folders, found = [start], []
    for _ in range(DEEPEST):
        below = _below(rows, open_folders)
        open_folders = []
        for folder in sorted(below):
            share = _share(rows, folder, team=team, owner=owner)
            if share >= CLEAR_SHARE:
                found.append(folder)
            elif share > 1 - CLEAR_SHARE:
                open_folders.append(folder)
    return tuple(found)


def _below(rows: pd.DataFrame, folders: list[str]) -> set[str]:
    """Return the folders one level below ``folders``."""
    found: set[str] = set()
    for name in rows["name"].unique():
        for folder in folders:
            head = f"{folder}/" if folder else ""
            if name.startswith(head) and "/" in name[len(head) :]:
                found.add(head + name[len(head) :].split("/")[0])
    return found


def _share(rows: pd.DataFrame, folder: str, *, team: int, owner: int) -> float:
    """Return the other team's share of the change sets that it and the owner wrote there."""
    inside = rows[rows["name"].str.startswith(f"{folder}/")]
    counts = Counter(inside.drop_duplicates("set")["team"].tolist())
    both = counts[team] + counts[owner]
    return counts[team] / both if both else 0.0


def _checked(rows: pd.DataFrame, folders: tuple[str, ...], *, team: int, owner: int) -> Part | None:
    """Return the folders if they are a part of their own."""
    if not folders:
        return None
    inside = rows["name"].str.startswith(tuple(f"{folder}/" for folder in folders))
    part = set(rows.loc[inside, "set"])
    rest = set(rows.loc[~inside, "set"])
    smaller = min(len(part), len(rest))
    rest_of_owner = set(rows.loc[~inside & (rows["team"] == owner), "set"])
    if min(smaller, len(rest_of_owner)) < FEWEST_SETS:
        return None
    if len(part & rest) > MOST_JOINT * smaller:
        return None
    theirs = set(rows.loc[inside & (rows["team"] == team), "set"])
    return Part(tuple(f"{folder}/**" for folder in folders), len(part), len(theirs))
