"""Predictions: by hand, as a file that anybody may have changed, and scored."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from conway.advice import Reassign
from conway.advice.predicting import Made, expected, savings, with_savings
from conway.advice.prediction_file import read_prediction, write_prediction
from conway.advice.prediction_series import LOG, ODDS, PLAIN, next_counts, next_value, smoothed
from conway.advice.quarterly import measure_quarters
from conway.advice.scorecard import FIGURE, MOVE, TEAMS, Score, Scored
from conway.advice.scoring import score, score_work
from conway.boundaries.homes import Homes, votes_of
from conway.boundaries.reading import read_boundaries
from conway.boundaries.work import WEEK
from conway.config import Config
from conway.coupling.cochange import service_pairs
from conway.errors import PredictionError
from conway.figures import Interval, Unknown, value_of
from tests.boundaries.histories import history_of
from tests.works import work_of

if TYPE_CHECKING:
    from pathlib import Path

    from conway.advice.prediction import Prediction
    from conway.boundaries.work import Work

TEAMS_OF = {"A": "t1", "B": "t2", "C": "t3"}
QUARTER = 13 * WEEK


def test_the_last_quarters_weigh_most() -> None:
    """1, 2, 4 with weights 1/4, 1/2, 1: (0.25 + 1 + 4) / 1.75 = 3."""
    assert smoothed(np.array([1.0, 2.0, 4.0])) == pytest.approx(3)


def test_an_interval_is_what_earlier_predictions_missed_by() -> None:
    """Six values whose predictions from the two or more before miss by a hand-computed error."""
    series = [10.0, 10.0, 10.0, 10.0, 10.0, 13.0]
    errors, weights = np.array([0, 0, 0, 3.0]), 0.8 ** np.array([3, 2, 1, 0])
    count = weights.sum() ** 2 / (weights**2).sum()
    spread = math.sqrt((weights * errors**2).sum() / weights.sum() * (1 + 1 / count))
    found = next_value(series, PLAIN)

    assert isinstance(found, Interval)
    assert found.value == pytest.approx(10 + 3 / (2 - 1 / 32))
    assert (found.high - found.value) / spread == pytest.approx(1.553, abs=0.01)  # t, 3.87
    assert found.value - found.low == pytest.approx(found.high - found.value)


@pytest.mark.parametrize(("scale", "lowest", "highest"), [(LOG, 0, math.inf), (ODDS, 0, 1)])
def test_intervals_stay_where_values_can_be(scale: Any, lowest: float, highest: float) -> None:  # noqa: ANN401
    """A rate is never below zero, a share never beyond one."""
    found = next_value([0.9, 0.01, 0.97, 0.02, 0.9, 0.01, 0.99, 0.0], scale)

    assert isinstance(found, Interval)
    assert lowest <= found.low <= found.value <= found.high <= highest


def test_few_quarters_predict_nothing() -> None:
    """How much quarters differ is not known from five."""
    assert next_value([1.0] * 5, PLAIN) == Unknown(
        "5 earlier quarters; 6 are needed to know how much quarters differ"
    )


def test_the_largest_pairs_fall_back_as_they_did() -> None:
    """Every quarter another pair is large once: what is largest now is expected to vanish."""
    counts = [{(f"a{n}", "b"): 40.0, ("x", "y"): 4.0} for n in range(9)]
    found = next_counts(counts, most=1)

    ((pair, expected_count),) = found.items()
    assert pair == ("a8", "b")
    assert value_of(expected_count) < 1


def test_steady_pairs_are_expected_as_they_are() -> None:
    """Counts of 20 with no more than chance between them: 20, and Poisson quantiles."""
    found = next_counts([{("x", "y"): 20.0} for _ in range(8)], most=5)
    (count,) = found.values()

    assert isinstance(count, Interval)
    assert (count.value, count.low, count.high) == (pytest.approx(20), 14, 26)


@cache
def organisation() -> Work:
    """Eleven quarters, two change sets a day: t1 writes A, t2 A, B and both, t3 C."""
    rng = np.random.default_rng(3)
    sets, authors, days = [], [], []
    for day in range(11 * 13 * 7):
        for part in range(2):
            service, team = [("A", "t1"), ("A", "t2"), ("B", "t2"), ("C", "t3"), ("AB", "t2")][
                int(rng.integers(5))
            ]
            sets.append(service)
            authors.append(f"{team}:{team}{rng.integers(3)}")
            days.append(day + part / 2)
    work = work_of(sets, teams=TEAMS_OF, authors=authors, days=days, until=11 * 13 * 7)
    teams = [tuple(sorted(work.teams.index(TEAMS_OF[name]) for name in one)) for one in sets]
    votes = votes_of(work.sets["author"].to_numpy(), work.sets["time"].to_numpy(), teams=teams)
    return replace(work, homes=Homes(votes))


MADE = Made("0", (("shop", "f" * 40),), "", "a" * 64, 0, 0)


@cache
def predicted() -> Prediction:
    """Predict the eleventh quarter from ten, and what A in t2's hands would save of it."""
    work = organisation()
    early = work.between(work.since, work.until - QUARTER)
    made = replace(MADE, since=early.since, until=early.until)
    found = expected(made, measure_quarters(early), coupling=service_pairs(early))
    return replace(
        with_savings(found, early, moves=(Reassign("A", "t2"),), apart_from=(0, 0)),
        figures=found.figures,
    )


