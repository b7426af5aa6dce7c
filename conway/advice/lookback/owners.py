"""Who owned each service over time, to the day on which it was written.

In:  ``Work``, its history and boundaries.
Out: by service ``(since, team)`` in order of time, the empty name for no owner.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from conway.boundaries.dated_teams import ALWAYS, DatedTeams
from conway.boundaries.ownership import FileOwnership
from conway.boundaries.owning import ServiceOwners

if TYPE_CHECKING:
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.record import History

Steps = Sequence[tuple[int, str]]
Owned = Mapping[str, Steps]


def team_at(steps: Steps, time: int) -> str:
    """Return the owner as of a time, empty where there is none.

    Examples
    --------
    >>> team_at([(10, "web"), (20, "core")], 15)
    'web'
    """
    place = bisect_right(steps, time, key=lambda step: step[0])
    return steps[place - 1][1] if place else ""


def owners_over_time(
    work: Work, *, history: History, boundaries: Boundaries
) -> dict[str, list[tuple[int, str]]]:
    """Return the owners of each service of the work.

    Parameters
    ----------
    work
        Labelled change sets.
    history, boundaries
        What they were labelled from.
    """
    ownership = boundaries.ownership
    if isinstance(ownership, DatedTeams):
        found = {
            service: [
                (since, min(teams, default="")) for since, teams in ownership.owned.get(service, ())
            ]
            for service in work.services
        }
    else:
        found = _from_files(work, history=history, boundaries=boundaries)
    return {service: _distinct(steps) for service, steps in found.items()}


def _distinct(steps: Steps) -> list[tuple[int, str]]:
    """Leave out steps at which the owner stays the same."""
    kept: list[tuple[int, str]] = []
    for time, team in steps:
        if not kept or kept[-1][1] != team:
            kept.append((time, team))
    return kept


def _from_files(
    work: Work, *, history: History, boundaries: Boundaries
) -> dict[str, list[tuple[int, str]]]:
    """Return owners as touched files show them, dated by the versions of ownership files.

    The first owner seen is taken to have been there before.

    A service's owner is known at each change that touches it; between two changes with
    different owners the version is looked for at which the owner changed.
    """
    dates = _Versions(work, history=history, boundaries=boundaries)
    rows = work.rows[work.rows["service"] >= 0]
    rows = rows.assign(time=work.sets["time"].to_numpy()[rows["set"].to_numpy()])
    rows = rows.sort_values(["time", "set"], kind="stable")
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in work.services}
    for code, part in rows.groupby("service", sort=True):
        name = work.services[int(str(code))]
        seen = part[["time", "service_team"]].drop_duplicates()
        last: tuple[int, int] | None = None
        steps = [*seen.itertuples(index=False, name=None)]
        steps.append((work.until, work.service_teams[int(str(code))]))
        for time, team in steps:
            if last is None:
                found[name].append((ALWAYS, _name(work, team)))
            elif team != last[1]:
                since = dates.changed(int(str(code)), team, after=last[0], until=time)
                if last[1] < 0 and since <= last[0]:
                    since = found[name].pop()[0]  # the change that brings the first rules
                found[name].append((since, _name(work, team)))
            last = (time, team)
    return found


def _name(work: Work, team: int) -> str:
    return work.teams[team] if team >= 0 else ""


class _Versions:
    """When ownership files changed, and who owned what then."""

    def __init__(self, work: Work, *, history: History, boundaries: Boundaries) -> None:
        teams = {name: code for code, name in enumerate(work.teams)}
        services = {name: code for code, name in enumerate(work.services)}
        self._owners = ServiceOwners(history, boundaries, teams=teams, services=services)
        self._steps = versions_of(boundaries, history)
        self._home = _repository_of(work)

    def changed(self, service: int, team: int, *, after: int, until: int) -> int:
        """Return since when ``team`` is the owner, between two changes that tell owners."""
        repository = self._home.get(service, "")
        between = [
            (time, position)
            for time, name, position in self._steps
            if after <= time <= until and name == repository
        ]
        since = until
        for time, position in reversed(between):
            found = self._owners.team(repository, service, position=position + 1, time=time)
            if found != team:
                break
            since = time
        return since


def versions_of(boundaries: Boundaries, history: History) -> list[tuple[int, str, int]]:
    """Return time, repository and position of each version of ownership files."""
    ownership = boundaries.ownership
    if not isinstance(ownership, FileOwnership):
        return []
    times = history.changes.set_index(["repository", "position"])["committer_time"].to_dict()
    return sorted(
        (int(times.get((repository, position), 0)), repository, position)
        for repository, held in ownership.versions.items()
        for position in held.positions
    )


def _repository_of(work: Work) -> dict[int, str]:
    """Return the repository that most changes of a service are in."""
    rows = work.rows.loc[work.rows["service"] >= 0, ["set", "service"]].drop_duplicates()
    pairs = rows.merge(work.members[["set", "repository"]], on="set")
    counts = pairs.groupby(["service", "repository"], as_index=False).size()
    counts = counts.sort_values(["service", "size", "repository"], ascending=[True, False, True])
    first = counts.drop_duplicates("service")
    return dict(zip(first["service"].tolist(), first["repository"].tolist(), strict=True))
