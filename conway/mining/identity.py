"""Who wrote a commit: a person, a robot, an AI agent on somebody's behalf, or unknown.

In:  parsed commits and messages, the mailmap, and a key.
Out: ``Authorship`` with pseudonyms only; names stay in ``Identities.people``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.mining.agents import is_agent, is_robot

if TYPE_CHECKING:
    from conway.mining.commits import Commit, Signature
    from conway.mining.mailmap import Mailmap
    from conway.mining.messages import Message
    from conway.mining.pseudonyms import Pseudonyms

Who = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who wrote one commit.

    Attributes
    ----------
    author
        Pseudonym; None where nobody is known.
    robot
        Whether its author is a robot.
    ai
        Whether an AI agent wrote or co-wrote it.
    """

    author: str | None
    robot: bool
    ai: bool


@dataclass(slots=True)
class Identities:
    """Gives authors their pseudonyms and remembers whose they are.

    Attributes
    ----------
    people
        Pseudonym of each name and address seen.
    """

    mailmap: Mailmap
    pseudonyms: Pseudonyms
    people: dict[Who, str] = field(default_factory=dict)

    def authorship(self, commit: Commit, message: Message) -> Authorship:
        """Return who wrote a commit; behind an AI agent it is the first human co-author."""
        author = commit.author
        if not author.name and not author.email:
            return Authorship(None, robot=False, ai=message.ai)
        proper = self._proper(author)
        if is_agent(author.name, author.email) or is_agent(*proper):
            return Authorship(self._human(message), robot=False, ai=True)
        robot = is_robot(author.name, author.email) or is_robot(*proper)
        return Authorship(self._person((author.name, author.email)), robot=robot, ai=message.ai)

    def _proper(self, signature: Signature) -> Who:
        return self.mailmap.proper(signature.name, signature.email)

    def _human(self, message: Message) -> str | None:
        for who in message.co_authors:
            if not is_agent(*who) and not is_robot(*who):
                return self._person(who)
        return None

    def _person(self, who: Who) -> str:
        known = self.people.get(who)
        if known is None:
            known = self.pseudonyms.of(*self.mailmap.proper(*who))
            self.people[who] = known
        return known
