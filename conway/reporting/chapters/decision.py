"""The decision: what is asked for, and at most three options beside doing nothing.

In:  the advice (``moves``, ``plan``, ``message``).
Out: the first and the fourth part of page one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conway.reporting.document import Block, Callout, Option, Options, Paragraph, Section
from conway.reporting.quantities import (
    PER_100,
    bounds,
    level,
    listed,
    plural,
    reading,
    saved,
    shown,
)

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

CAVEAT = (
    "Replaying recorded work shows that it would have crossed fewer boundaries. "
    "It does not show that the work would have been faster."
)


def decision(evidence: Evidence) -> Section:
    """Return the decision asked for, or the plain answer that nothing should be moved."""
    title, paragraphs = _asked(evidence)
    blocks: list[Block] = [Callout("answer", title, tuple(paragraphs))]
    if evidence.inferred and evidence.plan is not None:
        blocks.append(
            Callout(
                "caution",
                "Authors' teams are inferred",
                (
                    (
                        "No membership list was given. An author's team is taken from where that "
                        "author worked in the 180 days before a change. Check the advice against "
                        "who is really on which team before you act on it."
                    ),
                ),
            )
        )
    return Section("decision", "The decision", tuple(blocks))


def options(evidence: Evidence) -> Section | None:
    """Return the options of page one, the last of them to do nothing."""
    if evidence.plan is None:
        return None
    chosen = page_one_moves(evidence)
    items = [_option(move, label=f"Option {i}") for i, move in enumerate(chosen, start=1)]
    intro = f"{CAVEAT} Savings are counted on work that the option had not seen." if items else ""
    blocks: list[Block] = [Paragraph(intro, "body")] if intro else []
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


def _asked(evidence: Evidence) -> tuple[str, list[str]]:
    """Return the question to decide, and what is known about it."""
    if not evidence.has_teams:
        return (
            "No decision about teams can be asked for: no teams are known",
            [
                (
                    f"{_no_teams(evidence)} What follows is about services only: which change "
                    "together, and which are released together. Give conway an ownership file or a "
                    "team list to learn who needs whom."
                )
            ],
        )
    if evidence.plan is None:
        return (
            "No decision is asked for",
            ["This report measures. Options were not computed for it."],
        )
    chosen = page_one_moves(evidence)
    if not chosen:
        return _no_move(evidence)
    return _try(evidence, chosen)


def _try(evidence: Evidence, chosen: list[Json]) -> tuple[str, list[str]]:
    plan = (evidence.plan or {}).get("plan") or {}
    moves = list((evidence.plan or {}).get("moves") or [])
    what = "this change" if len(chosen) == 1 else f"these {_words(len(chosen))} changes"
    held = plan.get("held_out") or {}
    now = shown((plan.get("before") or {}).get("handoffs_per_100"), PER_100, interval=False)
    paragraphs = []
    figure = held.get("handoffs_per_100") if "handoffs_per_100" in held else held
    if reading(figure).known:
        whole = "" if len(moves) == len(chosen) else f" (all {len(moves)} options together)"
        paragraphs.append(
            f"On work it had not seen, the plan{whole} would have needed {saved(figure)} "
            f"handoffs per 100 change sets. Today there are {now}."
        )
        paragraphs.extend(_placebo(held))
    else:
        paragraphs.append(f"The saving on unseen work is {shown(figure, PER_100)}.")
    return f"Should we try {what} for 90 days?", [*paragraphs, CAVEAT]


def _placebo(held: Json) -> list[str]:
    """Say how the plan compares with moving the same services elsewhere."""
    if held.get("passes") is False:
        return ["The plan did not clearly beat moving the same services to other teams."]
    largest = held.get("placebo_largest")
    if not reading(largest).known:
        return []
    return [
        (
            "Moving the same services to the largest other team instead would have needed "
            f"{saved(largest)}."
        )
    ]


def _no_move(evidence: Evidence) -> tuple[str, list[str]]:
    """Say that no move survives, as the answer it is."""
    plan = evidence.plan or {}
    weak = [move for move in plan.get("moves") or [] if move["grade"] == "D"]
    paragraphs = [str(plan.get("message") or "No move passed its test on unseen work.")]
    paragraphs.append(
        "This is a result: where the boundaries stand now, moving them is not shown to help. "
        "The three boundaries below remain the places where teams need each other most."
    )
    if weak:
        paragraphs.append(
            f"{plural(len(weak), 'idea')} from structure alone, not confirmed on unseen work, "
            f"{'is' if len(weak) == 1 else 'are'} listed under “Options in detail”."
        )
    return "No change of boundaries is recommended: no move survives its test", paragraphs


def _option(move: Json, *, label: str) -> Option:
    gain = reading(move["gain_held_out"])
    affected = listed(list(move.get("affected") or []), limit=6)
    facts = [
        ("Downside", _downside(move)),
        ("Affects", affected),
        ("Costs", str(move.get("costs") or "not stated")),
        ("After 90 days", str(move.get("indicator") or "not stated")),
        ("Stop rule", str(move.get("stop_rule") or "not stated")),
        ("Evidence", f"Grade {move['grade']}: {GRADES.get(move['grade'], 'unknown grade')}."),
    ]
    effect = f"{saved(move['gain_held_out'])} handoffs per 100 change sets"
    return Option(
        label=label,
        title=str(move["title"]),
        sort=SORTS.get(move["kind"], str(move["kind"])),
        grade=str(move["grade"]),
        effect=effect if gain.known else saved(move["gain_held_out"]),
        facts=tuple(facts),
    )


def _downside(move: Json) -> str:
    """Say the unfavourable end of the interval."""
    gain = reading(move["gain_held_out"])
    if gain.low is None:
        return "not known: the saving has no interval"
    if gain.low > 0:
        return f"even at the low end ({level(gain)}), {saved(gain.low)} handoffs per 100"
    return f"it may help nobody: the low end ({level(gain)}) is {saved(gain.low)} handoffs per 100"


def _nothing(evidence: Evidence, *, alone: bool) -> Option:
    autonomy: dict[str, Any] = dict(evidence.assessment.get("autonomy") or {})
    handoffs = reading(autonomy.get("handoffs_per_100"))
    if handoffs.value is None:
        effect = shown(autonomy.get("handoffs_per_100"), PER_100)
    else:
        effect = f"{shown(handoffs.value, PER_100)} handoffs per 100 change sets stay"
    trend = (
        f"{level(handoffs)} interval today: {bounds(handoffs, PER_100)}"
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


def _no_teams(evidence: Evidence) -> str:
    figure = (evidence.assessment.get("autonomy") or {}).get("single_team_share")
    reason = reading(figure).reason or "no owners and no team file were found"
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."


def _words(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))
