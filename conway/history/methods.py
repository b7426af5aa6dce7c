"""Functions that change together in the files behind a finding or a move.

In:  a history, where its repositories are, and the names of files.
Out: which functions each change touched; pairs of them; how many people know each.

People are counted and never named.
"""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from conway.history.renames import current_paths
from conway.history.schemas import FUNCTION_OWNERS, FUNCTION_PAIRS
from conway.mining.methods import COMMITS, SECONDS, Touch, read_methods
from conway.mining.sources import resolve
from conway.mining.store import is_store
from conway.tables import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conway.history.record import History
    from conway.mining.sources import Repository


class Deep(NamedTuple):
    """Where to look for functions, and for how long.

    Attributes
    ----------
    history, repositories
        A history, and the repositories that it was read from; those not given are passed over.
    commits, seconds
        Changes and time that one look may take.
    """

    history: History
    repositories: Sequence[Repository]
    commits: int = COMMITS
    seconds: float = SECONDS

    @classmethod
    def at_hand(cls, history: History, given: Sequence[Repository]) -> Deep | None:
        """Return where to look in what a user passed; None where no directory is a repository.

        A store holds no file contents, and a bundle would be cloned anew for each look.
        """
        folders = [
            Path(one)
            for one in given
            if isinstance(one, str | os.PathLike) and Path(one).is_dir() and not is_store(Path(one))
        ]
        return cls(history, folders) if folders else None

    def look(self, changes: Iterable[tuple[str, str]], *, files: Iterable[str]
             ) -> tuple[pd.DataFrame, str]:  # fmt: skip
        """Return the functions that some changes touched in some files, and what is missing.

        Parameters
        ----------
        changes
            Repository and id of each change.
        files
            Today's paths; with several repositories ``repository:path``.
        """
        touches = _touches(self.history, set(changes), files=set(files))
        tables, notes = [METHODS.empty()], []
        for source, given in self._sources():
            if touches.get(source):
                table, note = read_methods(
                    given, touches[source], commits=self.commits, seconds=self.seconds
                )
                tables.append(table)
                notes += [note] if note else []
        missing = sorted(touches.keys() - {name for name, _ in self._sources()})
        notes += [f"not at hand: {', '.join(missing)}"] if missing else []
        return METHODS.check(pd.concat(tables, ignore_index=True)), "; ".join(notes)

    def _sources(self) -> list[tuple[str, Repository]]:
        return [(resolve([given])[0].name, given) for given in self.repositories]


def _touches(
    history: History, changes: set[tuple[str, str]], *, files: set[str]
) -> dict[str, list[Touch]]:
    """Return by repository the changes that touch the files, with the paths as of then."""
    rows = history.change_files
    several = len(history.repositories) > 1
    today = current_paths(history)
    named = rows["repository"] + ":" + today if several else today
    rows = rows[named.isin(files) & ~rows["submodule"]]
    parents = history.changes.set_index(["repository", "position"])["change"]
    found: dict[str, list[Touch]] = {}
    for (repository, position), part in rows.groupby(["repository", "position"]):
        change = str(part["change"].iloc[0])
        if (str(repository), change) in changes:
            parent = parents.get((repository, int(str(position)) - 1))
            paths = tuple(sorted(part["path"]))
            found.setdefault(str(repository), []).append(Touch(change, parent, paths))
    return found


def pairs(methods: pd.DataFrame) -> pd.DataFrame:
    """Return the functions that changed together at least twice.

    Parameters
    ----------
    methods
        Schema ``METHODS``.

    Returns
    -------
    pandas.DataFrame
        Schema ``FUNCTION_PAIRS``, the most frequent pair first.
    """
    counted: dict[tuple[tuple[str, str], tuple[str, str]], int] = {}
    for _change, part in methods.groupby(["repository", "change"], sort=True):
        names = sorted(set(zip(part["path"], part["method"], strict=True)))
        if len(names) <= MOST_FUNCTIONS:
            for pair in combinations(names, 2):
                counted[pair] = counted.get(pair, 0) + 1
    rows = [(*a, *b, joint) for (a, b), joint in counted.items() if joint > 1]
    rows.sort(key=lambda row: (-row[-1], row[:-1]))
    return FUNCTION_PAIRS.check(pd.DataFrame(rows, columns=FUNCTION_PAIRS.names))


MOST_FUNCTIONS = 60
"""Functions of one change beyond which it ties no two of them."""


def owners(methods: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return how many people have changed each function, and how much the busiest one did.

    Parameters
    ----------
    methods, changes
        Schemas ``METHODS`` and ``CHANGES``.

    Returns
    -------
    pandas.DataFrame
        Schema ``FUNCTION_OWNERS``, sorted by repository, path and function. No person is in it.
    """
    known = changes[["repository", "change", "author"]]
    rows = methods.merge(known, on=["repository", "change"], how="left")
    keys = ["repository", "path", "method"]
    by_person = rows.dropna(subset="author").groupby([*keys, "author"], as_index=False).size()
    most = by_person.groupby(keys).agg(people=("author", "size"), most=("size", "max"))
    found = rows.groupby(keys).agg(changes=("change", "nunique"), complexity=("complexity", "last"))
    found = found.join(most).fillna({"people": 0, "most": 0}).reset_index()
    found = found.assign(main_share=found["most"] / found["changes"])
    return FUNCTION_OWNERS.check(found)
