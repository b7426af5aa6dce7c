"""The schemas of the optional tables, after they were read and joined to changes.

In:  nothing.
Out: ``REVIEWS``, ``PULL_REQUESTS``, ``PIPELINE_RUNS``, ``DEPLOYMENTS``, ``INCIDENTS``, ``SURVEY``.

What the files that a user gives may hold is in ``conway.history.imports.columns``.
"""

from __future__ import annotations

from conway.tables import Column, Schema

_REPOSITORY = Column("repository", "text", "name of the repository")
_CHANGE = Column("change", "text", "object id of the mainline change, where it joins", True)  # noqa: FBT003
_NUMBER = Column("pull_request", "int", "number of the pull or merge request", nullable=True)


def _time(name: str, meaning: str, *, nullable: bool = True) -> Column:
    return Column(name, "int", meaning, nullable)


REVIEWS = Schema(
    "reviews",
    "One row per review of a pull request; one row without a review where there was none.",
    (
        _REPOSITORY,
        _NUMBER,
        _CHANGE,
        _time("opened", "when it was opened", nullable=False),
        _time("merged", "when it was merged"),
        _time("closed", "when it was closed, merged or not"),
        Column("author", "text", "pseudonym of who opened it", nullable=True),
        Column("reviewer", "text", "pseudonym of who reviewed it", nullable=True),
        _time("reviewed", "when the review was given"),
        Column("state", "text", "approved, changes_requested, commented or dismissed", True),  # noqa: FBT003
    ),
)

PULL_REQUESTS = Schema(
    "pull_requests",
    "One row per pull request of the table of reviews.",
    (
        _REPOSITORY,
        _NUMBER,
        _CHANGE,
        _time("opened", "when it was opened", nullable=False),
        _time("first_review", "when somebody else first reviewed it"),
        _time("approved", "when it was first approved"),
        _time("merged", "when it was merged"),
        _time("closed", "when it was closed, merged or not"),
        Column("author", "text", "pseudonym of who opened it", nullable=True),
        Column("approvals", "int", "people who approved it"),
        Column("reviewers", "int", "people who reviewed it"),
    ),
)

PIPELINE_RUNS = Schema(
    "pipeline_runs",
    "One row per attempt at one suite for one commit.",
    (
        _REPOSITORY,
        Column("commit", "text", "object id that it ran on"),
        _CHANGE,
        Column("suite", "text", "name of the suite, workflow or pipeline"),
        Column("attempt", "int", "1 for the first run on this commit"),
        _time("queued", "when it was asked for"),
        _time("started", "when it began"),
        _time("finished", "when it ended"),
        Column("result", "text", "success, failure, cancelled, skipped or other"),
        Column("tests", "int", "tests that it ran", nullable=True),
        Column("flaky", "int", "tests that failed and passed on the same code", nullable=True),
    ),
)

DEPLOYMENTS = Schema(
    "deployments",
    "One row per deployment.",
    (
        _REPOSITORY,
        Column("commit", "text", "object id that was deployed", nullable=True),
        _CHANGE,
        Column("position", "int", "the change's place in mainline order", nullable=True),
        Column("service", "text", "the service deployed; empty: the repository", nullable=True),
        Column("environment", "text", "where to", nullable=True),
        _time("deployed", "when it was done", nullable=False),
        Column("result", "text", "success, failure, cancelled, skipped, rolled_back or other"),
    ),
)

INCIDENTS = Schema(
    "incidents",
    "One row per incident.",
    (
        Column("repository", "text", "name of the repository, where known", nullable=True),
        Column("service", "text", "the service concerned, where known", nullable=True),
        _time("opened", "when it began", nullable=False),
        _time("resolved", "when it ended"),
    ),
)

SURVEY = Schema(
    "survey",
    "One row per question, constraint and time; answers of single people are not kept.",
    (
        Column("constraint", "text", "validation, integration, coordination or release"),
        Column("question", "text", "what was asked"),
        _time("answered", "when", nullable=False),
        Column("score", "float", "mean answer"),
        Column("respondents", "int", "people who answered"),
    ),
)

IMPORTS = (REVIEWS, PIPELINE_RUNS, DEPLOYMENTS, INCIDENTS, SURVEY)
