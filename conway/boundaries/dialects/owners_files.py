"""Kubernetes' OWNERS files: who may approve in a folder and below.

In:  every ``OWNERS`` of one commit and the root's ``OWNERS_ALIASES``.
Out: ``OwnersRules``: for a path one demand, any approver of its folder or a folder above.

``options.no_parent_owners`` cuts off what stands above; ``filters`` hold for the paths,
relative to their file, in which their Go expression finds something; ``reviewers`` and
``emeritus_approvers`` may not approve. An alias is a team, a login a person; both ignore
case. Source: "OWNERS Files", kubernetes/community, contributors/guide/owners.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from conway.boundaries.linear_regex import RegexSet, is_regex
from conway.boundaries.requirements import Demand, Dialect, Fault
from conway.boundaries.yaml_text import Table, YamlTextError, read_yaml, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME, ALIASES = "OWNERS", "OWNERS_ALIASES"
_SIMPLE = ("approvers", "reviewers", "required_reviewers", "labels", "emeritus_approvers")
_KEYS = (*_SIMPLE, "options", "filters", "security_contacts", "emeritus_reviewers")


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """One file: approvers of each filter ("" for the whole folder).

    Attributes
    ----------
    approvers
        ``(expression, logins and aliases in lower case)``.
    no_parent_owners
        Whether what stands above is cut off.
    faults
        ``(line, reason)`` of what is not read.
    """

    approvers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    no_parent_owners: bool = False
    faults: tuple[tuple[int, str], ...] = ()

    def approving(self, relative: str) -> tuple[str, ...]:
        """Return who may approve a path relative to the file's folder."""
        filters = RegexSet(tuple(expression for expression, _ in self.approvers if expression))
        hits = {filters.expressions[number] for number in filters.found_in(relative)}
        return tuple(
            name
            for expression, names in self.approvers
            if not expression or expression in hits
            for name in names
        )


@lru_cache(maxsize=65536)
def parse(text: str) -> OwnersFile:
    r"""Read one file.

    Examples
    --------
    >>> parse("approvers:\n- Alice\n- sig-foo\noptions:\n  no_parent_owners: true\n")
    OwnersFile(approvers=(('', ('alice', 'sig-foo')),), no_parent_owners=True, faults=())
    """
    try:
        documents = read_yaml(text)
    except YamlTextError as fault:
        return OwnersFile(faults=((fault.line, fault.reason),))
    if not documents or documents == [""]:
        return OwnersFile()
    table = documents[0]
    if not isinstance(table, Table):
        return OwnersFile(faults=((1, "is not a table of keys such as approvers"),))
    faults = [
        (table.lines[key], f"an unknown key; valid: {', '.join(_KEYS)}")
        for key in table
        if key not in _KEYS
    ]
    options = table.get("options")
    cut = isinstance(options, Table) and str(options.get("no_parent_owners")).lower() == "true"
    filters = table.get("filters")
    if filters is None:
        return OwnersFile((("", _names(table)),), cut, tuple(faults))
    faults += [
        (table.lines[key], f"'{key}' beside 'filters'; put it under the filter '.*'")
        for key in _SIMPLE
        if key in table
    ]
    if not isinstance(filters, Table):
        return OwnersFile((), cut, (*faults, (table.lines["filters"], "filters are no table")))
    return _filtered(filters, cut=cut, faults=faults)


def _filtered(filters: Table, *, cut: bool, faults: list[tuple[int, str]]) -> OwnersFile:
    found: list[tuple[str, tuple[str, ...]]] = []
    for expression, simple in filters.items():
        if not isinstance(simple, Table):
            faults.append((filters.lines[expression], "a filter without keys such as approvers"))
        elif not expression or not is_regex(expression):
            faults.append((filters.lines[expression], "a filter that is no Go expression"))
        else:
            found.append((expression, _names(simple)))
    return OwnersFile(tuple(found), cut, tuple(faults))


def _names(simple: Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.lower() for name in texts_of(simple.get("approvers"))))


@dataclass(frozen=True, slots=True, eq=False)
class OwnersRules:
    """All files of one commit, by folder."""

    folders: Mapping[str, OwnersFile]
    aliases: frozenset[str]
    faults: tuple[Fault, ...]

    @property
    def patterns(self) -> dict[str, tuple[str, ...]]:
        """The approvers that each file names, by folder and filter."""
        return {
            _rule(folder, expression): self._written(names)
            for folder, file in self.folders.items()
            for expression, names in file.approvers
            if names
        }

    def demands(self, path: str) -> tuple[Demand, ...]:
        """Return the approval that ``path`` needs: of one approver from its folder upwards."""
        names: dict[str, None] = {}
        nearest = ""
        folder = path.rpartition("/")[0]
        while True:
            file = self.folders.get(folder)
            if file is not None:
                relative = path[len(folder) + 1 :] if folder else path
                found = file.approving(relative)
                nearest = nearest or (_rule(folder, "") if found else "")
                names |= dict.fromkeys(found)
                if file.no_parent_owners:
                    break
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        return (Demand(self._written(tuple(names)), nearest),) if names else ()

    def _written(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return owners: an alias by its name, a login with ``@``."""
        return tuple(name if name in self.aliases else f"@{name}" for name in names)


def _rule(folder: str, expression: str) -> str:
    """Return what a file decides, as a pattern: its folder, and a filter."""
    return f"/{folder}/".replace("//", "/") + (f" {expression}" if expression else "")


def _read(files: Mapping[str, str]) -> OwnersRules:
    folders: dict[str, OwnersFile] = {}
    faults: list[Fault] = []
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        if name == NAME:
            folders[folder] = parse(text)
            faults += [Fault(path, line, reason) for line, reason in folders[folder].faults]
    aliases, wrong = _aliases(files.get(ALIASES, ""))
    return OwnersRules(folders, aliases, (*wrong, *faults))


@lru_cache(maxsize=4096)
def _aliases(text: str) -> tuple[frozenset[str], tuple[Fault, ...]]:
    """Return the names of the aliases in lower case."""
    try:
        documents = read_yaml(text)
    except YamlTextError as fault:
        return frozenset(), (Fault(ALIASES, fault.line, fault.reason),)
    table = documents[0] if documents else None
    aliases = table.get("aliases") if isinstance(table, Table) else None
    if isinstance(aliases, Table):
        return frozenset(name.lower() for name in aliases), ()
    wrong = Fault(ALIASES, 1, "has no table 'aliases'")
    return frozenset(), ((wrong,) if text.strip() else ())


def _holds(path: str) -> bool:
    return path == ALIASES or path.rpartition("/")[2] == NAME


KUBERNETES = Dialect("OWNERS", "OWNERS in any folder, OWNERS_ALIASES", _holds, _read)
