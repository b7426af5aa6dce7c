"""Who needs whom, and who changes what: the two heat maps of teams.

In:  ``handoff_matrix``, ``handoff_pairs`` and ``service_team`` of the assessment.
Out: figures, or ``None`` where teams are unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conway.reporting.charts.grid import Box, Frame, Shade, heat_map
from conway.reporting.document import Cell, Column, FigureBlock, Table
from conway.reporting.palette import step_of
from conway.reporting.quantities import PER_100, SHARE, number, plural, shown

if TYPE_CHECKING:
    from conway.reporting.evidence import Evidence, Json

MOST_TEAMS = 16
WIDEST_TABLE = 24
OTHERS = "other teams"
MOST_SERVICES = 26


def handoffs(evidence: Evidence) -> FigureBlock | None:
    """Return the team × team heat map: whose change sets need whose approval."""
    matrix = evidence.assessment.get("handoff_matrix") or {}
    teams: list[str] = list(matrix.get("teams") or [])
    if not teams or not evidence.has_teams:
        return None
    counts: list[list[float]] = matrix["counts"]
    kept = _most_involved(teams, counts)
    largest = max((counts[i][j] for i in kept for j in kept if i != j), default=0)
    shades = [
        _handoff_shade(teams, counts[i][j], at=(i, j), largest=largest) for i in kept for j in kept
    ]
    names = [teams[i] for i in kept]
    return FigureBlock(
        name="handoffs",
        title=_handoff_finding(evidence),
        alt=f"Heat map of {len(names)} by {len(names)} teams. Each row is the author's team, each "
        "column the team whose approval the change set also needs. Numbers are in the table.",
        chart=heat_map(shades, Frame(names, names, "author's team", "also needs"), boxes=[]),
        table=_matrix_table(teams, counts),
        note=_left_out(len(teams) - len(names), "team", why="take part in fewer handoffs")
        + "Grey numbers on the diagonal are change sets that needed one team only.",
    )


def team_by_service(evidence: Evidence) -> FigureBlock | None:
    """Return the service × team heat map: whose authors change which service."""
    crossing = evidence.assessment.get("service_team") or {}
    if not crossing.get("services") or not evidence.has_teams:
        return None
    lanes = sorted(_lanes(crossing), key=lambda lane: (-lane.others, lane.service))
    kept = sorted(lanes[:MOST_SERVICES], key=lambda lane: (lane.owner or "~", -lane.total))
    teams = _busiest(kept, crossing["teams"])
    frame = _service_frame(kept, teams, all_teams=len(crossing["teams"]))
    left = _left_out(len(lanes) - len(kept), "service", why="are changed less by other teams")
    return FigureBlock(
        name="team_by_service",
        title=_ownership_finding(lanes),
        alt=f"Heat map of {len(kept)} services by {len(frame.columns)} teams: the share of a "
        "service's change sets that each team's authors made; the owner's cell is outlined.",
        chart=heat_map(
            [_lane_shade(lane, team, known=teams) for lane in kept for team in frame.columns],
            frame,
            boxes=[_owner_box(lane, teams) for lane in kept if lane.owner],
        ),
        table=_lane_table(lanes, list(crossing["teams"])),
        note="Numbers are per cent of the service's change sets under its present owner, who is "
        f"outlined. {left}",
    )


def _service_frame(kept: list[Lane], teams: list[str], *, all_teams: int) -> Frame:
    """Return the frame; teams that change least share its last column."""
    columns = teams + [OTHERS] * (all_teams > len(teams))
    return Frame([lane.service for lane in kept], columns, "service, by owner", "author's team")


@dataclass(frozen=True, slots=True)
class Lane:
    """A service with its owner and the change sets of each author's team."""

    service: str
    owner: str | None
    by_team: dict[str, float]

    @property
    def total(self) -> float:
        """Change sets with a known author's team."""
        return sum(self.by_team.values())

    @property
    def others(self) -> float:
        """Change sets by teams other than the owner."""
        return self.total - self.by_team.get(self.owner or "", 0.0)

    def share(self, team: str) -> float:
        """Return the share of the change sets that a team's authors made."""
        return self.by_team.get(team, 0.0) / self.total if self.total else 0.0


def _lanes(crossing: Json) -> list[Lane]:
    teams = crossing["teams"]
    return [
        Lane(service, None if owner is None else teams[owner], dict(zip(teams, row, strict=True)))
        for service, row, owner in zip(
            crossing["services"], crossing["counts"], crossing["owners"], strict=True
        )
    ]


def _busiest(lanes: list[Lane], teams: list[str]) -> list[str]:
    """Return the teams with most change sets in these services, in the assessment's order."""
    totals = {team: sum(lane.by_team[team] for lane in lanes) for team in teams}
    most = sorted(teams, key=lambda team: (-totals[team], team))[:MOST_TEAMS]
    return [team for team in teams if team in most]


