"""Findings about who owns a service and who works on it.

In:  ``Measured``.
Out: ``owner_mismatch``, ``no_owner`` and ``thin_knowledge``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.display import visible
from conway.figures import figure_json
from conway.gaps.gap import CHANGE_SETS, CONTEXT, HANDOFFS, Gap
from conway.gaps.measured import Measured, wilson

if TYPE_CHECKING:
    import pandas as pd

LEAST_SETS = 10
"""Fewest change sets of a service that say who works on it."""

LEAST_PEOPLE = 2
"""Fewest people with recent work that a service should have."""

LEAST_RECENT = 3
"""Fewest recent change sets that could have had several authors."""

RECENT = 180 * 24 * 3600
"""What counts as recent work, in seconds."""


def owner_mismatch(measured: Measured) -> list[Gap]:
    """Find services on which another team works more than the one that owns them.

    Only change sets made under the present owner count, not those by a team that means to
    work with it. The other team must make more of them than any team, and more than the
    owner with 95 % confidence: the Wilson interval of its share among the two teams' change
    sets lies above one half; and still make some in the last 26 weeks.
    """
    work = measured.work
    touches = measured.touches[measured.touches["author_team"] >= 0]
    gaps = []
    for service, owner in enumerate(work.service_teams):
        mine = touches[(touches["service"] == service) & (touches["owner"] == owner)]
        mine = _unintended(measured, mine, owner=owner)
        if owner < 0 or len(mine) < LEAST_SETS:
            continue
        made = np.bincount(mine["author_team"], minlength=len(work.teams))
        worker = int(made.argmax())
        if worker == owner or made[worker] == made[owner]:
            continue
        if not measured.goes_on(mine.loc[mine["author_team"] == worker, "set"].to_numpy()):
            continue
        if wilson(int(made[worker]), int(made[worker] + made[owner])).low > 1 / 2:
            gaps.append(_mismatch(measured, mine, service=service, teams=(worker, owner)))
    return gaps


def _unintended(measured: Measured, mine: pd.DataFrame, *, owner: int) -> pd.DataFrame:
    """Leave out the change sets of teams that meant to work with the owner then."""
    kept = [
        measured.not_meant(part["set"].to_numpy(), teams=(int(str(team)), owner))
        for team, part in mine.groupby("author_team")
    ]
    return mine[mine["set"].isin(np.concatenate(kept))] if kept else mine


def _mismatch(
    measured: Measured, mine: pd.DataFrame, *, service: int, teams: tuple[int, int]
) -> Gap:
    work, (worker, owner) = measured.work, teams
    theirs = mine.loc[mine["author_team"] == worker, "set"].to_numpy()
    share = wilson(len(theirs), len(mine))
    asked = measured.asked
    through = asked[
        (asked["from_team"] == worker) & (asked["to_team"] == owner) & (asked["service"] == service)
    ].drop_duplicates("set")
    rows = work.rows[(work.rows["service"] == service) & work.rows["set"].isin(theirs)]
    return Gap(
        kind="owner_mismatch",
        title=(
            f"{visible(work.teams[owner])} owns {visible(work.services[service])}, but "
            f"{visible(work.teams[worker])} makes {len(theirs)} of its {len(mine)} change sets "
            f"({share.value:.0%})."
        ),
        services=(work.services[service],),
        teams=(work.teams[worker], work.teams[owner]),
        strength=measured.handoffs_per_100(through["set"].to_numpy(), through["weight"].to_numpy()),
        changes=len(theirs),
        evidence={
            "share": figure_json(share),
            "sets": measured.set_ids(theirs),
            "files": measured.counts(rows, "entity", names=work.paths, key="path"),
            "rules": measured.counts(rows, "rule", names=work.rules),
            "teams": measured.counts(mine, "author_team", names=work.teams),
        },
        unit=HANDOFFS,
    )


def no_owner(measured: Measured) -> list[Gap]:
    """Find services without an owning team, where other services have one.

    Change sets that touch a service while it has no owner count. One that had an owner at
    its last change set is not a finding: it went away, and its rule with it. Nor is one that
    nobody touched in the last 26 weeks.
    """
    owners = measured.work.service_teams
    if all(owner < 0 for owner in owners):
        return []
    gaps = []
    for _, mine in measured.touches.groupby("service"):
        service = int(mine["service"].iloc[0])
        sets = mine["set"].to_numpy()
        if owners[service] < 0 and mine["owner"].iloc[-1] < 0 and measured.goes_on(sets):
            gaps.append(_unowned(measured, mine[mine["owner"] < 0], service=service))
    return gaps


def _unowned(measured: Measured, mine: pd.DataFrame, *, service: int) -> Gap:
    work, sets = measured.work, mine["set"].to_numpy()
    teams = measured.counts(mine, "author_team", names=work.teams)
    most = ""
    if teams:
        share = f"most of them ({teams[0]['changes']}) " if len(teams) > 1 else ""
        most = f", {share}by {visible(str(teams[0]['name']))}"
    return Gap(
        kind="no_owner",
        title=(
            f"No team owns {visible(work.services[service])}, which "
            f"{_change_sets(len(sets))} touched{most}."
        ),
        services=(work.services[service],),
        teams=tuple(str(team["name"]) for team in teams),
        strength=measured.sets_per_100(sets),
        changes=len(sets),
        evidence={
            "sets": measured.set_ids(sets),
            "files": _files(measured, service, sets=sets),
            "teams": teams,
        },
        unit=CHANGE_SETS,
    )


def thin_knowledge(measured: Measured) -> list[Gap]:
    """Find services on which fewer than two people worked in the last 180 days.

    Only services with at least ten change sets in the window, three of them recent, are
    looked at, and only change sets with a known author. The finding names the service
    alone: its team or change sets would point at the person.
    """
    work = measured.work
    times, authors = work.sets["time"].to_numpy(), work.sets["author"].to_numpy()
    gaps = []
    for service, mine in measured.touches.groupby("service"):
        sets = mine["set"].to_numpy()
        recent = sets[(times[sets] >= work.until - RECENT) & (authors[sets] >= 0)]
        people = len(np.unique(authors[recent]))
        if min(len(sets) - LEAST_SETS, len(recent) - LEAST_RECENT) < 0 or people >= LEAST_PEOPLE:
            continue
        code = int(str(service))
        gaps.append(
            Gap(
                kind="thin_knowledge",
                title=(
                    f"Fewer than two people worked on {visible(work.services[code])} in the last "
                    f"180 days of the window, in {_change_sets(len(recent))}."
                ),
                services=(work.services[code],),
                teams=(),
                strength=measured.sets_per_100(recent),
                changes=len(recent),
                evidence={"files": _files(measured, code, sets=recent)},
                unit=CONTEXT,
            )
        )
    return gaps


def _files(measured: Measured, service: int, *, sets: np.ndarray) -> list[dict[str, object]]:
    mine = measured.files[service]
    chosen = mine[mine["set"].isin(sets)]
    return measured.counts(chosen, "entity", names=measured.work.paths, key="path")


def _change_sets(number: int) -> str:
    return "1 change set" if number == 1 else f"{number} change sets"
