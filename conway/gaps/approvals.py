"""Findings about who must wait for whom.

In:  ``Measured``.
Out: ``handoff_pair`` and ``central_approver``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from conway.display import visible
from conway.figures import figure_json
from conway.gaps.gap import HANDOFFS, Gap
from conway.gaps.measured import MOST_NAMES, Measured, wilson

if TYPE_CHECKING:
    import pandas as pd

LEAST_HANDOFFS = 5
"""Fewest change sets of a pair of teams that are a finding."""

LEAST_SHARE = 0.02
"""Share of a team's change sets from which needing another team is a finding."""

CENTRAL = 0.2
"""Share of other teams' change sets from which an approver is central."""

BROAD = 0.1
"""Share of its own change sets for which a team depends on a central approver."""

LEAST_TEAMS = 2
"""Other teams that depend on a central approver at least."""


def handoff_pair(measured: Measured) -> list[Gap]:
    """Find pairs of teams of which one often needs the other's approval.

    For at least five of its change sets, and 2 % of them, and still so in the last 26 weeks;
    what the two intend does not count.
    """
    made = _made(measured)
    gaps = []
    for _, found in measured.unintended.groupby(["from_team", "to_team"]):
        sets = np.unique(found["set"].to_numpy())
        teams = (int(found["from_team"].iloc[0]), int(found["to_team"].iloc[0]))
        least = max(LEAST_HANDOFFS, LEAST_SHARE * made[teams[0]])
        if len(sets) >= least and measured.goes_on(sets):
            gaps.append(_pair(measured, found, teams=teams, sets=sets))
    return gaps


def _made(measured: Measured) -> np.ndarray:
    """Return how many counted change sets each team wrote (shape: teams)."""
    authors = measured.work.sets["author_team"].to_numpy()[measured.counted]
    made: np.ndarray = np.bincount(authors[authors >= 0], minlength=len(measured.work.teams))
    return made


def _pair(
    measured: Measured, found: pd.DataFrame, *, teams: tuple[int, int], sets: np.ndarray
) -> Gap:
    work, (writer, approver) = measured.work, teams
    asked = measured.asked
    asked = asked[(asked["from_team"] == writer) & (asked["to_team"] == approver)]
    asked = asked[asked["set"].isin(sets)]
    services = measured.counts(asked, "service", names=work.services)
    own = int(_made(measured)[writer])
    where = f", most often for {visible(str(services[0]['name']))}" if services else ""
    title = (
        f"{visible(work.teams[writer])} needs {visible(work.teams[approver])}'s approval "
        f"for {len(sets)} of its {own} change sets{where}."
    )
    return Gap(
        kind="handoff_pair",
        title=title,
        services=tuple(str(service["name"]) for service in services),
        teams=(work.teams[writer], work.teams[approver]),
        strength=measured.handoffs_per_100(found["set"].to_numpy(), found["weight"].to_numpy()),
        changes=len(sets),
        evidence=_evidence(measured, asked, sets=sets),
        unit=HANDOFFS,
    )


def central_approver(measured: Measured) -> list[Gap]:
    """Find teams that a large share of all other teams' change sets must wait for.

    A fifth of all, and a tenth of those of at least two teams: an approver that only one
    team needs is a pair of teams.
    """
    authors = measured.work.sets["author_team"].to_numpy()[measured.counted]
    made = _made(measured)
    gaps = []
    for team, found in measured.unintended.groupby("to_team"):
        others = int((authors != team).sum())
        needing = float(found["weight"].sum())
        asking = np.bincount(found["from_team"], weights=found["weight"], minlength=len(made))
        dependent = int((asking >= np.maximum(BROAD * made, LEAST_HANDOFFS)).sum())
        if needing < CENTRAL * others or dependent < LEAST_TEAMS:
            continue
        if not measured.goes_on(found["set"].to_numpy()):
            continue
        gaps.append(_central(measured, found, team=int(str(team)), others=others))
    return gaps


def _central(measured: Measured, found: pd.DataFrame, *, team: int, others: int) -> Gap:
    work = measured.work
    sets = np.unique(found["set"].to_numpy())
    asked = measured.asked
    asked = asked[(asked["to_team"] == team) & asked["set"].isin(sets)]
    share = wilson(len(sets), others)
    evidence = _evidence(measured, asked, sets=sets)
    rules = evidence["rules"]
    first = rules[0]["name"] if isinstance(rules, list) and rules else ""
    because = f", most often because of the rule {visible(str(first))}" if first else ""
    return Gap(
        kind="central_approver",
        title=(
            f"{len(sets)} of {others} change sets of other teams ({share.value:.0%}) need "
            f"{visible(work.teams[team])}'s approval{because}."
        ),
        services=tuple(
            str(s["name"]) for s in measured.counts(asked, "service", names=work.services)
        ),
        teams=(work.teams[team],),
        strength=measured.handoffs_per_100(found["set"].to_numpy(), found["weight"].to_numpy()),
        changes=len(sets),
        evidence={
            **evidence,
            "share": figure_json(share),
            "waiting": measured.counts(found, "from_team", names=work.teams),
        },
        unit=HANDOFFS,
    )


def _evidence(measured: Measured, asked: pd.DataFrame, *, sets: np.ndarray) -> dict[str, object]:
    """Return the change sets, files, services, folders and rules behind handoffs."""
    work = measured.work
    return {
        "sets": measured.set_ids(sets),
        "files": measured.counts(asked, "path", names=work.paths, key="path"),
        "services": measured.counts(asked, "service", names=work.services),
        "folders": _folders(measured, asked),
        "rules": _rules(measured, asked),
    }


def _rules(measured: Measured, asked: pd.DataFrame) -> list[dict[str, object]]:
    """Count change sets by approval rule, with the teams that each rule names now."""
    work = measured.work
    named = work.rows.loc[work.rows["rule"] >= 0, ["rule", "owners"]]
    latest = named.drop_duplicates("rule", keep="last").set_index("rule")["owners"]
    code = {name: number for number, name in reversed(list(enumerate(work.rules)))}
    rules = measured.counts(asked, "rule", names=work.rules)
    for rule in rules:
        owners = int(latest.get(code[str(rule["name"])], -1))
        rule["owners"] = [work.teams[team] for team in work.owners[owners]] if owners >= 0 else []
    return rules


def _folders(measured: Measured, asked: pd.DataFrame) -> list[dict[str, object]]:
    """Count change sets by folder of the files that ask for the approval."""
    cells = asked[["set", "path"]].drop_duplicates()
    folder = [measured.work.paths[code].rpartition("/")[0] for code in cells["path"].tolist()]
    counted = cells.assign(folder=folder).groupby("folder")["set"].nunique()
    listed = sorted((-int(many), str(name)) for name, many in counted.items())
    return [{"name": name or ".", "changes": -many} for many, name in listed[:MOST_NAMES]]
