"""What ``gh pr list --json`` and ``gh run list --json`` print.

In:  objects of these lists.
Out: records of the tables ``reviews`` and ``pipeline_runs``.

A run's ``createdAt`` stays that of its first attempt, and ``startedAt`` is when GitHub took
it, not when a machine did. So the wait for a machine is only known where ``jobs`` are given;
without them the end is ``updatedAt`` and the start ``startedAt``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.history.imports.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NEVER = "0001-01-01"


def is_pull_request(cells: Mapping[str, Any]) -> bool:
    """Tell whether an object is one of ``gh pr list --json``."""
    return "number" in cells and "createdAt" in cells and "headSha" not in cells


def is_run(cells: Mapping[str, Any]) -> bool:
    """Tell whether an object is one of ``gh run list --json``."""
    return "headSha" in cells


def reviews_of(record: Record) -> Iterator[Record]:
    """Yield a record for each review of a pull request, one where there is none."""
    cells = record.cells
    merge = cells.get("mergeCommit")
    base = {
        "repository": repository_in(cells.get("url")),
        "pull_request": cells.get("number"),
        "commit": merge.get("oid") if isinstance(merge, dict) else None,
        "opened": cells.get("createdAt"),
        "merged": cells.get("mergedAt"),
        "closed": cells.get("closedAt"),
        "author": _login(cells.get("author")),
    }
    given = [one for one in _objects(cells.get("reviews")) if one.get("state") != "PENDING"]
    for one in given:
        yield _record(
            record,
            base
            | {
                "reviewer": _login(one.get("author")) or "?",
                "reviewed": one.get("submittedAt"),
                "state": one.get("state"),
            },
        )
    if not given:
        yield _record(record, base)


def runs_of(record: Record) -> Iterator[Record]:
    """Yield the record of a run."""
    cells = record.cells
    jobs = [one for one in _objects(cells.get("jobs")) if _known(one.get("startedAt"))]
    first = min((str(one["startedAt"]) for one in jobs), default=None)
    ended = [str(one["completedAt"]) for one in jobs if _known(one.get("completedAt"))]
    attempt = cells.get("attempt") or 1
    done = cells.get("status", "completed") == "completed"
    yield _record(
        record,
        {
            "repository": repository_in(cells.get("url")),
            "commit": cells.get("headSha"),
            "suite": cells.get("workflowName") or cells.get("name") or "workflow",
            "attempt": attempt,
            "queued": cells.get("createdAt") if jobs and attempt == 1 else None,
            "started": first or cells.get("startedAt"),
            "finished": (max(ended, default=None) or cells.get("updatedAt")) if done else None,
            "result": cells.get("conclusion") or cells.get("status") or "other",
        },
    )


def repository_in(url: object) -> str | None:
    """Return ``owner/name`` of an address of GitHub, None of anything else."""
    parts = str(url or "").partition("://")[2].split("/")
    return "/".join(parts[1:3]) if len(parts) > 3 and all(parts[1:3]) else None  # noqa: PLR2004


def _login(person: object) -> str | None:
    """Return a login; that of a robot ends with ``[bot]``."""
    if not isinstance(person, dict) or not person.get("login"):
        return None
    login = str(person["login"])
    robot = person.get("is_bot") is True and not login.endswith("[bot]")
    return f"{login}[bot]" if robot else login


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _known(moment: object) -> bool:
    return bool(moment) and not str(moment).startswith(_NEVER)


def _record(record: Record, cells: Mapping[str, Any]) -> Record:
    return Record(record.place, {key: one for key, one in cells.items() if one is not None})
