"""Builds the sample bank: the tables of ``bank_tables`` in, six git repositories out.

The planted truth, in words and figures, is in ``bank_truth.toml``.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sample_repos.bank_repository import ORGANISATION, Repository
from sample_repos.bank_tables import (
    AGAIN,
    ALIKE,
    ALONE,
    GENERIC,
    JOINT,
    MEMBERS,
    MOVED,
    REORGANISED,
    REPOSITORIES,
    ROBOTS,
    SPAN,
)
from sample_repos.contents import NOUNS, VERBS
from sample_repos.crew import Crew
from sample_repos.dice import Dice
from sample_repos.history import Person
from sample_repos.span import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Job = tuple[int, Callable[..., None]]

DEPENDABOT = Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")


def build_bank(path: str | Path) -> list[Path]:
    """Write the six repositories of the sample bank into the folder ``path``.

    Returns
    -------
    list of Path
        The repositories in order of their names, their work trees checked out.
    """
    bank = Bank()
    bank.run()
    return [
        repository.history.build(Path(path) / name)
        for name, repository in sorted(bank.repositories.items())
    ]


def owner(repository: str, *, at: int) -> str:
    """Return the team that owns a repository at a time, as ``bank-teams.csv`` says."""
    name, _, later = MOVED
    if repository == name and SPAN.week(at) >= REORGANISED:
        return later
    return next(place.owner for place in REPOSITORIES if place.name == repository)


class Bank:
    """The plan of 65 weeks, carried out change by change."""

    def __init__(self) -> None:
        self.repositories = {
            place.name: Repository(place, start=SPAN.start) for place in REPOSITORIES
        }
        self._crew = Crew(MEMBERS, SPAN, dice=Dice("bank crew"))
        self._dice = Dice("bank work")
        self._serial = 0

    def run(self) -> None:
        """Carry out everything in order of time."""
        for number, (name, repository) in enumerate(self.repositories.items()):
            at = SPAN.start + 9 * 3600 + number * 600
            repository.begin(self.people(owner(name, at=at), (name,), at=at)[0], at=at)
        jobs = [*self._alone(), *self._joint(), *self._traps(), *self._robots()]
        last = SPAN.start + 12 * 3600
        for wished, act in sorted(jobs, key=lambda job: job[0]):
            last = max(wished, last + 60)
            act(at=last)

    def _alone(self) -> Iterator[Job]:
        for team, name, count in ALONE:
            for number in range(count):
                fraction = (number + self._dice.fraction()) / count
                at = SPAN.workday(max(fraction, 0.005), dice=self._dice)
                yield at, partial(self._change, team, name, form=self._dice.fraction())

    def _change(self, team: str, name: str, *, form: float, at: int) -> None:
        """Make an ordinary change: 70 % merges, the rest squashes, 30 % with a ticket."""
        now = MOVED[2] if name == MOVED[0] and SPAN.week(at) >= REORGANISED else team
        by = self.people(now, (name,), at=at)
        title = f"{self.ticket(name)} {self.title()}" if form < 0.3 else self.title()
        if form < 0.2 or form >= 0.9:
            self.repositories[name].squash(title, author=by[0], at=at)
        else:
            self.repositories[name].merge(title, self.branch(), by=by, at=at)

    def _joint(self) -> Iterator[Job]:
        for evidence, names, team, count in JOINT:
            farthest = 20 if evidence == "ticket" else 4  # days from one change to the next
            for number in range(count):
                fraction = (number + 0.2 + 0.6 * self._dice.fraction()) / count
                at = SPAN.workday(0.97 * max(fraction, 0.01), dice=self._dice)
                together = _Together(self, evidence, names=names, team=team)
                for name in names:
                    yield at, partial(together.change, name)
                    at += self._dice.number(1, farthest * 24) * 3600

    def _traps(self) -> Iterator[Job]:
        names = sorted(self.repositories)
        for number, branch in enumerate(GENERIC * 3):
            at = SPAN.morning(4 + 4 * number)
            for name in self._dice.some(names, 2):
                yield at, partial(self._merge, name, branch=branch)
        for number, branch in enumerate(AGAIN):
            for place, name in enumerate(self._dice.some(names, 2)):
                yield (
                    SPAN.morning(10 + 12 * number) + place * 40 * DAY,
                    partial(self._merge, name, branch=branch),
                )
        for number, title in enumerate(ALIKE):
            for name in self._dice.some(names, 3):
                yield SPAN.morning(15 + 14 * number), partial(self._squash, name, title=title)

    def _merge(self, name: str, *, branch: str, at: int) -> None:
        by = self.people(owner(name, at=at), (name,), at=at)
        self.repositories[name].merge(self.title(), branch, by=by, at=at)

    def _squash(self, name: str, *, title: str, at: int) -> None:
        by = self.people(owner(name, at=at), (name,), at=at)
        self.repositories[name].squash(title, author=by[0], at=at)

    def _robots(self) -> Iterator[Job]:
        packages = ("audit", "metrics", "timeseries")
        for number in range(ROBOTS):
            for place, name in enumerate(sorted(self.repositories)):
                act = partial(self._update, name, package=packages[number % len(packages)])
                yield SPAN.morning(3 + 5 * number) + place * 5400, act

    def _update(self, name: str, *, package: str, at: int) -> None:
        merger = self._crew.signature(self._crew.anyone(owner(name, at=at), at), at)
        self.repositories[name].update(package, robot=DEPENDABOT, merger=merger, at=at)

    def people(self, team: str, names: tuple[str, ...], *, at: int) -> tuple[Person, Person]:
        """Return who of a team writes a change of some repositories, and who merges it."""
        owners = tuple(sorted({owner(name, at=at) for name in names}))
        author = self._crew.author(team, at, owners=owners)
        merger = self._crew.mate(author, at)
        return self._crew.signature(author, at), self._crew.signature(merger, at)

    def title(self) -> str:
        """Return a made-up subject."""
        return f"{self._dice.pick(VERBS).capitalize()} {self._dice.pick(NOUNS)}"

    def branch(self) -> str:
        """Return a branch name that no other change has."""
        self._serial += 1
        return f"{self._dice.pick(VERBS)}-{self._dice.pick(NOUNS)}-{self._serial}"

    def ticket(self, name: str) -> str:
        """Return a ticket of a repository's project that no other change has."""
        self._serial += 1
        return f"{self.repositories[name].place.ticket}-{self._serial}"


