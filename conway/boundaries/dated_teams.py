"""Which team owns a service, from a table: dated, or fixed in ``conway.toml``.

In:  a CSV file ``valid_from,service,team`` (an empty team: no owner), or ``[teams.owners]``.
Out: ``DatedTeams``, an ``Ownership`` whose versions are the table's dates.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from conway.boundaries.dated_rows import read_rows
from conway.boundaries.requirements import Requirement
from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

ALWAYS = -(2**62)
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class DatedTeams:
    """Teams by service, each from a time on.

    Attributes
    ----------
    owned
        By service: ``(since, teams)`` in order of time; several teams are alternatives.
    notes
        What a reader of the numbers should know.
    former
        A team's former name to the one that it has.
    """

    owned: Mapping[str, Sequence[tuple[int, frozenset[str]]]]
    notes: tuple[str, ...] = ()
    former: Mapping[str, str] = field(default_factory=dict)
    _dates: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Collect the dates on which anything changes."""
        dates = {since for steps in self.owned.values() for since, _ in steps}
        object.__setattr__(self, "_dates", tuple(sorted(dates)))

    @property
    def per_file(self) -> bool:
        """All files of a service have the same owners."""
        return False

    def version(self, repository: str, *, parent_position: int, time: int) -> int:  # noqa: ARG002
        """Return how many of the table's dates have come by ``time``."""
        return bisect_right(self._dates, time)

    def requirements(  # noqa: PLR0917
        self,
        repository: str,  # noqa: ARG002
        version: int,
        path: str,  # noqa: ARG002
        service: str | None,
    ) -> tuple[Requirement, ...]:
        """Return the one approval that a path needs: of a team of its service."""
        steps = self.owned.get(service, ()) if service is not None and version else ()
        if not steps:
            return ()
        place = bisect_right(steps, self._dates[version - 1], key=lambda step: step[0])
        teams = steps[place - 1][1] if place else frozenset()
        return (Requirement(teams),) if teams else ()

    def teams(self) -> tuple[str, ...]:
        """Return all teams that the table ever names, sorted."""
        every = (teams for steps in self.owned.values() for _, teams in steps)
        return tuple(sorted(frozenset().union(*every)))

    def called(self, text: str) -> str:
        """Return the text itself, or the newest name of a team that was called so."""
        return self.former.get(text, text)

    def renamed(self, newest: Mapping[str, str]) -> DatedTeams:
        """Return the same table with each former name (key) replaced by the newest."""
        owned = {
            service: [(since, frozenset(newest.get(t, t) for t in teams)) for since, teams in steps]
            for service, steps in self.owned.items()
        }
        return DatedTeams(owned, self.notes, newest)


def no_teams(reason: str) -> DatedTeams:
    """Return that nobody owns anything, and why."""
    return DatedTeams({}, (f"no teams: {reason}",))


def fixed_teams(
    owners: Mapping[str, Sequence[str]], *, services: Collection[str] | None
) -> DatedTeams:
    """Return the owners that ``[teams.owners]`` declares, for all time.

    Raises
    ------
    BoundariesError
        With every service that there is not.
    """
    services = owners.keys() if services is None else services
    faults = []
    for service in owners:
        if service not in services:
            near = get_close_matches(service, sorted(services), n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"services: {some(services)}"
            faults.append(f"[teams.owners] names '{visible(service)}', no service; {hint}")
    if faults:
        raise BoundariesError("\n".join(faults))
    unowned = sorted(set(services) - set(owners))
    notes = (f"{len(unowned)} services without owner in [teams.owners]",) if unowned else ()
    return DatedTeams(
        {service: [(ALWAYS, frozenset(teams))] for service, teams in owners.items()}, notes
    )


def read_dated_teams(
    path: Path, *, services: Collection[str] | None, mapping: Mapping[str, str]
) -> DatedTeams:
    """Read a table of services and their teams.

    Parameters
    ----------
    path
        CSV with ``valid_from,service,team``; an empty team means no owner. Of two rows with
        the same day and service the later counts.
    services
        The services of the history; others in the table are counted in a note. None:
        they are not known.
    mapping
        ``[teams.map]``: team in the table to the team it stands for.

    Raises
    ------
    BoundariesError
        If the table is wrong, names no team, or no service of the history.
    """
    where = visible(str(path))
    rows = read_rows(path, texts=("service", "team"), days={"valid_from": True})
    steps: dict[str, dict[int, str]] = {}
    faults, twice = [], 0
    for row in rows:
        service, team, since = row.cells["service"], row.cells["team"], row.days["valid_from"]
        if not service or since is None:
            faults.append(f"{where}: line {row.line} has no {'day' if service else 'service'}")
            continue
        twice += steps.setdefault(service, {}).get(since, team) != team
        steps[service][since] = team
    services = steps.keys() if services is None else services
    faults += [] if faults else _misfits(where, steps, services=services, mapping=mapping)
    if faults:
        raise BoundariesError("\n".join(faults))
    owned = {
        service: [
            (since, frozenset([mapping.get(team, team)] if team else []))
            for since, team in sorted(dated.items())
        ]
        for service, dated in sorted(steps.items())
        if service in services
    }
    return DatedTeams(owned, tuple(_notes(path.name, steps, services=services, twice=twice)))


def _misfits(
    where: str,
    steps: Mapping[str, Mapping[int, str]],
    *,
    services: Collection[str],
    mapping: Mapping[str, str],
) -> list[str]:
    """Say where the table and the history have nothing in common."""
    teams = {team for dated in steps.values() for team in dated.values() if team}
    faults = []
    if not teams:
        faults.append(f"{where}: names no team; a row reads 2025-01-31,{some(services, 1)},TEAM")
    elif not set(services) & set(steps):
        faults.append(
            f"{where}: names no service of the history (there: {some(steps)}; "
            f"services: {some(services)})"
        )
    unknown = sorted(set(mapping) - teams)
    if unknown:
        faults.append(
            f"[teams.map] names {', '.join(repr(team) for team in unknown)}, which {where} "
            f"does not name (there: {some(teams)})"
        )
    return faults


def _notes(
    name: str, steps: Mapping[str, object], *, services: Collection[str], twice: int
) -> Iterable[str]:
    absent = len(set(steps) - set(services))
    if absent:
        yield f"{absent} services of {name} are not in this history"
    unowned = len(set(services) - set(steps))
    if unowned:
        yield f"{unowned} services of this history are not in {name}"
    if twice:
        yield f"{twice} rows of {name} replace one of the same day and service"


def some(names: Iterable[str], count: int = _EXAMPLES) -> str:
    """Return the first few names for a message."""
    shown = sorted(names)
    more = ", ..." if len(shown) > count > 1 else ""
    return ", ".join(visible(name) for name in shown[:count]) + more
