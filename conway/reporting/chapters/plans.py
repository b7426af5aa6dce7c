"""What a planned reorganisation would have changed: one plan, or several side by side.

In:  the outcome of ``simulate`` or ``compare``.
Out: a section, or ``None`` where no plan was tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.choices import CAVEAT
from conway.reporting.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
)
from conway.reporting.quantities import (
    COUNT,
    PER_100,
    SHARE,
    STREAMS,
    Unit,
    number,
    plural,
    reading,
    saved,
    shown,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.reporting.evidence import Evidence, Json

_MEASURES: tuple[tuple[str, str, Unit], ...] = (
    ("handoffs_per_100", "Handoffs per 100 change sets", PER_100),
    ("lockstep_per_100", "Lockstep releases per 100 change sets", PER_100),
    ("single_team_share", "Change sets that need one team", SHARE),
    ("autonomous_share", "Change sets of one team and one release unit", SHARE),
    ("streams", "Streams of teams", STREAMS),
)
_PAIRS = 8


def planned(evidence: Evidence) -> Section | None:
    """Return what each tested plan would have changed, what gets worse and what is open."""
    plans: Sequence[Json] = evidence.planned.get("plans") or [] if evidence.planned else []
    if not plans:
        return None
    lead = f"{_weeks(plans[0])}{CAVEAT}"
    blocks: list[Block] = [Paragraph(lead, "lead")]
    if len(plans) > 1:
        blocks += _side_by_side(evidence.planned or {}, plans)
    for place, plan in enumerate(plans, 1):
        blocks += _one(plan, place=place, several=len(plans) > 1)
    return Section("planned", "What the planned reorganisation would change", tuple(blocks))


def _weeks(plan: Json) -> str:
    dates = plan.get("window") or {}
    if "held_out_from" not in dates:
        return "The plan is replayed on the recorded work; it is too short to hold a quarter out. "
    late = window(str(dates["held_out_from"]), str(dates["held_out_until"]))
    return (
        f"The plan is replayed on the recorded work, and apart on its last quarter, {late}, with "
        "people in the teams that they were in before it. "
    )


def _side_by_side(compared: Json, plans: Sequence[Json]) -> list[Block]:
    """Return the plans in one table, and how they differ from the first."""
    columns = (
        Column("On the last quarter"),
        *(Column(label, number=True) for _, label, _ in _MEASURES),
        Column("Pairs of teams that get worse", number=True),
    )
    rows = tuple(
        (
            Cell(str(plan["name"])),
            *(_figure(plan["held_out"]["change"].get(name), unit) for name, _, unit in _MEASURES),
            _count(sum(pair["after"] > pair["before"] for pair in plan["pairs"])),
        )
        for plan in plans
    )
    items = tuple(
        f"{one['plan']} against {one['than']}: {saved(_negative(one['per_100']))} handoffs and "
        "lockstep releases per 100 change sets"
        for one in compared.get("differences") or []
    )
    caption = "The plans side by side: after minus before"
    return [Table("plans", caption, columns, rows), Bullets(items)]


def _negative(figure: object) -> object:
    """Return a figure with the sign turned: more needed is less saved."""
    read = reading(figure)
    if read.value is None:
        return figure
    if not read.has_interval:
        return -read.value
    bounds = {"low": -(read.high or 0.0), "high": -(read.low or 0.0)}
    return {"value": -read.value, **bounds, "level": read.level}


def _one(plan: Json, *, place: int, several: bool) -> list[Block]:
    """Return everything about one plan."""
    name = str(plan.get("name") or "The plan")
    moves = tuple(str(move["title"]) for move in plan["moves"])
    blocks: list[Block] = [Heading(f"plan-{place}", name)] if several else []
    blocks += [Bullets(moves), _figures(plan, place=place)]
    blocks += _pairs(plan, place=place)
    blocks += [_loads(plan, place=place), _known(plan, place=place)]
    blocks += _stages(plan, place=place)
    return [*blocks, Paragraph("What stays open", "body"), Bullets(_open(plan))]


def _figures(plan: Json, *, place: int) -> Table:
    columns = (
        Column("Measure"),
        Column("Before", number=True),
        Column("After", number=True),
        Column("Change", number=True),
        Column("Change on the last quarter", number=True),
    )
    rows = tuple(
        (
            Cell(label),
            _figure(plan["before"].get(name), unit, interval=False),
            _figure(plan["after"].get(name), unit, interval=False),
            _figure(plan["change"].get(name), unit),
            _figure(plan["held_out"]["change"].get(name), unit),
        )
        for name, label, unit in _MEASURES
    )
    return Table(f"plan-{place}-figures", "The same work without and with the plan", columns, rows)


def _pairs(plan: Json, *, place: int) -> list[Block]:
    """Return the pairs of teams that get worse, then those that get better."""
    blocks: list[Block] = []
    for better in (False, True):
        found = [p for p in plan["pairs"] if (p["after"] < p["before"]) == better]
        found.sort(key=lambda p: -abs(p["after"] - p["before"]))
        if not found:
            continue
        columns = (
            Column("Who needs whom"),
            Column("Before", number=True),
            Column("After", number=True),
        )
        rows = tuple(
            (Cell(f"{p['from']} needs {p['to']}"), _count(p["before"]), _count(p["after"]))
            for p in found[:_PAIRS]
        )
        kind = "better" if better else "worse"
        more = len(found) - _PAIRS
        note = f"and {plural(more, 'pair')} more" if more > 0 else ""
        caption = f"Pairs of teams that get {kind}, in handoffs"
        blocks.append(Table(f"plan-{place}-{kind}", caption, columns, rows, note))
    return blocks


def _loads(plan: Json, *, place: int) -> Table:
    columns = (
        Column("Approver"),
        Column("Change sets before", number=True),
        Column("After", number=True),
        Column("Busiest week before", number=True),
        Column("After", number=True),
        Column("Can approve in a week", number=True),
        Column("Weeks above that, after", number=True),
    )
    keys = (
        "before",
        "after",
        "busiest_week_before",
        "busiest_week_after",
        "capacity",
        "weeks_over_after",
    )
    rows = tuple(
        (Cell(str(row["team"])), *(_count(row.get(key)) for key in keys)) for row in plan["loads"]
    )
    return Table(f"plan-{place}-loads", "What each team would have to approve", columns, rows)


def _known(plan: Json, *, place: int) -> Table:
    columns = (
        Column("Team"),
        Column("Services before", number=True),
        Column("After", number=True),
        Column("Files before", number=True),
        Column("After", number=True),
        Column("Receives without enough recent work on it"),
    )
    unknown: dict[str, list[str]] = {}
    for one in plan["knowledge"]:
        if not one["enough_people"]:
            unknown.setdefault(str(one["to"]), []).append(str(one["service"]))
    keys = ("services_before", "services_after", "files_before", "files_after")
    rows = tuple(
        (
            Cell(str(row["team"])),
            *(_count(row[key]) for key in keys),
            Cell(", ".join(unknown.get(str(row["team"]), [])) or "nothing"),
        )
        for row in plan["cognitive"]
    )
    return Table(f"plan-{place}-knowledge", "What each team would have to know", columns, rows)


def _stages(plan: Json, *, place: int) -> list[Block]:
    """Return what is saved once the moves of each date hold."""
    if not plan.get("stages"):
        return []
    columns = (
        Column("From"),
        Column("Moves in force", number=True),
        Column("Handoffs saved per 100", number=True),
        Column("Lockstep releases saved per 100", number=True),
    )
    rows = tuple(
        (
            Cell(str(row["from"]) or "at once"),
            _count(row["moves"]),
            _figure(row["handoffs_saved_per_100"], PER_100),
            _figure(row["lockstep_saved_per_100"], PER_100),
        )
        for row in plan["stages"]
    )
    caption = "Step by step, each step replayed on all recorded work"
    return [Table(f"plan-{place}-stages", caption, columns, rows)]


def _open(plan: Json) -> tuple[str, ...]:
    idle = [f"{one}: changes no recorded work" for one in plan.get("without_effect") or []]
    over = [
        f"{row['team']} would own {row['services_after']} services, more than the limit allows"
        for row in plan["cognitive"]
        if row["exceeds"]
    ]
    return (*over, *idle, *(str(one) for one in plan["unknown"]))


def _count(value: object) -> Cell:
    if not isinstance(value, int | float):
        return Cell("not stated")
    return Cell(number(float(value), COUNT), float(value))


def _figure(figure: object, unit: Unit, *, interval: bool = True) -> Cell:
    if figure is None:
        return Cell("not measured")
    return Cell(shown(figure, unit, interval=interval), reading(figure).value)
