"""Which teams one change needs, before it is merged.

In:  a repository, ``BASE..HEAD``, and what ``conway.toml`` says of teams.
Out: ``ChangeCheck``: the fewest teams that can approve it, and its files by rule.

The rules are those of the commit at which the branch left its base: a change cannot
approve itself. Several owners on one rule are alternatives, several files add up, so the
fewest teams are a minimum hitting set that holds the author's team where that is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conway import __version__
from conway.boundaries.approvers import hitting_sets
from conway.boundaries.dialects.places import CODEOWNERS, dialect_for, source_name
from conway.boundaries.requirements import Requirement
from conway.boundaries.team_names import team_names
from conway.display import visible
from conway.errors import BoundariesError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from conway.config import TeamsTable
    from conway.mining.changed_paths import Changed

Approvals = Callable[[str], tuple[Requirement, ...]]
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The files of a change that one rule asks approval for."""

    rule: str
    teams: tuple[str, ...]
    paths: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as ``check.json`` holds it."""
        return {"rule": self.rule, "teams": list(self.teams), "paths": list(self.paths)}


@dataclass(frozen=True, slots=True)
class ChangeCheck:
    """Which teams one change needs.

    Attributes
    ----------
    changed
        The commits compared, and the paths.
    needed
        All smallest sets of teams, each by name.
    rules
        Who is asked by which rule for which files; most files first.
    unowned
        Paths that nobody must approve.
    team
        The author's team, where it was given.
    most
        The most teams that it may need, where there is a limit.
    """

    changed: Changed
    needed: tuple[tuple[str, ...], ...]
    rules: tuple[RuleFiles, ...]
    unowned: tuple[str, ...] = ()
    team: str | None = None
    most: int | None = None
    schema: str = field(default="conway.check/1", init=False)

    @property
    def teams(self) -> int:
        """How many teams it needs, the author's included where it is known."""
        return len(self.needed[0])

    @property
    def is_broken(self) -> bool:
        """Whether it needs more teams than it may."""
        return self.most is not None and self.teams > self.most

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``check.json``."""
        return {
            "schema": self.schema,
            "version": __version__,
            "change": {
                "repository": self.changed.repository,
                "base": self.changed.base,
                "head": self.changed.head,
                "paths": len(self.changed.paths),
            },
            "author_team": self.team,
            "teams": self.teams,
            "max_teams": self.most,
            "needed": [list(teams) for teams in self.needed],
            "rules": [rule.to_json() for rule in self.rules],
            "unowned": list(self.unowned),
            "broken": int(self.is_broken),
            "unknown": 0,
        }

    def explain(self) -> str:
        """Say which teams it needs and for which files."""
        first, *others = (", ".join(map(visible, teams)) for teams in self.needed)
        lines = [f"{len(self.changed.paths)} files need {_teams(self.teams)}: {first or 'nobody'}"]
        if others:
            lines.append(f"or instead: {'; or '.join(others[:_SHOWN])}")
        for rule in self.rules:
            lines.append(f"{visible(rule.rule)}  {' or '.join(map(visible, rule.teams))}")
            lines += _some(rule.paths)
        if self.unowned:
            lines += ["no owner", *_some(self.unowned)]
        if self.is_broken:
            lines.append(f"broken: {_teams(self.teams)}, the limit is {self.most}")
        return "\n".join(lines)


def _teams(number: int) -> str:
    return "1 team" if number == 1 else f"{number} teams"


def _some(paths: Sequence[str]) -> list[str]:
    left = len(paths) - _SHOWN
    more = [f"  and {left} more"] if left > 0 else []
    return [*(f"  {visible(path)}" for path in paths[:_SHOWN]), *more]


def check_change(
    changed: Changed, approvals: Approvals, *, team: str | None = None, most: int | None = None
) -> ChangeCheck:
    """Find the teams that a change needs.

    Parameters
    ----------
    changed
        What it changes.
    approvals
        The approvals that a path needs, as of its base.
    team
        The author's team, which then counts as one of them.
    most
        The most teams that it may need.
    """
    asked = {path: approvals(path) for path in changed.paths}
    names = {name for needs in asked.values() for need in needs for name in need.teams}
    teams = sorted(names | ({team} if team else set()))
    code = {name: number for number, name in enumerate(teams)}
    needs = frozenset(
        frozenset(code[name] for name in need.teams) for all_ in asked.values() for need in all_
    )
    found = hitting_sets(needs, holding=code[team] if team else None)
    return ChangeCheck(
        changed=changed,
        needed=tuple(tuple(teams[one] for one in sorted(chosen)) for chosen in found),
        rules=_by_rule(asked),
        unowned=tuple(path for path, needs in asked.items() if not needs),
        team=team,
        most=most,
    )


def _by_rule(asked: Mapping[str, tuple[Requirement, ...]]) -> tuple[RuleFiles, ...]:
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for path, needs in asked.items():
        for need in needs:
            key = (need.rule or "owner of the service", tuple(sorted(need.teams)))
            grouped.setdefault(key, []).append(path)
    found = [RuleFiles(rule, teams, tuple(paths)) for (rule, teams), paths in grouped.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.paths), one.rule, one.teams)))


def file_approvals(repository: str | os.PathLike[str], *, at: str, teams: TeamsTable) -> Approvals:
    """Return who approves by the ownership files of a repository at a commit.

    Raises
    ------
    BoundariesError
        If ``[teams]`` names a table or owners of services instead of such files.
    """
    from conway.mining.ownership_files import read_at

    source = CODEOWNERS if teams.source is None else source_name(teams.source)
    if teams.owners or source is None:
        raise BoundariesError(
            "[teams] gives owners by service; a change is checked by ownership files in the "
            "repository (CODEOWNERS, OWNERS, MAINTAINERS): name them as [teams] source"
        )
    files = read_at(repository, at=at)
    dialect = dialect_for(source, files, named=teams.dialect)
    rules = dialect.read({path: text for path, text in files.items() if dialect.holds(path)})
    owners = [owner for named in rules.patterns.values() for owner in named]
    names = team_names(owners, mapping={})
    meant = {names.called(owner): team for owner, team in teams.map.items()}

    def approvals(path: str) -> tuple[Requirement, ...]:
        return tuple(
            Requirement(
                frozenset(meant.get(names.of(owner), names.of(owner)) for owner in one.owners),
                one.rule,
            )
            for one in rules.demands(path)
        )

    return approvals
