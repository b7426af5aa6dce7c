"""What looking back finds on real histories, and how often fake dates are taken for effects.

In:  real histories with their boundaries, where they are present.
Out: a table of past reorganisations, and one of fake ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from conway.advice.lookback.chance import Chance
from conway.advice.lookback.events import find_events
from conway.advice.lookback.measuring import Past, look_back
from conway.advice.lookback.options import LookBackOptions
from conway.advice.lookback.owners import owners_over_time
from conway.advice.lookback.sides import OUTCOMES
from conway.figures import Interval, Unknown, value_of
from tests.evaluations.tables import Table

if TYPE_CHECKING:
    from conway.advice.lookback.effects import Effect
    from conway.advice.lookback.levels import Differences
    from conway.advice.lookback.sides import Side
    from tests.evaluations.dated import Dated

FAKES = 200
ALLOWED = 18
"""Of 200 at 5 %, more would come by chance in one of 200 evaluations."""
DAY = 24 * 3600


def events(organisations: dict[str, Dated]) -> Table:
    """Return what is found, the smallest detectable effect first."""
    rows: list[tuple[object, ...]] = []
    for name, one in organisations.items():
        past = look_back(one.history, one.boundaries, work=one.work)
        kinds = [event.kind for event in past.events]
        apart = past.apart
        for outcome, effect in past.pooled.items():
            digits = 1 if outcome == "handoffs_per_100" else 3
            rows.append((
                name,
                outcome.replace("_", " "),
                f"{kinds.count('move')} / {kinds.count('split')} / {kinds.count('en_bloc')}",
                f"{len(apart.renames)} / {apart.passing_owners} / {apart.file_edits}",
                effect.services,
                *_figures(effect, digits),
            ))  # fmt: skip
    return Table(
        "Past reorganisations",
        (
            "history", "outcome", "moves / splits / en bloc",
            "renames / passing owners / file edits", "services measured", "detectable", "effect",
            "rank among fakes", "arithmetic: people stay", "people follow",
            "before, against all that stayed", "before, against comparable", "trend before",
        ),
        rows,
        (
            "The smallest effect that would be seen in 80 of 100 cases stands before the effect, "
            "which is the change of behaviour under the new owners beyond comparable services that "
            "stayed ([docs](measures/look-back.md)). Services are not moved at random."
        ),
    )  # fmt: skip


def fake_dates(organisations: dict[str, Dated]) -> Table:
    """Return how often fake reorganisations are taken for effects, and real ones found."""
    rows: list[tuple[object, ...]] = []
    for name, one in organisations.items():
        past = _past(one)
        shape = [len(side["handoffs_per_100"].difference.services)
                 for side in map(past.sides, past.found.events) if side]  # fmt: skip
        shape = [size for size in shape if size] or [1]
        drawn = [_fake(past, shape, seed=seed) for seed in range(FAKES)]
        for outcome in OUTCOMES:
            if past.chance[outcome].reason:
                rows.append((name, outcome.replace("_", " "), past.chance[outcome].reason,
                             "-", "-", "-", "-"))  # fmt: skip
                continue
            whole = [past.effect(outcome, sides) for sides, _ in drawn]
            split = [_split(past, outcome, sides, half) for sides, half in drawn]
            rows.append((
                name, outcome.replace("_", " "), " + ".join(map(str, shape)), FAKES,
                sum(map(_rejects, whole)), sum(map(_rejects, split)),
                f"{np.mean([_rejects(each, shift=1) for each in whole]):.0%}",
            ))  # fmt: skip
    return Table(
        "Fake reorganisations",
        (
            "history", "outcome", "services of each event", "fakes", "taken for effects",
            "the same, judged by other services", "found when as large as detectable",
        ),
        rows,
        (
            "Services that stayed, at dates between those that the intervals are read off: at 5 % "
            f"at most {ALLOWED} of {FAKES} may be taken for effects. 'Judged by other services': "
            "the interval comes from one half of the services, the fakes from the other. The last "
            "column adds an effect as large as the detectable one, which should be found in 80 %."
        ),
    )  # fmt: skip


def _past(one: Dated) -> Past:
    options = LookBackOptions()
    owned = owners_over_time(one.work, history=one.history, boundaries=one.boundaries)
    window = (one.work.since, one.work.until)
    return Past.of(one.work, find_events(owned, window=window, options=options),
                   options=options, seed=0)  # fmt: skip


def _fake(past: Past, shape: list[int], *, seed: int) -> tuple[list[dict[str, Side]], np.ndarray]:
    """Draw one fake reorganisation, its services from a random half, at dates of its own."""
    rng = np.random.default_rng([seed, 1])
    ground, services = past.ground, len(past.ground.fixed.work.services)
    half = rng.permutation(services) < services // 2
    dates = ground.dates(shift=7 * DAY)
    found: list[dict[str, Side]] = []
    for size in shape:
        for _ in range(50):
            time = dates[int(rng.integers(len(dates)))] + int(rng.integers(-3, 4)) * DAY
            window = ground.window(time)
            able = np.flatnonzero(ground.stayed(*window) & half) if window else []
            sides = ground.around(time, time, targets=np.array(able)) if len(able) else {}
            sides = {name: _some(side, size, rng) for name, side in sides.items()}
            if sides and all(len(side.difference.services) for side in sides.values()):
                found.append(sides)
                break
    return found, half


def _some(side: Side, size: int, rng: np.random.Generator) -> Side:
    """Keep as many services of a fake event as the real one has."""
    count = len(side.difference.services)
    kept = np.sort(rng.choice(count, size=min(size, count), replace=False))
    return replace(
        side,
        difference=_picked(side.difference, kept),
        **{name: getattr(side, name)[kept]
           for name in ("people_stay", "people_follow", "level", "away", "change")},
    )  # fmt: skip


def _picked(one: Differences, kept: np.ndarray) -> Differences:
    return replace(one, **{name: getattr(one, name)[kept] for name in one.__dataclass_fields__})


def _split(past: Past, outcome: str, sides: list[dict[str, Side]], half: np.ndarray) -> Effect:
    """Judge a fake by the chances that services of the other half give."""
    chance = past.chance[outcome]
    dates = [_picked(one, np.flatnonzero(~half[one.services])) for one in chance.dates]
    other = Chance.of(dates, options=past.ground.options, seed=past.seed)
    return replace(past, chance={outcome: other}).effect(outcome, sides)


def _rejects(effect: Effect, *, shift: float = 0) -> bool:
    """Whether an effect counts as one, after adding some multiple of the detectable one."""
    found = effect.effect
    if not isinstance(found, Interval):
        return False
    added = shift * value_of(effect.detectable)
    return not found.low + added <= 0 <= found.high + added


def _figures(effect: Effect, digits: int) -> list[str]:
    """Say the figures of an effect, a reason once."""
    if isinstance(effect.detectable, Unknown):
        return [effect.detectable.reason, *["-"] * 7]
    figures = (
        effect.detectable, effect.effect, effect.rank, effect.people_stay, effect.people_follow,
        effect.selection, effect.pre_level, effect.pre_trend,
    )  # fmt: skip
    return [_said(figure, digits) for figure in figures]


def _said(figure: object, digits: int) -> str:
    if isinstance(figure, Interval):
        return f"{figure.value:+.{digits}f} [{figure.low:+.{digits}f}, {figure.high:+.{digits}f}]"
    return f"{figure:+.{digits}f}" if isinstance(figure, float) else str(figure)
