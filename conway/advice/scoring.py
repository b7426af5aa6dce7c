"""Hold a prediction against what came: the verb ``score``.

In:  a prediction, and a history that has come to the end of its quarter.
Out: ``Score``, or one ``PredictionError`` that says why the two do not belong together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conway.advice.heldout import with_teams_at
from conway.advice.moves import Reassign
from conway.advice.plans import planned_of
from conway.advice.predicting import savings, settings_hash
from conway.advice.prediction import Prediction
from conway.advice.prediction_file import read_prediction
from conway.advice.quarterly import measure_quarter
from conway.advice.relabelling import replay
from conway.advice.scorecard import FIGURE, MOVE, SERVICES, TEAMS, Score, Scored, largest_found
from conway.boundaries.labels import label
from conway.display import visible
from conway.errors import ConwayError, PlanError, PredictionError, problems
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conway.advice.move import Move
    from conway.boundaries.boundaries import Boundaries
    from conway.boundaries.work import Work
    from conway.history.record import History

NOT_MEASURED = "it cannot be measured in that quarter"


def score(  # noqa: PLR0917 - the order of the verbs
    prediction: Prediction | str | Path, history: History, boundaries: Boundaries
) -> Score:
    """Compare a prediction with what came.

    Parameters
    ----------
    prediction
        A prediction, or the path of its file.
    history
        The same repositories, mined again after the predicted quarter.
    boundaries
        Read with the same settings; the tables that they name may have grown.

    Raises
    ------
    PredictionError
        If the file is no prediction, the settings differ, the history is another one, or the
        quarter is not over.
    """
    made = prediction if isinstance(prediction, Prediction) else read_prediction(prediction)
    _check(made, history, boundaries=boundaries)
    window = replace(boundaries.selection, since=made.made.since, until=None)
    work = label(history, replace(boundaries, selection=window))
    return score_work(made, work, called=boundaries)


def score_work(made: Prediction, work: Work, *, called: Boundaries | None = None) -> Score:
    """Compare a prediction with labelled work that goes on beyond its quarter.

    Parameters
    ----------
    made
        The prediction.
    work
        From the beginning of its window on.
    called
        Names teams that were renamed since; None: none were.
    """
    came = measure_quarter(work, since=made.since, until=made.until)

    def team(name: str) -> str:
        return name if called is None else called.ownership.called(name)

    teams = [((team(one.a), team(one.b)), one.count) for one in made.team_pairs]
    services = [(one.a, one.b) for one in made.service_pairs]
    rows = [
        Scored(FIGURE, name.replace("_", " "), one, _known(came.figures[name]))
        for name, one in made.figures.items()
    ]
    rows += [
        Scored(TEAMS, f"{a} needs {b}", count, came.handoffs.get((a, b), 0.0))
        for (a, b), count in teams
    ]
    rows += [
        Scored(SERVICES, f"{one.a} and {one.b}", one.count, came.joint.get((one.a, one.b), 0.0))
        for one in made.service_pairs
    ]
    rows += _moves(made, work)
    found = (
        largest_found(TEAMS, predicted=[p for p, _ in teams], came=_ranked(came.handoffs)),
        largest_found(SERVICES, predicted=services, came=_ranked(came.joint)),
    )
    return Score(made, tuple(rows), found, tuple(_notes(made, work)))


def _known(value: float) -> Figure:
    return value if value == value else Unknown(NOT_MEASURED)  # noqa: PLR0124 - nan


def _ranked(counts: Mapping[tuple[str, str], float]) -> list[tuple[str, str]]:
    return sorted((pair for pair in counts if counts[pair] > 0), key=lambda p: (-counts[p], p))


def _check(made: Prediction, history: History, *, boundaries: Boundaries) -> None:
    """Refuse a history or settings that a prediction was not made with."""
    faults = []
    if made.made.settings_hash != settings_hash(boundaries):
        faults.append(
            "it was made with other settings; score it with the conway.toml that it was made "
            "with (tables that it names may have grown)"
        )
    known = {name: set(part) for name, part in history.changes.groupby("repository")["change"]}
    for name, tip in made.made.repositories:
        if name not in known:
            faults.append(f"repository '{visible(name)}' is not in this history")
        elif tip not in known[name]:
            faults.append(
                f"repository '{visible(name)}' does not hold its newest change then, "
                f"{visible(tip[:12])}: it was "
                "rewritten, or is another repository"
            )
    newest = int(history.changes["committer_time"].max()) if len(history.changes) else 0
    if newest < made.until and not faults:
        last = made.to_json()["quarter"]["last_day"]
        faults.append(f"its quarter ends on {last}, and the history before; mine it again then")
    if faults:
        raise PredictionError(problems("the prediction cannot be scored", faults))


def _moves(made: Prediction, work: Work) -> list[Scored]:
    """Return what the moves would have saved of the quarter that came."""
    if not made.moves:
        return []
    figures = [*(one.saved for one in made.moves), made.plan]
    titles = [*(one.title for one in made.moves), "all moves"]
    came = _saved(made, work, count=len(made.moves))
    return [
        Scored(MOVE, f"saved per 100: {title}", figure, one)
        for title, figure, one in zip(titles, figures, came, strict=True)
    ]


def _saved(made: Prediction, work: Work, *, count: int) -> list[Figure]:
    """Replay the moves on the quarter, under owners and people's teams of its beginning."""
    try:
        moves: tuple[Move, ...] = planned_of(made.plan_text, where="the prediction's plan").moves
        if len(moves) != count:
            raise PlanError("the prediction's plan has another number of moves than are predicted")
        base = work.between(work.since, made.since)
        quarter = with_teams_at(work.between(made.since, made.until), made.since)
        pairs = zip(base.services, base.service_teams, strict=True)
        held = [Reassign(name, base.teams[team]) for name, team in pairs if team >= 0]
        plans = [*((move,) for move in moves), moves]
        found = savings(replay(quarter, held), plans, spans=[(made.since, made.until)])
    except ConwayError as fault:
        return [Unknown(str(fault).splitlines()[0])] * (count + 1)
    return [_known(one[0]) for one in found]


def _notes(made: Prediction, work: Work) -> list[str]:
    """Say what changed since, which a prediction of unchanged boundaries cannot know."""
    before = work.between(work.since, made.since).service_teams
    after = work.between(work.since, made.until).service_teams
    moved = sum(a != b for a, b in zip(before, after, strict=True))
    return [f"{moved} services changed hands in the quarter"] if moved else []
