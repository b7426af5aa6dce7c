"""Test a planned reorganisation: replay the recorded work under a user's own moves.

In:  an assessment and moves, or the path of a ``plan.toml``.
Out: ``Outcome``: every headline figure before and after on the whole window, the paired
     difference with its interval, the pairs of teams that get better and those that get
     worse, load per approver, and knowledge in the receiving teams.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conway.advice.candidates import Ground
from conway.advice.instance import Instance
from conway.advice.moves import Move, Reassign, SplitService
from conway.advice.options import AdviceOptions
from conway.advice.plan import move_json
from conway.advice.plans import read_plan
from conway.advice.recommendation import streams_gained
from conway.advice.relabelling import replay
from conway.advice.state import State
from conway.advice.wording import title
from conway.delivery.footprints import counted_sets
from conway.delivery.measurement import Delivery, measure_delivery
from conway.delivery.weeks import Resampling, weekly
from conway.display import html_table, visible
from conway.figures import Figure, figure_json, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from conway.assessment.assessment import Assessment
    from conway.boundaries.work import Work

UNKNOWN = (
    "how people and authors would adapt to the new boundaries",
    "how long the transition takes and what it costs",
    "whether work that crosses fewer boundaries is also faster",
)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a plan would have changed about the recorded work.

    Attributes
    ----------
    moves
        The plan.
    before, after
        Headline figures of the same change sets without and with it.
    change
        Paired differences with intervals: handoffs and lockstep per 100, shares, streams.
    pairs
        Pairs of teams whose handoffs change: ``from, to, before, after``, worst first.
    loads
        Change sets that need each team: ``team, before, after``.
    knowledge
        For each service that changes hands: people of the receiving team with work on it.
    without_effect
        Moves that change no recorded work, such as a service given to its owner.
    unknown
        What the replay cannot say.
    """

    moves: tuple[Move, ...]
    before: Mapping[str, Figure]
    after: Mapping[str, Figure]
    change: Mapping[str, Figure]
    pairs: Sequence[Mapping[str, Any]]
    loads: Sequence[Mapping[str, Any]]
    knowledge: Sequence[Mapping[str, Any]]
    without_effect: tuple[str, ...] = ()
    unknown: tuple[str, ...] = UNKNOWN

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``simulate.json``."""
        return {
            "schema": "conway.simulate/1",
            "moves": [{**move_json(move), "title": title(move)} for move in self.moves],
            **{
                name: {key: figure_json(one) for key, one in figures.items()}
                for name, figures in (
                    ("before", self.before),
                    ("after", self.after),
                    ("change", self.change),
                )
            },
            "pairs": [dict(pair) for pair in self.pairs],
            "loads": [dict(load) for load in self.loads],
            "knowledge": [dict(one) for one in self.knowledge],
            "without_effect": list(self.without_effect),
            "unknown": list(self.unknown),
        }

    @property
    def worse(self) -> tuple[Mapping[str, Any], ...]:
        """Pairs of teams with more handoffs after the plan."""
        return tuple(pair for pair in self.pairs if pair["after"] > pair["before"])

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per headline figure: ``measure, before, after, change``."""
        import pandas as pd

        rows = [
            (name, str(one), str(self.after[name]), str(self.change.get(name, "")))
            for name, one in self.before.items()
        ]
        return pd.DataFrame(rows, columns=["measure", "before", "after", "change"])

    def explain(self) -> str:
        """Say in words what the plan would have changed."""
        lines = [f"- {visible(title(move))}" for move in self.moves]
        lines += [f"changes no recorded work: {visible(one)}" for one in self.without_effect]
        lines += [f"{name}: {one} -> {self.after[name]}" for name, one in self.before.items()]
        for pair in self.worse[:5]:
            row = f"worse: {pair['from']} needs {pair['to']}"
            lines.append(visible(f"{row} {pair['before']:.0f} -> {pair['after']:.0f} times"))
        return "\n".join([*lines, *(f"unknown: {one}" for one in self.unknown)])

    def __repr__(self) -> str:
        """Show moves and the change of handoffs."""
        moves = "1 move" if len(self.moves) == 1 else f"{len(self.moves)} moves"
        idle = f", {len(self.without_effect)} without effect" if self.without_effect else ""
        return f"<Outcome: {moves}{idle}, {self.change['handoffs_per_100']} handoffs per 100>"

    def _repr_html_(self) -> str:
        table = self.to_pandas()
        rows = table.itertuples(index=False, name=None)
        return html_table(tuple(table.columns), rows, caption=repr(self))


