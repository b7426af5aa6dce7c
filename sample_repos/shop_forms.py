"""The forms in which a change reaches the shop's mainline: merge, squash, direct commit.

Paths or written files, an author and a time go in; the history gains one change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_repos.contents import NOUNS, VERBS
from sample_repos.dice import Dice
from sample_repos.history import GITHUB, History, Person, Step
from sample_repos.shop_tables import SPAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sample_repos.crew import Crew, Member
    from sample_repos.shop_files import Files, Written

AGENT = Person("copilot-swe-agent[bot]", "198982749+Copilot@users.noreply.github.com")
ASSISTANTS = (
    "Co-authored-by: Claude <noreply@anthropic.com>",
    "Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>",
)


class Forms:
    """Writes changes into a history, each in the form that is thrown or asked for."""

    def __init__(self, history: History, *, files: Files, crew: Crew) -> None:
        self._history = history
        self._files = files
        self._crew = crew
        self._dice = Dice("shop forms")
        self._number = 0

    def change(self, paths: Sequence[str], author: Member, *, at: int, place: str) -> None:
        """Edit ``paths`` as a merge, a squash or a direct commit."""
        title = self.title(place)
        form = self._dice.weighted(("merge", "squash", "direct"), (45, 40, 15))
        if form == "merge":
            self.merge(self._steps(paths, author, at=at, place=place), author, at=at, title=title)
        elif form == "squash":
            self.squash(self._files.edit(paths), author, at=at, title=title)
        else:
            self.direct(self._files.edit(paths), author, at=at, title=title)

    def merge(
        self, steps: Sequence[Step], author: Member, *, at: int, title: str, branch: str = ""
    ) -> None:
        """Merge a branch that began some hours or days earlier."""
        name = branch or f"{author.nick}/" + "-".join(title.lower().split()[:2])
        self._history.merge(
            steps,
            message=f"Merge pull request #{self._next()} from shop/{name}\n\n{title}",
            merger=self._crew.signature(self._crew.mate(author, at), at),
            committer=GITHUB,
            at=at,
            started=at - self._dice.number(2, 110) * 3600,
        )

    def squash(self, written: Written, author: Member | Person, *, at: int, title: str) -> None:
        """Commit a pull request as one commit with its number."""
        text = f"{title} (#{self._next()})"
        if isinstance(author, Person):
            who = author
        elif SPAN.week(at) > 60 and self._dice.chance(0.1):  # an agent with its human
            person = self._crew.signature(author, at)
            who, text = AGENT, f"{text}\n\nCo-authored-by: {person.name} <{person.email}>"
        else:
            who, text = self._crew.signature(author, at), self._assisted(text, at)
        self._history.commit(written, message=text, author=who, committer=GITHUB, at=at)

    def direct(self, written: Written, author: Member, *, at: int, title: str) -> None:
        """Push one commit to the mainline."""
        text = self._assisted(title, at)
        self._history.commit(written, message=text, author=self._crew.signature(author, at), at=at)

    def title(self, place: str) -> str:
        """Return a made-up subject."""
        return f"{self._dice.pick(VERBS).capitalize()} {self._dice.pick(NOUNS)} in {place}"

    def _steps(self, paths: Sequence[str], author: Member, *, at: int, place: str) -> list[Step]:
        count = self._dice.number(1, 4)
        helper = author
        if count > 2 and self._dice.chance(0.25):
            helper = self._crew.mate(author, at)
        steps = []
        for number in range(count):
            part = paths[number::count] or [self._dice.pick(paths)]
            who = self._crew.signature(helper if number == 1 else author, at)
            message = self._assisted(self.title(place), at)
            steps.append(Step(self._files.edit(part), message, who))
        return steps

    def _assisted(self, message: str, at: int) -> str:
        """Add an assistant's trailer, more often as time goes on."""
        share = 0.05 + 0.3 * SPAN.week(at) / SPAN.weeks
        if not self._dice.chance(share):
            return message
        return f"{message}\n\n{self._dice.pick(ASSISTANTS)}"

    def _next(self) -> int:
        self._number += self._dice.number(1, 3)
        return self._number
