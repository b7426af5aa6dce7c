"""The columns that a user's table may have, by table.

In:  nothing.
Out: ``TABLES``: name of a table in ``[tables]`` -> its columns.

Importers for other formats (GitHub, GitLab, DevLake, JUnit) write records of these columns,
so that one reader checks them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CellKind = Literal["text", "time", "whole", "number", "result", "state", "constraint", "person"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a user's table: its kind, meaning, and whether each row must fill it."""

    kind: CellKind
    meaning: str
    needed: bool = False


_REPOSITORY = Cell("text", "name, `owner/name` or address; may be left out where it is plain")
_COMMIT = Cell("text", "object id of a commit; at least 7 characters of it")

TABLES: dict[str, dict[str, Cell]] = {
    "reviews": {
        "repository": _REPOSITORY,
        "pull_request": Cell("whole", "its number"),
        "commit": Cell("text", "the commit that it was merged as"),
        "opened": Cell("time", "when it was opened", needed=True),
        "merged": Cell("time", "when it was merged; empty where it was not"),
        "closed": Cell("time", "when it was closed"),
        "author": Cell("person", "who opened it: name, address or login"),
        "reviewer": Cell("person", "who reviewed it; a row for each review"),
        "reviewed": Cell("time", "when"),
        "state": Cell("state", "approved, changes_requested, commented or dismissed"),
    },
    "pipeline_runs": {
        "repository": _REPOSITORY,
        "pull_request": Cell("whole", "the pull request that it ran for"),
        "commit": _COMMIT,
        "suite": Cell("text", "name of the suite, workflow or pipeline", needed=True),
        "attempt": Cell("whole", "1 for the first run; more for repeats on the same commit"),
        "queued": Cell("time", "when it was asked for"),
        "started": Cell("time", "when it began"),
        "finished": Cell("time", "when it ended"),
        "result": Cell("result", "success, failure, cancelled or skipped", needed=True),
        "tests": Cell("whole", "tests that it ran"),
        "flaky": Cell("whole", "tests that failed and then passed on the same code"),
    },
    "deployments": {
        "repository": _REPOSITORY,
        "commit": _COMMIT,
        "service": Cell("text", "the service; left out where a repository deploys as one"),
        "environment": Cell("text", "where to; rows elsewhere than in production do not count"),
        "deployed": Cell("time", "when it was done", needed=True),
        "result": Cell("result", "success, failure, cancelled, skipped or rolled_back"),
    },
    "incidents": {
        "repository": _REPOSITORY,
        "service": Cell("text", "the service concerned"),
        "opened": Cell("time", "when it began", needed=True),
        "resolved": Cell("time", "when it ended"),
    },
    "survey": {
        "constraint": Cell(
            "constraint", "validation, integration, coordination or release", needed=True
        ),
        "question": Cell("text", "what was asked", needed=True),
        "answered": Cell("time", "when", needed=True),
        "score": Cell("number", "mean answer", needed=True),
        "respondents": Cell("whole", "people who answered", needed=True),
    },
}

RESULTS = {
    **dict.fromkeys(("success", "succeeded", "passed", "completed", "ok"), "success"),
    **dict.fromkeys(
        ("failure", "failed", "error", "timed_out", "startup_failure", "broken"), "failure"
    ),
    **dict.fromkeys(("cancelled", "canceled", "abort", "aborted", "stale"), "cancelled"),
    **dict.fromkeys(("skipped", "neutral"), "skipped"),
    **dict.fromkeys(("rolled_back", "rollback", "reverted"), "rolled_back"),
    **dict.fromkeys(
        (
            "running", "pending", "created", "manual", "in_progress", "queued", "requested",
            "waiting", "action_required", "scheduled", "preparing", "other",
        ),
        "other",
    ),
}  # fmt: skip

STATES = {
    **dict.fromkeys(("approved", "approve"), "approved"),
    **dict.fromkeys(("changes_requested", "request_changes", "rejected"), "changes_requested"),
    **dict.fromkeys(("commented", "comment"), "commented"),
    "dismissed": "dismissed",
}

CONSTRAINTS = {name: name for name in ("validation", "integration", "coordination", "release")}
