"""Label the selected work of a history with services, release units, teams and homes.

In:  a ``History`` and ``Boundaries`` (with the selection that travels in them).
Out: ``Work``: change sets and the paths they touch, each labelled as of its change.

Excluded paths vanish first; a change set that then touches no service is counted in the
coverage and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.boundaries.authors import authors_of
from conway.boundaries.homes import TRAILING_SECONDS, Homes, Votes, votes_of
from conway.boundaries.owning import ServiceOwners, owner_codes
from conway.boundaries.selecting import Selected, select
from conway.boundaries.work import Work
from conway.errors import HistoryError
from conway.history.change_sets import GAP_DAYS
from conway.tables import CHANGE_SETS, TOUCHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History

HUGE_PATHS = 30


def label(history: History, boundaries: Boundaries, *, gap_days: int = GAP_DAYS) -> Work:
    """Label the change sets of ``history`` that ``boundaries.selection`` selects.

    Parameters
    ----------
    history
        Facts of one or more repositories.
    boundaries
        Services, release units, teams, and the selection.
    gap_days
        The longest gap between changes of several repositories that carry one name.

    Returns
    -------
    Work
        Change sets in order of time, their touched paths, and names by code.

    Raises
    ------
    HistoryError
        If no selected change touches a service.
    """
    selected = select(history, boundaries.selection, gap_days=gap_days)
    codes = _Codes.of(selected, boundaries)
    rows = _labelled_rows(selected, boundaries, codes=codes)
    rows = rows[rows.groupby("set")["service"].transform("max") >= 0]
    if rows.empty:
        raise HistoryError(
            "no selected change touches a service: "
            f"{selected.coverage_text()}; check [services], [window] and [changes]"
        )
    owners = ServiceOwners(history, boundaries, teams=codes.teams, services=codes.services)
    people = authors_of(history, selected.changes)
    homes = _homes(rows, people=people, boundaries=boundaries, codes=codes, owners=owners)
    return _work(selected, rows, people=people, codes=codes, homes=homes, owners=owners)


@dataclass(frozen=True)
class _Codes:
    """Names by code; teams and services are sorted, so that code order is name order."""

    teams: dict[str, int]
    services: dict[str, int]
    units: dict[str, int]

    @classmethod
    def of(cls, selected: Selected, boundaries: Boundaries) -> _Codes:
        files = selected.files
        names: set[str] = set()
        for repository, group in files.groupby("repository", sort=True):
            paths = group["path"].drop_duplicates().tolist()
            found = boundaries.services.services_of(str(repository), paths)
            names.update(name for name in found if name is not None)
        services = {name: code for code, name in enumerate(sorted(names))}
        units = sorted({boundaries.unit_of(name) for name in services})
        teams = boundaries.teams()
        return cls(
            teams={name: code for code, name in enumerate(teams)},
            services=services,
            units={name: code for code, name in enumerate(units)},
        )


def _labelled_rows(selected: Selected, boundaries: Boundaries, *, codes: _Codes) -> pd.DataFrame:
    """Add service, unit and owners to each touched path of each change."""
    rows = selected.files.copy()
    keys = pd.MultiIndex.from_frame(rows[["repository", "path"]])
    number, distinct = pd.factorize(keys)
    service_names: list[str | None] = []
    frame = pd.DataFrame(list(distinct), columns=["repository", "path"])
    for repository, group in frame.groupby("repository", sort=False):
        service_names += boundaries.services.services_of(str(repository), group["path"].tolist())
    order = np.concatenate(
        [group.to_numpy() for group in frame.groupby("repository", sort=False).groups.values()]
    )
    by_path: list[str | None] = [None] * len(frame)
    for place, name in zip(order.tolist(), service_names, strict=True):
        by_path[place] = name
    rows["service_name"] = np.array(by_path, dtype=object)[number]
    service = np.array([-1 if n is None else codes.services[n] for n in by_path], dtype=np.int64)
    units = [-1 if n is None else codes.units[boundaries.unit_of(n)] for n in by_path]
    rows["service"] = service[number]
    rows["unit"] = np.array(units, dtype=np.int64)[number]
    return rows


def _homes(
    rows: pd.DataFrame,
    *,
    people: pd.DataFrame,
    boundaries: Boundaries,
    codes: _Codes,
    owners: ServiceOwners,
) -> Homes:
    """Collect the votes from which authors' teams are inferred, or take memberships."""
    touched = rows[rows["service"] >= 0]
    touched = touched.drop_duplicates(["set", "repository", "change", "service"])
    teams: dict[int, set[int]] = {}
    cells = touched[["set", "repository", "position", "committer_time", "service"]]
    for number, repository, position, time, service in cells.itertuples(index=False):
        team = owners.team(repository, service, position=position, time=time)
        if team >= 0:
            teams.setdefault(number, set()).add(team)
    votes = votes_of(
        people["author"].to_numpy(),
        people["time"].to_numpy(),
        teams=[tuple(sorted(teams.get(number, ()))) for number in people.index],
    )
    names = people.attrs["people"]
    if boundaries.members is None:
        return Homes(votes, people=names)
    table = boundaries.members

    def member(person: int, time: int) -> int | None:
        joined = [codes.teams[team] for team in table.teams_of(names[person], time)]
        return _most_worked(votes, person, time, among=joined) if joined else None

    code = {name: place for place, name in enumerate(names)}

    def entries(person: str) -> tuple[int, ...]:
        return tuple(code[one] for one in table.pseudonyms(person) if one in code)

    return Homes(votes, member, entries, names)


