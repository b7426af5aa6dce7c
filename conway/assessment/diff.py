"""What changed between two measurements: headline figures, findings and owners.

In:  two ``assess.json``, or two ``Assessment``.
Out: ``Difference``.

Where both histories are at hand, the weeks of each are drawn anew and the difference has an
interval of its own; a change is established when that interval excludes zero. From two
files alone, it is established when both intervals lie apart, which asks for more. Windows
that overlap share change sets, so their difference is shown without a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conway import __version__
from conway.assessment.check import HEADLINES, FigureJson, Headline, reading, shown
from conway.assessment.diff_weeks import week_differences
from conway.display import visible
from conway.figures import Figure, figure_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conway.assessment.assessment import Assessment

Json = dict[str, Any]
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one figure.

    Attributes
    ----------
    measure
        What it is called.
    old, new
        The figure's JSON.
    difference
        New less old as a figure's JSON, None where one of them is unknown.
    established
        Whether it is more than chance would do; None where that cannot be said.
    better
        Whether it moved for the better.
    note
        How ``established`` was found.
    """

    measure: str
    old: FigureJson
    new: FigureJson
    difference: FigureJson
    established: bool | None
    better: bool | None
    note: str

    def to_json(self) -> Json:
        """Return it as ``diff.json`` holds it."""
        names = ("measure", "old", "new", "difference", "established", "better", "note")
        return {name: getattr(self, name) for name in names}

    def explain(self) -> str:
        """Say it in one line."""
        if self.difference is None:
            return f"{self.measure}: {shown(self.old)}, then {shown(self.new)}"
        way = {True: "better", False: "worse", None: "the same"}[self.better]
        said = {True: way, False: "not established", None: f"{way}, {self.note}"}
        return (
            f"{self.measure}: {shown(self.old)}, then {shown(self.new)}; "
            f"{shown(self.difference)} ({said[self.established]})"
        )


