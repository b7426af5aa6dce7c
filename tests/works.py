"""Work and histories written by hand in one line, for every test.

In:  words: each word is a change set, each letter a service.
Out: ``conway.boundaries.work.Work``, or a frame of changes and entities.

>>> work = work_of("AB A BC", teams={"A": "web", "B": "core"}, authors="web web core")
>>> len(work), work.services, work.teams
(3, ('A', 'B', 'C'), ('core', 'web'))
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.work import Work
from conway.tables import CHANGE_SETS, TOUCHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DAY = 24 * 3600
START = 1_704_067_200
"""2024-01-01, a Monday, in seconds UTC."""

HUGE = 30


def work_of(
    sets: str | Sequence[str | Iterable[str]],
    *,
    teams: Mapping[str, str] | None = None,
    authors: str | Sequence[str] | None = None,
    owners: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    days: Sequence[float] | None = None,
    until: float | None = None,
    idle: Iterable[str] = (),
    today: Mapping[str, str] | None = None,
    huge: Iterable[int] = (),
) -> Work:
    """Build the work of some change sets.

    Parameters
    ----------
    sets
        ``"AB A"``: a word a change set, a letter a service with one file ``A/a.py``. A
        set may also be a list of paths ``["A/a.py", "A/b.py"]``: the first folder is
        the service, and a path without a folder belongs to none.
    teams
        Service to its team: owner at the end, and of each file unless ``owners`` differs.
    authors
        The author's team of each set, ``-`` unknown, ``web:ann`` for one of several
        people. By default the owner of the set's first owned service.
    owners
        Path or service to alternatives: ``"web|core"``; empty for no owner. The rule
        that says so is ``/A/`` for a service, ``/A/a.py`` for a path.
    units
        Service to release unit; by default each service is its own.
    days
        When each set happens, in days from ``START``; by default one day apart.
    until
        End of the window in days; by default the day after the last set.
    idle
        Services without changes.
    today
        Path to its path today, where a file was renamed.
    huge
        Numbers of the sets to mark huge, beside those with more than 30 files.
    """
    teams, owners, units = teams or {}, owners or {}, units or {}
    touched = [_paths(one) for one in (sets.split() if isinstance(sets, str) else sets)]
    wrote = _authors(authors, touched=touched, teams=teams)
    names = _names(touched, teams=teams, owners=owners, wrote=wrote)
    services = tuple(sorted({*names.services, *teams, *idle}))
    unit_names = tuple(sorted({units.get(service, service) for service in services}))
    paths = tuple(sorted({*names.owning, *(today or {}).values()}))
    place = {path: number for number, path in enumerate(paths)}
    labels = {
        path: {
            "path": place[path],
            "entity": place[(today or {}).get(path, path)],
            "service": _code(service, services),
            "unit": _code(units.get(service, service), unit_names),
            "service_team": _code(teams.get(service, ""), names.teams),
            "owners": _code(names.codes(path), names.owners),
            "rule": _code(names.rules.get(path, ""), names.rule_names),
        }
        for path in names.owning
        for service in [_service(path)]
    }
    rows = [
        {"set": number, **labels[path]}
        for number, touching in enumerate(touched)
        for path in touching
    ]
    times = [START + round(day * DAY) for day in (days or range(len(touched)))]
    return Work(
        sets=_change_sets(touched, times=times, wrote=wrote, teams=names.teams, huge=set(huge)),
        rows=TOUCHED.check(pd.DataFrame(rows, columns=TOUCHED.names).astype(np.int64)),
        members=_members(len(touched)),
        paths=paths,
        services=services,
        units=unit_names,
        teams=names.teams,
        owners=names.owners,
        service_teams=tuple(_code(teams.get(service, ""), names.teams) for service in services),
        rules=names.rule_names,
        since=START,
        until=(times[-1] if times else START) + DAY
        if until is None
        else START + round(until * DAY),
    )


def history_of(*changes: str) -> pd.DataFrame:
    """Return one row per change and entity: ``history_of("ABC", "AB")``."""
    rows = [(number, entity) for number, word in enumerate(changes) for entity in word]
    return pd.DataFrame(rows, columns=["change", "entity"])


@dataclass(frozen=True)
class _Names:
    """Names in the order of their codes, and who may approve each path."""

    services: tuple[str, ...]
    teams: tuple[str, ...]
    owning: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, str]

    def codes(self, path: str) -> tuple[int, ...]:
        return tuple(sorted(self.teams.index(team) for team in self.owning[path]))

    @cached_property
    def owners(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted({self.codes(path) for path, teams in self.owning.items() if teams}))

    @cached_property
    def rule_names(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.rules.values())))


def _names(
    touched: list[list[str]],
    *,
    teams: Mapping[str, str],
    owners: Mapping[str, str],
    wrote: Sequence[str],
) -> _Names:
    paths = sorted({path for touching in touched for path in touching})
    owning = {path: _alternatives(path, owners=owners, teams=teams) for path in paths}
    named = {*teams.values(), *(team for ts in owning.values() for team in ts)}
    named |= {author.split(":")[0] for author in wrote if author != "-"}
    return _Names(
        services=tuple(sorted({service for path in paths if (service := _service(path))})),
        teams=tuple(sorted(named - {""})),
        owning=owning,
        rules={
            path: f"/{path}" if path in owners else f"/{_service(path)}/"
            for path, ts in owning.items()
            if ts
        },
    )


def _change_sets(
    touched: list[list[str]],
    *,
    times: list[int],
    wrote: Sequence[str],
    teams: tuple[str, ...],
    huge: set[int],
) -> pd.DataFrame:
    people = sorted({author for author in wrote if author != "-"})
    frame = pd.DataFrame(
        {
            "change_set": [f"repo@{n:04d}" for n in range(len(touched))],
            "time": times,
            "first_time": times,
            "author": [_code(author, people) for author in wrote],
            "author_team": [_code(author.split(":")[0], teams) for author in wrote],
            "repositories": 1,
            "changes": 1,
            "paths": [len(paths) for paths in touched],
            "ai": False,
            "repeat": False,
            "huge": [len(paths) > HUGE or n in huge for n, paths in enumerate(touched)],
        }
    )
    return CHANGE_SETS.check(frame)


def _members(number: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "set": np.arange(number, dtype=np.int64),
            "repository": pd.array(["repo"] * number, dtype="str"),
            "change": pd.array([f"{n:04d}" for n in range(number)], dtype="str"),
            "position": np.arange(number, dtype=np.int64),
        }
    )


def _code(name: object, names: Sequence[object]) -> int:
    return names.index(name) if name in names else -1


def _authors(
    authors: str | Sequence[str] | None, *, touched: list[list[str]], teams: Mapping[str, str]
) -> Sequence[str]:
    if authors is None:
        return [_first_team(paths, teams) for paths in touched]
    wrote = authors.split() if isinstance(authors, str) else authors
    if len(wrote) != len(touched):
        raise ValueError(f"{len(touched)} sets, but {len(wrote)} authors")
    return wrote


def _paths(one: str | Iterable[str]) -> list[str]:
    if isinstance(one, str):
        one = [f"{letter}/{letter.lower()}.py" for letter in one]
    return sorted(set(one))


def _service(path: str) -> str:
    return path.split("/", maxsplit=1)[0] if "/" in path else ""


def _alternatives(
    path: str, *, owners: Mapping[str, str], teams: Mapping[str, str]
) -> tuple[str, ...]:
    service = _service(path)
    text = owners.get(path, owners.get(service, teams.get(service, "")))
    return tuple(team for team in text.split("|") if team)


def _first_team(paths: Iterable[str], teams: Mapping[str, str]) -> str:
    owned = (teams[s] for p in paths if teams.get(s := _service(p)))
    return next(owned, "-")
