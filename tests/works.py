"""Work and histories written by hand in one line, for every test.

In:  words: each word is a change set, each letter a service.
Out: ``conway.boundaries.work.Work``, or a frame of changes and entities.

>>> work = work_of("AB A BC", teams={"A": "web", "B": "core"}, authors="web web core")
>>> len(work), work.services, work.teams
(3, ('A', 'B', 'C'), ('core', 'web'))
"""

from __future__ import annotations

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
    teams, owners, units, today = teams or {}, owners or {}, units or {}, today or {}
    touched = [_paths(one) for one in (sets.split() if isinstance(sets, str) else sets)]
    if isinstance(authors, str):
        authors = authors.split()
    if authors is None:
        authors = [_first_team(paths, teams) for paths in touched]
    if len(authors) != len(touched):
        raise ValueError(f"{len(touched)} sets, but {len(authors)} authors")
    services = tuple(
        sorted({s for paths in touched for p in paths if (s := _service(p))} | {*teams, *idle})
    )
    people = sorted({author for author in authors if author != "-"})
    alternatives = {
        path: _alternatives(path, owners=owners, teams=teams)
        for path in sorted({p for paths in touched for p in paths})
    }
    named = [*teams.values(), *(a.split(":")[0] for a in people)]
    team_names = tuple(sorted({*named, *(t for ts in alternatives.values() for t in ts)}))
    paths = tuple(sorted({*alternatives, *today.values()}))
    unit_names = tuple(sorted({units.get(service, service) for service in services}))
    owner_codes = sorted({_codes(ts, team_names) for ts in alternatives.values() if ts})
    rule_names = sorted({_rule(path, owners) for path, ts in alternatives.items() if ts})
    rows = [
        (
            number,
            paths.index(path),
            paths.index(today.get(path, path)),
            services.index(service) if service else -1,
            unit_names.index(units.get(service, service)) if service else -1,
            team_names.index(teams[service]) if teams.get(service) else -1,
            owner_codes.index(_codes(owning, team_names)) if owning else -1,
            rule_names.index(_rule(path, owners)) if owning else -1,
        )
        for number, touching in enumerate(touched)
        for path in touching
        for service, owning in [(_service(path), alternatives[path])]
    ]
    times = [START + round(day * DAY) for day in (days or range(len(touched)))]
    last = times[-1] + DAY if times else START + DAY
    number_huge = set(huge)
    return Work(
        sets=CHANGE_SETS.check(
            pd.DataFrame(
                {
                    "change_set": [f"repo@{n:04d}" for n in range(len(touched))],
                    "time": times,
                    "first_time": times,
                    "author": [people.index(a) if a in people else -1 for a in authors],
                    "author_team": [
                        team_names.index(a.split(":")[0]) if a in people else -1 for a in authors
                    ],
                    "repositories": 1,
                    "changes": 1,
                    "paths": [len(paths) for paths in touched],
                    "ai": False,
                    "huge": [len(p) > HUGE or n in number_huge for n, p in enumerate(touched)],
                }
            )
        ),
        rows=TOUCHED.check(pd.DataFrame(rows, columns=TOUCHED.names).astype(np.int64)),
        members=pd.DataFrame(
            {
                "set": np.arange(len(touched), dtype=np.int64),
                "repository": "repo",
                "change": [f"{n:04d}" for n in range(len(touched))],
                "position": np.arange(len(touched), dtype=np.int64),
            }
        ),
        paths=paths,
        services=services,
        units=unit_names,
        teams=team_names,
        owners=tuple(owner_codes),
        service_teams=tuple(
            team_names.index(teams[service]) if teams.get(service) else -1 for service in services
        ),
        rules=tuple(rule_names),
        since=START,
        until=last if until is None else START + round(until * DAY),
    )


def history_of(*changes: str) -> pd.DataFrame:
    """Return one row per change and entity: ``history_of("ABC", "AB")``."""
    rows = [(number, entity) for number, word in enumerate(changes) for entity in word]
    return pd.DataFrame(rows, columns=["change", "entity"])


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


def _rule(path: str, owners: Mapping[str, str]) -> str:
    return f"/{path}" if path in owners else f"/{_service(path)}/"


def _codes(names: Iterable[str], all_names: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted(all_names.index(name) for name in names))


def _first_team(paths: Iterable[str], teams: Mapping[str, str]) -> str:
    owned = (teams[s] for p in paths if teams.get(s := _service(p)))
    return next(owned, "-")
