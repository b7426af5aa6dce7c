"""The headline under other choices than those made: whether it is one of the data or of a setting.

In:  a ``History``, its ``Boundaries``, and the labelled ``Work`` of the choices made.
Out: one row per choice: the autonomy and the streams that it would give.

    unit of change    mainline steps, or all changes of a ticket as one
    linkage gap       3, 7 or 14 days between changes that carry one name
    approvals         any owner on a line may approve, or every one of them must
    authors' teams    declared, or inferred from where people worked
    huge changes      counted, or left out

All rows use the same window, labels and resampled weeks. A choice that makes no difference
here, or that this history cannot make, is a row with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from conway.assessment.regrouping import regrouped
from conway.boundaries.homes import Homes
from conway.delivery.autonomy import Autonomy, measure_autonomy
from conway.delivery.footprints import find_footprints
from conway.delivery.parallelism import Coupled, Parallelism, measure_parallelism
from conway.delivery.weeks import Resampling
from conway.history.change_sets import GAP_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.change_sets import Unit
    from conway.history.record import History

GAPS = (3, 7, 14)
ONE_REPOSITORY = "one repository: there are no changes elsewhere to link"


@dataclass(frozen=True, slots=True)
class Scenario:
    """The headline under one choice.

    Attributes
    ----------
    choice, setting
        What was chosen otherwise, and how.
    chosen
        Whether this is how the assessment was made.
    counted
        Change sets that count.
    autonomy, teams
        Its headline.
    """

    choice: str
    setting: str
    chosen: bool
    counted: int
    autonomy: Autonomy
    teams: Parallelism

    @classmethod
    def unknown(cls, choice: str, setting: str, *, reason: str) -> Scenario:
        """Return a choice that cannot be made here, or makes no difference."""
        nothing = Autonomy.unknown(reason), Parallelism.unknown(reason)
        return cls(choice, setting, False, 0, *nothing)  # noqa: FBT003


def measure_scenarios(
    history: History, boundaries: Boundaries, *, work: Work, seed: int
) -> tuple[Scenario, ...]:
    """Measure the headline under each choice.

    Parameters
    ----------
    history, boundaries
        What the assessment was made from.
    work
        Its labelled change sets.
    seed
        Seed of the resampled weeks.
    """
    if not work.teams:
        return ()
    headline = _Headline(work, Resampling.of(work.week_count, seed=seed))
    return (
        headline.of(work, choice="as measured", chosen=True),
        *_units(history, boundaries, headline=headline),
        *_gaps(history, boundaries, headline=headline),
        _approvals(headline),
        _homes(headline),
        _without_huge(headline),
    )


@dataclass(frozen=True, eq=False)
class _Headline:
    """Measures the headline over one window."""

    work: Work
    resampling: Resampling

    def of(self, work: Work, *, choice: str, setting: str = "", chosen: bool = False) -> Scenario:
        """Measure work of the same window."""
        prints = find_footprints(work)
        weeks, count = work.weeks[prints.sets], work.week_count
        nothing = None if len(weeks) else "no change set counts"
        pairs = Coupled.of_teams(prints, teams=len(work.teams)).pairs(weeks, count=count)
        return Scenario(
            choice,
            setting,
            chosen,
            len(weeks),
            measure_autonomy(prints, weeks, count=count, resampling=self.resampling),
            measure_parallelism(pairs, resampling=self.resampling, nothing=nothing),
        )


def _units(history: History, boundaries: Boundaries, *, headline: _Headline) -> Iterator[Scenario]:
    """Take the other unit of change."""
    selection = boundaries.selection
    other: Unit = "mainline" if selection.unit == "ticket" else "ticket"
    if not (history.change_links["kind"] == "ticket").any():
        yield Scenario.unknown("unit of change", other, reason="no change names a ticket")
        return
    other_work = regrouped(history, headline.work, unit=other)
    yield headline.of(other_work, choice="unit of change", setting=other)


def _gaps(history: History, boundaries: Boundaries, *, headline: _Headline) -> Iterator[Scenario]:
    """Link changes of several repositories within fewer days."""
    unit = boundaries.selection.unit
    for days in GAPS:
        setting = f"{days} days"
        if history.changes["repository"].nunique() < 2:  # noqa: PLR2004 - a pair
            yield Scenario.unknown("linkage gap", setting, reason=ONE_REPOSITORY)
        elif days == GAP_DAYS:
            yield headline.of(headline.work, choice="linkage gap", setting=setting, chosen=True)
        else:
            other = regrouped(history, headline.work, unit=unit, gap_days=days)
            yield headline.of(other, choice="linkage gap", setting=setting)


def _approvals(headline: _Headline) -> Scenario:
    """Ask every owner on a line instead of any."""
    setting = "every owner on a line"
    if all(len(teams) == 1 for teams in headline.work.owners):
        return Scenario.unknown("approvals", setting, reason="no line names two owners")
    return headline.of(every_owner(headline.work), choice="approvals", setting=setting)


def every_owner(work: Work) -> Work:
    """Return work in which each owner of a path must approve, not any one of them."""
    rows, owners = work.rows, work.owners
    codes = rows["owners"].to_numpy()
    owned = codes >= 0
    sizes = np.ones(len(rows), dtype=np.int64)
    sizes[owned] = np.array([len(teams) for teams in owners], dtype=np.int64)[codes[owned]]
    place = np.repeat(np.arange(len(rows)), sizes)
    within = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    starts = np.cumsum([0, *(len(teams) for teams in owners)])
    every = np.array([team for teams in owners for team in teams], dtype=np.int64)
    repeated = codes[place]
    team = np.where(repeated >= 0, every[(starts[repeated] + within) * (repeated >= 0)], -1)
    exploded = rows.iloc[place].assign(owners=team).reset_index(drop=True)
    return replace(work, rows=exploded, owners=tuple((one,) for one in range(len(work.teams))))


def _homes(headline: _Headline) -> Scenario:
    """Infer authors' teams although they are declared."""
    work = headline.work
    if work.homes.members is None:
        reason = "no memberships are given: authors' teams can only be inferred"
        return Scenario.unknown("authors' teams", "declared", reason=reason)
    return headline.of(with_inferred_teams(work), choice="authors' teams", setting="inferred")


def with_inferred_teams(work: Work) -> Work:
    """Return work whose authors' teams are inferred from where they worked."""
    homes = Homes(work.homes.votes, people=work.homes.people)
    people, times = (work.sets[name].to_numpy() for name in ("author", "time"))
    sets = work.sets.assign(author_team=homes.teams_of(people, times))
    return replace(work, sets=sets, homes=homes)


def _without_huge(headline: _Headline) -> Scenario:
    """Leave out change sets of more than 30 files."""
    huge = headline.work.sets["huge"].to_numpy()
    setting = "more than 30 files left out"
    if not huge.any():
        reason = "no change set has more than 30 files"
        return Scenario.unknown("huge changes", setting, reason=reason)
    return headline.of(headline.work.keep(~huge), choice="huge changes", setting=setting)
