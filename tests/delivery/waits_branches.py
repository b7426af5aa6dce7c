"""Histories of merged branches, written as when each was finished and merged.

In:  branches.
Out: a ``History``, and the labelled work of a table of teams.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from conway.boundaries.labels import label
from conway.boundaries.reading import read_boundaries
from conway.history.record import History
from conway.mining.facts import RepositoryFacts
from conway.tables import FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conway.boundaries.work import Work

HOUR = 3600
START = 1_704_067_200
"""2024-01-01, a Monday, in seconds UTC."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: where, whose, under which name, and its hours from ``START``.

    ``applied`` is the committer's clock of its last commit, the author's where not given;
    ``squashed`` leaves one commit on the mainline. ``tag`` releases it, at ``tagged``.
    """

    repository: str
    person: str
    name: str
    written: float
    merged: float
    applied: float | None = None
    paths: tuple[str, ...] = ("a.py",)
    squashed: bool = False
    tag: str = ""
    tagged: float | None = None
    target: str | None = None


def history_of(branches: Sequence[Branch]) -> History:
    """Return the history of all repositories that the branches name."""
    rows: dict[str, list[dict[str, Any]]] = {schema.name: [] for schema in FACTS}
    facts = []
    by_name: dict[str, list[Branch]] = {}
    for branch in branches:
        by_name.setdefault(branch.repository, []).append(branch)
    for name, mine in sorted(by_name.items()):
        ordered = sorted(mine, key=lambda one: one.merged)
        for position, branch in enumerate(ordered):
            _add(rows, branch, position=position)
        facts.append(
            RepositoryFacts(name, "tip", "main", "sha1", False, len(mine), len(mine))  # noqa: FBT003
        )
    tables = {
        schema.name: schema.check(pd.DataFrame(rows[schema.name], columns=schema.names))
        for schema in FACTS
    }
    people = tables.pop("people")
    return History(**tables, repositories=tuple(facts), _people=people)


def work_of(history: History, *, teams: Mapping[str, str] | None = None, extra: str = "") -> Work:
    """Label a history whose services are its repositories, owned as ``teams`` says."""
    with tempfile.TemporaryDirectory() as scratch:
        toml = Path(scratch) / "conway.toml"
        text = ""
        if teams:
            rows = "".join(f"2000-01-01,{s},{t}\n" for s, t in sorted(teams.items()))
            (Path(scratch) / "teams.csv").write_text(f"valid_from,service,team\n{rows}")
            text = '[teams]\nsource = "teams.csv"\n'
        toml.write_text(text + extra, encoding="utf-8")
        return label(history, read_boundaries(toml, history))


def _add(rows: dict[str, list[dict[str, Any]]], branch: Branch, *, position: int) -> None:
    """Add one change with its commits, files, branch name and tag."""
    merge = f"{position:040x}"
    written, merged, applied = (
        START + round(hour * HOUR)
        for hour in (
            branch.written,
            branch.merged,
            branch.written if branch.applied is None else branch.applied,
        )
    )
    change = {"repository": branch.repository, "change": merge, "position": position}
    plain = {"time_valid": True, "robot": False, "ai": False, "author": branch.person}
    commit = {"repository": branch.repository, "change": merge, **plain}
    if branch.squashed:
        rows["commits"].append(
            commit
            | {"commit": merge, "parents": 1, "author_time": written, "committer_time": merged}
        )
    else:
        rows["commits"] += [
            commit
            | {
                "commit": f"{position:039x}b",
                "parents": 1,
                "author_time": written,
                "committer_time": applied,
            },
            commit
            | {"commit": merge, "parents": 2, "author_time": merged, "committer_time": merged},
        ]
    rows["changes"].append(
        change
        | {
            "kind": "direct" if branch.squashed else "merge",
            "commits": 1,
            "author": branch.person,
            "author_time": written,
            "committer_time": merged,
            "robot": False,
            "ai": False,
            "branch": branch.name,
            "paths": len(branch.paths),
        }
    )
    rows["change_files"] += [
        change | {"path": path, "status": "M", "submodule": False} for path in branch.paths
    ]
    if branch.name:
        rows["change_links"].append(
            {"repository": branch.repository, "change": merge, "kind": "branch", "key": branch.name}
        )
    if branch.tag:
        at = merged if branch.tagged is None else START + round(branch.tagged * HOUR)
        rows["releases"].append(
            {
                "repository": branch.repository,
                "tag": branch.tag,
                "commit": merge,
                "change": merge,
                "time": at,
                "target": branch.target,
            }
        )