def test_a_steady_organisation_is_as_predicted() -> None:
    """Nearly all intervals hold; t2 needs t1 for two fifths of the change sets."""
    found = score_work(predicted(), organisation())
    held, of, level = found.coverage(FIGURE)

    assert (of, level) == (4, pytest.approx(0.8))
    assert held >= 3
    assert predicted().team_pairs[0].a == "t2"
    assert value_of(predicted().team_pairs[0].count) == pytest.approx(0.4 * 182, rel=0.15)
    assert found.coverage()[0] / found.coverage()[1] >= 0.7


def test_what_a_move_would_save_is_predicted_and_scored() -> None:
    """A in t2's hands saves two fifths of the change sets a handoff, and costs one fifth one."""
    (move,) = predicted().moves
    rows = [one for one in score_work(predicted(), organisation()).rows if one.kind == MOVE]

    assert value_of(move.saved) == pytest.approx(20, abs=5)
    assert [one.inside for one in rows] == [True, True]
    assert value_of(rows[0].came) == pytest.approx(20, abs=10)


def test_savings_by_span_are_those_of_the_replay() -> None:
    """A in t2's hands saves t2's fifth and the AB fifth, and costs t1's: 20 of 100."""
    work = organisation()
    ((first, second),) = savings(
        work, [(Reassign("A", "t2"),)],
        spans=[(work.since, work.since + 5 * QUARTER), (work.since + 5 * QUARTER, work.until)],
    )  # fmt: skip

    assert first == pytest.approx(20, abs=5)
    assert second == pytest.approx(20, abs=5)


def test_scored_numbers() -> None:
    """Inside, outside, and unknown."""
    row = Scored(TEAMS, "a needs b", Interval(3, 1, 5, 0.8), 5.0)

    assert (row.inside, row.error) == (True, 2)
    assert replace(row, came=6.0).inside is False
    assert replace(row, came=Unknown("gone")).inside is None
    assert replace(row, expected=Unknown("few")).inside is None


def test_rank_agreement_and_coverage() -> None:
    """Three pairs in the order expected, one interval of three missed."""
    rows = tuple(
        Scored(TEAMS, f"{n}", Interval(n, n - 1, n + 1, 0.8), came)
        for n, came in ((3.0, 9.0), (2.0, 2.0), (1.0, 1.0))
    )
    found = Score(predicted(), rows)

    assert found.rank_agreement(TEAMS) == pytest.approx(1)
    assert found.coverage() == (2, 3, pytest.approx(0.8))
    assert json.loads(json.dumps(found.to_json()))["coverage"] == [
        {"kind": "team pair", "held": 2, "of": 3, "level": 0.8}
    ]


def test_a_file_reads_back_and_is_never_changed(tmp_path: Path) -> None:
    """The same bytes may be written again, others may not."""
    path = tmp_path / predicted().name
    write_prediction(predicted(), path)
    before = path.read_bytes()
    write_prediction(predicted(), path)
    other = replace(predicted(), plan_text="")

    assert path.read_bytes() == before
    assert read_prediction(path).to_json() == json.loads(before)
    with pytest.raises(PredictionError, match="is not changed afterwards"):
        write_prediction(other, path)
    assert path.read_bytes() == before


