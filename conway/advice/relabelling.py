"""Replay: apply moves to the recorded change sets and measure again.

In:  ``Work`` and moves, in order.
Out: the same change sets, relabelled.

Law, held by a test: measuring the replayed work equals measuring, change set by change
set, what the moved boundaries ask for, with the people's teams of the base (only moves that
say so change them).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.checking import check_moves
from conway.advice.dated import dates_of
from conway.advice.move import Author, Label
from conway.advice.settling import settle
from conway.errors import PlanError
from conway.tables import TOUCHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from conway.advice.move import Move
    from conway.boundaries.work import Work

_LABEL = ["path", "entity", "service", "unit", "service_team", "owners", "rule"]


def replay(work: Work, moves: Sequence[Move]) -> Work:
    """Return ``work`` as the moved boundaries would have labelled it.

    Parameters
    ----------
    work
        Labelled change sets.
    moves
        Applied in order.

    Raises
    ------
    PlanError
        If a move names a service, team or rule that there is not.
    """
    check_moves(work, moves)
    moves = settle(moves, work)
    number, labels = labels_of(work, dates=dates_of(moves))
    rows = work.rows
    for move in moves:
        labels = [move.relabel(label) for label in labels]
        kept = _kept(rows["set"].to_numpy(), number, labels=labels, move=move)
        rows, number = rows[kept], number[kept]
    moved = _relabelled(work, rows, number=number, labels=labels, moves=moves)
    return _rehomed(moved, moves) if any(move.moves_people for move in moves) else moved


def labels_of(
    work: Work, *, dates: Sequence[int] = (), seen: np.ndarray | None = None
) -> tuple[np.ndarray, list[Label]]:
    """Return the distinct labels of touched paths, and for each row the place of its own.

    Parameters
    ----------
    work
        Labelled change sets.
    dates
        Dates of moves; labels before and after one are told apart.
    seen
        In which rows paths are told apart (shape: rows); elsewhere one stands for all that
        are labelled alike. By default in all.
    """
    times = work.sets["time"].to_numpy()[work.rows["set"].to_numpy()] if dates else None
    since = 0 if times is None else _passed(times, dates)
    columns = work.rows[_LABEL].assign(since=since)
    if seen is not None:
        hidden = {name: np.where(seen, columns[name], -1) for name in ("path", "entity")}
        number, keys = distinct(columns.assign(**hidden))
    else:
        number, keys = distinct(columns)
    teams = work.teams
    owners = [frozenset(teams[t] for t in one) for one in work.owners]

    def name(names: tuple[str, ...], code: int) -> str:
        return names[code] if code >= 0 else ""

    return number, [
        Label(
            path=name(work.paths, path),
            today=name(work.paths, entity),
            service=name(work.services, service),
            unit=name(work.units, unit),
            team=name(teams, team),
            owners=owners[asked] if asked >= 0 else frozenset(),
            rule=name(work.rules, rule),
            since=since,
        )
        for path, entity, service, unit, team, asked, rule, since in keys
    ]


def distinct(columns: pd.DataFrame) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Return the number of each row's combination of values, and the combinations."""
    number = columns.groupby(list(columns.columns), sort=False).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    return number, list(columns.iloc[first].itertuples(index=False, name=None))


def _passed(times: np.ndarray, dates: Sequence[int]) -> np.ndarray:
    """Return the last date that each time has passed, 0 before all."""
    known = np.array([0, *dates], dtype=np.int64)
    found: np.ndarray = known[np.searchsorted(known[1:], times, side="right")]
    return found


def authors_of_sets(
    teams: tuple[str, ...], sets: pd.DataFrame, *, dates: Sequence[int] = ()
) -> list[Author]:
    """Return the author of each row of ``author, author_team, time``."""
    known = (0, *dates)
    columns = (sets[name].tolist() for name in ("author", "author_team", "time"))
    return [
        Author(person, teams[team] if team >= 0 else "", known[bisect_right(dates, time)])
        for person, team, time in zip(*columns, strict=True)
    ]


