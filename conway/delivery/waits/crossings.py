"""Which boundaries the change set of each member change crosses, at one linkage gap.

In:  a history, its ``Work`` and its member waits.
Out: per member change its set, what that set crosses, and whether it is bulk work.

Sets are linked anew, by when the work on their members *ended*. Everywhere else the gap is one
between merges; there, of two members the one that waits long drops out of its set because it
waits long, and crossing would look cheap for no other reason. Planted costs of 20 % then read
as a saving of 15 % at 14 days, of 37 % at 3 (``docs/measures/waits.md``).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.release_files import is_release_file
from conway.delivery.footprints import needed_teams
from conway.history.change_sets import link

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.history.change_sets import Unit
    from conway.history.record import History

BOUNDARIES = ("repository", "service", "team", "approval")
GAPS = (3, 7, 14)
MOST_REPOSITORIES = 4
"""Sets over more repositories are bulk work: one edit, repeated."""

_DEPENDENCIES = frozenset(
    {
        "gemfile", "pipfile", "requirements.txt", "constraints.txt", "composer.json",
        "build.gradle", "build.gradle.kts", "go.work", "mix.exs", ".ruby-version",
        ".node-version", ".nvmrc", ".python-version", ".tool-versions", ".terraform-version",
        ".go-version", ".java-version",
    }
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Crossings:
    """What the set of each change crosses; all arrays align with the members asked for.

    Attributes
    ----------
    sets
        Number of each change's set at this gap.
    repositories, services, owners
        How many repositories and services its set touches, and how many teams own these.
    handoffs
        Teams that its set needs beyond its author's, -1 unknown.
    bulk
        Whether its set updates dependencies only, or spans more than four repositories.
    whole
        Whether the wait of every member of its set is known.
    """

    sets: np.ndarray
    repositories: np.ndarray
    services: np.ndarray
    owners: np.ndarray
    handoffs: np.ndarray
    bulk: np.ndarray
    whole: np.ndarray

    def crosses(self, boundary: str) -> np.ndarray:
        """Whether each change's set crosses a boundary: 1.0, 0.0, ``nan`` unknown."""
        if boundary == "approval":
            return np.where(self.handoffs < 0, np.nan, self.handoffs > 0)
        counted = {"repository": self.repositories, "service": self.services}.get(boundary)
        counts = self.owners if counted is None else counted
        return np.where(counts == 0, np.nan, counts > 1)

    def at(self, places: np.ndarray) -> Crossings:
        """Return the crossings of the changes at these places."""
        return Crossings(*(getattr(self, one.name)[places] for one in fields(self)))


def find_crossings(
    history: History,
    work: Work,
    *,
    members: pd.DataFrame,
    unit: Unit = "mainline",
    gaps: tuple[int, ...] = GAPS,
) -> dict[int, Crossings]:
    """Return what the set of each of ``members`` crosses, by gap in days.

    Parameters
    ----------
    history
        Links between changes, and the files of each.
    work
        Labels of the files.
    members
        Schema ``MEMBER_WAITS``.
    unit
        The unit of change that ``work`` was selected with.
    gaps
        Longest gaps between the ends of work on two changes of one set, in days.
    """
    every = work.members.reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(every[["repository", "change"]])
    touched = _touched(history, work, keys=keys)
    places = keys.get_indexer(pd.MultiIndex.from_frame(members[["repository", "change"]]))
    columns = ["repository", "change", "committer_time", "pull_request"]
    named = every.merge(history.changes[columns], on=["repository", "change"], how="left")
    ends = named["committer_time"].to_numpy(copy=True)
    ends[places] = members["author_end"].to_numpy()
    named = named.assign(committer_time=ends, known=np.isin(np.arange(len(every)), places))
    found = {}
    for gap in gaps:
        linked = link(named, history.change_links, unit=unit, gap_days=gap)
        found[gap] = _crossings(work, named.assign(linked=linked), touched=touched).at(places)
    return found


