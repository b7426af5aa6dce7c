"""The JSON form of an assessment (docs/schema: conway.assess/1).

In:  an ``Assessment``.
Out: plain values in a fixed order; every figure in the form of ``conway.figures``.
"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

import numpy as np

from conway import __version__
from conway.assessment.absorption_form import absorption_json, ai_json
from conway.assessment.constraints_form import constraints_json, largest_json
from conway.assessment.coverage import coverage_rows
from conway.assessment.dates import day
from conway.assessment.following import direction_json
from conway.assessment.handoff_pairs import handoff_matrix_json, handoff_pairs_json
from conway.assessment.handoff_ways import handoff_trend_json, handoff_ways_json
from conway.assessment.intended import intended_json
from conway.assessment.likely import likely_json
from conway.assessment.lockstep import lockstep_json
from conway.assessment.sensitivity import inference_json, sensitivity_json
from conway.assessment.steps import step_json
from conway.assessment.waits_form import waits_json
from conway.coupling.architecture import architecture
from conway.coupling.graph import significant
from conway.coupling.ordering import matrix
from conway.coupling.teams import team_pairs
from conway.delivery.autonomy import MEASURES
from conway.figures import Figure, Unknown, figure_json, rounded

if TYPE_CHECKING:
    import pandas as pd

    from conway.assessment.assessment import Assessment
    from conway.coupling.clusters import Clusters
    from conway.delivery.autonomy import Autonomy
    from conway.delivery.concentration import Concentration
    from conway.delivery.parallelism import Parallelism
    from conway.delivery.trend import Quarter

MOST_NEEDED = 10


def assessment_json(one: Assessment) -> dict[str, Any]:
    """Return the content of ``assess.json``."""
    work, delivery = one.work, one.delivery
    return {
        "schema": "conway.assess/1",
        "version": __version__,
        "window": {
            "since": day(work.since),
            "until": day(work.until - 1),
            "weeks": work.week_count,
        },
        "repositories": [dict(repository) for repository in one.repositories],
        "coverage": coverage_rows(one),
        "provenance": _provenance(one),
        "changes": len(work),
        "services": _services(one),
        "teams": _teams(one),
        "autonomy": {
            **_autonomy(delivery.autonomy),
            "trend": [_quarter(q) | _autonomy(q.autonomy) for q in delivery.quarters],
        },
        "parallelism": {
            "teams": _parallelism(delivery.teams)
            | {
                "trend": [
                    _quarter(q) | _parallelism(q.teams) | step_json(q.team_step)
                    for q in delivery.quarters
                ]
            },
            "units": _parallelism(delivery.units)
            | {
                "trend": [
                    _quarter(q) | _parallelism(q.units) | step_json(q.unit_step)
                    for q in delivery.quarters
                ]
            },
        },
        "concentration": {
            "services": _concentration(delivery.services, work.services),
            "teams": _concentration(delivery.team_lanes, work.teams),
        },
        "constraints": constraints_json(one.constraints),
        "largest_observed": largest_json(one.constraints),
        "absorption": absorption_json(one.absorption, since=work.since),
        "waits": waits_json(one.waits),
        "handoff_pairs": handoff_pairs_json(one),
        "handoff_trend": handoff_trend_json(one),
        "handoff_ways": handoff_ways_json(one),
        "handoff_matrix": handoff_matrix_json(one),
        "lockstep": lockstep_json(one),
        "sensitivity": sensitivity_json(one),
        "inference": inference_json(one),
        "service_team": _service_team(one),
        "alignment": _alignment(one),
        "congruence": figure_json(one.congruence.share),
        "congruence_chance": _congruence_chance(one),
        "coupling": _coupling(one.coupling),
        "coupling_matrix": _coupling_matrix(one),
        "file_coupling": _file_coupling(one.files),
        "team_coupling": _coupling(team_pairs(work)),
        "release_coupling": _release_coupling(one.releases),
        "dependencies": _dependencies(one),
        "likely_pairs": likely_json(one),
        "direction": direction_json(one),
        "intended": intended_json(one),
        "gaps": [gap.to_json() for gap in one.gaps],
        "ai": ai_json(one.absorption),
    }


def _provenance(one: Assessment) -> dict[str, Any]:
    """Return what the numbers were made from and with."""
    boundaries = one.boundaries
    selection = boundaries.selection
    return {
        "config_hash": boundaries.config_hash,
        "services_source": boundaries.sources.get("services", ""),
        "teams_source": boundaries.sources.get("teams", ""),
        "authors": one.work.homes.source,
        "notes": list(boundaries.notes),
        "unit": selection.unit,
        "bots": selection.bots,
        "releases": selection.releases,
        "exclude": list(selection.exclude),
        "seed": one.seed,
        "python": platform.python_version(),
    }


def _services(one: Assessment) -> list[dict[str, Any]]:
    """List services with owner, release unit and change sets, idle ones too."""
    work = one.work
    loads = one.delivery.services.loads
    return [
        {
            "name": name,
            "owner": work.teams[team] if team >= 0 else None,
            "unit": one.boundaries.unit_of(name),
            "changes": int(loads[code]),
        }
        for code, (name, team) in enumerate(zip(work.services, work.service_teams, strict=True))
    ]


def _teams(one: Assessment) -> list[dict[str, Any]] | None:
    """List teams with services owned, change sets written, and change sets that need them."""
    work = one.work
    if not work.teams:
        return None
    written = np.bincount(
        work.sets.loc[work.sets["author_team"] >= 0, "author_team"], minlength=len(work.teams)
    )
    needed = one.delivery.handoffs.groupby("to_team")["weight"].sum()
    owned = np.bincount([t for t in work.service_teams if t >= 0], minlength=len(work.teams))
    return [
        {
            "name": name,
            "services": int(owned[code]),
            "changes": int(written[code]),
            "approvals": rounded(float(needed.get(code, 0.0))),
        }
        for code, name in enumerate(work.teams)
    ]


def _autonomy(one: Autonomy) -> dict[str, Any]:
    return {name: figure_json(getattr(one, name)) for name in MEASURES}


def _parallelism(one: Parallelism) -> dict[str, Any]:
    names = ("streams", "streams_uncoupled", "retained")
    return {name: figure_json(getattr(one, name)) for name in names}


def _quarter(one: Quarter) -> dict[str, Any]:
    return {"from": day(one.since), "until": day(one.until - 1), "changes": one.changes}


def _concentration(one: Concentration, names: tuple[str, ...]) -> dict[str, Any]:
    total = float(one.loads.sum())
    order = sorted(range(len(one.loads)), key=lambda lane: (-one.loads[lane], names[lane]))
    return {
        "changes": one.changes,
        "lanes": one.lanes,
        **{
            name: figure_json(getattr(one, name))
            for name in ("mean_footprint", "balance", "bound", "in_order", "conflict_probability")
        },
        "loads": [
            {
                "resource": names[lane],
                "load": rounded(float(one.loads[lane])),
                "share": rounded(float(one.loads[lane]) / total if total else 0.0),
            }
            for lane in order
            if one.loads[lane] > 0
        ],
    }


def _service_team(one: Assessment) -> dict[str, Any] | None:
    """Count change sets by service (rows) and the author's team (columns).

    Only those made under the service's present owner: what a team did before another one
    took over does not speak against the new owner.
    """
    work = one.work
    if not work.teams:
        return None
    rows = work.rows[work.rows["service"] >= 0]
    present = np.array(work.service_teams)[rows["service"].to_numpy()]
    rows = rows.loc[rows["service_team"] == present, ["set", "service"]].drop_duplicates()
    teams = work.sets["author_team"].to_numpy()[rows["set"].to_numpy()]
    known = teams >= 0
    counts = np.zeros((len(work.services), len(work.teams)), dtype=np.int64)
    np.add.at(counts, (rows["service"].to_numpy()[known], teams[known]), 1)
    return {
        "services": list(work.services),
        "teams": list(work.teams),
        "counts": counts.tolist(),
        "owners": [team if team >= 0 else None for team in work.service_teams],
    }


def _alignment(one: Assessment) -> dict[str, Any]:
    found = one.clusters
    return {
        "ami": figure_json(_figure(found.ami)),
        "ari": figure_json(_figure(found.ari)),
        "stability": figure_json(_figure(found.stability)),
        "chance": _alignment_chance(found),
        "clusters": [{"services": list(group)} for group in found.groups],
        "reason": found.reason,
    }


def _alignment_chance(found: Clusters) -> dict[str, Any] | None:
    """Return what shuffled owners give instead of ``ami``."""
    if found.alignment is None:
        return None
    names = ("null_mean", "null_high", "p_value")
    numbers = {name: rounded(getattr(found.alignment, name)) for name in names}
    return {**numbers, "services": found.alignment.services}


def _congruence_chance(one: Assessment) -> dict[str, Any] | None:
    """Return what shuffled teams give instead of ``congruence``."""
    found = one.congruence
    if found.null_mean is None or found.null_high is None or found.p_value is None:
        return None
    return {
        "null_mean": rounded(found.null_mean),
        "null_high": rounded(found.null_high),
        "p_value": rounded(found.p_value),
        "required": [list(pair) for pair in found.required],
        "seen": [list(pair) for pair in found.seen],
    }


def _figure(figure: Figure | None) -> Figure:
    return Unknown("nothing to compare") if figure is None else figure


def _coupling(pairs: pd.DataFrame) -> list[dict[str, Any]]:
    names = ("joint", "degree", "q_value", "forecast", "forecast_low", "forecast_high")
    return [
        {"a": row["a"], "b": row["b"], **{name: rounded(row[name]) for name in names}}
        for row in pairs.to_dict("records")
    ]


def _coupling_matrix(one: Assessment) -> dict[str, Any]:
    services, joint = matrix(one.work, one.coupling, clusters=one.clusters)
    return {"services": list(services), "counts": joint.tolist()}


def _release_coupling(pairs: pd.DataFrame) -> list[dict[str, Any]]:
    """List the services that are released together more often than by chance."""
    names = ("joint", "releases_a", "releases_b", "degree", "q_value")
    return [
        {"a": row["a"], "b": row["b"], **{name: rounded(row[name]) for name in names}}
        for row in significant(pairs).to_dict("records")
    ]


def _dependencies(one: Assessment) -> dict[str, Any]:
    """Return what the declared dependencies amount to; tests' and tools' left out."""
    if one.dependencies.empty:
        unknown = Unknown("no manifest declares that one service needs another")
        return {
            "pairs": 0, "propagation_cost": figure_json(unknown), "cycles": [], "needed_by": []
        }  # fmt: skip
    found = architecture(one.work.services, one.dependencies)
    needed = sorted(found.reached_by.items(), key=lambda row: (-row[1], row[0]))
    return {
        "needed_by": [
            {"service": name, "services": many} for name, many in needed[:MOST_NEEDED] if many
        ],
        "pairs": found.edges,
        "propagation_cost": rounded(found.propagation_cost or 0.0),
        "cycles": [list(cycle) for cycle in found.cycles],
    }


def _file_coupling(pairs: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "a": row["path_a"],
            "b": row["path_b"],
            "joint": int(row["joint"]),
            "degree": rounded(float(row["degree"])),
        }
        for row in pairs.to_dict("records")
    ]
