"""Joins changes that belong together into change sets.

In:  changes, and what links each to others.
Out: a change set's number for every change, and the evidence for each that joins any.

``docs/change-sets.md`` has the measurements behind the gaps; ``linkage`` repeats them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from conway.history.schemas import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

Unit = Literal["mainline", "commit", "ticket"]

GAP_DAYS = 14
"""Longest gap between two changes that carry one name."""

ROUTINE = 10
"""Repositories beyond which a branch name is a routine (a yearly chore has it everywhere)."""

ROUTINE_GAP_DAYS = 3
"""Longest gap for routine names: of links at 14 days 30 % were chance, at 3 days 9 %."""

_DAY = 24 * 3600

_GENERIC = re.compile(
    r"(?:.*/)?(?:main|master|trunk|dev|develop|development|staging|stage|prod|production|live|next"
    r"|release|hotfix|bugfix|fix|fixes|patch|feature|update|updates|upgrade|test|tests|testing"
    r"|wip|tmp|temp|docs|readme|refactor|cleanup|changes|gh-pages|lint|ci|deploy|[\w.-]*patch"
    r"[-_]?\d+|fix[-_]?\d+|test[-_]?\d+|\d+|v?\d+[.\dx]*|update-readme|readme-update)"
    r"|release[s]?[-_/].*|hotfix[-_/]v?\d.*|revert-\d+.*|merge[-_/].*"
    r"|changeset-release/.*|release-please--.*|(?:dependabot|renovate|greenkeeper|snyk|pyup)[-_/].*"
    r"|snyk-.*|pre-commit-ci-.*|imgbot|all-contributors/.*|l10n_.*|crowdin.*|weblate.*",
    re.IGNORECASE | re.DOTALL,
)


def is_generic(branch: str) -> bool:
    """Return whether a branch name says nothing about the work on it.

    Examples
    --------
    >>> is_generic("patch-1"), is_generic("dependabot/npm/x"), is_generic("new-checkout")
    (True, True, False)
    """
    return bool(_GENERIC.fullmatch(branch))


def link(
    changes: pd.DataFrame, links: pd.DataFrame, *, unit: Unit = "mainline", gap_days: int = GAP_DAYS
) -> pd.Series:
    """Return the number of each change's change set.

    Changes of different repositories belong together when they carry the same ticket or
    the same branch name that is not generic while they follow each other by at most
    ``gap_days`` (``ROUTINE_GAP_DAYS`` where more than ``ROUTINE`` repositories carry the
    branch name), or when one names the other's pull request. All evidence is joined.

    Parameters
    ----------
    changes
        Schema ``CHANGES``, or any selection of its rows.
    links
        Schema ``CHANGE_LINKS``.
    unit
        ``ticket`` also joins changes within one repository, and those of one ticket however
        far apart; ``commit`` joins nothing.
    gap_days
        The longest gap between two changes of one name, in days.

    Returns
    -------
    pandas.Series
        Aligned with ``changes``; sets are numbered in order of their first row.
    """
    import numpy as np
    import pandas as pd

    joined = _Joined(len(changes))
    for group in _groups(changes, links, unit=unit, gap_days=gap_days):
        joined.join(group.rows)
    numbers, _first_rows = pd.factorize(np.asarray(joined.roots(), dtype=np.int64))
    return pd.Series(numbers, index=changes.index, name="set", dtype="int64")


def evidence(
    changes: pd.DataFrame, links: pd.DataFrame, *, unit: Unit = "mainline", gap_days: int = GAP_DAYS
) -> pd.DataFrame:
    """Return why changes are in one change set.

    Parameters
    ----------
    changes, links, unit, gap_days
        As in ``link``; the numbers of sets are those that it gives.

    Returns
    -------
    pandas.DataFrame
        Schema ``EVIDENCE``: one row per joined change and branch, ticket or link that joins
        it. A change alone has none.
    """
    import pandas as pd

    sets = link(changes, links, unit=unit, gap_days=gap_days).tolist()
    names = list(zip(changes["repository"].tolist(), changes["change"].tolist(), strict=True))
    rows = {
        (sets[row], *names[row], group.kind, group.key)
        for group in _groups(changes, links, unit=unit, gap_days=gap_days)
        for row in group.rows
    }
    return EVIDENCE.check(pd.DataFrame(sorted(rows), columns=EVIDENCE.names))


class _Group(NamedTuple):
    """Rows that one piece of evidence joins."""

    kind: str
    key: str
    rows: Sequence[int]


class _Rows:
    """Row numbers of changes, by what links name."""

    def __init__(self, changes: pd.DataFrame, *, across: bool) -> None:
        self.across = across
        self.repositories = changes["repository"].tolist()
        self.times = changes["committer_time"].tolist()
        ids = zip(self.repositories, changes["change"].tolist(), strict=True)
        self.by_id = {key: row for row, key in enumerate(ids)}
        self.by_number = {
            (repository.casefold(), int(number)): row
            for row, (repository, number) in enumerate(
                zip(self.repositories, changes["pull_request"].fillna(0).tolist(), strict=True)
            )
            if number
        }

    def joins(self, rows: Sequence[int]) -> bool:
        """Whether rows may be joined: across repositories, unless within one is wanted."""
        if len(rows) < 2:  # noqa: PLR2004 - a pair
            return False
        return not self.across or len({self.repositories[row] for row in rows}) > 1


def _groups(
    changes: pd.DataFrame, links: pd.DataFrame, *, unit: Unit, gap_days: int
) -> Iterator[_Group]:
    """Yield the rows that each piece of evidence joins."""
    if unit == "commit" or not len(links):
        return
    rows = _Rows(changes, across=unit != "ticket")
    for (kind, key), found in _keyed(rows, links).items():
        chains: Iterable[Sequence[int]] = ()
        if kind == "link":
            chains = _linked(rows, found, key=key)
        elif kind == "ticket" and unit == "ticket":
            chains = (found,)
        elif kind == "ticket" or (kind == "branch" and not is_generic(key)):
            wide = kind == "branch" and len({rows.repositories[row] for row in found}) > ROUTINE
            days = min(gap_days, ROUTINE_GAP_DAYS) if wide else gap_days
            chains = _chains(rows, found, gap=days * _DAY)
        yield from (_Group(kind, key, chain) for chain in chains if rows.joins(chain))


def _keyed(rows: _Rows, links: pd.DataFrame) -> Mapping[tuple[str, str], list[int]]:
    """Return the rows that carry each name."""
    keyed: dict[tuple[str, str], list[int]] = {}
    columns = (links[name].tolist() for name in ("repository", "change", "kind", "key"))
    for repository, change, kind, key in zip(*columns, strict=True):
        row = rows.by_id.get((repository, change))
        if row is not None:
            keyed.setdefault((kind, key), []).append(row)
    return keyed


def _linked(rows: _Rows, found: Sequence[int], *, key: str) -> Iterator[Sequence[int]]:
    """Yield each change that names a pull request of another repository, and that one."""
    name, _, number = key.rpartition("#")
    target = rows.by_number.get((name.casefold(), int(number)))
    if target is not None:
        for row in found:
            if rows.repositories[row] != rows.repositories[target]:
                yield row, target


def _chains(rows: _Rows, found: Iterable[int], *, gap: int) -> Iterator[Sequence[int]]:
    """Cut rows, ordered by time, where the next one comes later than ``gap`` seconds."""
    chain: list[int] = []
    for row in sorted(found, key=lambda row: (rows.times[row], row)):
        if chain and rows.times[row] - rows.times[chain[-1]] > gap:
            yield chain
            chain = []
        chain.append(row)
    if chain:
        yield chain


class _Joined:
    """Sets of rows that only ever grow together (union by the smallest row)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def _root(self, row: int) -> int:
        while self._parents[row] != row:
            self._parents[row] = self._parents[self._parents[row]]
            row = self._parents[row]
        return row

    def join(self, rows: Iterable[int]) -> None:
        """Join rows into one set."""
        roots = sorted({self._root(row) for row in rows})
        for root in roots[1:]:
            self._parents[root] = roots[0]

    def roots(self) -> list[int]:
        """Return the first row of each row's set."""
        return [self._root(row) for row in range(len(self._parents))]
