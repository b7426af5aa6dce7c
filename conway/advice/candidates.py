"""Candidates: the moves that the work itself suggests.

In:  ``Work`` of the fitting window, and options.
Out: moves worth scoring, each kind by one rule of one signature (``RULES``). Whether a
     candidate helps, and is allowed, is decided elsewhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

from conway.advice.experience import Experience, count_experience, team_people
from conway.advice.moves import (
    SERVICE_OWNERS,
    Decouple,
    Delegate,
    Move,
    Reassign,
    SplitService,
)
from conway.advice.parts import separable_part
from conway.boundaries.release_files import is_release_file
from conway.delivery.footprints import counted_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work

CHANCE = 0.01
"""Chance at which a team's work on a thing is more than its size explains."""

OWN_SHARE = 0.5
"""Share of the work under a rule that the services' own teams must write to approve it."""

TIED_SHARE = 0.6
"""Share of a pair's joint change sets that a few files must carry to be worth decoupling."""

FILE_SHARE = 0.2
"""Share of the joint change sets that each further file must add."""

MOST_SERVICES = 4
"""Services of a change set beyond which it is a bulk edit, which ties no two of them."""

MOST_FILES = 3
"""Files that one decoupling names at most."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What the rules look at.

    Attributes
    ----------
    work
        Labelled change sets of the fitting window.
    options
        Limits.
    by_service, by_rule
        Who has worked where.
    people
        People by team.
    """

    work: Work
    options: AdviceOptions
    by_service: Experience
    by_rule: Experience
    people: dict[int, int]

    @classmethod
    def of(cls, work: Work, options: AdviceOptions) -> Ground:
        """Look at the work of a window."""
        rows = work.rows[counted_sets(work)[work.rows["set"].to_numpy()]]
        return cls(
            work=work,
            options=options,
            by_service=count_experience(work, rows.loc[rows["service"] >= 0, "service"]),
            by_rule=count_experience(work, rows.loc[rows["rule"] >= 0, "rule"]),
            people=team_people(work),
        )

    def works_there(self, known: Experience, thing: int, *, team: int) -> bool:
        """Whether a team has the knowledge to own a thing, by more than its size explains."""
        count, total = known.count(thing, team), known.total(thing)
        return self.knows(known, thing, team=team) and self.beyond_size(count, total, team=team)

    def knows(self, known: Experience, thing: int, *, team: int) -> bool:
        """Whether a team has enough people and past work on a thing to own it."""
        options = self.options
        return (
            self.people.get(team, 0) >= options.min_people
            and known.people(thing, team) >= options.min_people
            and known.share(thing, team) >= options.affinity
        )

    def beyond_size(self, count: int, total: int, *, team: int) -> bool:
        """Whether a team's share of some work is more than its size explains.

        A large team touches everything now and then: its share of all work is the null.
        """
        size = self._written.get(team, 0) / max(sum(self._written.values()), 1)
        return float(binom.sf(count - 1, total, size)) <= CHANCE

    @cached_property
    def _written(self) -> Counter[int]:
        """Change sets that each team wrote."""
        teams = self.work.sets["author_team"].to_numpy()
        return Counter(teams[teams >= 0].tolist())


def reassignments(ground: Ground) -> Iterator[Move]:
    """Give a service to each team that works on it and does not own it."""
    work = ground.work
    for service, name in enumerate(work.services):
        owner = work.service_teams[service]
        if owner < 0 or name in ground.options.pinned:
            continue
        for team in ground.by_service.teams(service):
            if team != owner and ground.works_there(ground.by_service, service, team=team):
                yield Reassign(name, work.teams[team])


def splits(ground: Ground) -> Iterator[Move]:
    """Split off the part of a service that another team works on."""
    work = ground.work
    rows = {int(str(code)): part for code, part in work.rows.groupby("service", sort=True)}
    for service, name in enumerate(work.services):
        owner = work.service_teams[service]
        if owner < 0 or name in ground.options.pinned:
            continue
        for team in ground.by_service.teams(service):
            if team != owner and ground.knows(ground.by_service, service, team=team):
                part = separable_part(work, rows[service], team=team, owner=owner)
                if part is not None and ground.beyond_size(part.theirs, part.sets, team=team):
                    new = f"{name}-{_short(part.globs[0])}"
                    while new in work.services:
                        new += "-part"
                    yield SplitService(name, {new: part.globs}, {new: work.teams[team]})


def _short(glob: str) -> str:
    """Name a part after the last folder of its first glob."""
    folders = [folder for folder in glob.split("/") if "*" not in folder]
    return folders[-1] if folders else "part"


def decouplings(ground: Ground) -> Iterator[Move]:
    """Version apart the few files that carry the joint changes of two teams' services."""
    work = ground.work
    rows = _paired_rows(work)
    joint = _joint_sets(work, rows, least=ground.options.min_saved)
    wanted = sorted({number for sets in joint.values() for number in sets})
    cells: dict[tuple[int, int], set[int]] = {}
    for number, service, file in rows[rows["set"].isin(wanted)].itertuples(index=False, name=None):
        cells.setdefault((number, service), set()).add(file)
    for (a, b), sets in sorted(joint.items()):
        for side in (a, b):
            files = _tying([frozenset(cells[number, side]) for number in sets])
            if files:
                names = tuple(sorted(work.paths[file] for file in files))
                yield Decouple((work.services[a], work.services[b]), names)


