"""A history: everything that was read from a set of repositories.

In:  facts.
Out: ``History``, which never changes and shows no person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conway.display import html_table
from conway.tables import FACTS

if TYPE_CHECKING:
    import pandas as pd

    from conway.mining.facts import Facts, Refused, RepositoryFacts


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """The history of one or several repositories, unfiltered.

    Every table is ordered by repository, then by mainline.

    Attributes
    ----------
    commits, changes, change_files, change_links, releases, boundary_files, tree, imports
        Tables of the schemas of these names in ``conway.tables``.
    repositories
        What was read of each, and what could not be; ordered by name.
    refused
        Repositories that could not be read while others were, with the reason.
    """

    commits: pd.DataFrame
    changes: pd.DataFrame
    change_files: pd.DataFrame
    change_links: pd.DataFrame
    releases: pd.DataFrame
    boundary_files: pd.DataFrame
    tree: pd.DataFrame
    imports: pd.DataFrame
    repositories: tuple[RepositoryFacts, ...]
    refused: tuple[Refused, ...] = ()
    _people: pd.DataFrame = field(kw_only=True)

    @classmethod
    def of(cls, facts: Facts) -> History:
        """Return the history that facts hold; each table is checked."""
        tables = {schema.name: schema.check(facts.tables[schema.name]) for schema in FACTS}
        people = tables.pop("people")
        return cls(**tables, repositories=facts.repositories, refused=facts.refused,
                   _people=people)  # fmt: skip

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return copies of all tables by name; people stay in the store."""
        return {
            schema.name: getattr(self, schema.name).copy()
            for schema in FACTS
            if schema.name != "people"
        }

    def __repr__(self) -> str:
        """Show how much there is, and of when."""
        return f"History({self._summary()})"

    def _repr_html_(self) -> str:
        counts = self.changes["repository"].value_counts()
        rows = [
            (one.name, one.ref, int(counts.get(one.name, 0)), one.commits, len(one.skipped))
            for one in self.repositories[:_SHOWN]
        ]
        more = len(self.repositories) - len(rows)
        note = f"; {more} more repositories" if more else ""
        note += f"; {len(self.refused)} could not be read" if self.refused else ""
        columns = ("repository", "mainline", "changes", "commits", "not readable")
        return html_table(columns, rows, caption=f"History: {self._summary()}{note}")

    def _summary(self) -> str:
        times = self.changes["committer_time"]
        count = len(self.repositories)
        named = self.repositories[0].name if count == 1 else f"{count} repositories"
        if times.empty:
            return f"{named}, no changes"
        first, last = (_day(int(time)) for time in (times.min(), times.max()))
        left_out = f"; {len(self.refused)} could not be read" if self.refused else ""
        return f"{named}, {len(times):,} changes, {first} to {last}{left_out}"


_SHOWN = 12


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
