"""The tables of Code Maat's analyses, under its own column names.

In:  nothing.
Out: one schema per analysis.
"""

from __future__ import annotations

from conway.tables import Column, Schema

_ENTITY = Column("entity", "text", "path or group")
_AUTHOR = Column("author", "text", "author or team")
_MAIN_DEV = Column("main-dev", "text", "author or team that did most")
_OWNERSHIP = Column("ownership", "float", "its share of the total, two significant digits")
_ADDED = Column("added", "int", "lines added")
_DELETED = Column("deleted", "int", "lines deleted")
_COMMITS = Column("commits", "int", "distinct revisions")
_N_REVS = Column("n-revs", "int", "rows of the log")
_TOTAL_REVS = Column("total-revs", "int", "rows of the log that touch the entity")

SUMMARY = Schema(
    "summary",
    "What a log holds.",
    (Column("statistic", "text", "what is counted"), Column("value", "int", "how many")),
)
AUTHORS = Schema(
    "authors",
    "Authors by entity.",
    (_ENTITY, Column("n-authors", "int", "distinct authors"), _N_REVS),
)
REVISIONS = Schema("revisions", "Rows by entity.", (_ENTITY, _N_REVS))
COUPLING = Schema(
    "coupling",
    "Pairs of entities that change together.",
    (
        _ENTITY,
        Column("coupled", "text", "the other entity, later by name"),
        Column("degree", "int", "shared over average revisions in percent, cut off"),
        Column("average-revs", "int", "mean of both entities' revisions, rounded up"),
    ),
)
VERBOSE_COUPLING = Schema(
    "verbose coupling",
    COUPLING.meaning,
    (
        *COUPLING.columns,
        Column("first-entity-revisions", "int", "revisions of entity"),
        Column("second-entity-revisions", "int", "revisions of coupled"),
        Column("shared-revisions", "int", "revisions that touch both"),
    ),
)
SOC = Schema(
    "soc",
    "Sum of coupling.",
    (_ENTITY, Column("soc", "int", "over its revisions, the other rows in each")),
)
ABS_CHURN = Schema(
    "abs-churn", "Churn by day.", (Column("date", "text", "day"), _ADDED, _DELETED, _COMMITS)
)
AUTHOR_CHURN = Schema(
    "author-churn", "Churn by author.", (_AUTHOR, _ADDED, _DELETED, _COMMITS)
)  # fmt: skip
ENTITY_CHURN = Schema(
    "entity-churn", "Churn by entity.", (_ENTITY, _ADDED, _DELETED, _COMMITS)
)  # fmt: skip
ENTITY_OWNERSHIP = Schema(
    "entity-ownership", "Churn by entity and author.", (_ENTITY, _AUTHOR, _ADDED, _DELETED)
)
ENTITY_EFFORT = Schema(
    "entity-effort",
    "Rows by entity and author.",
    (_ENTITY, _AUTHOR, Column("author-revs", "int", "its rows of the log"), _TOTAL_REVS),
)
MAIN_DEV = Schema(
    "main-dev",
    "Who added most lines to each entity.",
    (_ENTITY, _MAIN_DEV, _ADDED, Column("total-added", "int", "by everybody"), _OWNERSHIP),
)
MAIN_DEV_BY_REVS = Schema(
    "main-dev-by-revs",
    "Who changed each entity most often; Code Maat calls the rows `added`.",
    (
        _ENTITY,
        _MAIN_DEV,
        Column("added", "int", "its rows of the log"),
        Column("total-added", "int", "everybody's rows of the log"),
        _OWNERSHIP,
    ),
)
REFACTORING_MAIN_DEV = Schema(
    "refactoring-main-dev",
    "Who removed most lines from each entity.",
    (
        _ENTITY,
        _MAIN_DEV,
        Column("removed", "int", "lines deleted"),
        Column("total-removed", "int", "by everybody"),
        _OWNERSHIP,
    ),
)
FRAGMENTATION = Schema(
    "fragmentation",
    "How an entity's changes spread over authors.",
    (
        _ENTITY,
        Column("fractal-value", "float", "1 - sum of squared shares, two significant digits"),
        _TOTAL_REVS,
    ),
)
COMMUNICATION = Schema(
    "communication",
    "Pairs of authors that work on the same entities, in both directions.",
    (
        _AUTHOR,
        Column("peer", "text", "the other author or team"),
        Column("shared", "int", "entities that both touched"),
        Column("average", "int", "mean of entities that either touched, rounded up"),
        Column("strength", "int", "shared over average in percent, cut off"),
    ),
)
AGE = Schema(
    "age",
    "Time since the last change.",
    (_ENTITY, Column("age-months", "int", "whole months")),
)
MESSAGES = Schema(
    "messages",
    "Commits by entity whose message matches.",
    (_ENTITY, Column("matches", "int", "rows of the log")),
)
