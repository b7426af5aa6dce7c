"""What a planned reorganisation would have changed about the recorded work.

In:  figures before and after, on the whole window and on its last quarter.
Out: ``Outcome``, with its JSON form, table and explanation. ``simulate`` makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conway.advice.plan import move_json
from conway.advice.wording import title
from conway.display import html_table, visible
from conway.figures import Figure, figure_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from conway.advice.move import Move

UNKNOWN = (
    "how people and authors would adapt to the new boundaries",
    "how long the transition takes and what it costs",
    "whether work that crosses fewer boundaries is also faster",
)


@dataclass(frozen=True, eq=False)
class Compared:
    """Headline figures without and with a plan, and the paired difference.

    Attributes
    ----------
    before, after
        Figures of the same change sets.
    change
        After minus before, with intervals over whole weeks.
    """

    before: Mapping[str, Figure]
    after: Mapping[str, Figure]
    change: Mapping[str, Figure]

    def to_json(self) -> dict[str, Any]:
        """Return the figures by ``before``, ``after`` and ``change``."""
        return {
            part: {name: figure_json(one) for name, one in figures.items()}
            for part, figures in (
                ("before", self.before),
                ("after", self.after),
                ("change", self.change),
            )
        }


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a plan would have changed about the recorded work.

    Attributes
    ----------
    name, moves
        The plan.
    window
        First and last days of the work and of the held-out quarter.
    whole, held_out
        Figures of the whole window, and of its last quarter with the people's teams as they
        were before it.
    pairs
        Pairs of teams whose handoffs change: ``from, to, before, after``, worst first.
    loads, cognitive
        By team what it must approve and what it must know, before and after.
    knowledge
        By service that changes hands whether the receiving team has worked on it.
    stages
        What is saved once the moves of each date hold.
    without_effect
        Moves that change no recorded work, such as a service given to its owner.
    unknown
        What the replay cannot say.
    """

    name: str
    moves: tuple[Move, ...]
    window: Mapping[str, str]
    whole: Compared
    held_out: Compared
    pairs: Sequence[Mapping[str, Any]]
    loads: Sequence[Mapping[str, Any]]
    cognitive: Sequence[Mapping[str, Any]]
    knowledge: Sequence[Mapping[str, Any]]
    stages: Sequence[Mapping[str, Any]] = ()
    without_effect: tuple[str, ...] = ()
    unknown: tuple[str, ...] = UNKNOWN
    seed: int = field(default=0)

    @property
    def before(self) -> Mapping[str, Figure]:
        """Figures of the whole window without the plan."""
        return self.whole.before

    @property
    def after(self) -> Mapping[str, Figure]:
        """Figures of the whole window with the plan."""
        return self.whole.after

    @property
    def change(self) -> Mapping[str, Figure]:
        """After minus before on the whole window."""
        return self.whole.change

    @property
    def worse(self) -> tuple[Mapping[str, Any], ...]:
        """Pairs of teams with more handoffs after the plan."""
        return tuple(pair for pair in self.pairs if pair["after"] > pair["before"])

    @property
    def better(self) -> tuple[Mapping[str, Any], ...]:
        """Pairs of teams with fewer handoffs after the plan, the best last."""
        return tuple(pair for pair in self.pairs if pair["after"] < pair["before"])

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``simulate.json``."""
        return {
            "schema": "conway.simulate/1",
            "name": self.name,
            "window": dict(self.window),
            "moves": [{**move_json(move), "title": title(move)} for move in self.moves],
            **self.whole.to_json(),
            "held_out": self.held_out.to_json(),
            **{
                name: [dict(row) for row in rows]
                for name, rows in (
                    ("pairs", self.pairs),
                    ("loads", self.loads),
                    ("cognitive", self.cognitive),
                    ("knowledge", self.knowledge),
                    ("stages", self.stages),
                )
            },
            "without_effect": list(self.without_effect),
            "unknown": list(self.unknown),
            "seed": self.seed,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per headline figure: ``measure, before, after, change, held_out``."""
        import pandas as pd

        rows = [
            (
                name,
                str(one),
                str(self.after[name]),
                str(self.change.get(name, "")),
                str(self.held_out.change.get(name, "")),
            )
            for name, one in self.before.items()
        ]
        return pd.DataFrame(rows, columns=["measure", "before", "after", "change", "held_out"])

    def explain(self) -> str:
        """Say in words what the plan would have changed."""
        lines = [f"- {visible(title(move))}" for move in self.moves]
        lines += [f"changes no recorded work: {visible(one)}" for one in self.without_effect]
        lines += [f"{name}: {one} -> {self.after[name]}" for name, one in self.before.items()]
        lines += [f"last quarter, {name}: {one}" for name, one in self.held_out.change.items()]
        for pair in self.worse[:5]:
            row = f"worse: {pair['from']} needs {pair['to']}"
            lines.append(visible(f"{row} {pair['before']:.0f} -> {pair['after']:.0f} times"))
        lines += _warnings(self)
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


def _warnings(outcome: Outcome) -> list[str]:
    """Say which teams would carry more than they can, and what they do not know."""
    lines = [
        visible(
            f"over capacity: {row['team']} in {row['weeks_over_after']} weeks "
            f"(before: {row['weeks_over_before']})"
        )
        for row in outcome.loads
        if row["weeks_over_after"]
    ]
    lines += [
        visible(f"more services than the limit: {row['team']} ({row['services_after']})")
        for row in outcome.cognitive
        if row["exceeds"]
    ]
    return lines + [
        visible(f"too little recent work: {row['to']} on {row['service']}")
        for row in outcome.knowledge
        if not row["enough_people"]
    ]
