"""The results that a report is written from, as plain values with visible text.

In:  results of the stages (objects with ``to_json``) or their JSON forms.
Out: ``Evidence``, whose every text is free of control and direction characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from conway.display import visible
from conway.errors import TableError
from conway.reporting.quantities import reading

Json = Mapping[str, Any]

_MULTILINE = frozenset({"edit"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a report is written; a result that was not computed is ``None``."""

    assessment: Json
    plan: Json | None = None
    trial: Json | None = None
    past: Json | None = None
    outlook: Json | None = None
    planned: Json | None = None
    earlier: Json | None = None

    @property
    def has_teams(self) -> bool:
        """Whether the assessment knows teams."""
        return bool(self.assessment.get("teams"))

    @property
    def pairs(self) -> list[Json]:
        """Pairs of teams, those with most handoffs per 100 change sets first."""
        every: list[Json] = list(self.assessment.get("handoff_pairs") or [])
        found = [pair for pair in every if pair["changes"]]
        return sorted(
            found, key=lambda p: (-(reading(p["per_100"]).value or 0.0), p["from"], p["to"])
        )

    @property
    def inferred(self) -> bool:
        """Whether authors' teams were inferred from where they worked."""
        return bool(self.assessment.get("provenance", {}).get("authors") == "inferred")


def gather(
    assessment: object,
    *,
    plan: object = None,
    trial: object = None,
    past: object = None,
    outlook: object = None,
    planned: object = None,
    earlier: object = None,
) -> Evidence:
    """Return the evidence for a report.

    Parameters
    ----------
    assessment, plan, trial, past, outlook
        Results with ``to_json``, or the JSON forms themselves; all but the first may be
        ``None``.
    planned
        The result of ``simulate`` or ``compare``, or ``None``.
    earlier
        The assessment of the last review, or ``None``.

    Raises
    ------
    TableError
        If something else than the named result was given.
    """
    return Evidence(
        assessment=plain(assessment, "assess"),
        plan=None if plan is None else plain(plan, "recommend"),
        trial=None if trial is None else plain(trial, "backtest"),
        past=None if past is None else plain(past, "lookback"),
        outlook=None if outlook is None else plain(outlook, "forecast"),
        planned=None if planned is None else _plans(planned),
        earlier=None if earlier is None else plain(earlier, "assess"),
    )


def _plans(result: object) -> Json:
    """Return the form of several plans; one plan is a list of one."""
    to_json = getattr(result, "to_json", None)
    form = to_json() if callable(to_json) else result
    if isinstance(form, Mapping) and str(form.get("schema", "")).startswith("conway.compare/"):
        return plain(form, "compare")
    return {"plans": [plain(form, "simulate")], "differences": []}


def plain(result: object, name: str) -> Json:
    """Return the JSON form of a result with visible text, and check that it is ``name``'s.

    Raises
    ------
    TableError
        If the result has no JSON form, or is another verb's.
    """
    to_json = getattr(result, "to_json", None)
    form = to_json() if callable(to_json) else result
    if not isinstance(form, Mapping):
        raise TableError(f"report: expected the result of {name}, got {type(result).__name__}")
    schema = str(form.get("schema", ""))
    if not schema.startswith(f"conway.{name}/"):
        given = schema or "a mapping without 'schema'"
        raise TableError(f"report: expected the result of {name} (conway.{name}/1), got {given}")
    return cast("Json", _visible(form))


def _visible(value: object, *, key: str = "") -> object:
    """Return a JSON value with every text made visible, keys included."""
    if isinstance(value, str):
        if key in _MULTILINE:
            return "\n".join(visible(line) for line in value.split("\n"))
        return visible(value)
    if isinstance(value, Mapping):
        return {visible(str(k)): _visible(v, key=str(k)) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [_visible(item, key=key) for item in value]
    return value
