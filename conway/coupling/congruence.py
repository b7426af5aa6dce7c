"""Whether teams whose services change together are also seen at work together.

In:  ``Work`` and its pairs of services (schema ``COUPLING``).
Out: ``Congruence``: the share of required pairs of teams that git shows working together.

After Cataldo et al. (2008), at the level of teams. *Required*: two teams that own two
significantly coupled services. *Seen*: people of one of the two teams wrote at least
``LEAST`` change sets that touch a service of the other and none of their own, so that the
joint change sets which make the requirement are not counted as its fulfilment.

Teams that visit everybody are congruent with anything, so the share is held against
chance: the teams that own services are shuffled over the places in the network of visits,
and the share of required pairs that are then seen is the null.

What it does not say: git records neither talk nor review nor meetings, so a required pair
that is not seen has no *recorded* shared work; it is not missing communication. Evidence
that congruence improves outcomes is mixed (Kwan et al. 2011, Mauerer et al. 2022): the
figure describes, it is not a target.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from conway.coupling.graph import significant
from conway.figures import Figure, Unknown

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work

LEAST = 3
"""Change sets in the other team's services that count as being seen at work together."""

TeamPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Congruence:
    """Share of required pairs of teams that are seen at work together.

    Attributes
    ----------
    share
        Seen required pairs over required pairs, or why it is unknown.
    required
        Pairs of teams that own significantly coupled services, by name.
    seen
        Those of them that are seen at work together.
    null_mean, null_high
        Mean and 95 % quantile of the share where the teams are shuffled.
    p_value
        Share of shuffles, the observed one included, with at least this share.
    """

    share: Figure
    required: tuple[TeamPair, ...]
    seen: tuple[TeamPair, ...]
    null_mean: float | None = None
    null_high: float | None = None
    p_value: float | None = None


def measure_congruence(
    work: Work,
    pairs: pd.DataFrame,
    *,
    least: int = LEAST,
    shuffles: int = 999,
    seed: int = 0,
) -> Congruence:
    """Measure socio-technical congruence at the level of teams.

    Parameters
    ----------
    work
        The selected change sets, with authors' teams.
    pairs
        Schema ``COUPLING``.
    least
        Change sets that count as being seen at work together.
    shuffles
        Permutations of the teams for the null.
    seed
        Of the permutations.
    """
    if not any(team >= 0 for team in work.service_teams):
        return Congruence(Unknown("no service has an owning team"), (), ())
    if not (work.sets["author_team"] >= 0).any():
        return Congruence(Unknown("no author's team is known"), (), ())
    required = _required(work, pairs)
    if not required:
        return Congruence(
            Unknown("no two teams own services that significantly change together"), (), ()
        )
    visits = _visits(work)
    met = visits + visits.T >= least
    code = {team: number for number, team in enumerate(work.teams)}
    ends = np.array([[code[a], code[b]] for a, b in required])
    seen = tuple(
        pair for pair, here in zip(required, met[ends[:, 0], ends[:, 1]], strict=True) if here
    )
    owning = np.array(sorted(set(work.service_teams) - {-1}))
    null = _shuffled(met[np.ix_(owning, owning)], np.searchsorted(owning, ends),
                     shuffles=shuffles, seed=seed)  # fmt: skip
    share = len(seen) / len(required)
    return Congruence(
        share=share,
        required=required,
        seen=seen,
        null_mean=float(null.mean()),
        null_high=float(np.quantile(null, 0.95)),
        p_value=(1 + int((null >= share - 1e-12).sum())) / (1 + len(null)),
    )


def _shuffled(met: np.ndarray, required: np.ndarray, *, shuffles: int, seed: int) -> np.ndarray:
    """Return the share of required pairs seen under each permutation of the teams."""
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(np.arange(len(met)), (shuffles, 1)), axis=1)
    found: np.ndarray = met[orders[:, required[:, 0]], orders[:, required[:, 1]]].mean(axis=1)
    return found


def _required(work: Work, pairs: pd.DataFrame) -> tuple[TeamPair, ...]:
    owner = dict(zip(work.services, work.service_teams, strict=True))
    edges = significant(pairs)
    teams = {
        tuple(sorted((work.teams[owner[a]], work.teams[owner[b]])))
        for a, b in zip(edges["a"], edges["b"], strict=True)
        if min(owner[a], owner[b]) >= 0 and owner[a] != owner[b]
    }
    return tuple((a, b) for a, b in sorted(teams))


def _visits(work: Work) -> np.ndarray:
    """Count change sets by author's team and owner of services, outside the team's own."""
    number = len(work.teams)
    owner = np.array([*work.service_teams, -1], dtype=np.int64)
    rows = work.rows[["set", "service"]].drop_duplicates()
    sets = rows["set"].to_numpy()
    author = work.sets["author_team"].to_numpy()[sets]
    owning = owner[rows["service"].to_numpy()]
    at_home = np.zeros(len(work.sets), dtype=bool)
    at_home[sets[(owning == author) & (author >= 0)]] = True
    away = (author >= 0) & (owning >= 0) & ~at_home[sets]
    visited = np.unique(np.stack([sets[away], author[away], owning[away]]), axis=1)
    counts = np.zeros((number, number), dtype=np.int64)
    np.add.at(counts, (visited[1], visited[2]), 1)
    return counts