def _lane_shade(lane: Lane, team: str, *, known: list[str]) -> Shade:
    share = lane.share(team)
    owner = lane.owner == team
    if team == OTHERS and team not in known:
        share = max(0.0, (1.0 if lane.total else 0.0) - sum(lane.share(name) for name in known))
        owner = lane.owner is not None and lane.owner not in known
    says = f"{team} made {number(share, SHARE)} % of the change sets of {lane.service}"
    return Shade(
        row=lane.service,
        column=team,
        step=step_of(share, 1.0) if share >= _LEAST_SHADED else 0,
        text=number(share, SHARE) if share >= _LEAST_SHOWN else "",
        says=says + (f", owned by {lane.owner}" if owner else "") if share or owner else "",
    )


def _owner_box(lane: Lane, teams: list[str]) -> Box:
    column = lane.owner if lane.owner in teams else OTHERS
    return Box((lane.service, lane.service), (column or OTHERS, column or OTHERS))


_LEAST_SHADED = 0.04
_LEAST_SHOWN = 0.0995


def _ownership_finding(lanes: list[Lane]) -> str:
    """Say the service that another team than its owner changes most."""
    foreign = [
        (lane, max(lane.by_team, key=lambda team: (lane.by_team[team], team)))
        for lane in lanes
        if lane.owner is not None and lane.total
    ]
    wrong = [(lane, team) for lane, team in foreign if team != lane.owner]
    if not wrong:
        return "Every owned service is changed most by the team that owns it"
    lane, team = max(wrong, key=lambda pair: (pair[0].by_team[pair[1]], pair[0].service))
    return (
        f"{lane.owner} owns {lane.service}, but {team} makes "
        f"{shown(lane.share(team), SHARE)} of its change sets"
    )


def _lane_table(lanes: list[Lane], teams: list[str]) -> Table:
    """Return the counts: a column a team, or a row a pair where teams are many."""
    caption = "Change sets by service and author's team"
    ordered = sorted(lanes, key=lambda lane: lane.service)
    if len(teams) > WIDEST_TABLE:
        heads = ("Service", "Owner", "Author's team")
        rows = [
            (Cell(lane.service), Cell(lane.owner or "no owner"), Cell(team), _count(count))
            for lane in ordered
            for team, count in lane.by_team.items()
            if count
        ]
        columns = (*(Column(head) for head in heads), Column("Change sets", number=True))
        return Table("team-by-service", caption, columns, tuple(rows))
    columns = (Column("Service"), Column("Owner"), *(Column(team, number=True) for team in teams))
    wide = tuple(
        (Cell(lane.service), Cell(lane.owner or "no owner"), *map(_count, lane.by_team.values()))
        for lane in ordered
    )
    return Table("team-by-service", caption, columns, wide)


def _count(count: float) -> Cell:
    return Cell(number(count), float(count))


def _most_involved(teams: list[str], counts: list[list[float]]) -> list[int]:
    """Return the positions of the teams in most handoffs, in the order of the assessment."""

    def weight(i: int) -> float:
        return sum(counts[i]) + sum(row[i] for row in counts) - 2 * counts[i][i]

    return sorted(sorted(range(len(teams)), key=lambda i: (-weight(i), i))[:MOST_TEAMS])


def _handoff_shade(teams: list[str], count: float, *, at: tuple[int, int], largest: float) -> Shade:
    author, needed = teams[at[0]], teams[at[1]]
    if at[0] == at[1]:
        says = f"{plural(count, 'change set')} of {author} needed no other team"
        return Shade(author, needed, 0, number(count), says, plain=True)
    says = f"{plural(count, 'change set')} of {author} also needed {needed}" if count else ""
    text = number(count) if count >= 1 else ""
    return Shade(author, needed, step_of(count, largest), text, says)


def _handoff_finding(evidence: Evidence) -> str:
    pairs = evidence.pairs
    if not pairs:
        return "No change set needed a second team"
    first = pairs[0]
    return (
        f"{first['from']} needs {first['to']} most: "
        f"{shown(first['per_100'], PER_100, interval=False)} handoffs per 100 change sets"
    )


def _matrix_table(teams: list[str], counts: list[list[float]]) -> Table:
    """Return the counts: a matrix, or a row a pair where teams are many."""
    caption = "Change sets by author's team and team needed; the same team twice: no other needed"
    if len(teams) > WIDEST_TABLE:
        narrow = (Column("Author's team"), Column("Needs"), Column("Change sets", number=True))
        rows = [
            (Cell(author), Cell(needed), _count(count))
            for author, row in zip(teams, counts, strict=True)
            for needed, count in zip(teams, row, strict=True)
            if count
        ]
        return Table("handoffs", caption, narrow, tuple(rows))
    columns = (Column("Author's team"), *(Column(team, number=True) for team in teams))
    wide = tuple((Cell(team), *map(_count, row)) for team, row in zip(teams, counts, strict=True))
    return Table("handoffs", caption, columns, wide)


def _left_out(count: int, noun: str, *, why: str) -> str:
    """Say in words what a chart leaves out and the table holds."""
    if count <= 0:
        return ""
    return f"And {plural(count, 'more ' + noun)} that {why}: in the table. "