def _most_worked(  # noqa: PLR0917
    votes: Votes, person: int, time: int, *, among: Sequence[int]
) -> int:
    """Return the team of ``among`` whose services a person worked on most lately, ties by name."""
    times, teams = votes.get(person, ((), ()))
    first, last = bisect_left(times, time - TRAILING_SECONDS), bisect_left(times, time)
    counts = Counter(team for voted in teams[first:last] for team in voted)
    return min(among, key=lambda team: (-counts[team], team))


def _work(
    selected: Selected,
    rows: pd.DataFrame,
    *,
    people: pd.DataFrame,
    codes: _Codes,
    homes: Homes,
    owners: ServiceOwners,
) -> Work:
    """Number the selected sets in order and assemble the result."""
    kept = people.loc[np.unique(rows["set"].to_numpy())]
    kept = kept[(kept["time"] >= selected.since) & (kept["time"] < selected.until)]
    if kept.empty:
        raise HistoryError(
            f"no change between the dates of [window] touches a service: {selected.coverage_text()}"
        )
    kept = kept.sort_values(["time", "change_set"], kind="stable")
    number = pd.Series(np.arange(len(kept)), index=kept.index)
    rows = rows[rows["set"].isin(kept.index)]
    rows = rows.assign(set=rows["set"].map(number))
    owning = owner_codes(rows, owners=owners)
    rows = owning.rows
    rows = rows.assign(service_team=_service_teams(rows, owners=owners))
    paths, path_codes, entity_codes = _path_codes(rows, several=selected.several)
    rows = rows.assign(path=path_codes, entity=entity_codes)
    last = rows.groupby(["set", "path"])["row"].transform("max") == rows["row"]
    touched = rows.loc[last, TOUCHED.names].drop_duplicates()
    touched = touched.sort_values(["set", "path"], kind="stable")
    members = selected.changes[selected.changes["set"].isin(kept.index)]
    members = members.assign(set=members["set"].map(number))
    count = touched.groupby("set")["path"].nunique().to_numpy()
    sets = kept.reset_index(drop=True).assign(
        author_team=homes.teams_of(kept["author"].to_numpy(), kept["time"].to_numpy()),
        paths=count,
        huge=count > HUGE_PATHS,
    )
    return Work(
        sets=CHANGE_SETS.check(sets),
        rows=TOUCHED.check(touched),
        members=members[["set", "repository", "change", "position"]]
        .sort_values(["set", "repository", "position"], kind="stable")
        .reset_index(drop=True),
        paths=paths,
        services=tuple(codes.services),
        units=tuple(codes.units),
        teams=tuple(codes.teams),
        owners=owning.alternatives,
        rules=owning.rules,
        service_teams=owners.newest(),
        since=selected.since,
        until=selected.until,
        homes=homes,
        coverage=selected.coverage(touching=len(kept)),
    )


def _service_teams(rows: pd.DataFrame, *, owners: ServiceOwners) -> np.ndarray:
    """Return the team that owns each row's service as of its change (shape: rows)."""
    cells = rows[["repository", "service", "position", "committer_time"]]
    number, distinct = pd.factorize(pd.MultiIndex.from_frame(cells))
    found = [
        -1 if service < 0 else owners.team(str(repository), service, position=position, time=time)
        for repository, service, position, time in distinct
    ]
    return np.array(found, dtype=np.int64)[number]


def _path_codes(
    rows: pd.DataFrame, *, several: bool
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Code paths and today's paths together, in order of name."""
    prefix = rows["repository"] + ":" if several else ""
    both = pd.concat([prefix + rows["path"], prefix + rows["today"]], ignore_index=True)
    codes, names = pd.factorize(both, sort=True)
    return tuple(str(name) for name in names), codes[: len(rows)], codes[len(rows) :]
