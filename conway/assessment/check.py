"""Limits for continuous integration: which are kept, which are broken, and how surely.

In:  the content of an ``assess.json``, limits, and another ``assess.json`` to be no worse than.
Out: ``Check``: one verdict per limit, each with a sentence.

A limit is broken when the value is beyond it. Values have intervals: the verdict says
whether the interval excludes the limit or the break may be chance. A value that is unknown
breaks nothing and keeps nothing; it is said. "No worse than" is broken when the value is
beyond the worse end of the old value's interval.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from conway import __version__
from conway.errors import BoundariesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conway.config import CheckTable

Status = Literal["kept", "broken", "unknown"]
Json = dict[str, Any]
FigureJson: TypeAlias = "float | dict[str, Any] | None"
"""A number; with ``value, low, high, level``; or without a value, with a ``reason``."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of ``assess.json`` that may have a limit.

    Attributes
    ----------
    name
        What it is called.
    limit
        The key of its limit in ``[check]``.
    path
        Its keys in ``assess.json``.
    """

    name: str
    limit: str
    path: tuple[str, ...]

    @property
    def more_is_better(self) -> bool:
        """Whether a limit is its least value."""
        return self.limit.startswith("min_")

    def of(self, result: Mapping[str, Any]) -> FigureJson:
        """Return the figure's JSON."""
        found: Any = result
        for key in self.path:
            found = found[key]
        return cast("FigureJson", found)


HEADLINES = (
    Headline("autonomous share", "min_autonomous", path=("autonomy", "autonomous_share")),
    Headline("single-team share", "min_single_team", path=("autonomy", "single_team_share")),
    Headline("handoffs per 100", "max_handoffs", path=("autonomy", "handoffs_per_100")),
    Headline("lockstep releases per 100", "max_lockstep", path=("autonomy", "lockstep_per_100")),
    Headline("streams of delivery", "min_streams", path=("parallelism", "teams", "streams")),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one limit.

    Attributes
    ----------
    limit
        As ``[check]`` writes it.
    measure
        What is limited.
    value
        Its figure as JSON.
    bound
        The limit.
    status
        ``kept``, ``broken`` or ``unknown``.
    sure
        Whether the value's interval excludes the other verdict; None without an interval.
    message
        One sentence.
    """

    limit: str
    measure: str
    value: FigureJson
    bound: float
    status: Status
    sure: bool | None
    message: str

    def to_json(self) -> Json:
        """Return it as ``check.json`` holds it."""
        names = ("limit", "measure", "value", "bound", "status", "sure", "message")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Check:
    """All verdicts, in the order of the limits."""

    verdicts: tuple[Verdict, ...]
    window: Mapping[str, Any] = field(default_factory=dict)

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The limits that are broken."""
        return tuple(one for one in self.verdicts if one.status == "broken")

    @property
    def unknown(self) -> tuple[Verdict, ...]:
        """The limits of what could not be measured."""
        return tuple(one for one in self.verdicts if one.status == "unknown")

    def to_json(self) -> Json:
        """Return the content of ``check.json``."""
        return {
            "schema": "conway.check/1",
            "version": __version__,
            "window": dict(self.window),
            "limits": [verdict.to_json() for verdict in self.verdicts],
            "broken": len(self.broken),
            "unknown": len(self.unknown),
        }

    def explain(self) -> str:
        """Say what became of each limit, a line each."""
        return "\n".join(f"{one.status:8} {one.message}" for one in self.verdicts)


def check_limits(
    result: Mapping[str, Any],
    limits: CheckTable,
    *,
    no_worse_than: Mapping[str, Any] | None = None,
) -> Check:
    """Hold a measurement against limits.

    Parameters
    ----------
    result
        The content of ``assess.json``.
    limits
        ``[check]``.
    no_worse_than
        The content of an earlier ``assess.json``.

    Raises
    ------
    BoundariesError
        If there is nothing to check.
    """
    verdicts = [*_of_headlines(result, limits), *_of_gaps(result, limits)]
    if no_worse_than is not None:
        verdicts += _of_before(result, no_worse_than)
    if not verdicts:
        raise BoundariesError(
            "no limit is given; pass one such as --max-handoffs 40, or write them under [check]"
        )
    return Check(tuple(verdicts), result.get("window", {}))


def _of_headlines(result: Mapping[str, Any], limits: CheckTable) -> Iterator[Verdict]:
    for headline in HEADLINES:
        bound = getattr(limits, headline.limit)
        if bound is not None:
            yield verdict(headline, headline.of(result), bound=float(bound))


def verdict(
    headline: Headline, value: FigureJson, *, bound: float, limit: str = "", against: str = "limit"
) -> Verdict:
    """Hold one figure against one bound."""
    name, known = headline.name, reading(value)
    limit = limit or headline.limit
    if known is None:
        message = f"{name} is {shown(value)}"
        return Verdict(limit, name, value, bound, "unknown", None, message)
    middle, low, high = known
    broken = middle < bound if headline.more_is_better else middle > bound
    side = "below" if middle < bound else "above" if middle > bound else "at"
    sure = None if low is None or high is None else not low <= bound <= high
    message = (
        f"{name} is {shown(value)}, {side} the {against} of {bound:.4g}; {_said(broken, sure)}"
    )
    return Verdict(limit, name, value, bound, "broken" if broken else "kept", sure, message)


def _said(broken: bool, sure: bool | None) -> str:  # noqa: FBT001
    """Say how surely a limit is broken or kept."""
    if sure is None:
        return "no interval is known"
    if sure:
        return "the whole interval is"
    return (
        "its interval includes the limit, so this may be chance"
        if broken
        else ("its interval reaches beyond")
    )


def reading(value: FigureJson) -> tuple[float, float | None, float | None] | None:
    """Return value, low and high of a figure's JSON; None where it is unknown."""
    if not isinstance(value, dict):
        return None if value is None else (float(value), None, None)
    if value.get("value") is None:
        return None
    return float(value["value"]), value.get("low"), value.get("high")


def shown(value: FigureJson) -> str:
    """Return a figure's JSON as text, with its interval."""
    known = reading(value)
    if known is None:
        return f"unknown ({value['reason']})" if isinstance(value, dict) else "unknown"
    middle, low, high = known
    return f"{middle:.4g}" if low is None else f"{middle:.4g} [{low:.4g}, {high:.4g}]"


def _of_gaps(result: Mapping[str, Any], limits: CheckTable) -> Iterator[Verdict]:
    counts = Counter(gap["kind"] for gap in result["gaps"])
    for kind, most in sorted(limits.max_gaps.items()):
        found = counts[kind]
        broken = found > most
        first = next((gap["title"] for gap in result["gaps"] if gap["kind"] == kind), "")
        strongest = f"; the strongest: {first}" if broken else ""
        findings = "finding" if found == 1 else "findings"
        message = f"{found} {findings} of kind {kind}, the limit is {most}{strongest}"
        yield Verdict(
            f"max_gaps.{kind}", kind, found, most, "broken" if broken else "kept", None, message
        )


def _of_before(result: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Verdict]:
    """Hold each headline figure against the worse end of what it was."""
    for headline in HEADLINES:
        old = reading(headline.of(before))
        if old is None:
            continue
        middle, low, high = old
        worse = low if headline.more_is_better else high
        bound = middle if worse is None else float(worse)
        yield verdict(
            headline,
            headline.of(result),
            bound=bound,
            limit=f"no_worse_than.{headline.path[-1]}",
            against="worse end of the earlier interval",
        )