def _touched(history: History, work: Work, *, keys: pd.MultiIndex) -> pd.DataFrame:
    """Return one row per member change and labelled path: ``member, service, ...``."""
    files = history.change_files
    member = keys.get_indexer(pd.MultiIndex.from_frame(files[["repository", "change"]]))
    files = files.assign(member=member)[member >= 0]
    renamed = files[files["old_path"].notna() & (files["status"] == "R")]
    files = pd.concat([files, renamed.assign(path=renamed["old_path"])])
    several = len(set(history.changes["repository"])) > 1
    names = files["repository"] + ":" + files["path"] if several else files["path"]
    files = files.assign(code=pd.Index(work.paths).get_indexer(pd.Index(names)))
    files = files[["member", "code"]].assign(set=work.members["set"].to_numpy()[files["member"]])
    columns = ["set", "path", "service", "service_team", "owners"]
    rows = files.merge(work.rows[columns], left_on=["set", "code"], right_on=["set", "path"])
    plain = (path.partition(":")[2] if several else path for path in work.paths)
    upgrade = np.array([_is_dependency(path) for path in plain], dtype=bool)
    return rows.assign(upgrade=upgrade[rows["path"].to_numpy()])


def _is_dependency(path: str) -> bool:
    """Whether a path says which versions are used, and nothing else."""
    return is_release_file(path) or path.rpartition("/")[2].lower() in _DEPENDENCIES


def _crossings(work: Work, every: pd.DataFrame, *, touched: pd.DataFrame) -> Crossings:
    """Count what each set touches, for each of its members."""
    sets = every["linked"].to_numpy()
    count = int(sets.max(initial=-1)) + 1
    rows = touched.assign(linked=sets[touched["member"].to_numpy()])
    whole = np.ones(count, dtype=bool)
    whole[sets[~every["known"].to_numpy()]] = False
    repositories = _distinct(every["linked"], pd.factorize(every["repository"])[0], count=count)
    upgrade = np.ones(count, dtype=bool)
    upgrade[rows.loc[~rows["upgrade"], "linked"].to_numpy()] = False
    bulk = (repositories > MOST_REPOSITORIES) | upgrade
    author_team = np.full(count, -1)
    author_team[sets] = work.sets["author_team"].to_numpy()[every["set"].to_numpy()]
    handoffs = _handoffs(work, rows, author_team=author_team)
    services, owners = (
        _distinct(rows["linked"], rows[column].to_numpy(), count=count)
        for column in ("service", "service_team")
    )
    found = Crossings(np.arange(count), repositories, services, owners, handoffs, bulk, whole)
    return found.at(sets)


def _distinct(sets: pd.Series, codes: np.ndarray, *, count: int) -> np.ndarray:
    """Count the distinct codes, those below 0 aside, of each set (shape: sets)."""
    pairs = pd.DataFrame({"set": sets.to_numpy(), "code": codes})
    pairs = pairs[pairs["code"] >= 0].drop_duplicates()
    return np.bincount(pairs["set"].to_numpy(), minlength=count)


def _handoffs(work: Work, rows: pd.DataFrame, *, author_team: np.ndarray) -> np.ndarray:
    """Return the teams that each set needs beyond its author's, -1 unknown (shape: sets)."""
    asked = rows.loc[rows["owners"] >= 0, ["linked", "owners"]].drop_duplicates()
    required: dict[int, list[int]] = {}
    for number, owners in asked.itertuples(index=False):
        required.setdefault(number, []).append(owners)
    found = np.full(len(author_team), -1)
    known: dict[tuple[int, frozenset[int]], int] = {}
    for number, codes in required.items():
        key = (int(author_team[number]), frozenset(codes))
        if key[0] < 0:
            continue
        if key not in known:
            known[key] = len(needed_teams(key[0], key[1], owners=work.owners)[0]) - 1
        found[number] = known[key]
    return found
