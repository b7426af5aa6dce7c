"""The schemas of the tables that this stage makes from facts.

In:  nothing.
Out: ``EVIDENCE``, ``PRECISION``, ``ORIGINS``, ``CONTENTS``, ``LIFECYCLES``,
     ``FUNCTION_PAIRS``, ``FUNCTION_OWNERS``.
"""

from __future__ import annotations

from conway.tables import Column, Schema

_REPOSITORY = Column("repository", "text", "name of the repository")
_CHANGE = Column("change", "text", "object id of the mainline commit")
_TARGET = Column("target", "text", "service or package that the tag names", nullable=True)

EVIDENCE = Schema(
    "change_set_evidence",
    "Why changes are in one change set: one row per change and piece of evidence.",
    (
        Column("set", "int", "number of the change set"),
        _REPOSITORY,
        _CHANGE,
        Column("kind", "text", "branch, ticket or link"),
        Column("key", "text", "the branch name, the ticket, or repository#number"),
    ),
)

PRECISION = Schema(
    "linkage_precision",
    "How many links across repositories are more than chance, by kind of evidence and gap.",
    (
        Column("kind", "text", "branch or ticket"),
        Column("gap_days", "int", "longest gap between two changes of one key, in days"),
        Column("sets", "int", "change sets across repositories"),
        Column("links", "int", "repositories that these sets add to their first one"),
        Column("chance", "float", "the same at shifted times, on average"),
        Column("chance_share", "float", "chance links per link", nullable=True),
        Column("precision", "float", "share of links beyond chance, at least 0", nullable=True),
    ),
)

ORIGINS = Schema(
    "origins",
    "Paths that nobody here wrote by hand: one row per generated or vendored path.",
    (
        _REPOSITORY,
        Column("path", "text", "path of the file"),
        Column("origin", "text", "generated or vendored"),
        Column("reason", "text", "the attribute, the mark or the name that says so"),
    ),
)

CONTENTS = Schema(
    "release_contents",
    "What each release holds that none before it held, by repository and target.",
    (
        _REPOSITORY,
        Column("tag", "text", "name of the tag"),
        _TARGET,
        Column("time", "int", "the tag's clock"),
        Column("first", "int", "position of its first new change"),
        Column("last", "int", "position of its newest change"),
        Column("changes", "int", "mainline changes that are new in it; 0 for a step back"),
        Column("commits", "int", "commits that these changes bring, merges themselves aside"),
    ),
)

LIFECYCLES = Schema(
    "lifecycles",
    "When each change was written, merged, released and reverted. Clocks in seconds UTC.",
    (
        _REPOSITORY,
        _CHANGE,
        Column("position", "int", "place in mainline order, the root is 0"),
        Column("target", "text", "what it is released as; empty: the repository", nullable=True),
        Column("first_commit", "int", "author's clock of its first commit", nullable=True),
        Column("last_commit", "int", "author's clock of its last commit", nullable=True),
        Column("merged", "int", "committer's clock of the change"),
        Column("released", "int", "clock of the first tag that contains it", nullable=True),
        Column("tag", "text", "that tag", nullable=True),
        Column("reverted", "int", "clock of the first change that reverts it", nullable=True),
    ),
)

FUNCTION_PAIRS = Schema(
    "function_pairs",
    "Functions that changed in the same change, of those that a deep pass read.",
    (
        Column("path_a", "text", "file of the first function"),
        Column("method_a", "text", "name of the first function"),
        Column("path_b", "text", "file of the second function"),
        Column("method_b", "text", "name of the second function"),
        Column("joint", "int", "changes that touched both"),
    ),
)

FUNCTION_OWNERS = Schema(
    "function_owners",
    "How many people have changed each function that a deep pass read; no person is named.",
    (
        _REPOSITORY,
        Column("path", "text", "path of the file as of the change"),
        Column("method", "text", "name of the function"),
        Column("changes", "int", "changes that touched it"),
        Column("people", "int", "people who wrote these changes"),
        Column("main_share", "float", "share of them by the one who wrote most"),
        Column("complexity", "int", "its cyclomatic complexity after the last of them"),
    ),
)
