"""Which services changed hands, when, and whether that was a reorganisation.

In:  by service its owners in order of time, and what a person wrote down.
Out: ``Found``: events in order of time, and what was set apart.

A transfer is set apart, and not measured as a move, where

- the team only got another name (``conway.boundaries.team_renames``);
- the owner held the service for less than four weeks: an edit of the file that was taken back
  or corrected;
- a service got its first owner, or lost its last one;
- a team is gone, and went as a whole (80 % of its services or more) to one other team, which
  is its kind ``en_bloc``; it is measured, but stays out of the pooled effect.

Where a team is gone and its services went to several teams the kind is ``split``, where it
lives on, ``move``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from conway.advice.lookback.options import DAY
from conway.advice.lookback.owners import Owned, team_at
from conway.boundaries.dated_teams import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.advice.lookback.options import LookBackOptions
    from conway.boundaries.reorganisations import Reorganisation

Kind = Literal["move", "split", "en_bloc"]


@dataclass(frozen=True, slots=True, order=True)
class Transfer:
    """From ``time`` on ``service`` belongs to ``after`` and no longer to ``before``."""

    time: int
    service: str
    before: str
    after: str

    def __str__(self) -> str:
        """Say it in a phrase."""
        return f"{self.service}: {self.before or 'no owner'} to {self.after or 'no owner'}"


@dataclass(frozen=True, slots=True)
class Event:
    """Transfers of one kind on one day."""

    time: int
    kind: Kind
    moves: tuple[Transfer, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What dated boundaries and the table of reorganisations show.

    Attributes
    ----------
    events
        In order of time.
    owned
        By service the owners in order of time, without passing ones.
    passing, first_owners, lost_owners
        How many transfers were set apart, and why.
    """

    events: tuple[Event, ...]
    owned: Owned
    passing: int = 0
    first_owners: int = 0
    lost_owners: int = 0


@dataclass
class _Settling:
    """Steps of all services without passing owners."""

    owned: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    passing: int = 0


def find_events(
    owned: Owned,
    *,
    written: Sequence[Reorganisation] = (),
    window: tuple[int, int],
    options: LookBackOptions,
) -> Found:
    """Return the events of a window.

    Parameters
    ----------
    owned
        By service the owners in order of time.
    written
        Reorganisations that a person wrote down; where one names a transfer that the owners
        show within four weeks of it, its date and name count.
    window
        ``since <= time < until``; what happened elsewhere cannot be measured.
    options
        Thresholds.
    """
    settled = _settled(owned, options=options, window=window)
    dated, names = _with_written(settled.owned, written, options=options)
    transfers = [one for one in _transfers(dated) if window[0] <= one.time < window[1]]
    moved = [one for one in transfers if one.before and one.after]
    grouped: dict[tuple[int, str, str], list[Transfer]] = {}
    for one in moved:
        kind = _kind(one, dated, moved=moved, options=options)
        name = names.get((one.time, one.service), "")
        grouped.setdefault((one.time // DAY, kind, name), []).append(one)
    events = [
        Event(min(one.time for one in several), kind, tuple(sorted(several)), name)  # type: ignore[arg-type]
        for (_, kind, name), several in grouped.items()
    ]
    return Found(
        events=tuple(sorted(events, key=lambda one: (one.time, one.kind, one.name))),
        owned=dated,
        passing=settled.passing,
        first_owners=sum(1 for one in transfers if not one.before),
        lost_owners=sum(1 for one in transfers if not one.after),
    )


def _settled(owned: Owned, *, options: LookBackOptions, window: tuple[int, int]) -> _Settling:
    """Leave out owners that held a service for a few weeks only."""
    result = _Settling()
    for service, steps in owned.items():
        kept: list[tuple[int, str]] = []
        for time, team in steps:
            if len(kept) > 1 and time - kept[-1][0] < options.settled:
                result.passing += window[0] <= kept[-1][0] < window[1]
                kept.pop()
            if not kept or kept[-1][1] != team:
                kept.append((time, team))
        result.owned[service] = kept
    return result


def _with_written(
    owned: Mapping[str, Sequence[tuple[int, str]]],
    written: Sequence[Reorganisation],
    *,
    options: LookBackOptions,
) -> tuple[dict[str, list[tuple[int, str]]], dict[tuple[int, str], str]]:
    """Add what a person wrote down; the person's day goes before the file's."""
    result = {service: list(steps) for service, steps in owned.items()}
    names: dict[tuple[int, str], str] = {}
    for one in sorted(written):
        steps = result.setdefault(one.service, [])
        before = one.before or team_at(steps, one.time - 1)
        near = [s for s in steps if s[1] == one.team and abs(s[0] - one.time) < options.settled]
        steps = [step for step in steps if step not in near]
        if before and team_at(steps, one.time - 1) != before:
            steps = [*steps, (one.time - 1, before)]
        result[one.service] = sorted([*steps, (one.time, one.team)])
        names[one.time, one.service] = one.name
    return result, names


def _transfers(owned: Owned) -> list[Transfer]:
    """Return every change of an owner in order of time."""
    return sorted(
        Transfer(time, service, before, after)
        for service, steps in owned.items()
        for (_, before), (time, after) in pairwise([(ALWAYS, ""), *steps])
        if before != after and time != ALWAYS
    )


def _kind(
    one: Transfer, owned: Owned, *, moved: Sequence[Transfer], options: LookBackOptions
) -> Kind:
    """Tell a move from a team that went as a whole, and from one that was split up."""
    held = sum(team_at(steps, one.time - 1) == one.before for steps in owned.values())
    same_day = [
        other
        for other in moved
        if other.before == one.before and other.time // DAY == one.time // DAY
    ]
    if not _is_gone(one, owned, options=options):
        return "move"
    together = Counter(other.after for other in same_day)[one.after]
    return "en_bloc" if together >= options.en_bloc * max(held, len(same_day)) else "split"


def _is_gone(one: Transfer, owned: Owned, *, options: LookBackOptions) -> bool:
    """Whether the team owns nothing four weeks after it gave a service away."""
    later = one.time + options.settled
    return not any(team_at(steps, later) == one.before for steps in owned.values())
