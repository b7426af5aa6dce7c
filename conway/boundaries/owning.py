"""Who may approve a path, and which team owns a service, as of a change.

In:  labelled rows (repository, position, committer_time, path, service_name), boundaries.
Out: the approvals that each row needs, alternatives by code; the owner of a service: the
     team that stands in most of its files' alternatives (ties by name).

Ownership files hold as of a change's first parent; dated tables as of the change's time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History

_NEVER = 2**62

T = TypeVar("T")


class ServiceOwners:
    """Answer which team owns a service as of a change; answers are remembered."""

    def __init__(
        self,
        history: History,
        boundaries: Boundaries,
        *,
        teams: Mapping[str, int],
        services: Mapping[str, int],
    ) -> None:
        self._boundaries = boundaries
        self._teams = teams
        self._services = services
        self._files = _lives(history, boundaries, services=services)
        self._answers: dict[tuple[str, int, int], int] = {}
        self._versions: dict[tuple[str, int, int], int] = {}
        last = history.changes.groupby("repository", sort=True)["position"].max()
        self._last = {str(name): int(position) for name, position in last.items()}

    def version(self, repository: str, *, position: int, time: int) -> int:
        """Return the version of the ownership rules that holds for a change."""
        key = (repository, position, time)
        if key not in self._versions:
            self._versions[key] = self._boundaries.ownership.version(
                repository, parent_position=position - 1, time=time
            )
        return self._versions[key]

    def approvals(
        self, repository: str, version: int, *, path: str, service: str | None
    ) -> tuple[tuple[tuple[int, ...], str], ...]:
        """Return the approvals that ``path`` needs: who may give each (sorted codes), by rule."""
        asked = self._boundaries.ownership.requirements(repository, version, path, service)
        return tuple(
            (tuple(sorted(self._teams[name] for name in one.teams)), one.rule or "")
            for one in asked
        )

    def team(self, repository: str, service: int, *, position: int, time: int) -> int:
        """Return the code of the team that owns ``service`` as of a change, -1 none.

        One answer holds for a version of the rules, from the first change on that finds a
        file of the service.
        """
        version = self.version(repository, position=position, time=time)
        key = (repository, version, service)
        if key not in self._answers:
            _, born, died, _ = self._files.get((repository, service), _NO_FILES)
            if (
                self._boundaries.ownership.per_file
                and not ((born < position) & (died >= position)).any()
            ):
                return -1
            counts = self._count(repository, service, version=version, position=position)
            self._answers[key] = _most(counts)
        return self._answers[key]

    def newest(self) -> tuple[int, ...]:
        """Return the owner of each service at the newest change, -1 none."""
        counts: list[Counter[int]] = [Counter() for _ in self._services]
        for repository, service in sorted(self._files):
            position = self._last[repository] + 1
            version = self.version(repository, position=position, time=_NEVER)
            counts[service] += self._count(repository, service, version=version, position=position)
        return tuple(_most(count) for count in counts)

    def _count(self, repository: str, service: int, *, version: int, position: int) -> Counter[int]:
        """Count the files of a service in whose alternatives each team stands."""
        paths, born, died, name = self._files.get((repository, service), _NO_FILES)
        alive = np.flatnonzero((born < position) & (died >= position)).tolist()
        if not self._boundaries.ownership.per_file:
            alive = alive[:1] or [0]
        counts: Counter[int] = Counter()
        for place in alive:
            if place < len(paths):
                asked = self.approvals(repository, version, path=paths[place], service=name)
                counts.update({team for teams, _ in asked for team in teams})
        return counts


_NO_FILES: tuple[list[str], np.ndarray, np.ndarray, str | None] = (
    [],
    np.empty(0, dtype=np.int64),
    np.empty(0, dtype=np.int64),
    None,
)


def _most(counts: Counter[int]) -> int:
    return min(counts, key=lambda team: (-counts[team], team)) if counts else -1


def _lives(
    history: History, boundaries: Boundaries, *, services: Mapping[str, int]
) -> dict[tuple[str, int], tuple[list[str], np.ndarray, np.ndarray, str | None]]:
    """Return for each repository and service its paths with birth and death positions."""
    files = history.change_files[["repository", "position", "path", "old_path", "status"]]
    new = files[files["status"].isin(["A", "R", "C"])]
    births = new.groupby(["repository", "path"])["position"].min()
    gone = files[files["status"] == "D"]
    moved = files[files["status"] == "R"].drop(columns="path")
    deaths = pd.concat([gone, moved.rename(columns={"old_path": "path"})])
    last_death = deaths.groupby(["repository", "path"])["position"].max()
    alive = history.tree.drop_duplicates(["repository", "path"])
    every = pd.concat([files[["repository", "path"]], alive[["repository", "path"]]])
    every = every.drop_duplicates().sort_values(["repository", "path"], kind="stable")
    keys = pd.MultiIndex.from_frame(every)
    born = births.reindex(keys).fillna(-1).to_numpy(dtype=np.int64)
    died = last_death.reindex(keys).fillna(_NEVER).to_numpy(dtype=np.int64)
    died[keys.isin(pd.MultiIndex.from_frame(alive[["repository", "path"]]))] = _NEVER
    every = every.assign(born=born, died=died)
    return _by_service(every, boundaries=boundaries, services=services)


def _by_service(
    every: pd.DataFrame, *, boundaries: Boundaries, services: Mapping[str, int]
) -> dict[tuple[str, int], tuple[list[str], np.ndarray, np.ndarray, str | None]]:
    lives: dict[tuple[str, int], tuple[list[str], np.ndarray, np.ndarray, str | None]] = {}
    for repository, group in every.groupby("repository", sort=True):
        name = str(repository)
        found = boundaries.services.services_of(name, group["path"].tolist())
        for service, part in group.assign(
            service=pd.Series(found, index=group.index, dtype="str")
        ).groupby("service", sort=True):
            if service in services:
                lives[name, services[str(service)]] = (
                    part["path"].tolist(),
                    part["born"].to_numpy(),
                    part["died"].to_numpy(),
                    str(service),
                )
    return lives


@dataclass(frozen=True, eq=False)
class Owning:
    """Who may approve each row, by code.

    Attributes
    ----------
    alternatives, rules
        Distinct alternatives (team codes) and distinct rule patterns.
    rows
        The rows with ``owners`` and ``rule``, the codes of their alternatives and of their
        rule, -1 none. A row whose path needs several approvals stands once for each; ``row``
        is its number before.
    """

    alternatives: tuple[tuple[int, ...], ...]
    rules: tuple[str, ...]
    rows: pd.DataFrame


def owner_codes(rows: pd.DataFrame, *, owners: ServiceOwners) -> Owning:
    """Code the alternatives and the rule of each approval that each row needs.

    Parameters
    ----------
    rows
        ``repository, position, committer_time, path, service_name``.
    owners
        Answers who may approve a path.
    """
    versions = _versions(rows, owners=owners)
    cells = pd.MultiIndex.from_arrays([rows["repository"], versions, rows["path"]])
    number, distinct = pd.factorize(cells)
    services = rows["service_name"].to_numpy()[np.unique(number, return_index=True)[1]]
    found = [
        owners.approvals(str(repository), int(version), path=str(path), service=service)
        or (((), ""),)
        for (repository, version, path), service in zip(distinct, services, strict=True)
    ]
    alternatives, owner_code = _coded([teams for asked in found for teams, _ in asked], nothing=())
    rules, rule_code = _coded([rule for asked in found for _, rule in asked], nothing="")
    counts = np.array([len(asked) for asked in found], dtype=np.int64)
    row = np.repeat(np.arange(len(rows)), counts[number])
    nth = pd.Series(row).groupby(row).cumcount().to_numpy()
    place = (np.cumsum(counts) - counts)[number[row]] + nth
    coded = rows.iloc[row].assign(owners=owner_code[place], rule=rule_code[place], row=row)
    return Owning(alternatives, rules, coded)


def _versions(rows: pd.DataFrame, *, owners: ServiceOwners) -> np.ndarray:
    """Return the version of the ownership rules that holds for each row."""
    steps = pd.MultiIndex.from_frame(rows[["repository", "position", "committer_time"]])
    number, distinct = pd.factorize(steps)
    found = [owners.version(str(r), position=int(p), time=int(t)) for r, p, t in distinct]
    return np.array(found, dtype=np.int64)[number]


def _coded(values: list[T], *, nothing: T) -> tuple[tuple[T, ...], np.ndarray]:
    """Code values in sorted order; ``nothing`` is -1."""
    names = sorted({value for value in values if value != nothing})  # type: ignore[type-var]
    code = {value: place for place, value in enumerate(names)} | {nothing: -1}
    return tuple(names), np.array([code[value] for value in values], dtype=np.int64)