def _paired_rows(work: Work) -> pd.DataFrame:
    """Return ``set, service, entity`` of sets of a few services, release files left out."""
    release = np.array([is_release_file(path) for path in work.paths], dtype=bool)
    rows = work.rows.loc[work.rows["service"] >= 0, ["set", "service", "entity"]]
    rows = rows[work.pairable[rows["set"].to_numpy()] & ~release[rows["entity"].to_numpy()]]
    rows = rows.drop_duplicates()
    touched = rows.drop_duplicates(["set", "service"])["set"].value_counts(sort=False)
    several = touched.index[(touched > 1) & (touched <= MOST_SERVICES)]
    found: pd.DataFrame = rows[rows["set"].isin(several)]
    return found


def _joint_sets(work: Work, rows: pd.DataFrame, *, least: int) -> dict[tuple[int, int], list[int]]:
    """Return the sets that touch each pair of two teams' services, at least so many."""
    touched = rows[["set", "service"]].drop_duplicates()
    pairs = touched.merge(touched, on="set", suffixes=("", "_other"))
    pairs = pairs[pairs["service"] < pairs["service_other"]]
    team = np.array(work.service_teams, dtype=np.int64)
    apart = team[pairs["service"].to_numpy()] != team[pairs["service_other"].to_numpy()]
    pairs = pairs[apart]
    size = pairs.groupby(["service", "service_other"])["set"].transform("size")
    found: dict[tuple[int, int], list[int]] = {}
    kept = pairs[size >= least].sort_values(["service", "service_other", "set"])
    for number, a, b in kept[["set", "service", "service_other"]].itertuples(
        index=False, name=None
    ):
        found.setdefault((a, b), []).append(number)
    return found


def _tying(touched: list[frozenset[int]]) -> frozenset[int]:
    """Return the fewest files through which alone most joint change sets touch a service.

    Parameters
    ----------
    touched
        For each joint change set the files of the service that it touches.
    """
    chosen: frozenset[int] = frozenset()
    for _ in range(MOST_FILES):
        lone = Counter(next(iter(left)) for files in touched if len(left := files - chosen) == 1)
        if not lone:
            return frozenset()
        file = min(lone, key=lambda one: (-lone[one], one))
        if lone[file] < FILE_SHARE * len(touched):
            return frozenset()
        chosen |= {file}
        if sum(files <= chosen for files in touched) >= TIED_SHARE * len(touched):
            return chosen
    return frozenset()


def delegations(ground: Ground) -> Iterator[Move]:
    """Let those who work there approve what a rule over several services decides.

    Only where the rule's own teams hardly work there: less than the affinity share.
    """
    work = ground.work
    rows = work.rows[(work.rows["rule"] >= 0) & (work.rows["owners"] >= 0)]
    for rule, part in rows.groupby("rule", sort=True):
        code = int(str(rule))
        services = part.loc[part["service"] >= 0, "service"].unique()
        if len(services) == 1 and bool((part["service"] >= 0).all()):
            continue
        owners = {team for one in part["owners"].unique() for team in work.owners[one]}
        if any(ground.by_rule.share(code, t) >= ground.options.affinity for t in owners):
            continue
        yield from _to_others(ground, code, owners=owners, services=len(services))


def _to_others(ground: Ground, rule: int, *, owners: set[int], services: int) -> Iterator[Move]:
    """Delegate a rule to the services' own teams, or to the teams that work there."""
    pattern, names = ground.work.rules[rule], ground.work.teams
    if services and _own_share(ground.work, rule) >= OWN_SHARE:
        yield Delegate(pattern, SERVICE_OWNERS)
    working = [
        team
        for team in ground.by_rule.teams(rule)
        if team not in owners and ground.works_there(ground.by_rule, rule, team=team)
    ]
    for team in working:
        yield Delegate(pattern, names[team])
    if len(working) > 1:
        yield Delegate(pattern, tuple(sorted(names[team] for team in working)))


def _own_share(work: Work, rule: int) -> float:
    """Return the share of change sets under a rule that a touched service's own team wrote."""
    rows = work.rows[work.rows["rule"] == rule]
    teams = work.sets["author_team"].to_numpy()[rows["set"].to_numpy()]
    own = (teams >= 0) & (teams == rows["service_team"].to_numpy())
    known = rows.loc[teams >= 0, "set"].drop_duplicates()
    return len(set(rows.loc[own, "set"])) / len(known) if len(known) else 0.0


RULES: tuple[Callable[[Ground], Iterator[Move]], ...] = (
    delegations,
    decouplings,
    reassignments,
    splits,
)
"""Cheapest kinds first: rules, then decouplings, then reorganisations."""


def propose(ground: Ground) -> tuple[Move, ...]:
    """Return every move that the rules suggest, in a fixed order."""
    return tuple(move for rule in RULES for move in rule(ground))
