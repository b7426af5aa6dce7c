"""The options: at most three, with what speaks for and against each, and doing nothing.

In:  the advice (``moves``) and today's ``autonomy``.
Out: the fourth part of page one, and the words that options are described with everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.reporting.document import Block, Option, Options, Paragraph, Section
from conway.reporting.quantities import PER_100, bounds, level, listed, reading, saved, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_OPTIONS = 3
CHEAP = frozenset({"Delegate", "Decouple"})

GRADES = {
    "A": "boundaries like this moved here before, and outcomes changed against controls",
    "B": "handoffs fall on unseen work, and here handoffs go with longer delay",
    "C": "handoffs fall on unseen work; a link to delay is not established",
    "D": "structure only; not confirmed on unseen work",
}

SORTS = {
    "Delegate": "Change an approval rule",
    "Decouple": "Decouple",
    "Reassign": "Move a service",
    "SplitService": "Split a service",
}

HANDOFFS = "handoffs per 100 change sets"
SAVED = "handoffs and lockstep releases per 100 change sets"

CAVEAT = (
    "Replaying recorded work shows that it would have crossed fewer boundaries. "
    "It does not show that the work would have been faster."
)


def options(evidence: Evidence) -> Section | None:
    """Return the options of page one, the last of them to do nothing."""
    if evidence.plan is None or not evidence.has_teams:
        return None
    chosen = page_one_moves(evidence)
    items = [_option(move, label=f"Option {i}") for i, move in enumerate(chosen, start=1)]
    intro = (
        "Savings are counted on work that the options had not seen. They are boundaries that the "
        "work would not have crossed, not time."
    )
    blocks: list[Block] = [Paragraph(intro, "body")] if items else []
    blocks.append(Options((*items, _nothing(evidence, alone=not items))))
    return Section("options", "Options", tuple(blocks))


def page_one_moves(evidence: Evidence) -> list[Json]:
    """Return at most three moves, a rule change or a decoupling among them where there is one.

    Moves of grade D are structure only: they never stand on page one.
    """
    moves = [move for move in (evidence.plan or {}).get("moves") or [] if move["grade"] != "D"]
    chosen = moves[:MOST_OPTIONS]
    if any(move["kind"] in CHEAP for move in chosen):
        return chosen
    cheap = [move for move in moves if move["kind"] in CHEAP][:1]
    return [*chosen[: MOST_OPTIONS - len(cheap)], *cheap]


def _option(move: Json, *, label: str) -> Option:
    affected = listed(list(move.get("affected") or ["not stated"]), limit=6)
    facts = [
        ("Downside", _downside(move)),
        ("Affects", affected),
        ("Costs", str(move.get("costs") or "not stated")),
        ("After 90 days", str(move.get("indicator") or "not stated")),
        ("Stop rule", str(move.get("stop_rule") or "not stated")),
        ("Evidence", f"Grade {move['grade']}: {GRADES.get(move['grade'], 'unknown grade')}."),
    ]
    return Option(
        label=label,
        title=str(move["title"]),
        sort=SORTS.get(move["kind"], str(move["kind"])),
        grade=str(move["grade"]),
        effect=saved(move["gain_held_out"], SAVED),
        facts=tuple(facts),
    )


def _downside(move: Json) -> str:
    """Say the unfavourable end of the interval."""
    gain = reading(move["gain_held_out"])
    if gain.low is None:
        return "not known: the saving has no interval"
    if gain.low > 0:
        return f"even at the low end of the {level(gain)} interval, {saved(gain.low)}"
    return f"it may not help: the low end of the {level(gain)} interval is {saved(gain.low)}"


def _nothing(evidence: Evidence, *, alone: bool) -> Option:
    figure, when = _handoffs_today(dict(evidence.assessment.get("autonomy") or {}))
    handoffs = reading(figure)
    if handoffs.value is None:
        effect = shown(figure, PER_100)
    else:
        effect = f"{shown(handoffs.value, PER_100)} handoffs per 100 change sets stay"
    trend = (
        f"{level(handoffs)} interval {when}: {bounds(handoffs, PER_100)}"
        if handoffs.has_interval
        else "not known"
    )
    reason = "the test found nothing better" if alone else "nobody has to learn a service anew"
    return Option(
        label="Recommended" if alone else "Or",
        title="Do nothing",
        sort="Keep every boundary",
        grade="",
        effect=effect,
        facts=(
            ("Speaks for it", f"No transition cost; {reason}."),
            ("Range", trend),
            ("After 90 days", "Measure again; the handoffs per 100 should stay in this range."),
            ("Stop rule", "Look at the options again when they leave the range upwards."),
        ),
    )


def _handoffs_today(autonomy: dict[str, Any]) -> tuple[object, str]:
    """Return the handoffs per 100 of the last quarter, else of the window, and which it is."""
    quarters = [row.get("handoffs_per_100") for row in autonomy.get("trend") or []]
    if quarters and reading(quarters[-1]).known:
        return quarters[-1], "of the last quarter"
    return autonomy.get("handoffs_per_100"), "of the whole window"