class _Together:
    """One change across repositories: one person, and what shows that it is one."""

    def __init__(self, bank: Bank, evidence: str, *, names: tuple[str, ...], team: str) -> None:
        self._bank = bank
        self._evidence = evidence
        self._names = names
        self._team = team
        self._branch, self._ticket = bank.branch(), bank.ticket(names[0])
        self._title = bank.title()
        self._by: tuple[Person, Person] | None = None
        self._link = ""

    def change(self, name: str, at: int) -> None:
        """Write the part of the change in one repository."""
        if self._by is None:
            self._by = self._bank.people(self._team, self._names, at=at)
        repository, by, branch = self._bank.repositories[name], self._by, self._bank.branch()
        if self._evidence == "branch":
            repository.merge(self._title, self._branch, by=by, at=at)
        elif self._evidence == "link":
            body = f"\n\nDepends-On: {self._link}" if self._link else ""
            number = repository.merge(self._title, branch, by=by, at=at, body=body)
            self._link = f"{ORGANISATION}/{name}#{number}"
        elif name == self._names[0]:
            repository.squash(f"{self._ticket} {self._title}", author=by[0], at=at)
        else:
            title = f"{self._ticket} {self._title}"
            repository.merge(title, f"{self._ticket}-{branch}", by=by, at=at)
