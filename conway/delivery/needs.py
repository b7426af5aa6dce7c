"""Who needs whom: pairs of teams, how often, in which way, and how that moved.

In:  ``Work``, its handoffs, who else wrote, and what teams intend.
Out: one row per pair of teams (schema ``NEEDS``), and per pair and quarter
     (schema ``NEEDS_TREND``).

A team is needed in two ways. Through *approval*: it must approve files that the author's
team may not (the handoffs that the headline counts). Through *authorship*: its people wrote
commits of a change set that another team's author led. One change set may show both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.delivery.trend import quarters
from conway.tables import Column, Schema

if TYPE_CHECKING:
    from conway.boundaries.work import Work
    from conway.delivery.footprints import Footprints

_PAIR = ["from_team", "to_team"]
_TEAMS = (
    Column("from_team", "int", "code of the author's team"),
    Column("to_team", "int", "code of the team that is needed"),
)

NEEDS = Schema(
    "needs",
    "One row per pair of teams of which one needed the other, through approval or authorship.",
    (
        *_TEAMS,
        Column("changes", "int", "counted change sets that need its approval"),
        Column("weight", "float", "handoffs, equal smallest sets of teams sharing"),
        Column("visiting", "int", "of them, those in which the author's team owns no file"),
        Column("intended", "int", "of them, those that the teams mean to have"),
        Column("approved_and_written", "int", "of them, those with commits by the needed team"),
        Column("written", "int", "counted change sets with commits by the needed team"),
    ),
)

NEEDS_TREND = Schema(
    "needs_trend",
    "One row per pair of teams and quarter with a handoff between them.",
    (
        *_TEAMS,
        Column("since", "int", "begin of the quarter, in seconds"),
        Column("until", "int", "its end"),
        Column("changes", "int", "counted change sets that need its approval"),
        Column("weight", "float", "handoffs, equal smallest sets of teams sharing"),
        Column("of", "int", "counted change sets of the quarter"),
    ),
)


def pair_teams(
    work: Work, found: pd.DataFrame, *, why: np.ndarray, joint: pd.DataFrame
) -> pd.DataFrame:
    """Count by pair of teams in which way one needs the other.

    Parameters
    ----------
    work
        Labelled change sets.
    found
        Schema ``HANDOFFS``.
    why
        For each handoff why it is intended (``intentions``).
    joint
        ``set, from_team, to_team``: counted sets in which a second team wrote
        (``joint_work``).

    Returns
    -------
    DataFrame
        Schema ``NEEDS``, ordered by team codes.
    """
    at_home = _owns_a_file(work)
    wrote = pd.MultiIndex.from_frame(joint[["set", *_PAIR]])
    marked = found.assign(
        visiting=~at_home[found["set"].to_numpy()],
        intended=why != "",
        approved_and_written=pd.MultiIndex.from_frame(found[["set", *_PAIR]]).isin(wrote),
    )
    pairs = marked.groupby(_PAIR).agg(
        changes=("set", "size"),
        weight=("weight", "sum"),
        visiting=("visiting", "sum"),
        intended=("intended", "sum"),
        approved_and_written=("approved_and_written", "sum"),
    )
    written = joint.groupby(_PAIR).size().rename("written")
    both = pairs.join(written, how="outer").fillna(0).sort_index().reset_index()
    return NEEDS.check(both)


def _owns_a_file(work: Work) -> np.ndarray:
    """Return the sets of which the author's team may approve any file (shape: sets)."""
    rows = work.rows.loc[work.rows["owners"] >= 0, ["set", "owners"]].drop_duplicates()
    member = np.zeros((len(work.owners), len(work.teams) + 1), dtype=bool)
    for code, teams in enumerate(work.owners):
        member[code, list(teams)] = True
    author = work.sets["author_team"].to_numpy()[rows["set"].to_numpy()]
    own = member[rows["owners"].to_numpy(), author]
    found = np.zeros(len(work), dtype=bool)
    found[rows["set"].to_numpy()[own]] = True
    return found


def pairs_by_quarter(work: Work, prints: Footprints, *, found: pd.DataFrame) -> pd.DataFrame:
    """Count handoffs by pair of teams and whole quarter (schema ``NEEDS_TREND``).

    Quarters are those of the trend: 13 weeks each, the last one ends with the window.
    """
    starts = np.array([since for since, _ in quarters(work.since, work.until)], dtype=np.int64)
    if not len(starts) or found.empty:
        return NEEDS_TREND.empty()
    length = (work.until - int(starts[0])) // len(starts)
    times = work.sets["time"].to_numpy()
    quarter = (times - starts[0]) // length
    every = np.bincount(quarter[prints.sets][quarter[prints.sets] >= 0], minlength=len(starts))
    rows = found.assign(quarter=quarter[found["set"].to_numpy()])
    groups = rows[rows["quarter"] >= 0].groupby([*_PAIR, "quarter"], as_index=False)
    counts = groups.agg(changes=("set", "size"), weight=("weight", "sum"))
    place = counts["quarter"].to_numpy()
    return NEEDS_TREND.check(
        counts.assign(since=starts[place], until=starts[place] + length, of=every[place])
    )
