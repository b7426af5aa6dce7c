"""Contracts between services: which files they are, and how soon consumers follow.

In:  ``Work`` and declared dependencies.
Out: the change sets that touch a contract; the days until a consumer's next change set, and
     what chance gives.

A contract is a file by which one service tells others what it offers: Protocol Buffers,
OpenAPI, AsyncAPI, GraphQL, Avro, Thrift, WSDL or XML Schema, or data in a folder called
schemas or contracts; test data and vendored copies are none.

The lag is the time to the next change set that touches a service which declares to need the
contract's. Busy services follow everything: chance is the same from the same moments shifted
around the window by whole weeks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from conway.boundaries.work import WEEK

if TYPE_CHECKING:
    import pandas as pd

    from conway.boundaries.work import Work

_ENDING = re.compile(r"\.(proto|graphqls?|gql|avsc|avdl|thrift|wsdl|xsd|raml)$")
_NAME = re.compile(r"^(openapi|swagger|asyncapi)([-_.][^/]*)?\.(json|ya?ml)$")
_FOLDER = re.compile(r"(^|[/:])([\w-]*schemas?|contracts?)/")
_DATA = re.compile(r"\.(json|jsonnet|ya?ml)$")
_NONE = re.compile(
    r"(^|[/:])(tests?|__tests__|specs?|fixtures?|mocks?|examples?|vendor|node_modules|testdata)/"
)
_SHIFTS = 20


def is_contract(path: str) -> bool:
    """Return whether a path is a contract between services.

    Examples
    --------
    >>> [is_contract(p) for p in ("pb/demo.proto", "api/openapi.yaml", "db/schema.rb")]
    [True, True, False]
    """
    low = path.casefold()
    if _NONE.search(low):
        return False
    name = re.split(r"[/:]", low)[-1]
    return bool(
        _ENDING.search(name) or _NAME.match(name) or (_FOLDER.search(low) and _DATA.search(name))
    )


def contract_rows(work: Work) -> pd.DataFrame:
    """Return ``set, service``: which change sets touch a contract of which service."""
    rows = work.rows[work.rows["service"] >= 0]
    touched = rows["path"].unique()
    contracts = touched[[is_contract(work.paths[path]) for path in touched.tolist()]]
    found = rows.loc[rows["path"].isin(contracts), ["set", "service"]]
    return found.drop_duplicates().reset_index(drop=True)


def consumer_lags(
    work: Work, contracts: pd.DataFrame, *, needs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the days until consumers' next change sets, and the same at shifted times.

    Parameters
    ----------
    work
        Labelled change sets.
    contracts
        ``set, service`` of contract changes.
    needs
        1 where the column's service needs the row's, the diagonal left out.

    Returns
    -------
    tuple of ndarray
        Days, whether the consumer changed before the window's end, and the week of each
        contract change and consumer; then the median of the days at each shift.
    """
    times = work.sets["time"].to_numpy()
    rows = work.rows[work.rows["service"] >= 0][["set", "service"]].drop_duplicates()
    changed = {
        service: np.sort(times[rows.loc[rows["service"] == service, "set"].to_numpy()])
        for service in rows["service"].unique().tolist()
    }
    pairs = [
        (int(times[number]), int(consumer))
        for number, service in contracts.itertuples(index=False)
        for consumer in np.flatnonzero(needs[service])
    ]
    moments = np.array([time for time, _ in pairs], dtype=np.int64)
    consumers = np.array([consumer for _, consumer in pairs], dtype=np.int64)
    days, ended = _next(moments, consumers, changed=changed, until=work.until)
    weeks = work.week_count
    steps = np.unique(np.linspace(2, max(2, weeks - 2), _SHIFTS).astype(np.int64))
    chance = []
    for step in steps.tolist():
        shifted = work.since + (moments - work.since + step * WEEK) % (weeks * WEEK)
        inside = shifted < work.until
        lag, done = _next(shifted[inside], consumers[inside], changed=changed, until=work.until)
        chance.append(float(np.median(lag[done])) if done.any() else np.nan)
    return days, ended, (moments - work.since) // WEEK, np.array(chance)


def _next(
    moments: np.ndarray, consumers: np.ndarray, *, changed: dict[int, np.ndarray], until: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return days to each consumer's next change, or to the end of the window."""
    days = np.zeros(len(moments))
    ended = np.zeros(len(moments), dtype=bool)
    for consumer in np.unique(consumers).tolist():
        mine = consumers == consumer
        times = changed.get(consumer, np.empty(0, dtype=np.int64))
        place = np.searchsorted(times, moments[mine], side="left")
        known = place < len(times)
        nearest = np.full(len(place), until, dtype=np.int64)
        nearest[known] = times[place[known]]
        days[mine] = (nearest - moments[mine]) / (24 * 3600)
        ended[mine] = known
    return days, ended
