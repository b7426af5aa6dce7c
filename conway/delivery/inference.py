"""How far inferred authors' teams can be trusted, and what their errors do to the headline.

In:  labelled ``Work``.
Out: ``Inference``: accuracy where memberships are given, and the change of the headline.

Where memberships are given, the inferred team of each change set stands against the declared
one, and the effect of the errors is measured: the headline by inferred teams minus that by
declared ones on the same change sets, with an interval over resampled people (errors come by
person). Drawing teams from the confusion matrix instead would take errors to be independent of
what a change touches. They are not: who is taken for another team's member is so because of the
files that they touch, and on a sample with known truth that correction went the wrong way.

Where nothing is declared, errors cannot be measured. Then a stated share of the people is put
into other teams, drawn by how much each team writes: what the headline would be if so many were
in fact elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.homes import Homes
from conway.delivery.footprints import counted_sets, needed_teams
from conway.delivery.grouping import distinct_rows
from conway.delivery.weeks import Resampling, weekly
from conway.figures import Figure, Interval, Unknown

if TYPE_CHECKING:
    from conway.boundaries.work import Work

DRAWS = 200
LEVEL = 0.95
STATED = (0.05, 0.1, 0.2)
FEWEST_PEOPLE = 5
NOT_TESTED = "no memberships are given to test it against"


@dataclass(frozen=True, slots=True)
class Effect:
    """What errors of the authors' teams change of the headline.

    Attributes
    ----------
    errors
        In a phrase: which errors.
    measured
        Whether they were measured; else they are stated.
    single_team_share, autonomous_share, handoffs_per_100
        Change of the headline with its interval.
    """

    errors: str
    measured: bool
    single_team_share: Figure
    autonomous_share: Figure
    handoffs_per_100: Figure


@dataclass(frozen=True, slots=True)
class Inference:
    """Accuracy of the inferred author's team, and what its errors do.

    Attributes
    ----------
    source
        Where the assessment has authors' teams from: ``memberships`` or ``inferred``.
    accuracy
        Share of change sets whose inferred team is the declared one.
    tested
        Change sets with both.
    unknown
        Change sets with a declared team for which none could be inferred.
    effects
        The headline under errors.
    """

    source: str
    accuracy: Figure
    tested: int
    unknown: int
    effects: tuple[Effect, ...]


def measure_inference(work: Work, *, seed: int) -> Inference:
    """Measure accuracy and the effect of errors.

    Parameters
    ----------
    work
        Labelled change sets.
    seed
        Seed of the draws.
    """
    source = work.homes.source
    counted = counted_sets(work)
    if not counted.any():
        reason = Unknown("no change set has an owned file and a known author's team")
        return Inference(source, reason, 0, 0, ())
    people, times = (work.sets[name].to_numpy()[counted] for name in ("author", "time"))
    sizes = _Sizes.of(work, counted)
    declared = work.sets["author_team"].to_numpy()[counted]
    if source == "inferred":
        effects = tuple(
            _stated(sizes, _Moved.of(people, declared, share=share), share=share, seed=seed)
            for share in STATED
        )
        return Inference(source, Unknown(NOT_TESTED), 0, 0, effects)
    inferred = Homes(work.homes.votes).teams_of(people, times)
    known = inferred >= 0
    accuracy = _accuracy(work, counted, right=inferred == declared, known=known, seed=seed)
    if len(np.unique(people[known])) < FEWEST_PEOPLE:
        reason = Unknown(f"fewer than {FEWEST_PEOPLE} people")
        return Inference(source, reason, int(known.sum()), int((~known).sum()), ())
    effect = _measured(sizes, people, declared=declared, inferred=inferred, seed=seed)
    tested = int(known.sum())
    return Inference(source, accuracy, tested, int((~known).sum()), (effect,))


def _accuracy(
    work: Work, counted: np.ndarray, *, right: np.ndarray, known: np.ndarray, seed: int
) -> Figure:
    """Return the share of right teams among those inferred, with its interval."""
    weeks, count = work.weeks[counted][known], work.week_count
    ones = weekly(weeks, np.ones(len(weeks)), count=count)
    found = weekly(weeks, right[known].astype(np.float64), count=count)
    return Resampling.of(count, seed=seed).ratio(found, ones)


@dataclass(frozen=True, eq=False)
class _Sizes:
    """How many teams each counted set needs, whoever wrote it.

    Attributes
    ----------
    patterns
        The distinct requirements of each counted set (shape: counted).
    teams
        Distinct requirements by author's team: teams needed.
    lockstep
        Which counted sets touch more than one release unit.
    """

    patterns: np.ndarray
    teams: np.ndarray
    lockstep: np.ndarray

    @classmethod
    def of(cls, work: Work, counted: np.ndarray) -> _Sizes:
        """Solve every requirement for every author's team."""
        sets = np.flatnonzero(counted)
        rows = work.rows[counted[work.rows["set"].to_numpy()]]
        owned = rows.loc[rows["owners"] >= 0, ["set", "owners"]].drop_duplicates()
        owned = owned.sort_values(["set", "owners"])
        starts = np.searchsorted(owned["set"], np.append(sets, len(work)))
        codes = owned["owners"].to_numpy()
        patterns, first = distinct_rows(starts, codes)
        asked = [
            frozenset(codes[a:b].tolist())
            for a, b in zip(starts[first].tolist(), starts[first + 1].tolist(), strict=True)
        ]
        solved = np.array([_solved(codes, work=work) for codes in asked], dtype=np.int64)
        units = rows.loc[rows["unit"] >= 0, ["set", "unit"]].drop_duplicates()["set"]
        lockstep = np.bincount(units, minlength=len(work))[sets] > 1
        return cls(patterns, solved, lockstep)

    def values(self, teams: np.ndarray) -> np.ndarray:
        """Return what each set adds to the three figures (shape: 3, counted; nan unknown)."""
        needed = self.teams[self.patterns, teams]
        alone = needed == 1
        found = np.stack([alone, alone & ~self.lockstep, 100.0 * (needed - 1)])
        return np.where(teams >= 0, found, np.nan)


