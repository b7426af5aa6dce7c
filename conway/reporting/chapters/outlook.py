"""What follows if changes come faster.

In:  the result of ``forecast``.
Out: a section, or ``None`` where it was not computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import Cell, Column, Paragraph, Section, Table
from conway.reporting.quantities import COUNT, PER_100, RATIO, listed, number, reading, shown

if TYPE_CHECKING:
    from conway.reporting.document import Block
    from conway.reporting.evidence import Evidence, Json

_SHOWN = 12


def forecast(evidence: Evidence) -> Section | None:
    """Return the loads of more changes, waits where they can be told, and what must go."""
    outlook = evidence.outlook
    if outlook is None or not outlook.get("rates"):
        return None
    rates: list[Json] = list(outlook["rates"])
    blocks: list[Block] = [Paragraph(_lead(outlook), "lead"), _work(rates)]
    blocks += [
        table
        for kind, caption in (
            ("approver", "Approvals for other teams in a week, and the most carried for a quarter"),
            ("validation", "Validation in a week, and the most carried for a quarter"),
        )
        if (table := _resources(rates, kind, caption=caption)) is not None
    ]
    blocks += [*_waits(outlook), *_relief(outlook)]
    return Section("outlook", "What if changes come faster?", tuple(blocks))


def _lead(outlook: Json) -> str:
    """Say which load leaves what was demonstrated first."""
    text = (
        "Loads if the work stays distributed as it is and each change needs what it needs today. "
        "Beyond the most that was carried for a quarter nothing is known: more may be possible, "
        "it was only never seen. "
    )
    first: Json = outlook.get("first") or {}
    if not first:
        return f"{text}No team or suite has enough load today to be compared."
    return (
        f"{text}First beyond it: {first['resource']}, with {shown(first['today'], PER_100)} "
        f"{first['unit']} a week today and {number(first['demonstrated'], PER_100)} in its "
        f"busiest quarter, at {number(first['at_k'], RATIO)} times today's changes."
    )


def _work(rates: list[Json]) -> Table:
    columns = (
        Column("Changes come", number=True),
        Column("Type of change set"),
        Column("Change sets a week", number=True),
        Column("Handoffs a week", number=True),
        Column("Lockstep releases a week", number=True),
    )
    rows = tuple(
        (
            Cell(_times(rate), float(rate["k"])),
            Cell(str(row["type"])),
            *(_figure(row[name]) for name in ("change_sets", "handoffs", "lockstep")),
        )
        for rate in rates
        for row in rate["types"]
        if reading(row["change_sets"]).value
    )
    return Table("outlook", "Work by type of change set", columns, rows)


def _resources(rates: list[Json], kind: str, *, caption: str) -> Table | None:
    """Return the loads of teams or suites at each rate; those beyond what was seen are marked."""
    first: list[Json] = list(rates[0][kind])[:_SHOWN]
    if not first:
        return None
    columns = (
        Column("Who" if kind == "approver" else "What"),
        Column("Most carried", number=True),
        *(Column(_times(rate), number=True) for rate in rates),
    )
    rows = tuple(
        (
            Cell(str(row["resource"])),
            _figure(row["demonstrated"]),
            *(_load(rate[kind][place]) for rate in rates),
        )
        for place, row in enumerate(first)
    )
    status = "proxy" if first[0]["status"] == "proxy" else "measured"
    note = f"Counted: {first[0]['unit']} ({status}). A star: more than was ever carried."
    more = len(rates[0][kind]) - len(first)
    note += f" {more} more are in forecast.json." if more > 0 else ""
    return Table(f"outlook-{kind}", caption, columns, rows, note)


def _load(row: Json) -> Cell:
    star = " *" if row["beyond"] else ""
    load = reading(row["load"])
    return Cell(f"{shown(row['load'], PER_100, interval=False)}{star}", load.value)


def _waits(outlook: Json) -> tuple[Block, ...]:
    """Return the curve of waits, or why there is none."""
    test: Json = outlook.get("surge_test") or {}
    if not test.get("passed"):
        return (Paragraph(f"There is no curve of waits: {test.get('reason')}."),)
    text = (
        "A queue fitted to the calm weeks predicted the surge weeks, so waits can be told. The "
        "interval is over simulated quarters; what no quarter showed is not in it."
    )
    columns = (
        Column("Suite"),
        Column("Changes come", number=True),
        Column("Hours of waiting, on average", number=True),
        Column("With random arrivals (M/M/c)", number=True),
    )
    rows = tuple(
        (
            Cell(str(row["suite"])),
            Cell(_times(rate), float(rate["k"])),
            Cell(shown(row["hours"], RATIO), reading(row["hours"]).value),
            Cell(shown(row["memoryless_hours"], RATIO), reading(row["memoryless_hours"]).value),
        )
        for rate in outlook["rates"]
        for row in rate["waits"]
    )
    failed = [f"{one['suite']}: {one['reason']}" for one in test["suites"] if not one["passed"]]
    note = f"No curve for {'; '.join(failed)}." if failed else ""
    return (Paragraph(text), Table("outlook-waits", "Waits for a machine", columns, rows, note))


def _relief(outlook: Json) -> tuple[Block, ...]:
    rows: list[Json] = list(outlook.get("relief") or [])
    if not rows:
        return ()
    k = min(float(row["k"]) for row in rows)
    columns = (
        Column("Team that approves"),
        Column("Handoffs to it in 26 weeks", number=True),
        Column("Must go", number=True),
        Column("Services through which they come, those first that free most"),
    )
    cells = tuple(
        (
            Cell(str(row["team"])),
            Cell(number(row["handoffs"], COUNT), float(row["handoffs"])),
            Cell(number(row["must_go"], COUNT), float(row["must_go"])),
            Cell(
                listed(
                    [
                        f"{one['service']} ({number(one['handoffs'], COUNT)})"
                        for one in row["services"]
                    ],
                    limit=6,
                )
            ),
        )
        for row in rows
        if float(row["k"]) == k
    )
    caption = f"Which handoffs must go for {number(k, RATIO)} times the changes at today's load"
    return (Table("outlook-relief", caption, columns, cells),)


def _times(rate: Json) -> str:
    return f"{float(rate['k']):g} times"


def _figure(figure: object) -> Cell:
    return Cell(shown(figure, PER_100), reading(figure).value)
