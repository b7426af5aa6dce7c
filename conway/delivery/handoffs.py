"""Handoffs: which team a change set needs beyond its author's, and what for.

In:  ``Work`` and its ``Footprints``.
Out: one row per change set and needed team; pairs of teams with the services, files,
     rules and change sets behind them. The direction: ``from_team`` writes, ``to_team``
     must approve.

Where several smallest sets of teams are equal, each counts its share, so weights of one
change set sum to its handoffs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.tables import Column, Schema

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.delivery.footprints import Footprints

HANDOFFS = Schema(
    "handoffs",
    "One row per change set and team that it needs beyond its author's.",
    (
        Column("set", "int", "row number of the change set"),
        Column("from_team", "int", "code of the author's team"),
        Column("to_team", "int", "code of the team that must approve"),
        Column("weight", "float", "share of the equal smallest sets that hold that team"),
    ),
)

HANDOFF_ROWS = Schema(
    "handoff_rows",
    "One row per handoff and touched path that asks for that team.",
    (
        *HANDOFFS.columns,
        Column("path", "int", "code of the path's name today"),
        Column("service", "int", "code of its service, -1 none"),
        Column("rule", "int", "code of the approval rule, -1 none"),
    ),
)


def list_handoffs(prints: Footprints) -> pd.DataFrame:
    """List the handoffs of every counted change set (schema ``HANDOFFS``)."""
    needs: list[tuple[int, float]] = []
    counts = np.zeros(len(prints.teams), dtype=np.int64)
    for kind, (author, options) in enumerate(
        zip(prints.authors.tolist(), prints.teams, strict=True)
    ):
        weights: dict[int, float] = {}
        for team_set in options:
            for team in team_set:
                if team != author:
                    weights[team] = weights.get(team, 0.0) + 1 / len(options)
        needs += sorted(weights.items())
        counts[kind] = len(weights)
    of_kind = counts[prints.kinds]
    begin = np.repeat((np.cumsum(counts) - counts)[prints.kinds], of_kind)
    within = np.arange(len(begin)) - np.repeat(np.cumsum(of_kind) - of_kind, of_kind)
    teams, shares = (np.array(column) for column in zip(*needs, strict=True)) if needs else ([], [])
    frame = {
        "set": np.repeat(prints.sets, of_kind),
        "from_team": np.repeat(prints.authors[prints.kinds], of_kind),
        "to_team": np.asarray(teams, dtype=np.int64)[begin + within],
        "weight": np.asarray(shares, dtype=np.float64)[begin + within],
    }
    return HANDOFFS.check(pd.DataFrame(frame))


def handoff_rows(work: Work, found: pd.DataFrame) -> pd.DataFrame:
    """Find the paths behind each handoff (schema ``HANDOFF_ROWS``).

    A path asks for a team if that team may approve it and the author's team may not.
    """
    if found.empty:
        return HANDOFF_ROWS.empty()
    rows = work.rows.loc[work.rows["owners"] >= 0, ["set", "entity", "service", "owners", "rule"]]
    pairs = rows.merge(found, on="set").rename(columns={"entity": "path"})
    member = np.zeros((len(work.owners), len(work.teams)), dtype=bool)
    for code, teams in enumerate(work.owners):
        member[code, list(teams)] = True
    owners = pairs["owners"].to_numpy()
    asks = member[owners, pairs["to_team"].to_numpy()]
    asks &= ~member[owners, pairs["from_team"].to_numpy()]
    return HANDOFF_ROWS.check(pairs[asks].drop_duplicates(HANDOFF_ROWS.names))


def handoff_matrix(work: Work, prints: Footprints, *, found: pd.DataFrame) -> np.ndarray:
    """Count handoffs by author's team (rows) and needed team (columns).

    The diagonal counts the change sets that need no other team.
    """
    matrix = np.zeros((len(work.teams), len(work.teams)))
    np.add.at(
        matrix,
        (found["from_team"].to_numpy(), found["to_team"].to_numpy()),
        found["weight"].to_numpy(),
    )
    alone = prints.authors[prints.kinds[prints.handoffs == 0]]
    np.add.at(matrix, (alone, alone), 1.0)
    return matrix
