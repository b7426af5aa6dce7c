"""How services hang together beside their changes: needs, releases, teams, order in time.

In:  ``dependencies``, ``release_coupling``, ``team_coupling``, ``congruence``, ``direction``,
     ``likely_pairs`` and ``intended`` of the assessment.
Out: a section, or ``None`` where nothing of it is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Evidenced,
    Paragraph,
    Section,
    Table,
)
from conway.reporting.quantities import (
    PER_100,
    RATIO,
    SHARE,
    day,
    listed,
    number,
    plural,
    reading,
    shown,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_ROWS = 20
FALSE_DISCOVERY_RATE = 0.05
LEAST_JOINT = 5


def architecture(evidence: Evidence) -> Section | None:
    """Return what is declared, released, owned and worked on together."""
    parts = (_needs, _likely, _direction, _congruence, _teams, _releases, _intended)
    blocks = tuple(block for part in parts if (block := part(evidence.assessment)) is not None)
    if not blocks:
        return None
    return Section("architecture", "How services and teams hang together", blocks)


def _needs(assessment: Json) -> Block | None:
    """Say how far a change reaches through declared dependencies."""
    found = assessment.get("dependencies") or {}
    cost = reading(found.get("propagation_cost"))
    if not found:
        return None
    if cost.value is None:
        return Paragraph(
            f"How far a change reaches through dependencies is unknown: {cost.reason}."
        )
    pairs, cycles = int(found["pairs"]), list(found.get("cycles") or [])
    reach = (
        f"{plural(pairs, 'pair')} of services are declared dependencies. Directly or through "
        f"others, a service reaches {number(cost.value, SHARE)}{SHARE.suffix} of all services on "
        "average, itself included (propagation cost)."
    )
    lines = [reach]
    needed = [f"{row['service']} (by {row['services']})" for row in found.get("needed_by") or []]
    if needed:
        lines.append(f"Needed by most: {listed(needed)}.")
    lines += [
        f"These need each other in a circle: {listed(cycle, limit=8)}." for cycle in cycles[:3]
    ]
    if not cycles:
        lines.append("No services need each other in a circle.")
    return Bullets(tuple(lines))


def _likely(assessment: Json) -> Block | None:
    """Name the pairs that will most likely change together, and how that is known."""
    found = assessment.get("likely_pairs") or {}
    rows: list[Json] = list(found.get("pairs") or [])
    if not rows:
        return None
    columns = (
        Column("Service"),
        Column("And"),
        Column("Joint change sets so far", number=True),
        Column("Expected next quarter", number=True),
    )
    cells = tuple(
        (
            Cell(str(row["a"])),
            Cell(str(row["b"])),
            Cell(number(row["joint"]), float(row["joint"])),
            Cell(shown(row["forecast"], PER_100) if row["forecast"] else "have not met"),
        )
        for row in rows
    )
    how = "In the order of a learnt ranker" if found["method"] == "ranker" else "By decayed count"
    title = "Services most likely to change together next quarter"
    note = f"{how}: {found['reason']}."
    return Evidenced(title, (Table("likely-pairs", title, columns, cells, note),))


def _direction(assessment: Json) -> Block | None:
    found = assessment.get("direction") or {}
    if not found.get("pairs"):
        return None
    rows: list[Json] = list(found["established"])
    looked = plural(found["pairs"], "coupled pair")
    if not rows:
        return Paragraph(
            f"Whether work on one service follows work on another: looked at for {looked}, "
            "established for none."
        )
    return Bullets(
        tuple(
            f"Work on {row['follower']} follows work on {row['leader']}"
            f"{' and the other way round' if row['finding'] == 'both ways' else ''}: "
            f"{shown(row['excess_per_100'], PER_100)} of 100 times more than chance, after "
            f"{number(row['lag_days'], PER_100)} days. Order in time is no cause."
            for row in rows[:MOST_ROWS]
        )
    )


def _congruence(assessment: Json) -> Block | None:
    """Set congruence against what shuffled teams give."""
    chance, found = assessment.get("congruence_chance"), assessment.get("congruence")
    if not chance or not reading(found).known:
        return None
    missing = [pair for pair in chance["required"] if pair not in chance["seen"]]
    text = (
        f"{plural(len(chance['required']), 'pair')} of teams have services that change together; "
        f"{shown(found, SHARE)} of them are seen at work together. With teams dealt out by chance "
        f"it would be {number(chance['null_mean'], SHARE)}{SHARE.suffix}."
    )
    if missing:
        pairs = [" and ".join(pair) for pair in missing]
        text += f" Not seen at work together: {listed(pairs)}."
    return Paragraph(text)


def _teams(assessment: Json) -> Block | None:
    rows = [
        row
        for row in assessment.get("team_coupling") or []
        if row["q_value"] <= FALSE_DISCOVERY_RATE and row["joint"] >= LEAST_JOINT
    ]
    columns = ("Team", "Changes with the services of", "Joint change sets", "Degree")
    cells = [(row["a"], row["b"], row["joint"], row["degree"]) for row in rows]
    title = "Teams whose services change together more often than by chance"
    return _listing("team-coupling", title, columns=columns, cells=cells)


def _releases(assessment: Json) -> Block | None:
    rows = assessment.get("release_coupling") or []
    columns = ("Service", "Is released with", "Joint releases", "Degree")
    cells = [(row["a"], row["b"], row["joint"], row["degree"]) for row in rows]
    title = "Services that are released together more often than by chance"
    return _listing("release-coupling", title, columns=columns, cells=cells)


def _listing(
    name: str,
    title: str,
    *,
    columns: tuple[str, ...],
    cells: list[tuple[str, str, float, float]],
) -> Evidenced | None:
    """Return a table to open, the first rows of it."""
    if not cells:
        return None
    rows = tuple(
        (Cell(a), Cell(b), Cell(number(joint), joint), Cell(number(degree, RATIO), degree))
        for a, b, joint, degree in cells[:MOST_ROWS]
    )
    heads = tuple(Column(head, number=place > 1) for place, head in enumerate(columns))
    left = len(cells) - MOST_ROWS
    note = f"And {plural(left, 'more pair')}, in assess.json." if left > 0 else ""
    return Evidenced(
        f"{title}: {plural(len(cells), 'pair')}", (Table(name, title, heads, rows, note),)
    )


def _intended(assessment: Json) -> Block | None:
    """Say which ways of working together are intended, and which outlived their date."""
    rows: list[Json] = list(assessment.get("intended") or [])
    if not rows:
        return None
    return Bullets(tuple(map(_meant, rows)))


def _meant(row: Json) -> str:
    teams, mode = " and ".join(row["teams"]), str(row["mode"])
    until = f" until {day(row['until'], shift=-1)}" if row["until"] else ""
    if not row["quiets"]:
        return f"{teams} intend {mode} without an end; it excuses no finding until it has one."
    text = (
        f"{teams} intend {mode}{until}: {plural(row['during'], 'change set')} that needed both "
        "meanwhile are no finding."
    )
    over = f" {plural(row['after'], 'change set')} needed both since its end, which counts."
    return text + (over if row["after"] else "")
