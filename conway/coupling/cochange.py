"""Which services, and which files, change together.

In:  ``Work``. Huge change sets, reverts and picks are left out here and nowhere else.
Out: ``COUPLING`` (pairs of services, release units or teams) and ``FILE_COUPLING`` (files).

Degree is Code Maat's, as a share: change sets that touch both, over the mean number of
change sets of the two. Files are named by today's path, services as of each change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from conway.coupling.candidates import Timeline
from conway.coupling.dispersion import dispersion
from conway.coupling.forecast import decay_of
from conway.coupling.incidence import Entity, incidence, meetings, names_of
from conway.coupling.schemas import COUPLING, FILE_COUPLING
from conway.coupling.significance import significance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conway.boundaries.work import Work


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a pair of files must reach to be listed; Code Maat's defaults.

    Attributes
    ----------
    joint
        Least change sets that touch both (``--min-shared-revs``).
    mean_sets
        Least mean number of change sets of the two (``--min-revs``).
    degree
        Least degree, 0-1 (``--min-coupling``). Sets of more than 30 files
        (``--max-changeset-size``) are marked huge in ``Work``.
    """

    joint: int = 5
    mean_sets: float = 5
    degree: float = 0.3


def service_pairs(work: Work) -> pd.DataFrame:
    """Return every pair of services that changed together.

    Parameters
    ----------
    work
        The selected change sets.

    Returns
    -------
    pandas.DataFrame
        Schema ``COUPLING``, largest forecast first, then by name.

    Notes
    -----
    ``degree = 2 * joint / (n_a + n_b)``, ``jaccard = joint / (n_a + n_b - joint)``,
    ``confidence_ab = joint / n_a``. Chance is the configuration model of
    `conway.coupling.significance`, forecast the decayed count of
    `conway.coupling.forecast`, shrunk and dispersed as the earlier quarters of this history
    were (`conway.coupling.dispersion`).
    """
    return entity_pairs(work, "service")


def entity_pairs(work: Work, entity: Entity) -> pd.DataFrame:
    """Return every pair of services, release units or owning teams that changed together.

    Parameters
    ----------
    work
        The selected change sets.
    entity
        Column of ``work.rows``: what is paired.

    Returns
    -------
    pandas.DataFrame
        Schema ``COUPLING``, as `service_pairs`.
    """
    touches, names = incidence(work, entity), names_of(work, entity)
    pairs = meetings(touches).by_name(names)
    if len(pairs) == 0:
        return COUPLING.empty()
    sets = np.asarray(touches.sum(axis=0)).ravel()
    n_a, n_b, joint = sets[pairs.first], sets[pairs.second], pairs.joint
    chance = significance(touches, pairs)
    decay, weights = decay_of(work)
    decayed = meetings(touches, weights).joint
    spread = dispersion(Timeline(work), work.until)
    low, high = spread.interval(decay, decayed)
    frame = pd.DataFrame(
        {
            "a": _named(names, pairs.first),
            "b": _named(names, pairs.second),
            "joint": joint,
            "degree": 2 * joint / (n_a + n_b),
            "jaccard": joint / (n_a + n_b - joint),
            "confidence_ab": joint / n_a,
            "confidence_ba": joint / n_b,
            "expected": chance.expected,
            "p_value": chance.p_values,
            "q_value": chance.q_values,
            "forecast": spread.expected(decay, decayed),
            "forecast_low": low,
            "forecast_high": high,
        }
    )
    ranked = frame.sort_values(["forecast", "a", "b"], ascending=[False, True, True])
    return COUPLING.check(ranked)


def file_pairs(
    work: Work, *, limit: int | None = None, thresholds: Thresholds | None = None
) -> pd.DataFrame:
    """Return the pairs of files that change together often.

    Parameters
    ----------
    work
        The selected change sets.
    limit
        Most rows to return, the strongest first; all by default.
    thresholds
        What a pair must reach to be listed; Code Maat's by default.

    Returns
    -------
    pandas.DataFrame
        Schema ``FILE_COUPLING``, highest degree first, then joint, then by name.
    """
    least = thresholds or Thresholds()
    touches = incidence(work, "entity")
    sets = np.asarray(touches.sum(axis=0)).ravel()
    often = np.flatnonzero(sets >= least.joint)
    pairs = meetings(touches[:, often]).renumbered(often).by_name(work.paths)
    mean_sets = (sets[pairs.first] + sets[pairs.second]) / 2
    listed = pairs.where(
        (pairs.joint >= least.joint)
        & (mean_sets >= least.mean_sets)
        & (pairs.joint >= least.degree * mean_sets)
    )
    home = _services_today(work)
    frame = pd.DataFrame(
        {
            "path_a": _named(work.paths, listed.first),
            "path_b": _named(work.paths, listed.second),
            "service_a": _named(home, listed.first),
            "service_b": _named(home, listed.second),
            "joint": listed.joint,
            "degree": 2 * listed.joint / (sets[listed.first] + sets[listed.second]),
        }
    )
    order = ["degree", "joint", "path_a", "path_b"]
    ranked = frame.sort_values(order, ascending=[False, False, True, True])
    return FILE_COUPLING.check(ranked.head(limit) if limit is not None else ranked)


def _named(
    names: Sequence[str] | Mapping[int, str], codes: np.ndarray
) -> pd.api.extensions.ExtensionArray:
    if isinstance(names, Mapping):
        return pd.array([names.get(code) for code in codes.tolist()], dtype="str")
    return pd.array([names[code] for code in codes.tolist()], dtype="str")


def _services_today(work: Work) -> dict[int, str]:
    """Return the service of each file as of its last change set, by entity code."""
    known = work.rows[work.rows["service"] >= 0]
    last = known.drop_duplicates("entity", keep="last")
    return {
        entity: work.services[service]
        for entity, service in zip(last["entity"].tolist(), last["service"].tolist(), strict=True)
    }
