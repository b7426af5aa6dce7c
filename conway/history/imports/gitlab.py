"""Merge requests and pipelines as GitLab's API and ``glab ... -F json`` give them.

In:  objects of these lists.
Out: records of the tables ``reviews`` and ``pipeline_runs``.

A merge request of the list says who may review, not who did: reviews are known where
``approved_by`` (of ``/approvals``) is put beside it, and their times where it has
``approved_at``. The list of pipelines has neither start nor wait; single pipelines have both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.history.imports.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def is_merge_request(cells: Mapping[str, Any]) -> bool:
    """Tell whether an object is a merge request."""
    return "iid" in cells and "created_at" in cells and "ref" not in cells


def is_pipeline(cells: Mapping[str, Any]) -> bool:
    """Tell whether an object is a pipeline."""
    return {"sha", "status", "created_at", "ref"} <= set(cells)


def reviews_of(record: Record) -> Iterator[Record]:
    """Yield a record for each approval of a merge request, one where there is none."""
    cells = record.cells
    base = {
        "repository": repository_in(cells.get("web_url")),
        "pull_request": cells.get("iid"),
        "commit": cells.get("merge_commit_sha") or cells.get("squash_commit_sha"),
        "opened": cells.get("created_at"),
        "merged": cells.get("merged_at"),
        "closed": cells.get("closed_at") or cells.get("merged_at"),
        "author": _username(cells.get("author")),
    }
    given = [one for one in cells.get("approved_by") or () if isinstance(one, dict)]
    for one in given:
        who = _username(one.get("user", one)) or "?"
        when = one.get("approved_at")
        yield _record(record, base | {"reviewer": who, "reviewed": when, "state": "approved"})
    if not given:
        yield _record(record, base)


def runs_of(record: Record) -> Iterator[Record]:
    """Yield the record of a pipeline."""
    cells = record.cells
    started, waited = cells.get("started_at"), cells.get("queued_duration")
    done = cells.get("status") in {"success", "failed", "canceled", "skipped"}
    yield _record(
        record,
        {
            "repository": repository_in(cells.get("web_url")),
            "commit": cells.get("sha"),
            "suite": cells.get("name") or "pipeline",
            "queued": cells.get("created_at") if started and waited is not None else None,
            "started": started,
            "finished": cells.get("finished_at")
            or (cells.get("updated_at") if done and started else None),
            "result": cells.get("status"),
        },
    )


def repository_in(url: object) -> str | None:
    """Return the project's path of an address of GitLab, None of anything else."""
    path = str(url or "").partition("://")[2].partition("/-/")
    return path[0].partition("/")[2] or None if path[1] else None


def _username(person: object) -> str | None:
    if not isinstance(person, dict) or not person.get("username"):
        return None
    return str(person["username"])


def _record(record: Record, cells: Mapping[str, Any]) -> Record:
    return Record(record.place, {key: one for key, one in cells.items() if one is not None})
