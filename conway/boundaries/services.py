"""Which service a path belongs to.

In:  ``[services]`` of a configuration: names, perhaps with ``{placeholders}``, and globs.
Out: ``ServiceRules``; what is wrong with the rules, alone and against the paths of a history.

The first glob in the order of the file that names a path counts. A segment that is only
``*`` is bound to the name's placeholder; ``{repository}`` is the name of the repository.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from conway.boundaries.patterns import Matcher, PatternIndex, glob_matcher, qualified
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPOSITORY = "repository"
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SIMILAR_FOLDERS = 5000


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """One glob of one service.

    Attributes
    ----------
    template
        The service's name as written, perhaps with placeholders.
    glob
        As written.
    repository
        The only repository where it holds, None for all.
    matcher
        The glob without its qualification.
    bound
        For each captured segment the placeholder that it fills, "" for none.
    depth
        How many leading segments of a path are the service's folder, 0 for none.
    """

    template: str
    glob: str
    repository: str | None
    matcher: Matcher
    bound: tuple[str, ...]
    depth: int

    def name(self, repository: str, path: str) -> str:
        """Return the name of the service that ``path`` belongs to by this rule."""
        if "{" not in self.template:
            return self.template
        values = dict(zip(self.bound, self.matcher.captures(path) or (), strict=False))
        values[REPOSITORY] = repository
        return _PLACEHOLDER.sub(lambda found: values[found.group(1)], self.template)


@dataclass(frozen=True, eq=False)
class ServiceRules:
    """All rules in order; answers are remembered."""

    rules: tuple[ServiceRule, ...]
    repositories: tuple[str, ...]
    _indexes: dict[str, tuple[list[ServiceRule], PatternIndex]] = field(
        init=False, repr=False, default_factory=dict
    )

    @classmethod
    def of(
        cls, services: Mapping[str, Sequence[str]], *, repositories: Sequence[str]
    ) -> ServiceRules:
        """Return the rules of ``[services]``; without any, each repository is a service.

        Raises
        ------
        BoundariesError
            With every rule that is not well formed, one to a line.
        """
        rules: list[ServiceRule] = []
        faults: list[str] = []
        for template, globs in (services or {f"{{{REPOSITORY}}}": ["**"]}).items():
            for glob in globs:
                try:
                    rules.append(_rule(template, glob, repositories=repositories))
                except BoundariesError as fault:
                    faults.append(f"service '{template}': {fault}")
        faults += _twice(rules)
        if faults:
            raise BoundariesError("\n".join(faults))
        return cls(tuple(rules), tuple(repositories))

    def service_of(self, repository: str, path: str) -> str | None:
        """Return the service that ``path`` belongs to, None if no glob names it."""
        rule = self.rule_of(repository, path)
        return None if rule is None else rule.name(repository, path)

    def services_of(self, repository: str, paths: Sequence[str]) -> list[str | None]:
        """Return the service of each path, None where no glob names it."""
        return [self.service_of(repository, path) for path in paths]

    def rule_of(self, repository: str, path: str) -> ServiceRule | None:
        """Return the rule that counts for ``path``."""
        held = self._indexes.get(repository)
        if held is None:
            rules = [rule for rule in self.rules if rule.repository in {None, repository}]
            held = rules, PatternIndex(tuple(rule.matcher for rule in rules), "first")
            self._indexes[repository] = held
        rules, index = held
        number = index.find(path)
        return None if number < 0 else rules[number]


def _rule(template: str, glob: str, *, repositories: Sequence[str]) -> ServiceRule:
    """Build one rule and bind its placeholders."""
    wanted = [name for name in _PLACEHOLDER.findall(template) if name != REPOSITORY]
    if "{" in _PLACEHOLDER.sub("", template) or "}" in _PLACEHOLDER.sub("", template):
        raise BoundariesError("its name has a brace that is not a placeholder such as {name}")
    written = {f"{{{name}}}" for name in wanted}
    repository, plain = qualified(glob, repositories=repositories)
    segments = plain.removeprefix("/").split("/")
    named = [segment[1:-1] if segment in written else "" for segment in segments]
    segments = ["*" if name else segment for name, segment in zip(named, segments, strict=True)]
    matcher = glob_matcher("/".join(segments), hidden=False)
    stars = [place for place, segment in enumerate(segments) if segment == "*"]
    bound = [named[place] for place in stars]
    if not any(bound):
        bound = [*wanted, *[""] * len(stars)][: max(len(stars), len(wanted))]
    missing = [name for name in wanted if name not in bound[: len(stars)]]
    if missing:
        raise BoundariesError(
            f"glob '{glob}' has no '*' alone in a segment for {{{missing[0]}}}; "
            "write it such as 'packages/*/**'"
        )
    return ServiceRule(template, glob, repository, matcher, tuple(bound), _depth(segments))


def _depth(segments: Sequence[str]) -> int:
    """Count the segments before a final ``**``, 0 where the glob names files or any depth."""
    folder = segments[:-1] if segments[-1] in {"", "**"} else []
    return 0 if "**" in folder else len(folder)


def _twice(rules: Sequence[ServiceRule]) -> list[str]:
    """Report globs that two services claim word for word."""
    first: dict[tuple[str | None, str], str] = {}
    faults = []
    for rule in rules:
        other = first.setdefault((rule.repository, rule.matcher.pattern), rule.template)
        if other != rule.template:
            faults.append(
                f"'{rule.glob}' belongs to both '{other}' and '{rule.template}'; "
                "order the rules or narrow one"
            )
    return faults


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """How rules hold on the paths of a history.

    Attributes
    ----------
    folders
        For each service the folders that it covers as ``repository:folder``, sorted.
    unnamed
        Number of paths that belong to no service.
    faults
        Globs that name nothing, or of which earlier ones take everything.
    """

    folders: Mapping[str, tuple[str, ...]]
    unnamed: int
    faults: tuple[str, ...]


def use_of(rules: ServiceRules, paths: Mapping[str, Sequence[str]]) -> ServiceUse:
    """Hold ``rules`` against every path that a history knows.

    Parameters
    ----------
    rules
        The services.
    paths
        By repository: every path ever touched or in the tree.
    """
    folders: dict[str, set[str]] = {}
    counts: Counter[ServiceRule | None] = Counter()
    for repository in sorted(paths):
        for path in paths[repository]:
            rule = rules.rule_of(repository, path)
            counts[rule] += 1
            if rule is not None:
                found = folders.setdefault(rule.name(repository, path), set())
                if rule.depth:
                    folder = "/".join(path.split("/", rule.depth)[: rule.depth])
                    found.add(f"{repository}:{folder}")
    idle = [rule for rule in rules.rules if rule not in counts]
    return ServiceUse(
        folders={name: tuple(sorted(found)) for name, found in sorted(folders.items())},
        unnamed=counts[None],
        faults=tuple(_idle_faults(idle, rules=rules, paths=paths)),
    )


def _idle_faults(
    idle: Sequence[ServiceRule], *, rules: ServiceRules, paths: Mapping[str, Sequence[str]]
) -> list[str]:
    """Say why each rule never counts."""
    if not idle:
        return []
    folders = {repository: _folders(known) for repository, known in paths.items()}
    faults = []
    for rule in idle:
        taken = _taken_by(rule, rules=rules, paths=paths, folders=folders)
        if taken is None:
            hint = _hint(rule, rules=rules, folders=folders)
            faults.append(
                f"service '{rule.template}': glob '{rule.glob}' names no path of the history{hint}"
            )
        elif taken != rule.template and "{" not in rule.template:
            faults.append(
                f"'{rule.glob}' belongs to both '{taken}' and '{rule.template}', and the first "
                "takes all of it; order the rules or narrow one"
            )
    return faults


def _folders(paths: Sequence[str]) -> set[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _taken_by(
    rule: ServiceRule,
    *,
    rules: ServiceRules,
    paths: Mapping[str, Sequence[str]],
    folders: Mapping[str, set[str]],
) -> str | None:
    """Return the service that has the first path which ``rule`` names, None if none."""
    for repository in sorted(paths):
        if rule.repository not in {None, repository}:
            continue
        literal = rule.matcher.literal
        if rule.matcher.below and literal is not None and literal not in folders[repository]:
            continue
        for path in paths[repository]:
            if rule.matcher.matches(path):
                return rules.service_of(repository, path)
    return None


def _hint(rule: ServiceRule, *, rules: ServiceRules, folders: Mapping[str, set[str]]) -> str:
    """Suggest what was meant by a glob that names nothing."""
    glob = rule.matcher.pattern
    prefix = "" if rule.repository is None else f"{rule.repository}:"
    known = sorted({folder for repository in sorted(folders) for folder in folders[repository]})
    if any(glob_matcher(glob, hidden=False).matches(folder) for folder in known):
        return f"; it names a folder, write '{prefix}{glob}/**' for all below"
    name = glob.partition(":")[0]
    if ":" in glob and "/" not in name:
        return f"; there is no repository '{name}' (repositories: {', '.join(rules.repositories)})"
    head = re.split(r"/?[*?]", glob)[0].rstrip("/")
    near = get_close_matches(head, known[:_SIMILAR_FOLDERS], n=1) if head else []
    rest = glob[len(head) :] or "/**"
    return f"; did you mean '{prefix}{near[0]}{rest}'?" if near else ""
