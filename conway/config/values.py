"""What single values of ``conway.toml`` may be.

Out: ``Table``, the base of every table of the file; ``Text``, ``Texts``, ``Day``; ``seconds``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)


def seconds(day: object) -> int:
    """Return a day or a time as seconds since 1970-01-01 UTC.

    Parameters
    ----------
    day
        ``"2025-01-31"``, ``"2025-01-31T12:00:00Z"`` or a TOML date; without a zone: UTC.

    Examples
    --------
    >>> seconds("1970-01-02")
    86400
    """
    moment: date | None = day if isinstance(day, date) else None
    if isinstance(day, str) and day.isascii() and len(day) >= len("2025-01-31"):
        try:
            moment = datetime.fromisoformat(day)
        except ValueError:
            moment = None
    if moment is None:
        raise ValueError(f"{day!r} is not a day such as '2025-01-31'")
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_DAY_SCHEMA = WithJsonSchema({"type": "string", "examples": ["2025-01-31"]})
_TEXT_OR_TEXTS = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
)
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Day = Annotated[int, BeforeValidator(seconds), _DAY_SCHEMA]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(_one_or_many),
    Field(min_length=1, strict=False),
    _TEXT_OR_TEXTS,
]
AnyTexts = Annotated[
    tuple[Text, ...], BeforeValidator(_one_or_many), Field(strict=False), _TEXT_OR_TEXTS
]


class Table(BaseModel):
    """A table of the file: no other keys than those declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
