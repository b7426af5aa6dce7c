"""A recommended plan, as leaders read it: options with evidence, or the plain "nothing helps".

In:  advised moves with gains, grades and words; the plan before, after and held out.
Out: ``Plan`` and ``Advised``, their JSON, table and explanation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from conway.advice.dated import Dated
from conway.advice.moves import Approve, Decouple, Delegate, MergeServices, Reassign, SplitService
from conway.advice.team_moves import MergeTeams, MoveWithPeople, SplitTeam
from conway.advice.wording import title
from conway.display import html_table, visible
from conway.figures import Figure, Unknown, figure_json, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from conway.advice.move import Move
    from conway.advice.overtaken import Overtaken

NO_BOUND = Unknown("no bound is computed for this plan")

Grade = Literal["A", "B", "C", "D"]

MEANING: Mapping[str, str] = {
    "A": "boundaries like this moved before, and outcomes changed against controls",
    "B": "held-out handoffs fall, and in this history handoffs predict matched delay",
    "C": "held-out handoffs fall; a link to delay is not established",
    "D": "structural only: no held-out evidence",
}


@dataclass(frozen=True, eq=False)
class Advised:
    """One move with its evidence.

    Attributes
    ----------
    move, title
        The move, and one sentence.
    gain_fit, gain_held_out
        Its Shapley share of handoffs and lockstep releases saved per 100 change sets.
    grade, survives
        Grade of evidence; share of scenarios in which the plan is worse without it.
    disruption
        Services, rules or files that change hands, weighted by kind.
    affected
        Teams whose duties change.
    evidence, edit
        What it rests on; the file edit that carries it out, where there is one.
    costs, indicator, stop_rule
        What it costs whom; what to watch for 90 days, and when to take it back.
    """

    move: Move
    title: str
    gain_fit: Figure
    gain_held_out: Figure
    grade: Grade
    survives: Figure
    disruption: float
    affected: tuple[str, ...]
    evidence: Mapping[str, Any]
    edit: str | None
    costs: str
    indicator: str
    stop_rule: str

    def to_json(self) -> dict[str, Any]:
        """Return the move as it stands in ``recommend.json``."""
        return {
            **move_json(self.move),
            "title": self.title,
            "gain_fit": figure_json(self.gain_fit),
            "gain_held_out": figure_json(self.gain_held_out),
            "grade": self.grade,
            "survives": figure_json(self.survives),
            "disruption": self.disruption,
            "affected": list(self.affected),
            "evidence": dict(self.evidence),
            "edit": self.edit,
            "costs": self.costs,
            "indicator": self.indicator,
            "stop_rule": self.stop_rule,
        }


def move_json(move: Move) -> dict[str, Any]:
    """Return what a move is, with every key that a recommended kind has; no person."""
    if isinstance(move, Dated):
        day = datetime.fromtimestamp(move.since, UTC).date().isoformat()
        return {**move_json(move.move), "from": day}
    found: dict[str, Any] = dict.fromkeys(("service", "to", "parts", "pattern", "files"))
    found = {"kind": move.kind, **found, "services": list(move.services)}
    if isinstance(move, Reassign | MoveWithPeople):
        found |= {"service": move.service, "to": move.to}
    elif isinstance(move, MergeServices):
        found |= {"service": move.name, "to": move.to}
    elif isinstance(move, MergeTeams):
        found |= {"teams": list(move.merged), "to": move.name}
    elif isinstance(move, SplitTeam):
        parts = {name: list(held) for name, held in move.parts.items()}
        found |= {"teams": [move.team], "to": ", ".join(parts), "parts": parts}
    elif isinstance(move, SplitService):
        to = ", ".join(sorted(set(move.owners.values()))) or None
        parts = {name: list(globs) for name, globs in move.parts.items()}
        found |= {"service": move.service, "to": to, "parts": parts}
    elif isinstance(move, Decouple):
        found |= {"files": list(move.files)}
    elif isinstance(move, Delegate | Approve):
        found |= {"pattern": move.pattern, "to": ", ".join(move.teams)}
    return found


@dataclass(frozen=True, eq=False)
class Plan:
    """The recommended moves, tested as a whole.

    Attributes
    ----------
    moves
        The advised moves; those with grade D never stand on page one.
    before, after
        Figures of the fitting window without and with the plan.
    held_out
        Figures of the held-out window: gains, placebos, and whether the plan counts.
    pareto
        ``moves, gain, disruption`` of the parts of the plan that none beats on both, "do
        nothing" first.
    bound
        Saved per 100 change sets of the fitting window that no plan of as many of the
        candidates exceeds, limits and transition cost left aside.
    null_gain
        What plans fitted on structureless work saved per 100 held-out change sets.
    message
        Why no move survives, empty where some do.
    window
        Fitting and held-out window, as dates.
    seed
        Seed of everything random in it.
    overtaken
        Moves that were found and left out, because by whose people did the work since they
        save nothing.
    """

    moves: tuple[Advised, ...]
    before: Mapping[str, Figure]
    after: Mapping[str, Figure]
    held_out: Mapping[str, Any]
    pareto: Sequence[Mapping[str, float]]
    null_gain: Figure
    message: str = ""
    window: Mapping[str, str] = field(default_factory=dict)
    bound: Figure = NO_BOUND
    seed: int = 0
    overtaken: tuple[Overtaken, ...] = ()

    @property
    def surviving(self) -> tuple[Advised, ...]:
        """Moves with held-out evidence (grade C or better)."""
        return tuple(move for move in self.moves if move.grade != "D")

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``recommend.json``."""
        return {
            "schema": "conway.recommend/1",
            "window": dict(self.window),
            "moves": [move.to_json() for move in self.moves],
            "plan": {
                "before": {name: figure_json(one) for name, one in self.before.items()},
                "after": {name: figure_json(one) for name, one in self.after.items()},
                "held_out": {
                    name: one if isinstance(one, bool | str) else figure_json(one)
                    for name, one in self.held_out.items()
                },
                "bound": figure_json(self.bound),
                "pareto": [
                    {name: rounded(value) for name, value in point.items()} for point in self.pareto
                ],
            },
            "null_gain": figure_json(self.null_gain),
            "overtaken": [one.to_json() for one in self.overtaken],
            "grades": dict(MEANING),
            "message": self.message,
            "seed": self.seed,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per move: ``kind, title, gain_fit, gain_held_out, grade``."""
        import pandas as pd

        rows = [
            (m.move.kind, m.title, str(m.gain_fit), str(m.gain_held_out), m.grade)
            for m in self.moves
        ]
        return pd.DataFrame(rows, columns=["kind", "title", "gain_fit", "gain_held_out", "grade"])

    def explain(self) -> str:
        """Say in words what the plan is and how far it can be trusted."""
        lines = [self.message] if self.message else []
        for number, move in enumerate(self.moves, 1):
            lines.append(f"{number}. {visible(move.title)}")
            lines.append(
                f"   saves {move.gain_held_out} per 100 held-out change sets; "
                f"grade {move.grade}: {MEANING[move.grade]}"
            )
        lines += [
            f"left out: {visible(title(one.move))} (overtaken since it was found)"
            for one in self.overtaken
        ]
        lines.append(
            "Replay shows which work would have crossed fewer boundaries, "
            "not that it would have been faster."
        )
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Show how many moves survive."""
        return f"<Plan: {len(self.surviving)} of {len(self.moves)} moves survive held-out work>"

    def _repr_html_(self) -> str:
        rows = [
            (m.title, m.gain_fit, m.gain_held_out, m.grade, ", ".join(m.affected))
            for m in self.moves
        ]
        columns = ("move", "saved per 100 (fit)", "saved per 100 (held out)", "grade", "teams")
        return html_table(columns, rows, caption=self.message or repr(self))
