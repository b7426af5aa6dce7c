"""The decision: what is asked for, or the plain answer that nothing should be moved.

In:  the advice (``moves``, ``plan``, ``message``).
Out: the first part of page one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conway.reporting.chapters.choices import CAVEAT, HANDOFFS, SAVED, page_one_moves
from conway.reporting.document import Block, Callout, Section
from conway.reporting.quantities import PER_100, SHARE, plural, reading, saved, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

INFERRED = Callout(
    "caution",
    "Authors' teams are inferred",
    (
        (
            "No membership list was given. An author's team is taken from where that author "
            "worked in the 180 days before a change. Check the advice against who is really on "
            "which team before you act on it."
        ),
    ),
)


def decision(evidence: Evidence) -> Section:
    """Return the decision asked for, or the plain answer that nothing should be moved."""
    blocks: list[Block] = [_asked(evidence)]
    if evidence.has_teams and evidence.inferred and evidence.plan is not None:
        blocks.append(INFERRED)
    return Section("decision", "The decision", tuple(blocks))


def _asked(evidence: Evidence) -> Callout:
    """Return the question to decide, and what is known about it."""
    if not evidence.has_teams:
        return _no_teams(evidence)
    if evidence.plan is None:
        text = "This report measures. Options were not computed for it."
        return Callout("answer", "No decision is asked for", (text,))
    chosen = page_one_moves(evidence)
    return _try(evidence, chosen) if chosen else _no_move(evidence)


def _no_teams(evidence: Evidence) -> Callout:
    """Say that only services can be spoken of, why, and what would change that."""
    figure = (evidence.assessment.get("autonomy") or {}).get("single_team_share")
    reason = reading(figure).reason or "no owners and no team file were found"
    text = (
        f"{reason[:1].upper()}{reason[1:].rstrip('.')}. What follows is about services only: "
        "which change together, and which are released together. Give conway an ownership file "
        "or a team list to learn who needs whom."
    )
    title = "No decision about teams can be asked for: no teams are known"
    return Callout("answer", title, (text,))


def _try(evidence: Evidence, chosen: list[Json]) -> Callout:
    """Ask for a trial of the options, with what they saved on unseen work."""
    held = ((evidence.plan or {}).get("plan") or {}).get("held_out") or {}
    figure = held.get("handoffs_per_100") if "handoffs_per_100" in held else held
    paragraphs = [f"The saving on unseen work is {shown(figure, PER_100)}."]
    if reading(figure).known:
        paragraphs = [_saving(evidence, figure, shown_moves=len(chosen)), *_checks(evidence, held)]
    what = "this change" if len(chosen) == 1 else f"these {_words(len(chosen))} changes"
    points = tuple(str(move["title"]) for move in chosen)
    title = f"Should we try {what} for 90 days?"
    return Callout("answer", title, (*paragraphs, CAVEAT), points)


def _saving(evidence: Evidence, figure: object, *, shown_moves: int) -> str:
    """Say what the plan saved on unseen work, beside today's rate."""
    plan = evidence.plan or {}
    total = len(plan.get("moves") or [])
    whole = "the plan" if total == shown_moves else f"the plan of {_all(total)} options"
    held = (plan.get("plan") or {}).get("held_out") or {}
    text = f"On work it had not seen, {whole} would have needed {saved(figure, HANDOFFS)}"
    base = held.get("base_handoffs_per_100")
    if reading(base).known:
        text += f", of {shown(base, PER_100, interval=False)} there"
        if evidence.inferred:
            text += " (with everyone in the team of before that quarter; the trend below counts "
            text += "people where they worked since)"
    return f"{text}.{_part(plan, shown_moves=shown_moves, total=total)}"


def _part(plan: Json, *, shown_moves: int, total: int) -> str:
    """Say what share of the plan's saving the options on page one carry."""
    if total == shown_moves:
        return ""
    gains = {point["moves"]: point["gain"] for point in (plan.get("plan") or {}).get("pareto", [])}
    all_gain, gain = max(gains.values(), default=0), gains.get(shown_moves)
    if gain is None or not all_gain > 0:
        return ""
    share = shown(gain / all_gain, SHARE, interval=False)
    carry = "This one carries" if shown_moves == 1 else f"These {_words(shown_moves)} carry"
    return f" {carry} {share} of its saving; the others stand under “Options in detail”."


def _checks(evidence: Evidence, held: Json) -> list[str]:
    """Say how the plan compares with its placebos and with work without structure."""
    if held.get("passes") is False:
        return ["The plan did not clearly beat giving the same services to other teams."]
    said = []
    beyond, null = held.get("placebo_largest"), (evidence.plan or {}).get("null_gain")
    gain = held.get("gain", held.get("handoffs_per_100"))
    if reading(beyond).known:
        said.append(
            f"Counting lockstep releases too it needs {saved(gain, interval=False)}, and "
            f"{saved(beyond)} than if the same services went to the largest other team: the size "
            "of a team does not explain the saving."
        )
    if reading(null).known:
        said.append(f"On work without structure the same search finds {saved(null)}.")
    return [" ".join(said)] if said else []


def _no_move(evidence: Evidence) -> Callout:
    """Say that no move survives, as the answer it is."""
    plan = evidence.plan or {}
    held = (plan.get("plan") or {}).get("held_out") or {}
    weak = [move for move in plan.get("moves") or [] if move["grade"] == "D"]
    title = "No change of boundaries is recommended: no move survives its test"
    text = str(plan.get("message") or "No move passed its test on unseen work.")
    if weak and not reading(held.get("gain", held.get("handoffs_per_100"))).known:
        title = "No change of boundaries is recommended: no move could be tested"
    elif weak and held.get("passes") is False:
        text = _failed(held)
    paragraphs = [f"{text[:1].upper()}{text[1:].rstrip('.')}.", *_ideas(len(weak))]
    paragraphs.append(
        "This is a result: moving the boundaries is not shown to help. The boundaries below "
        "remain the places where teams need each other most."
    )
    return Callout("answer", title, tuple(paragraphs))


def _failed(held: Json) -> str:
    """Say by how much the best plan missed its test."""
    beyond = held.get("placebo_largest")
    text = f"On unseen work the best plan would have needed {saved(held.get('gain'), SAVED)}"
    if reading(beyond).known:
        text += f"; {saved(beyond)} than if the same services went to the largest other team"
    return f"{text}. That is not clearly better."


def _ideas(count: int) -> list[str]:
    if not count:
        return []
    are = "is" if count == 1 else "are"
    text = f"{plural(count, 'idea')} from structure alone, not confirmed on unseen work, {are}"
    return [f"{text} listed under “Options in detail”."]


def _all(count: int) -> str:
    return "both" if count == _PAIR else f"all {count}"


_PAIR = 2


def _words(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))