@dataclass(frozen=True, slots=True)
class Owner:
    """A service whose owner changed; None is no owner."""

    service: str
    old: str | None
    new: str | None

    def to_json(self) -> Json:
        """Return it as ``diff.json`` holds it."""
        return {"service": self.service, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two measurements.

    Attributes
    ----------
    old, new
        ``label, window, changes`` of each.
    changes
        The headline figures.
    gone, come
        Findings of the old one that the new one has not, and the reverse; strongest first.
    stayed
        How many both have.
    owners
        Services that both have, under another owner.
    services_gone, services_come
        Services of one of them alone.
    """

    old: Json
    new: Json
    changes: tuple[Change, ...]
    gone: tuple[Json, ...]
    come: tuple[Json, ...]
    stayed: int
    owners: tuple[Owner, ...]
    services_gone: tuple[str, ...]
    services_come: tuple[str, ...]
    schema: str = field(default="conway.diff/1", init=False)

    def to_json(self) -> Json:
        """Return the content of ``diff.json``."""
        return {
            "schema": self.schema,
            "version": __version__,
            "old": self.old,
            "new": self.new,
            "figures": [change.to_json() for change in self.changes],
            "gaps": {"gone": list(self.gone), "new": list(self.come), "stayed": self.stayed},
            "owners": [owner.to_json() for owner in self.owners],
            "services": {"gone": list(self.services_gone), "new": list(self.services_come)},
        }

    def explain(self) -> str:
        """Say in words what changed."""
        head = "; ".join(
            f"{name}: {visible(one['label'])}, {one['window']['since']} to "
            f"{one['window']['until']}, {one['changes']} change sets"
            for name, one in (("old", self.old), ("new", self.new))
        )
        lines = [head, *(change.explain() for change in self.changes)]
        lines += _listed("findings gone", [gap["title"] for gap in self.gone])
        lines += _listed("findings new", [gap["title"] for gap in self.come])
        lines.append(f"findings in both: {self.stayed}")
        moved = [
            f"{o.service}: {o.old or 'no owner'} to {o.new or 'no owner'}" for o in self.owners
        ]
        lines += _listed("owners changed", moved)
        lines += _listed("services gone", self.services_gone)
        lines += _listed("services new", self.services_come)
        return "\n".join(lines)


def _listed(title: str, items: list[str] | tuple[str, ...]) -> Iterator[str]:
    if items:
        yield f"{title}: {len(items)}"
        yield from (f"- {visible(item)}" for item in items[:_SHOWN])
    if len(items) > _SHOWN:
        yield f"- and {len(items) - _SHOWN} more"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two measurements.

    Attributes
    ----------
    label
        What a reader knows it by: a file, a store, a date.
    result
        The content of its ``assess.json``.
    assessment
        The measurement itself, where its history is at hand.
    """

    label: str
    result: Mapping[str, Any]
    assessment: Assessment | None = None

    @classmethod
    def of(cls, assessment: Assessment, *, label: str) -> Side:
        """Return the side of a measurement at hand."""
        return cls(label, assessment.to_json(), assessment)

    @property
    def summary(self) -> Json:
        """Label, window and number of change sets."""
        window, changes = self.result["window"], self.result["changes"]
        return {"label": self.label, "window": dict(window), "changes": changes}


def difference(old: Side, new: Side) -> Difference:
    """Compare two measurements.

    Parameters
    ----------
    old, new
        The earlier and the later one.
    """
    before, after = _gaps(old.result), _gaps(new.result)
    owned, owns = _owners(old.result), _owners(new.result)
    return Difference(
        old=old.summary,
        new=new.summary,
        changes=tuple(_changes(old, new)),
        gone=tuple(_brief(gap) for key, gap in before.items() if key not in after),
        come=tuple(_brief(gap) for key, gap in after.items() if key not in before),
        stayed=len(before.keys() & after.keys()),
        owners=tuple(
            Owner(name, owned[name], owns[name])
            for name in sorted(owned.keys() & owns.keys())
            if owned[name] != owns[name]
        ),
        services_gone=tuple(sorted(owned.keys() - owns.keys())),
        services_come=tuple(sorted(owns.keys() - owned.keys())),
    )


def _owners(result: Mapping[str, Any]) -> dict[str, str | None]:
    return {service["name"]: service["owner"] for service in result["services"]}


def _brief(gap: Json) -> Json:
    return {name: gap[name] for name in ("kind", "title", "services", "teams", "strength")}


_ABOUT_TEAMS = frozenset({"handoff_pair", "central_approver", "mixed_team"})
_ABOUT_BOTH = frozenset({"owner_mismatch"})


def _gaps(result: Mapping[str, Any]) -> dict[tuple[object, ...], Json]:
    """Return findings by what they are about, so that one with other counts is the same."""
    return {_identity(gap): gap for gap in result["gaps"]}


def _identity(gap: Json) -> tuple[object, ...]:
    kind, services, teams = gap["kind"], tuple(gap["services"]), tuple(gap["teams"])
    if kind in _ABOUT_TEAMS:
        return (kind, teams)
    if kind in _ABOUT_BOTH:
        return (kind, services, teams)
    evidence = gap["evidence"]
    if kind == "shared_file":
        return (kind, services, *(file["path"] for file in evidence.get("files", ())))
    return (kind, *evidence["units"]) if kind == "lockstep_releases" else (kind, services)


def _changes(old: Side, new: Side) -> Iterator[Change]:
    drawn: Mapping[str, Figure] = {}
    apart = _apart(old.result["window"], new.result["window"])
    if apart and old.assessment is not None and new.assessment is not None:
        drawn = week_differences(old.assessment.delivery, new.assessment.delivery)
    for headline in HEADLINES:
        yield _change(
            headline,
            (headline.of(old.result), headline.of(new.result)),
            drawn=drawn.get(headline.path[-1]),
            apart=apart,
        )


def _apart(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Tell whether two windows, whose last days count, share no day."""
    return old["until"] < new["since"] or new["until"] < old["since"]


def _change(
    headline: Headline,
    figures: tuple[FigureJson, FigureJson],
    *,
    drawn: Figure | None,
    apart: bool,
) -> Change:
    old, new = (reading(figure) for figure in figures)
    if old is None or new is None:
        note = "one of them is unknown"
        return Change(headline.name, *figures, None, None, None, note)
    moved = new[0] - old[0]
    better = None if moved == 0 else (moved > 0) == headline.more_is_better
    if drawn is not None:
        found = _plain(drawn)
        established, note = _excludes_zero(found), "interval of the difference, by weeks"
    else:
        found = _plain(moved)
        established, note = _lie_apart(old, new), "established where the intervals lie apart"
    if not apart:
        established, note = None, "the windows overlap"
    return Change(headline.name, *figures, found, established, better, note)


def _plain(figure: Figure) -> FigureJson:
    found = figure_json(figure)
    return found if isinstance(found, (int, float, dict)) else None


def _excludes_zero(figure: FigureJson) -> bool | None:
    known = reading(figure)
    if known is None or known[1] is None or known[2] is None:
        return None
    return not known[1] <= 0 <= known[2]


Reading = tuple[float, float | None, float | None]


def _lie_apart(old: Reading, new: Reading) -> bool | None:
    """Tell whether two intervals share no value; None where one of them has none."""
    (_, low, high), (_, later_low, later_high) = old, new
    if low is None or high is None or later_low is None or later_high is None:
        return None
    return high < later_low or later_high < low
