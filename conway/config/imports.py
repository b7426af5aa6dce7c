"""What ``conway.toml`` may say of tables from elsewhere, and of capacities.

Out: ``TablesTable``, ``CapacityTable``; ``zone_of``.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from conway.config.values import Table, Text, Texts


def _by_repository(value: object) -> object:
    """Return files by repository; "" where the file itself, or the only one, says which."""
    return {"": value} if isinstance(value, (str, list, tuple)) else value


Files = Annotated[
    dict[str, Texts],
    BeforeValidator(_by_repository),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "additionalProperties": {"type": ["string", "array"]}},
            ]
        }
    ),
]
_ZONE = r"^(UTC|Z|[+-](0\d|1[0-4]):[0-5]\d)$"


class TablesTable(Table):
    """What was imported from elsewhere: files, or files by repository (docs/delivery-tables.md).

    Attributes
    ----------
    reviews
        CSV, JSON or Parquet; ``gh pr list --json``; GitLab's merge requests.
    pipeline_runs
        The same; ``gh run list --json``; GitLab's pipelines; JUnit's XML or a folder of it.
    deployments, incidents, survey
        CSV, JSON or Parquet.
    devlake
        A folder with DevLake's domain tables as CSV files.
    zone
        The zone of times that name none, such as UTC or +02:00.
    production
        Environments of deployments that count.
    """

    reviews: Files = Field(default={})
    pipeline_runs: Files = Field(default={})
    deployments: Files = Field(default={})
    incidents: Files = Field(default={})
    survey: Files = Field(default={})
    devlake: Text | None = None
    zone: Annotated[str, StringConstraints(pattern=_ZONE)] | None = None
    production: Texts = ("production", "prod", "live")


class CapacityTable(Table):
    """How much may go on at a time, where it is known.

    Attributes
    ----------
    suites
        By suite of ``pipeline_runs`` how many of its runs.
    """

    suites: dict[Text, Annotated[int, Field(ge=1)]] = Field(default={})


def zone_of(name: str | None) -> tzinfo | None:
    """Return the zone that ``[tables] zone`` names.

    Examples
    --------
    >>> str(zone_of("+05:30"))
    'UTC+05:30'
    """
    if name is None:
        return None
    if name in {"UTC", "Z"}:
        return UTC
    hours, minutes = int(name[1:3]), int(name[4:6])
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if name.startswith("-") else ahead)