def _solved(codes: frozenset[int], *, work: Work) -> np.ndarray:
    """Return how many teams one requirement needs for each author's team (shape: teams)."""
    if all(len(work.owners[code]) == 1 for code in codes):
        owners = {work.owners[code][0] for code in codes}
        needed = np.full(len(work.teams), len(owners) + 1, dtype=np.int64)
        needed[sorted(owners)] -= 1
        return needed
    sizes = [len(needed_teams(t, codes, owners=work.owners)[0]) for t in range(len(work.teams))]
    return np.array(sizes, dtype=np.int64)


def _measured(
    sizes: _Sizes, people: np.ndarray, *, declared: np.ndarray, inferred: np.ndarray, seed: int
) -> Effect:
    """Set the inferred teams against the declared ones on the same change sets."""
    known = inferred >= 0
    persons, number = np.unique(people[known], return_inverse=True)
    change = (sizes.values(inferred) - sizes.values(declared))[:, known]
    totals = np.stack([np.bincount(number, weights=one) for one in change])
    wrote = np.bincount(number)
    rng = np.random.default_rng(seed)
    copies = rng.multinomial(len(persons), np.full(len(persons), 1 / len(persons)), size=DRAWS)
    drawn = (copies @ totals.T) / (copies @ wrote)[:, None]
    return _as_effect(
        change.mean(axis=1), drawn, errors="inferred teams instead of declared ones", measured=True
    )


def _stated(sizes: _Sizes, moved: _Moved, *, share: float, seed: int) -> Effect:
    """Put a share of the people elsewhere again and again."""
    rng = np.random.default_rng(seed)
    base = sizes.values(moved.known).mean(axis=1)
    drawn = np.array([sizes.values(moved.teams(rng)).mean(axis=1) - base for _ in range(DRAWS)])
    errors = f"{share:.0%} of the authors are in another team"
    return _as_effect(np.median(drawn, axis=0), drawn, errors=errors, measured=False)


def _as_effect(values: np.ndarray, drawn: np.ndarray, *, errors: str, measured: bool) -> Effect:
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    figures = (
        Interval(float(value), float(min(least, value)), float(max(most, value)), LEVEL)
        for value, least, most in zip(values, low, high, strict=True)
    )
    return Effect(errors, measured, *figures)


@dataclass(frozen=True, eq=False)
class _Moved:
    """A stated share of the people is in another team, for all that they wrote.

    Attributes
    ----------
    number, main
        The person of each change set, and the team that each person mostly writes for.
    chances
        By main team: how often each other team is drawn.
    """

    number: np.ndarray
    known: np.ndarray
    main: np.ndarray
    chances: np.ndarray
    share: float

    @classmethod
    def of(cls, people: np.ndarray, teams: np.ndarray, *, share: float) -> _Moved:
        """Prepare the draws: other teams by how much they write."""
        persons, number = np.unique(people, return_inverse=True)
        wrote = np.bincount(teams).astype(np.float64)
        counts = np.zeros((len(persons), len(wrote)))
        np.add.at(counts, (number, teams), 1.0)
        chances = np.tile(wrote, (len(wrote), 1))
        np.fill_diagonal(chances, 0.0)
        total = chances.sum(axis=1, keepdims=True)
        chances = np.divide(chances, total, out=np.eye(len(wrote)), where=total > 0)
        return cls(number, teams, counts.argmax(axis=1), chances, share)

    def teams(self, rng: np.random.Generator) -> np.ndarray:
        """Draw the team of each change set's author."""
        gone = rng.random(len(self.main)) < self.share
        below = np.cumsum(self.chances, axis=1)[self.main]
        to = (rng.random((len(self.main), 1)) > below).sum(axis=1).clip(max=below.shape[1] - 1)
        drawn: np.ndarray = np.where(gone[self.number], to[self.number], self.known)
        return drawn
