"""A team that was renamed is one team.

In:  ``Work`` and the renames of its teams.
Out: the same work, every team under its last name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.homes import Homes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.boundaries.team_renames import Rename
    from conway.boundaries.work import Work


def last_names(renames: Sequence[Rename]) -> dict[str, str]:
    """Return for each former name of a team its last one.

    Examples
    --------
    >>> from conway.boundaries.team_renames import Rename
    >>> last_names([Rename(1, "a", "b"), Rename(2, "b", "c")])
    {'a': 'c', 'b': 'c'}
    """
    names: dict[str, str] = {}
    for rename in sorted(renames, reverse=True):
        last = names.get(rename.new, rename.new)
        if last != rename.old:
            names[rename.old] = last
    return dict(sorted(names.items()))


def under_last_names(work: Work, names: Mapping[str, str]) -> Work:
    """Return the work with every team under its last name; codes stay."""
    place = {name: code for code, name in enumerate(work.teams)}
    code = np.array([place.get(names.get(name, name), n) for n, name in enumerate(work.teams)])
    codes = np.append(code, -1).astype(np.int64)
    return replace(
        work,
        sets=work.sets.assign(author_team=codes[work.sets["author_team"].to_numpy()]),
        rows=work.rows.assign(service_team=codes[work.rows["service_team"].to_numpy()]),
        owners=tuple(tuple(sorted({int(codes[t]) for t in teams})) for teams in work.owners),
        service_teams=tuple(int(codes[team]) for team in work.service_teams),
        homes=_homes(work.homes, codes=codes),
    )


def _homes(homes: Homes, *, codes: np.ndarray) -> Homes:
    known = homes.members

    def member(person: int, time: int) -> int | None:
        team = None if known is None else known(person, time)
        return None if team is None else int(codes[team])

    renamed: dict[tuple[int, ...], tuple[int, ...]] = {}

    def called(teams: tuple[int, ...]) -> tuple[int, ...]:
        if teams not in renamed:
            renamed[teams] = tuple(sorted({int(codes[team]) for team in teams}))
        return renamed[teams]

    votes = {
        person: (times, [called(voted) for voted in teams])
        for person, (times, teams) in homes.votes.items()
    }
    return Homes(votes, None if known is None else member)
