"""Apache DevLake's domain tables, each exported as a CSV file of its name.

In:  a folder with any of ``pull_requests.csv`` (and ``pull_request_comments.csv``),
     ``cicd_pipelines.csv`` with ``cicd_pipeline_commits.csv``, ``cicd_deployment_commits.csv``,
     ``incidents.csv``; and ``repos.csv``, which names the repositories.
Out: records of the tables ``reviews``, ``pipeline_runs``, ``deployments``, ``incidents``.

DevLake keeps times in UTC without a zone; further columns are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.display import visible
from conway.errors import TableError
from conway.history.imports.records import Record, read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Row = Mapping[str, Any]

_REVIEWING = frozenset({"REVIEW", "DIFF"})
_APPROVED = frozenset({"APPROVED", "APPROVE"})


def devlake_records(folder: Path) -> dict[str, list[Record]]:
    """Return the records of each table that the folder holds.

    Raises
    ------
    TableError
        If the folder holds none of the tables, or one cannot be read.
    """
    names = {
        str(row.get("id")): str(row.get("name") or row.get("url") or "")
        for row in _rows(folder, "repos")
    }
    readers: dict[str, Callable[..., list[Record]]] = {
        "reviews": _reviews,
        "pipeline_runs": _runs,
        "deployments": _deployments,
        "incidents": _incidents,
    }
    found = {table: reader(folder, names=names) for table, reader in readers.items()}
    kept = {table: records for table, records in found.items() if records}
    if not kept:
        raise TableError(
            f"{visible(folder.name)}: holds no rows of pull_requests.csv, cicd_pipelines.csv, "
            "cicd_deployment_commits.csv or incidents.csv"
        )
    return kept


def _reviews(folder: Path, *, names: Mapping[str, str]) -> list[Record]:
    comments: dict[str, list[Row]] = {}
    for row in _rows(folder, "pull_request_comments"):
        approved = str(row.get("status", "")).upper() in _APPROVED
        if approved or str(row.get("type", "")).upper() in _REVIEWING:
            comments.setdefault(str(row.get("pull_request_id")), []).append(row)
    found = []
    for number, row in enumerate(_rows(folder, "pull_requests"), start=2):
        base = {
            "repository": names.get(str(row.get("base_repo_id"))) or _from_url(row.get("url")),
            "pull_request": row.get("pull_request_key"),
            "commit": row.get("merge_commit_sha"),
            "opened": row.get("created_date"),
            "merged": row.get("merged_date"),
            "closed": row.get("closed_date"),
            "author": row.get("author_id") or row.get("author_name"),
        }
        given = [
            base
            | {
                "reviewer": one.get("account_id") or "?",
                "reviewed": one.get("created_date"),
                "state": "approved"
                if str(one.get("status", "")).upper() in _APPROVED
                else "commented",
            }
            for one in comments.get(str(row.get("id")), ())
        ]
        found += _records("pull_requests.csv", number, given or [base])
    return found


def _runs(folder: Path, *, names: Mapping[str, str]) -> list[Record]:
    commits = {str(row.get("pipeline_id")): row for row in _rows(folder, "cicd_pipeline_commits")}
    found = []
    for number, row in enumerate(_rows(folder, "cicd_pipelines"), start=2):
        if str(row.get("type", "CI")).upper() == "DEPLOYMENT":
            continue
        commit = commits.get(str(row.get("id")), {})
        cells = {
            "repository": _repository(commit, names),
            "commit": commit.get("commit_sha"),
            "suite": row.get("name") or "pipeline",
            "queued": row.get("queued_date"),
            "started": row.get("started_date"),
            "finished": row.get("finished_date"),
            "result": row.get("result") or row.get("status") or "other",
        }
        found += _records("cicd_pipelines.csv", number, [cells])
    return found


def _deployments(folder: Path, *, names: Mapping[str, str]) -> list[Record]:
    found = []
    for number, row in enumerate(_rows(folder, "cicd_deployment_commits"), start=2):
        cells = {
            "repository": _repository(row, names),
            "commit": row.get("commit_sha"),
            "environment": row.get("environment"),
            "deployed": row.get("finished_date") or row.get("created_date"),
            "result": row.get("result") or "other",
        }
        found += _records("cicd_deployment_commits.csv", number, [cells])
    return found


def _incidents(folder: Path, *, names: Mapping[str, str]) -> list[Record]:
    found = []
    for number, row in enumerate(_rows(folder, "incidents"), start=2):
        cells = {
            "repository": names.get(str(row.get("scope_id"))),
            "opened": row.get("created_date"),
            "resolved": row.get("resolution_date"),
        }
        found += _records("incidents.csv", number, [cells])
    return found


def _repository(row: Row, names: Mapping[str, str]) -> str | None:
    return names.get(str(row.get("repo_id"))) or row.get("repo_url")


def _from_url(url: object) -> str | None:
    parts = str(url or "").partition("://")[2].split("/")
    return parts[2] if len(parts) > 2 else None  # noqa: PLR2004


def _records(name: str, line: int, rows: Sequence[Mapping[str, Any]]) -> list[Record]:  # noqa: PLR0917
    return [
        Record(f"{name} line {line}", {key: cell for key, cell in row.items() if cell})
        for row in rows
    ]


def _rows(folder: Path, name: str) -> list[Row]:
    path = folder / f"{name}.csv"
    return [record.cells for record in read_records(path)] if path.is_file() else []
