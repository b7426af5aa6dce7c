"""What teams are called in results: never by a person's name.

In:  owners as an ownership file writes them, in the order of their first appearance.
Out: a team for each. ``@org/team`` is ``team`` where all teams share one organisation,
     else ``org/team``; a bare name is a group's; a person is ``individual owner N`` unless
     ``[teams.map]`` says more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, eq=False)
class TeamNames:
    """The team of each owner.

    Attributes
    ----------
    names
        Team by owner as written, in lower case: GitHub's handles ignore case.
    individuals
        How many owners are persons without a team.
    former
        A team's former name to the one that it has.
    """

    names: Mapping[str, str]
    individuals: int = 0
    former: Mapping[str, str] = field(default_factory=dict)
    _spelt: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Learn each way to write a team."""
        for owner, team in self.names.items():
            for spelling in (team.lower(), *_spellings(owner)):
                self._spelt.setdefault(spelling, team)
        for name, team in self.former.items():
            self._spelt.setdefault(name.lower(), team)

    def renamed(self, newest: Mapping[str, str]) -> TeamNames:
        """Return the same owners with each former name (key) of a team replaced by the newest."""
        names = {owner: newest.get(team, team) for owner, team in self.names.items()}
        return TeamNames(names, self.individuals, newest)

    def of(self, owner: str) -> str:
        """Return the team of an owner of the ownership file."""
        return self.names[owner.lower()]

    def called(self, text: str) -> str:
        """Return the team that a person's file means by ``text``, else ``text`` itself."""
        return self._spelt.get(text.lower(), text)


def team_names(owners: Sequence[str], *, mapping: Mapping[str, str]) -> TeamNames:
    """Name the teams of all owners.

    Parameters
    ----------
    owners
        As written, in order of first appearance.
    mapping
        ``[teams.map]``: owner, with or without ``@`` and organisation, to team.

    Raises
    ------
    BoundariesError
        If the mapping names an owner that there is not.

    Examples
    --------
    >>> teams = team_names(["@acme/web", "@octocat", "@acme/ops"], mapping={})
    >>> teams.of("@acme/web"), teams.of("@octocat")
    ('web', 'individual owner 1')
    """
    wanted = {owner.lower(): team for owner, team in mapping.items()}
    used: set[str] = set()
    names: dict[str, str] = {}
    organisations = {org.lower() for owner in owners if (org := _organisation(owner))}
    individuals = 0
    for owner in owners:
        if owner.lower() in names:
            continue
        key = next((spelling for spelling in _spellings(owner) if spelling in wanted), None)
        if key is not None:
            used.add(key)
            names[owner.lower()] = wanted[key]
        elif _organisation(owner):
            whole = owner.removeprefix("@")
            names[owner.lower()] = whole if len(organisations) > 1 else whole.partition("/")[2]
        elif "@" not in owner:
            names[owner.lower()] = owner
        else:
            individuals += 1
            names[owner.lower()] = f"individual owner {individuals}"
    unused = sorted(set(wanted) - used)
    if unused:
        raise BoundariesError(
            f"[teams.map] names {', '.join(repr(owner) for owner in unused)}, which no "
            "ownership file names; write an owner as it stands there, such as '@org/team'"
        )
    return TeamNames(names, individuals)


def _organisation(owner: str) -> str:
    """Return the organisation of ``@org/team``, empty for a person."""
    return owner[1:].partition("/")[0] if owner.startswith("@") and "/" in owner else ""


def _spellings(owner: str) -> tuple[str, ...]:
    """Return how a person's file may write ``owner``: whole, without ``@``, the team alone."""
    owner = owner.lower()
    if not owner.startswith("@"):
        return (owner,)
    return (owner, owner[1:], owner.rpartition("/")[2]) if "/" in owner else (owner, owner[1:])
