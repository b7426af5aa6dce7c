"""Rows of the optional tables: joined to changes, their times checked, people made pseudonyms.

In:  checked rows of ``conway.history.imports.cells``.
Out: frames under the schemas of ``conway.history.imports.schemas``, with counts of what was
     left out and why. ``BUILDERS`` has one builder a table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from conway.history.imports.joining import NO_CHANGE, NOT_MERGED, Changes, People, Place
from conway.history.imports.schemas import (
    DEPLOYMENTS,
    INCIDENTS,
    PIPELINE_RUNS,
    REVIEWS,
    SURVEY,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from conway.tables import Schema

    Row = dict[str, Any]

DAY = 24 * 3600
LONGEST_RUN = 35 * DAY
"""A workflow of GitHub is cancelled after 35 days; no run or wait for a machine is longer."""


@dataclass(eq=False)
class Rows:
    """The rows of one table so far, and what was left out."""

    changes: Changes
    people: People
    kept: list[Row] = field(default_factory=list)
    total: int = 0
    joined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    absurd: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def keep(self, row: Row, *, found: Place | str | None = None) -> None:
        """Keep a row with the change that was found for it, or count the reason."""
        if isinstance(found, Place):
            self.joined += 1
            row = row | {
                "repository": found.repository,
                "change": found.change,
                "position": found.position,
            }
        elif found is not None:
            self.reasons[found] += 1
            row = row | {"change": None, "position": None}
        self.kept.append(row)


class Builder(NamedTuple):
    """How one table is made: add checked rows of a repository, and its schema."""

    add: Callable[[Rows, Sequence[Row], str], None]
    schema: Schema
    order: tuple[str, ...]
    joins: bool = True

    def frame(self, rows: Rows) -> pd.DataFrame:
        """Return what was kept, in a fixed order."""
        import pandas as pd

        names = self.schema.names
        found = pd.DataFrame(
            [[row.get(name) for name in names] for row in rows.kept], columns=names
        )
        for column in self.schema.columns:
            if column.kind == "int" and column.nullable:
                found[column.name] = found[column.name].astype("Int64")
        return self.schema.check(found.sort_values(list(self.order), kind="stable"))


def _add_reviews(rows: Rows, given: Sequence[Row], repository: str) -> None:  # noqa: PLR0917
    """Add reviews; an author's and a robot's reviews are none, but their pull request stays."""
    requests: dict[tuple[Any, ...], list[Row]] = {}
    for row in given:
        name = rows.changes.repository(row["repository"], fallback=repository)
        key = (name, row["pull_request"], row["commit"], row["opened"], row["merged"])
        requests.setdefault(key, []).append(row | {"repository": name})
    for several in requests.values():
        named = [_with_pseudonyms(row, rows) for row in several]
        reviews = [row for row in named if row["reviewer"] is not None]
        own = sum(1 for row in several if row["reviewer"]) - len(reviews)
        if own:
            rows.left_out["are by the author or a robot, left out"] += own
        kept = reviews or [named[0] | {"reviewed": None, "state": None}]
        rows.total += len(kept)
        if (kept[0]["merged"] or kept[0]["opened"]) < kept[0]["opened"]:
            rows.absurd["were merged before they were opened"] += len(kept)
            continue
        found = _request_of(kept[0], rows)
        for row in kept:
            rows.keep(row, found=found)


def _with_pseudonyms(row: Row, rows: Rows) -> Row:
    """Return a row with pseudonyms; no reviewer where it is the author or a robot."""
    author = rows.people.pseudonym(row["author"])
    reviewer = rows.people.pseudonym(row["reviewer"])
    if reviewer == author or rows.people.is_robot(row["reviewer"]):
        reviewer = None
    return row | {"author": author, "reviewer": reviewer}


def _request_of(row: Row, rows: Rows) -> Place | str:
    found = rows.changes.find(
        row["repository"],
        commit=row["commit"],
        request=row["pull_request"],
        near=row["merged"] or 0,
    )
    if isinstance(found, str) and row["merged"] is None and found == NO_CHANGE:
        return NOT_MERGED
    return found


def _add_runs(rows: Rows, given: Sequence[Row], repository: str) -> None:  # noqa: PLR0917
    for row in given:
        rows.total += 1
        name = rows.changes.repository(row["repository"], fallback=repository)
        times = [row[part] for part in ("queued", "started", "finished") if row[part] is not None]
        if times != sorted(times):
            rows.absurd["end before they begin"] += 1
            continue
        if times and times[-1] - times[0] > LONGEST_RUN:
            rows.absurd["last longer than 35 days"] += 1
            continue
        found = rows.changes.find(
            name, commit=row["commit"], request=row["pull_request"], near=times[-1] if times else 0
        )
        rows.keep(
            row
            | {
                "repository": name,
                "commit": row["commit"] or "",
                "attempt": row["attempt"] or 1,
            },
            found=found,
        )


def _add_deployments(rows: Rows, given: Sequence[Row], repository: str) -> None:  # noqa: PLR0917
    for row in given:
        rows.total += 1
        name = rows.changes.repository(row["repository"], fallback=repository)
        found = rows.changes.find(name, commit=row["commit"])
        if isinstance(found, Place) and row["deployed"] < found.time - DAY:
            rows.absurd["were deployed a day or more before their commit"] += 1
            continue
        rows.keep(row | {"repository": name, "result": row["result"] or "success"}, found=found)


def _add_incidents(rows: Rows, given: Sequence[Row], repository: str) -> None:  # noqa: PLR0917
    for row in given:
        rows.total += 1
        if row["resolved"] is not None and row["resolved"] < row["opened"]:
            rows.absurd["end before they begin"] += 1
            continue
        name = rows.changes.repository(row["repository"], fallback=repository)
        rows.keep(row | {"repository": name or None})


def _add_answers(rows: Rows, given: Sequence[Row], _repository: str) -> None:
    for row in given:
        rows.total += 1
        rows.keep(row)


BUILDERS: dict[str, Builder] = {
    "reviews": Builder(
        _add_reviews, REVIEWS, ("repository", "opened", "pull_request", "reviewed", "reviewer")
    ),
    "pipeline_runs": Builder(
        _add_runs, PIPELINE_RUNS, ("repository", "commit", "suite", "attempt", "started", "result")
    ),
    "deployments": Builder(
        _add_deployments, DEPLOYMENTS, ("repository", "deployed", "service", "commit")
    ),
    "incidents": Builder(
        _add_incidents, INCIDENTS, ("opened", "repository", "service"), joins=False
    ),
    "survey": Builder(_add_answers, SURVEY, ("answered", "constraint", "question"), joins=False),
}
"""By name in ``[tables]``."""