def simulate(assessment: Assessment, moves: Sequence[Move] | str | Path) -> Outcome:
    """Replay the recorded work under moves of one's own.

    Parameters
    ----------
    assessment
        The measurement of one organisation.
    moves
        Moves in order, or the path of a ``plan.toml``.

    Raises
    ------
    PlanError
        If the plan cannot be read, or names what there is not.
    """
    plan = tuple(moves) if isinstance(moves, list | tuple) else read_plan(moves)  # type: ignore[arg-type]
    work, seed = assessment.work, assessment.seed
    counted = counted_sets(work)
    moved = replay(work, plan)
    base = measure_delivery(work, counted=counted, seed=seed, with_trend=False)
    after = measure_delivery(moved, counted=counted, seed=seed, with_trend=False)
    return Outcome(
        moves=plan,
        before=_figures(base),
        after=_figures(after),
        change={
            **_changes(base, after, seed=seed),
            "streams": streams_gained(work, plan, seed=seed),
        },
        pairs=_pairs(base, after),
        loads=_loads(base, after),
        knowledge=_knowledge(assessment, plan),
        without_effect=_without_effect(work, plan, counted=counted),
    )


def _without_effect(work: Work, plan: Sequence[Move], *, counted: np.ndarray) -> tuple[str, ...]:
    """Return the moves that change no label and release no path."""
    state = State.base(Instance.of(work, counted=counted, candidates=plan))
    idle = []
    for move in plan:
        difference = state.difference(move)
        if not difference.labels and not difference.cells:
            idle.append(title(move))
        state = state.after(move, difference)
    return tuple(idle)


def _figures(one: Delivery) -> dict[str, Figure]:
    return {
        "handoffs_per_100": one.autonomy.handoffs_per_100,
        "lockstep_per_100": one.autonomy.lockstep_per_100,
        "single_team_share": one.autonomy.single_team_share,
        "autonomous_share": one.autonomy.autonomous_share,
        "streams": one.teams.streams,
        "unit_streams": one.units.streams,
    }


def _changes(base: Delivery, after: Delivery, *, seed: int) -> dict[str, Figure]:
    """Return paired differences, after minus before, over whole weeks."""
    work = base.work
    weeks, count = work.weeks[base.prints.sets], work.week_count
    sets = weekly(weeks, np.ones(len(weeks)), count=count)
    resampling = Resampling.of(count, seed=seed)

    def change(name: str, scale: float) -> Figure:
        difference = _values(after, name) - _values(base, name)
        return resampling.ratio(weekly(weeks, difference, count=count), sets, scale=scale)

    return {
        "handoffs_per_100": change("handoffs", 100),
        "lockstep_per_100": change("lockstep", 100),
        "single_team_share": change("single", 1),
        "autonomous_share": change("autonomous", 1),
    }


def _values(one: Delivery, name: str) -> np.ndarray:
    """Return a value of each counted change set."""
    handoffs, lockstep = one.prints.handoffs, one.prints.lockstep
    values = {
        "handoffs": handoffs,
        "lockstep": lockstep,
        "single": handoffs == 0,
        "autonomous": (handoffs == 0) & (lockstep == 0),
    }
    found: np.ndarray = values[name].astype(np.float64)
    return found


def _pairs(base: Delivery, after: Delivery) -> list[dict[str, Any]]:
    """Return pairs of teams whose handoffs change, those that get worse first."""
    sums = [one.handoffs.groupby(["from_team", "to_team"])["weight"].sum() for one in (base, after)]
    teams = base.work.teams
    found = []
    for a, b in sorted(set(sums[0].index) | set(sums[1].index)):
        was, now = (float(one.get((a, b), 0.0)) for one in sums)
        if abs(now - was) > 1e-9:  # noqa: PLR2004 - rounding
            pair = {"from": teams[a], "to": teams[b], "before": rounded(was), "after": rounded(now)}
            found.append((was - now, pair))
    return [pair for _, pair in sorted(found, key=lambda one: (one[0], one[1]["from"]))]


def _loads(base: Delivery, after: Delivery) -> list[dict[str, Any]]:
    """Return how many change sets need each team."""
    teams: Work = base.work
    loads = [one.team_lanes.loads for one in (base, after)]
    return [
        {"team": name, "before": rounded(float(was)), "after": rounded(float(now))}
        for name, was, now in zip(teams.teams, *loads, strict=True)
    ]


def _knowledge(assessment: Assessment, plan: Sequence[Move]) -> list[dict[str, Any]]:
    """Return how many people of each receiving team worked on what it receives."""
    work = assessment.work
    options = AdviceOptions.of(assessment.boundaries.config)
    ground = Ground.of(work, options)
    found = []
    for move in plan:
        if not isinstance(move, Reassign | SplitService) or move.service not in work.services:
            continue
        code = work.services.index(move.service)
        owners = (move.to,) if isinstance(move, Reassign) else tuple(move.owners.values())
        for name in owners:
            team = work.teams.index(name)
            people = ground.by_service.people(code, team)
            share = rounded(ground.by_service.share(code, team))
            enough = people >= options.min_people
            found.append(
                {"service": move.service, "to": name, "share": share, "enough_people": enough}
            )
    return found
