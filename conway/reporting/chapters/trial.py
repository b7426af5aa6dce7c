"""Would such advice have worked before? The rolling backtest.

In:  the backtest.
Out: a section, or ``None`` where none was run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.choices import SAVED
from conway.reporting.document import Callout, Cell, Column, Paragraph, Section, Table
from conway.reporting.quantities import SHARE, number, reading, saved, shown, span

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

TITLE = "Would such advice have worked before?"

BASELINES = {
    "nothing": "nothing moved",
    "random": "random admissible moves",
    "load_only": "moves that only balance load",
    "leiden": "services follow their cluster",
    "largest_team": "the same services to the largest other team",
    "other_team": "the same services to another admissible team",
}


def backtest(evidence: Evidence) -> Section | None:
    """Return what the same advice, given earlier, would have saved on the work that followed."""
    if evidence.trial is None or not evidence.has_teams:
        return None
    trial = evidence.trial
    if not trial.get("folds"):
        reason = reading(trial.get("gain")).reason or "the history is too short"
        answer = Callout("answer", "The advice could not be tested on the past", (f"{reason}.",))
        return Section("backtest", TITLE, (answer,))
    blocks = (Paragraph(_lead(trial), "lead"), _baselines(trial), _folds(trial))
    return Section("backtest", TITLE, blocks)


def _lead(trial: Json) -> str:
    """Say what the backtest shows, and what it does not."""
    gain = saved(trial["gain"], SAVED)
    if (reading(trial["gain"]).low or 0.0) <= 0:
        return (
            "The same way of advising, tried on the past, is not sure to let later work cross "
            f"fewer boundaries: {gain}."
        )
    return (
        "Advice computed on each training window, applied to the work that followed, would have "
        f"needed {gain}. The work would have crossed fewer boundaries, though the advice had not "
        "seen it; this does not show that the work would have been faster."
    )


def _baselines(trial: Json) -> Table:
    rows: list[tuple[str, object]] = [("conway's advice", trial["gain"])]
    rows += [(BASELINES.get(k, k.replace("_", " ")), v) for k, v in trial["baselines"].items()]
    rows.append(("the advice, beyond the largest other team", trial.get("placebo")))
    if "placebo_other" in trial:
        rows.append(("the advice, beyond another admissible team", trial["placebo_other"]))
    cells = tuple(
        (Cell(label, float(i)), Cell(saved(figure), reading(figure).value))
        for i, (label, figure) in enumerate(rows)
    )
    oracle = trial.get("oracle_share")
    note = ""
    if reading(oracle).known:
        note = f"That is {shown(oracle, SHARE)} of what a search with hindsight would have saved."
    columns = (Column("On unseen work, per 100 change sets"), Column("Saved", number=True))
    caption = "Handoffs and lockstep releases saved by the advice and by simpler rules"
    return Table("baselines", caption, columns, cells, note)


def _folds(trial: Json) -> Table:
    columns = (
        Column("Learned on"),
        Column("Tested on"),
        Column("Moves", number=True),
        Column("Saved, per 100 change sets", number=True),
    )
    rows = tuple(
        (
            Cell(span(*fold["train"]), str(fold["train"][0])),
            Cell(span(*fold["test"]), str(fold["test"][0])),
            Cell(number(len(fold["moves"])), float(len(fold["moves"]))),
            Cell(saved(fold["gain"]), reading(fold["gain"]).value),
        )
        for fold in trial["folds"]
    )
    return Table("folds", "Every cut of the test", columns, rows)
