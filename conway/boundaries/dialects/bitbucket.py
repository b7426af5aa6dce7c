r"""Bitbucket Cloud's ``.bitbucket/CODEOWNERS`` and ``.bitbucket/teams.yaml``.

In:  the two files of one commit.
Out: rules as GitHub's, with Bitbucket's owners: an e-mail address, ``@user``,
     ``@workspace/group`` and ``@teams/name``, the latter two perhaps with a selector
     (``:all``, ``:random(2)``, ``:least_busy(1)``).

A selector chooses reviewers among the group's members, so for who may approve it changes
nothing. The last rule that names a path counts. Patterns are gitignore's without ``!``,
``[ ]`` and a leading ``\#``. Source: "Set up and use code owners", support.atlassian.com.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conway.boundaries.codeowners import Rules, parse
from conway.boundaries.requirements import Dialect, Fault
from conway.boundaries.yaml_text import YamlTextError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCATION = ".bitbucket/CODEOWNERS"
TEAMS = (".bitbucket/teams.yaml", ".bitbucket/teams.yml")

_SELECTOR = re.compile(r":(?:all|random\(\d{1,4}\)|least_busy\(\d{1,4}\))\Z")
_GROUP = re.compile(r"@[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_PERSON = re.compile(r"@[A-Za-z0-9_.-]+|[^@\s\"<>/]+@[^@\s\"<>/]+\.[^@\s\"<>/]+")


def bitbucket_owner(word: str) -> str | None:
    """Return the owner that a word means, its selector left out; None if it is none.

    Examples
    --------
    >>> bitbucket_owner("@acme/web:random(2)"), bitbucket_owner("@someone:all")
    ('@acme/web', None)
    """
    plain = _SELECTOR.sub("", word)
    if _GROUP.fullmatch(plain):
        return plain
    return word if _PERSON.fullmatch(word) else None


def _read(files: Mapping[str, str]) -> Rules:
    rules = parse(files.get(LOCATION, ""), where=LOCATION, owner_of=bitbucket_owner)
    faults = tuple(fault for path in TEAMS if path in files for fault in _teams(path, files, rules))
    return Rules(rules.rules, rules.faults + faults, rules._index)  # noqa: SLF001


def _teams(path: str, files: Mapping[str, str], rules: Rules) -> list[Fault]:  # noqa: PLR0917
    """Say what is wrong with the table of teams, and which teams it lacks."""
    try:
        documents = read_yaml(files[path])
    except YamlTextError as fault:
        return [Fault(path, fault.line, fault.reason)]
    known = {name.lower() for table in documents if isinstance(table, dict) for name in table}
    return [
        Fault(LOCATION, rule.line, f"a team that {path} does not have; it is kept")
        for rule in rules.rules
        if any(
            owner.lower().startswith("@teams/") and owner.lower()[len("@teams/") :] not in known
            for owner in rule.owners
        )
    ]


BITBUCKET = Dialect("bitbucket", LOCATION, {LOCATION, *TEAMS}.__contains__, _read)
