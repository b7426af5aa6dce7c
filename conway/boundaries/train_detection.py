"""Which services are released together, by the tags of a history.

In:  ``history.releases``, the manifests' names and the services of ``Boundaries``.
Out: ``Train``: services that leave together, with the evidence; for a person to accept.

Two signs are looked for. A *numbered release of the whole repository*: nearly every change
that is tagged for a service also carries a tag of the repository itself, so the services
leave on one train, however many are aboard each time. A *group*: services that are tagged at
the same change in most releases of each of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from conway.boundaries.dependencies import provided_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History

FEWEST_RELEASES = 5
WHOLE_SHARE = 0.9
GROUP_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Train:
    """Services that leave together.

    Attributes
    ----------
    name
        The repository, or the first service of the group.
    services
        Who travels, sorted.
    departures
        Changes at which it left.
    aboard
        Mean number of its services that left each time.
    evidence
        One phrase.
    """

    name: str
    services: tuple[str, ...]
    departures: int
    aboard: float
    evidence: str


def find_trains(history: History, boundaries: Boundaries) -> tuple[Train, ...]:
    """Return the trains that the tags of a history show, whole repositories first.

    Parameters
    ----------
    history
        With its tags.
    boundaries
        Whose services travel.
    """
    found: list[Train] = []
    for repository, leaving, whole in _releases(history, boundaries):
        train = _whole_train(repository, leaving, whole=whole)
        found += [train] if train is not None else []
        found += _groups(leaving, besides=train)
    return tuple(found)


def _releases(
    history: History, boundaries: Boundaries
) -> Iterator[tuple[str, dict[str, frozenset[str]], frozenset[str]]]:
    """Yield for each repository the changes at which each service left, and the whole did."""
    names = provided_names(history, boundaries)
    table = history.releases.dropna(subset=["change", "version"])
    for repository, rows in table.groupby("repository", sort=True):
        leaving: dict[str, set[str]] = {}
        whole: set[str] = set()
        for change, target in rows[["change", "target"]].itertuples(index=False, name=None):
            if not isinstance(target, str):
                whole.add(change)
                continue
            last = target.rpartition("/")[2]
            service = names.get(target) or (last if last in boundaries.folders else None)
            if service is not None:
                leaving.setdefault(service, set()).add(change)
        frozen = {name: frozenset(changes) for name, changes in sorted(leaving.items())}
        yield str(repository), frozen, frozenset(whole)


def _whole_train(
    repository: str, leaving: Mapping[str, frozenset[str]], *, whole: frozenset[str]
) -> Train | None:
    """Return the train of a repository whose releases carry a number of their own."""
    aboard = {
        name: changes & whole
        for name, changes in leaving.items()
        if len(changes & whole) >= WHOLE_SHARE * len(changes)
    }
    departures = frozenset[str]().union(*aboard.values())
    if len(aboard) < 2 or len(departures) < FEWEST_RELEASES:  # noqa: PLR2004
        return None
    times = Counter(change for changes in aboard.values() for change in changes)
    mean = sum(times.values()) / len(departures)
    alone = sum(1 for count in times.values() if count == 1)
    return Train(
        repository,
        tuple(aboard),
        len(departures),
        mean,
        f"{len(departures)} releases of the repository, all that {len(aboard)} services have; "
        f"{mean:.1f} services leave each time on average, one alone in {alone}",
    )


def _groups(leaving: Mapping[str, frozenset[str]], *, besides: Train | None) -> Iterator[Train]:
    """Yield groups in which any two leave together in most releases of both."""
    close: dict[frozenset[str], float] = {}
    for one, other in combinations(leaving, 2):
        joint = len(leaving[one] & leaving[other])
        share = joint / max(len(leaving[one]), len(leaving[other]))
        if joint >= FEWEST_RELEASES and share > GROUP_SHARE:
            close[frozenset((one, other))] = share
    group_of: dict[str, frozenset[str]] = {}
    for pair in sorted(close, key=lambda pair: (-close[pair], sorted(pair))):
        one, other = sorted(pair)
        merged = group_of.get(one, frozenset((one,))) | group_of.get(other, frozenset((other,)))
        if all(frozenset(two) in close for two in combinations(sorted(merged), 2)):
            group_of |= dict.fromkeys(merged, merged)
    for group in sorted(set(group_of.values()), key=sorted):
        if besides is not None and len(group) == len(besides.services):
            continue
        names = tuple(sorted(group))
        changes = [leaving[name] for name in names]
        always, together = frozenset.intersection(*changes), frozenset[str]().union(*changes)
        yield Train(
            names[0],
            names,
            len(together),
            sum(map(len, changes)) / len(together),
            f"left together in {len(always)} of {len(together)} releases",
        )
