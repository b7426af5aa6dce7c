"""The options in detail: savings, checks, edits and evidence.

In:  the advice.
Out: a section, or ``None`` where no advice was computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.choices import CAVEAT, GRADES, HANDOFFS, SAVED, SORTS
from conway.reporting.charts.ranges import before_after, options
from conway.reporting.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Heading,
    Listing,
    Paragraph,
    Section,
    Table,
    Terms,
)
from conway.reporting.quantities import (
    SHARE,
    listed,
    number,
    plural,
    reading,
    saved,
    shown,
    span,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json


def option_details(evidence: Evidence) -> Section | None:
    """Return every option with its savings, its edit and its evidence."""
    if evidence.plan is None or not evidence.has_teams:
        return None
    moves: list[Json] = list(evidence.plan.get("moves") or [])
    if not moves:
        message = str(evidence.plan.get("message") or "No move passed its test on unseen work.")
        answer = Callout("answer", "No move survives", (message, *_null(evidence)))
        return Section("advice", "Options in detail", (answer, *_overtaken(evidence.plan)))
    blocks: list[Block | None] = [
        Paragraph(f"{_windows(evidence.plan)}{CAVEAT}", "lead"),
        options(evidence),
        before_after(evidence),
        _checks(evidence),
    ]
    for i, move in enumerate(moves, start=1):
        blocks += _one(move, position=i)
    blocks += _overtaken(evidence.plan)
    kept = tuple(block for block in blocks if block is not None)
    return Section("advice", "Options in detail", kept)


def _overtaken(plan: Json) -> list[Table]:
    """Return the moves that were found and left out, because the teams changed since."""
    rows = [
        (Cell(one["title"]), Cell(saved(one["saved_at_cut"])), Cell(saved(one["saved_since"])))
        for one in plan.get("overtaken") or []
    ]
    if not rows:
        return []
    columns = (
        Column("Found on earlier work"),
        Column("Saved, by the teams people were in then", number=True),
        Column("Saved, by the teams they are in since", number=True),
    )
    note = "These would have helped the organisation as it was. Since then the present owner's "
    note += "people do the work themselves, so each would now save nothing or cost handoffs."
    return [Table("overtaken", "Left out: overtaken by events", columns, tuple(rows), note)]


def _windows(plan: Json) -> str:
    """Say on which weeks the plan was fitted and on which it was tested."""
    dates = plan.get("window") or (plan.get("plan") or {}).get("window") or {}
    if not {"fit_from", "fit_until", "test_from", "test_until"} <= set(dates):
        return ""
    fitted = span(dates["fit_from"], dates["fit_until"])
    tested = span(dates["test_from"], dates["test_until"])
    return f"The options were found on the work of {fitted} and tested on that of {tested}. "


def _checks(evidence: Evidence) -> Table | None:
    """Return how the plan compares with placebos and with histories without structure."""
    held = ((evidence.plan or {}).get("plan") or {}).get("held_out") or {}
    rows = [
        ("Handoffs saved", held.get("handoffs_per_100")),
        ("Lockstep releases saved", held.get("lockstep_per_100")),
        ("Both", held.get("gain")),
        ("Both, beyond giving the services to the largest team", held.get("placebo_largest")),
        ("Both, beyond giving the services to another team", held.get("placebo_other")),
        ("Both, by a search on work without structure", (evidence.plan or {}).get("null_gain")),
    ]
    cells = tuple(
        (Cell(label, float(i)), Cell(saved(figure), reading(figure).value))
        for i, (label, figure) in enumerate(rows)
        if figure is not None
    )
    if not any(reading(figure).known for _, figure in rows):
        return None
    columns = (Column("On unseen work, per 100 change sets"), Column("Saved", number=True))
    note = "Giving services to a large team saves handoffs even where there is no structure, so "
    note += "a plan counts only if it saves more than its placebos, interval above zero."
    return Table("placebos", "The whole plan against its placebos", columns, cells, note)


def _null(evidence: Evidence) -> tuple[str, ...]:
    figure = (evidence.plan or {}).get("null_gain")
    if figure is None or not reading(figure).known:
        return ()
    text = f"A search on work without structure would have needed {saved(figure, HANDOFFS)}."
    return (f"{text} A plan has to do better than that.",)


def _one(move: Json, *, position: int) -> list[Block]:
    grade = str(move["grade"])
    terms = [
        ("Kind", SORTS.get(move["kind"], str(move["kind"])), ""),
        ("Saved on unseen work", saved(move["gain_held_out"], SAVED), ""),
        ("Saved on the work it was found on", saved(move["gain_fit"], SAVED), ""),
        ("Grade of evidence", f"{grade}: {GRADES.get(grade, 'unknown grade')}", ""),
        ("Holds in", f"{shown(move.get('survives'), SHARE)} of the ways of measuring", ""),
        ("Affects", listed(list(move.get("affected") or ["not stated"]), limit=12), ""),
        ("Costs", str(move.get("costs") or "not stated"), ""),
        ("After 90 days", str(move.get("indicator") or "not stated"), ""),
        ("Stop rule", str(move.get("stop_rule") or "not stated"), ""),
    ]
    name = f"option-{position}"
    blocks: list[Block] = [Heading(name, f"{position}. {move['title']}"), Terms(tuple(terms))]
    if move.get("parts"):
        blocks.append(_parts(move["parts"]))
    blocks += _evidence_of(move)
    if move.get("edit"):
        blocks.append(Listing("What to edit", str(move["edit"])))
    return blocks


def _parts(parts: Json) -> Table:
    rows = tuple(
        (Cell(str(name)), Cell(", ".join(map(str, globs)), code=True))
        for name, globs in parts.items()
    )
    return Table("", "The parts", (Column("Part"), Column("Paths")), rows)


def _evidence_of(move: Json) -> list[Block]:
    """Return what stands behind a move in short statements."""
    found = move.get("evidence") or {}
    items = []
    if isinstance(found.get("change_sets"), int | float):
        items.append(f"{plural(found['change_sets'], 'change set')} behind it")
    by_team = found.get("change_sets_by_team") or {}
    if by_team:
        order = sorted(by_team, key=lambda team: (-by_team[team], team))
        names = [f"{team} ({number(by_team[team])})" for team in order]
        items.append(f"Change sets by author's team: {listed(names, limit=6)}")
    if move.get("files"):
        items.append(f"Files: {listed([str(name) for name in move['files']], limit=8)}")
    if found.get("sets"):
        items.append(f"For example: {listed([str(name) for name in found['sets']], limit=5)}")
    return [Bullets(tuple(items))] if items else []
