"""The options in detail, and whether such advice would have worked before.

In:  the advice and the backtest.
Out: sections, or ``None`` where nothing was computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.reporting.chapters.choices import CAVEAT, GRADES, HANDOFFS, SORTS
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
    window,
)

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

BASELINES = {
    "nothing": "nothing moved",
    "random": "random admissible moves",
    "load_only": "moves that only balance load",
    "leiden": "services follow their cluster",
    "largest_team": "the same services to the largest other team",
    "other_team": "the same services to another admissible team",
}


def option_details(evidence: Evidence) -> Section | None:
    """Return every option with its savings, its edit and its evidence."""
    if evidence.plan is None:
        return None
    moves: list[Json] = list(evidence.plan.get("moves") or [])
    if not moves:
        message = str(evidence.plan.get("message") or "No move passed its test on unseen work.")
        answer = Callout("answer", "No move survives", (message, *_null(evidence)))
        return Section("advice", "Options in detail", (answer,))
    blocks: list[Block | None] = [
        Paragraph(CAVEAT, "lead"),
        options(evidence),
        before_after(evidence),
        *_checks(evidence),
    ]
    for i, move in enumerate(moves, start=1):
        blocks += _one(move, position=i)
    kept = tuple(block for block in blocks if block is not None)
    return Section("advice", "Options in detail", kept)


def backtest(evidence: Evidence) -> Section | None:
    """Return what the same advice, given earlier, would have saved on the work that followed."""
    if evidence.trial is None:
        return None
    trial = evidence.trial
    if not trial.get("folds"):
        reason = reading(trial.get("gain")).reason or "the history is too short"
        answer = Callout("answer", "The advice could not be tested on the past", (reason,))
        return Section("backtest", "Would such advice have worked before?", (answer,))
    lead = (
        f"Advice computed on each training window and applied to the work that followed would "
        f"have needed {saved(trial['gain'], HANDOFFS)}. "
        "It would have crossed fewer boundaries on work it had not seen; it does not show that "
        "the work would have been faster."
    )
    if (reading(trial["gain"]).low or 0.0) <= 0:
        lead = (
            "The same way of advising, tried on the past, is not sure to save handoffs on work "
            f"it had not seen: {saved(trial['gain'], HANDOFFS)}."
        )
    blocks = (Paragraph(lead, "lead"), _baselines(trial), _folds(trial))
    return Section("backtest", "Would such advice have worked before?", blocks)


def _checks(evidence: Evidence) -> list[Block]:
    """Return how the plan compares with placebos and with histories without structure."""
    held = ((evidence.plan or {}).get("plan") or {}).get("held_out") or {}
    rows = [
        ("the plan", held.get("handoffs_per_100")),
        ("the same services to the largest other team", held.get("placebo_largest")),
        ("the same services to another admissible team", held.get("placebo_other")),
        ("a search on a history without structure", (evidence.plan or {}).get("null_gain")),
    ]
    cells = tuple(
        (Cell(label), Cell(saved(figure), reading(figure).value))
        for label, figure in rows
        if figure is not None
    )
    if not cells:
        return []
    columns = (Column("Handoffs per 100 on unseen work"), Column("Saved", number=True))
    note = "Moving services to a large team saves handoffs even where there is no structure. "
    note += "A plan counts only if it does better than its placebos."
    return [Table("placebos", "The plan against its placebos", columns, cells, note)]


def _null(evidence: Evidence) -> tuple[str, ...]:
    figure = (evidence.plan or {}).get("null_gain")
    if figure is None or not reading(figure).known:
        return ()
    return (
        (
            f"A search on a history without structure would have needed "
            f"{saved(figure, HANDOFFS)}: a plan has to do better than that."
        ),
    )


def _one(move: Json, *, position: int) -> list[Block]:
    grade = str(move["grade"])
    terms = [
        ("Kind", SORTS.get(move["kind"], str(move["kind"])), ""),
        ("Saved on unseen work", saved(move["gain_held_out"], HANDOFFS), ""),
        ("Grade", f"{grade}: {GRADES.get(grade, 'unknown grade')}", ""),
        ("Holds in", f"{shown(move.get('survives'), SHARE)} of the sensitivity scenarios", ""),
        ("Affects", listed(list(move.get("affected") or []), limit=12), ""),
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
    files = [str(item) for item in (move.get("files") or found.get("files") or [])][:8]
    items = []
    if isinstance(found.get("changes"), int | float):
        items.append(f"{plural(found['changes'], 'change set')} behind it")
    if files:
        items.append(f"Files: {listed(files, limit=8)}")
    if found.get("sets"):
        items.append(f"For example: {listed([str(s) for s in found['sets']], limit=5)}")
    return [Bullets(tuple(items))] if items else []


def _baselines(trial: Json) -> Table:
    rows: list[tuple[str, Any]] = [("conway's advice", trial["gain"])]
    rows += [(BASELINES.get(k, k.replace("_", " ")), v) for k, v in trial["baselines"].items()]
    rows.append(("the same search at false dates", trial.get("placebo")))
    cells = tuple(
        (Cell(label), Cell(saved(figure), reading(figure).value)) for label, figure in rows
    )
    oracle = trial.get("oracle_share")
    note = ""
    if reading(oracle).known:
        note = f"The advice reached {shown(oracle, SHARE)} of what hindsight would have saved."
    columns = (Column("Handoffs per 100 on unseen work"), Column("Saved", number=True))
    return Table("baselines", "The advice against simpler rules", columns, cells, note)


def _folds(trial: Json) -> Table:
    columns = (
        Column("Learned on"), Column("Tested on"), Column("Moves", number=True),
        Column("Handoffs saved, per 100", number=True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(window(*fold["train"]), str(fold["train"][0])),
            Cell(window(*fold["test"]), str(fold["test"][0])),
            Cell(number(len(fold["moves"])), float(len(fold["moves"]))),
            Cell(saved(fold["gain"]), reading(fold["gain"]).value),
        )
        for fold in trial["folds"]
    )
    return Table("folds", "Every cut of the test", columns, rows)