def broken(change: Any) -> str:  # noqa: ANN401
    """Return the text of a prediction after a change of its content."""
    content = predicted().to_json()
    change(content)
    return json.dumps(content)


HOSTILE = [
    ("{", "is not JSON"),
    ("[" * 100_000, "is not JSON"),
    ("[]", "valid dictionary"),
    (broken(lambda c: c.update(schema="conway.assess/1")), "schema"),
    (broken(lambda c: c.update(extra="x")), "extra"),
    (broken(lambda c: c["figures"].update(streams={"value": "many"})), "figures.streams"),
    (broken(lambda c: c["figures"].pop("streams")), "'streams' is missing"),
    (broken(lambda c: c["figures"].update(velocity=1)), "'velocity' is not predicted"),
    (broken(lambda c: c["quarter"].update(since=5)), "does not begin where the window"),
    (broken(lambda c: c["quarter"].update(until=-(2**63))), "quarter.until"),
    (
        broken(lambda c: c.update(plan={"value": 9.0, "low": 0.0, "high": 1.0, "level": 0.8})),
        "does not hold its value",
    ),
    (broken(lambda c: c["made"].update(settings_hash="$(rm -rf /)")), "settings_hash"),
    (broken(lambda c: c["team_pairs"].extend(c["team_pairs"] * 2000)), "team_pairs"),
    ("x" * (1 << 21), "larger than 1 MiB"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE)
def test_hostile_files_are_refused(tmp_path: Path, text: str, said: str) -> None:
    """What is wrong and where, and nothing happens."""
    path = tmp_path / "p.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PredictionError, match=said):
        read_prediction(path)


def test_every_fault_in_one_message(tmp_path: Path) -> None:
    """Two wrong values, two lines."""
    path = tmp_path / "p.json"
    path.write_text(broken(lambda c: (c["made"].update(seed="x"), c.update(notes=1))))
    with pytest.raises(PredictionError, match="2 problems"):
        read_prediction(path)


def test_stale_and_foreign_histories_are_refused() -> None:
    """Other settings, another repository, a rewritten one, and a quarter that is not over."""
    history = history_of({"CODEOWNERS": "/a/ @x/one\n/b/ @x/two\n", "a/f": ""}, {"b/f": ""})
    boundaries = read_boundaries(Config(), history)

    def refused(**changes: Any) -> str:  # noqa: ANN401
        made = replace(predicted().made, **changes)
        with pytest.raises(PredictionError) as fault:
            score(replace(predicted(), made=made), history, boundaries)
        return str(fault.value)

    from conway.advice.predicting import settings_hash

    same = settings_hash(boundaries)
    assert "made with other settings" in refused()
    assert "'web' is not in this history" in refused(repositories=(("web", "1"),))
    assert "newest change then, ffffffffffff" in refused(settings_hash=same)
    tip = history.changes["change"].iloc[-1]
    stale = refused(settings_hash=same, repositories=(("shop", tip),))
    assert "its quarter ends on 2026-09-27, and the history before" in stale


@pytest.mark.real
@pytest.mark.slow
def test_each_quarter_of_govuk_from_those_before(histories: Path, tmp_path: Path) -> None:
    """Intervals hold at least as often as they say, within what chance allows of so few."""
    from conway.boundaries.labels import label
    from conway.history.sources import mine

    toml = tmp_path / "conway.toml"
    table = (histories / "govuk-teams.csv").resolve()
    toml.write_text(f'[teams]\nsource = "{table}"\n[window]\nsince = "2022-01-01"\n')
    history = mine(*sorted((histories / "govuk").glob("*.bundle")), jobs=2, key=b"test")
    work = label(history, read_boundaries(toml, history))
    quarters = measure_quarters(work)
    scores = []
    for place in range(6, len(quarters)):
        cut = quarters[place].since
        early = work.between(work.since, cut)
        made = replace(MADE, since=work.since, until=cut)
        found = expected(made, quarters[:place], coupling=service_pairs(early))
        scores.append(score_work(found, work))
    held, of = (
        {kind: sum(one.coverage(kind)[part] for one in scores) for kind in (FIGURE, TEAMS)}
        for part in (0, 1)
    )

    assert of == {FIGURE: 40, TEAMS: 100}
    assert held[FIGURE] >= 28
    assert 70 <= held[TEAMS] <= 90
    assert np.mean([value_of(one.rank_agreement(TEAMS)) for one in scores]) > 0.4
