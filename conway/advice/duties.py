"""What a plan asks of each team: approvals by week, services to know, knowledge of them.

In:  the measured work before and after a plan.
Out: rows by team or service. No person is named or counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from conway.advice.candidates import Ground
from conway.boundaries.work import WEEK
from conway.delivery.parallelism import team_shares
from conway.figures import rounded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conway.advice.limits import Limits
    from conway.advice.options import AdviceOptions
    from conway.boundaries.work import Work
    from conway.delivery.measurement import Delivery


def approver_loads(
    base: Delivery, after: Delivery, *, capacities: Mapping[str, float]
) -> list[dict[str, Any]]:
    """Return how many change sets need each team, in all and by week.

    A team's ``capacity`` is what the plan says that it can approve in a week; the weeks that
    need more are counted. Without one ``capacity`` is null and the busiest week stands for it.
    """
    was, now = _weekly(base), _weekly(after)
    rows = []
    for place, team in enumerate(after.work.teams):
        before = was[place] if place < len(base.work.teams) else np.zeros(now.shape[1])
        capacity = capacities.get(team)
        over = None if capacity is None else [_over(one, capacity) for one in (before, now[place])]
        rows.append(
            {
                "team": team,
                "before": rounded(float(before.sum())),
                "after": rounded(float(now[place].sum())),
                "busiest_week_before": rounded(float(before.max(initial=0.0))),
                "busiest_week_after": rounded(float(now[place].max(initial=0.0))),
                "capacity": capacity,
                "weeks_over_before": None if over is None else over[0],
                "weeks_over_after": None if over is None else over[1],
            }
        )
    return rows


def _over(loads: np.ndarray, capacity: float) -> int:
    return int((loads > capacity + 1e-9).sum())


def _weekly(one: Delivery) -> np.ndarray:
    """Return the change sets that need each team by week (shape: teams, weeks)."""
    work = one.work
    by_set = team_shares(one.prints, teams=len(work.teams)).lanes.toarray()
    found = np.zeros((len(work.teams), work.week_count))
    np.add.at(found.T, work.weeks[one.prints.sets], by_set)
    return found


def cognitive_loads(base: Work, after: Work, *, limits: Limits) -> list[dict[str, Any]]:
    """Return what each team has to know: services it owns, their files, and revisions.

    Files and revisions are those of the window; a revision is a change set that touches a
    file. ``exceeds`` says that a team would own more services than ``[limits]`` allows.
    """
    was, now = _owned(base), _owned(after)
    rows = []
    for team in after.teams:
        old, new = was.get(team, _NOTHING), now.get(team, _NOTHING)
        most = limits.services.get(team)
        rows.append(
            {
                "team": team,
                "services_before": old.services,
                "services_after": new.services,
                "files_before": old.files,
                "files_after": new.files,
                "revisions_before": old.revisions,
                "revisions_after": new.revisions,
                "exceeds": most is not None and new.services > max(most, old.services),
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class _Owned:
    services: int = 0
    files: int = 0
    revisions: int = 0


_NOTHING = _Owned()


def _owned(work: Work) -> dict[str, _Owned]:
    """Return what each team owns at the end of the window."""
    owner = np.array([*work.service_teams, -1], dtype=np.int64)
    rows = work.rows[["set", "entity", "service"]].drop_duplicates()
    rows = rows.assign(team=owner[rows["service"].to_numpy()])
    rows = rows[rows["team"] >= 0]
    files = rows.groupby("team")["entity"].nunique().to_dict()
    revisions = rows.groupby("team").size().to_dict()
    services = np.bincount(owner[owner >= 0], minlength=len(work.teams))
    return {
        name: _Owned(int(services[code]), int(files.get(code, 0)), int(revisions.get(code, 0)))
        for code, name in enumerate(work.teams)
    }


def knowledge(base: Work, after: Work, *, options: AdviceOptions) -> list[dict[str, Any]]:
    """Return whether each receiving team has worked on what it receives, of late.

    ``share`` is the team's share of the service's change sets in the last ``train_weeks``,
    with people counted where the plan puts them; ``enough_people`` whether at least
    ``min_people`` of them are behind it.
    """
    late = after.between(after.until - options.train_weeks * WEEK, after.until)
    ground = Ground.of(late, options)
    was = dict(zip(base.services, base.service_teams, strict=True))
    rows = []
    for code, (service, team) in enumerate(zip(after.services, after.service_teams, strict=True)):
        before = was.get(service, -1)
        if team < 0 or (before >= 0 and base.teams[before] == after.teams[team]):
            continue
        people = ground.by_service.people(code, team)
        rows.append(
            {
                "service": service,
                "to": after.teams[team],
                "share": rounded(ground.by_service.share(code, team)),
                "enough_people": people >= options.min_people,
            }
        )
    return rows
