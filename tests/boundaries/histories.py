"""Small histories, written as the files of each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from conway.history.record import History
from conway.mining.boundary_files import is_boundary_file
from conway.mining.facts import RepositoryFacts
from conway.tables import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WEEK = 7 * 24 * 3600


@dataclass(frozen=True)
class Moved:
    """A file that was renamed from another path."""

    old: str


def history_of(*steps: Mapping[str, str | Moved | None], repository: str = "shop") -> History:
    """Return the history of one repository, a change a week from 1970-01-01."""
    return histories_of({repository: steps})


def histories_of(
    repositories: Mapping[str, Sequence[Mapping[str, str | Moved | None]]],
    *,
    people: Sequence[tuple[str, str, str]] = (),
) -> History:
    """Return the history of several repositories; ``people`` are person, name, e-mail."""
    rows: dict[str, list[dict[str, Any]]] = {schema.name: [] for schema in FACTS}
    rows["people"] = [{"person": p, "name": n, "email": e} for p, n, e in people]
    facts = []
    for name, steps in sorted(repositories.items()):
        alive: set[str] = set()
        for position, step in enumerate(steps):
            _add(rows, alive, where=(name, position), step=step)
        rows["tree"] += [{"repository": name, "path": p, "submodule": False} for p in sorted(alive)]
        facts.append(
            RepositoryFacts(name, "tip", "main", "sha1", False, len(steps), len(steps))  # noqa: FBT003
        )
    tables = {
        schema.name: schema.check(pd.DataFrame(rows[schema.name], columns=schema.names))
        for schema in FACTS
    }
    shown = {name: table for name, table in tables.items() if name != "people"}
    return History(**shown, repositories=tuple(facts), _people=tables["people"])


def _add(
    rows: dict[str, list[dict[str, Any]]],
    alive: set[str],
    *,
    where: tuple[str, int],
    step: Mapping[str, str | Moved | None],
) -> None:
    """Add one change and its files."""
    repository, position = where
    change = {"repository": repository, "change": f"{position:040x}", "position": position}
    rows["changes"].append(
        change
        | {
            "kind": "direct" if position else "root",
            "commits": 1,
            "author_time": position * WEEK,
            "committer_time": position * WEEK,
            "robot": False,
            "ai": False,
            "paths": len(step),
        }
    )
    for path, content in step.items():
        old = content.old if isinstance(content, Moved) else None
        status = "D" if content is None else "R" if old else "M" if path in alive else "A"
        rows["change_files"].append(
            change | {"path": path, "old_path": old, "status": status, "submodule": False}
        )
        alive.discard(old or "")
        (alive.discard if content is None else alive.add)(path)
        if is_boundary_file(path):
            text = "" if isinstance(content, Moved) else content
            rows["boundary_files"].append(change | {"path": path, "content": text})