def _rehomed(work: Work, moves: Sequence[Move]) -> Work:
    """Return the work with the authors' teams after the moves."""
    code = {name: place for place, name in enumerate(work.teams)} | {"": -1}
    authors = authors_of_sets(work.teams, work.sets, dates=dates_of(moves))
    for move in moves:
        authors = [replace(author, team=move.rehome(author)) for author in authors]
    teams = np.array([code[author.team] for author in authors], dtype=np.int64)
    return replace(work, sets=work.sets.assign(author_team=teams))


def _kept(sets: np.ndarray, number: np.ndarray, *, labels: list[Label], move: Move) -> np.ndarray:
    """Return which rows a change set still touches after the move (shape: rows)."""
    kept = np.ones(len(sets), dtype=bool)
    if not move.releases:
        return kept
    bounds = np.flatnonzero(np.diff(sets, prepend=-1, append=-1))
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        gone = move.released([labels[place] for place in number[first:last].tolist()])
        kept[[first + place for place in sorted(gone)]] = False
    return kept


def _relabelled(
    work: Work,
    rows: pd.DataFrame,
    *,
    number: np.ndarray,
    labels: list[Label],
    moves: Sequence[Move],
) -> Work:
    """Code the labels again; codes of the base stay, new names come after them."""
    newest = _newest(work, moves)
    _check_teams(work, labels, moves=moves)
    made = [team for move in moves for team in move.names.new_teams]
    teams = _extended(work.teams, made)
    services = _extended(work.services, [*newest, *(label.service for label in labels)])
    units = _extended(work.units, [label.unit for label in labels])
    team = {name: code for code, name in enumerate(teams)} | {"": -1}
    asked = [tuple(sorted(team[name] for name in label.owners)) for label in labels]
    owners = work.owners + tuple(sorted({one for one in asked if one} - set(work.owners)))
    owner = {one: code for code, one in enumerate(owners)} | {(): -1}
    service = {name: code for code, name in enumerate(services)} | {"": -1}
    unit = {name: code for code, name in enumerate(units)} | {"": -1}
    columns = {
        "service": [service[label.service] for label in labels],
        "unit": [unit[label.unit] for label in labels],
        "service_team": [team[label.team] for label in labels],
        "owners": [owner[one] for one in asked],
    }
    coded = {name: np.array(codes, dtype=np.int64)[number] for name, codes in columns.items()}
    return replace(
        work,
        rows=TOUCHED.check(rows.assign(**coded)),
        services=services,
        units=units,
        teams=teams,
        owners=owners,
        service_teams=tuple(team[newest.get(name, "")] for name in services),
    )


def _check_teams(work: Work, labels: list[Label], *, moves: Sequence[Move]) -> None:
    """Refuse a team that a function made up.

    Raises
    ------
    PlanError
        If a label names a team that neither exists nor is declared as new.
    """
    known = {*work.teams, "", *(team for move in moves for team in move.names.new_teams)}
    strange = {team for label in labels for team in (label.team, *label.owners)} - known
    if strange:
        raise PlanError(
            f"a move gives paths to '{min(strange)}', which is no team; "
            "name it among the new teams of the move's needs"
        )


def _newest(work: Work, moves: Sequence[Move]) -> dict[str, str]:
    """Return the team that owns each service after the moves, empty where none does."""
    owner = {
        service: work.teams[team] if team >= 0 else ""
        for service, team in zip(work.services, work.service_teams, strict=True)
    }
    for move in moves:
        owner = move.owners_after(owner)
    return owner


def _extended(names: tuple[str, ...], used: list[str]) -> tuple[str, ...]:
    return names + tuple(sorted(set(used) - set(names) - {""}))


__all__ = ["authors_of_sets", "check_moves", "distinct", "labels_of", "replay"]
