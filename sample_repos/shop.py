"""Builds the sample shop: the tables of ``shop_tables`` in, a git repository out.

The planted truth, in words and figures, is in ``shop_truth.toml``. The repaired shop holds
the same work by the same people at the same times within mended boundaries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_repos.crew import Crew
from sample_repos.dice import Dice
from sample_repos.history import History
from sample_repos.shop_events import Events, Job
from sample_repos.shop_files import BY_NAME, Files
from sample_repos.shop_forms import Forms
from sample_repos.shop_owners import declared_owner
from sample_repos.shop_tables import (
    ACROSS,
    DEPLOY,
    HOMES,
    MEMBERS,
    PRICES,
    SCHEMAS,
    SERVICES,
    SPAN,
    TOOLKIT,
    WITHIN,
    WORK,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def build_shop(path: str | Path, *, repaired: bool = False) -> Path:
    """Write the sample shop to ``path``.

    Parameters
    ----------
    path
        A new or empty directory.
    repaired
        Build the same work within mended boundaries.

    Returns
    -------
    Path
        The repository, its work tree checked out.
    """
    return shop(repaired=repaired).build(path)


def shop(*, repaired: bool = False) -> History:
    """Return the shop's history."""
    history = History(start=SPAN.start)
    files, crew = Files(own_price_list=repaired), Crew(MEMBERS, SPAN, dice=Dice("shop crew"))
    forms = Forms(history, files=files, crew=crew)
    events = Events(history, forms, files=files, crew=crew, repaired=repaired)
    events.begin()
    jobs = [*_Daily(forms, files=files, crew=crew).jobs(), *events.jobs()]
    last = SPAN.start + 9 * 3600
    for wished, act in sorted(jobs, key=lambda job: job[0]):
        last = max(wished, last + 600)
        act(last)
        last = max(last, history.last)
    return history


class _Daily:
    """The daily work that ``WORK`` lists."""

    def __init__(self, forms: Forms, *, files: Files, crew: Crew) -> None:
        self._files = files
        self._crew = crew
        self._forms = forms
        self._dice = Dice("shop work")

    def jobs(self) -> Iterator[Job]:
        """Yield every piece of work with its time."""
        for work in WORK:
            tied = PRICES if work.place == "checkout" else 0
            prices = self._dice.flags(work.changes, true=tied)
            deploys = self._dice.flags(work.changes, true=round(work.changes * DEPLOY))
            for number in range(work.changes):
                fraction = (number + self._dice.fraction()) / work.changes
                at = SPAN.workday(max(fraction, 0.002), dice=self._dice, since=work.since)
                yield at, self._job(work, prices=prices[number], deploy=deploys[number])

    def _job(self, work: Work, *, prices: bool, deploy: bool) -> Callable[[int], None]:
        def act(at: int) -> None:
            paths = self._files.choose(work.place, self._dice)
            places = [work.place, *self._beside(work, at, prices=prices)]
            for place in places[1:]:
                paths += self._files.choose(place, self._dice, most=2)
            paths += self._extra(work.place, deploy=deploy)
            if prices:
                paths.append(self._files.price_list)
                places.append("catalog")
            names = {place.partition("/")[0] for place in places}
            owners = tuple(sorted({declared_owner(name) for name in names}))
            author = self._crew.author(work.team, at, owners=owners)
            self._forms.change(sorted(set(paths)), author, at=at, place=work.place)

        return act

    def _beside(self, work: Work, at: int, *, prices: bool) -> list[str]:
        """Return another place that the change also touches, for ordinary reasons."""
        throw, own, here = self._dice.fraction(), HOMES[work.team], work.place.partition("/")[0]
        alive = {one.name for one in SERVICES if not one.born or SPAN.week(at) > one.born + 1}
        mine = [place for place in own if place != work.place and place.partition("/")[0] in alive]
        if prices:
            return []
        if work.place == "toolkit" and work.team != "platform":
            return [self._dice.pick(mine)] if throw < 0.6 else []
        if throw < WITHIN and mine:
            return [self._dice.pick(mine)]
        if WITHIN <= throw < WITHIN + ACROSS:
            near = {"toolkit", here, *(place.partition("/")[0] for place in own)}
            return [self._dice.pick([one.name for one in SERVICES if one.name in alive - near])]
        wanted = WITHIN + ACROSS <= throw < WITHIN + ACROSS + TOOLKIT
        return ["toolkit"] if wanted and work.team != "platform" else []

    def _extra(self, place: str, *, deploy: bool) -> list[str]:
        """Return deploy files and, in the catalog, sometimes a schema."""
        paths = []
        if place == "catalog" and self._dice.chance(0.25):
            paths.append(self._dice.pick(SCHEMAS))
        if deploy and BY_NAME[place.split("/", maxsplit=1)[0]].deploy:
            paths += self._files.deploy_files(place, self._dice)
        return paths
