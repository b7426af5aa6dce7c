"""What a person may say in ``conway.toml``.

Out: ``Config``, frozen, with a default for everything; ``Selection``, which changes count;
     the JSON Schema of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from conway.config.imports import CapacityTable, TablesTable
from conway.config.values import AnyTexts, Day, Table, Text, Texts

Unit = Literal["mainline", "commit", "ticket"]
Bots = Literal["exclude", "include"]
Releases = Literal["separate", "include"]
Host = Literal["github", "gitlab", "bitbucket"]
TeamType = Literal["stream-aligned", "platform", "enabling", "complicated-subsystem"]
Mode = Literal["collaboration", "x-as-a-service", "facilitating"]
Generated = Literal["include", "exclude"]
Renames = Literal["merge", "keep"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which changes count.

    Attributes
    ----------
    since, until
        Seconds UTC, ``since <= committer time < until``; None is open.
    unit
        What is joined to one change set.
    bots
        Whether robots' changes count.
    exclude
        Globs of paths that vanish before footprints are made.
    releases
        Whether changes of nothing but version manifests, changelogs and lock files count
        as coupling (``include``) or apart, as releases (``separate``).
    generated
        Whether generated and vendored files count; ``exclude`` lets their paths vanish.
    """

    since: int | None = None
    until: int | None = None
    unit: Unit = "mainline"
    bots: Bots = "exclude"
    exclude: tuple[str, ...] = ()
    releases: Releases = "separate"
    generated: Generated = "include"


class ReleasesTable(Table):
    """What is deployed as one."""

    trains: dict[Text, Texts] = Field(
        default={}, description="train -> names or folders of the services that share it"
    )


class InteractionTable(Table):
    """How two teams mean to work together: since <= time (UTC) < until."""

    teams: tuple[Text, Text] = Field(strict=False, description="the two teams")
    mode: Mode
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> InteractionTable:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise ValueError("since must come before until")
        if self.teams[0] == self.teams[1]:
            raise ValueError("names one team twice")
        return self


class TeamsTable(Table):
    """Who owns services, who approves, who belongs to which team."""

    source: Text | None = Field(
        default=None,
        description="'CODEOWNERS', 'OWNERS', 'MAINTAINERS', 'catalog-info.yaml', a CSV file "
        "(valid_from,service,team), or 'none'; by default CODEOWNERS where the history has one",
    )
    dialect: Host | None = Field(
        default=None,
        description="whose CODEOWNERS it is; by default that of the folder it is in",
    )
    owners: dict[Text, Texts] = Field(
        default={}, description="service -> its team, or teams that may each approve"
    )
    members: Text | None = Field(
        default=None,
        description="a CSV file (person,team,valid_from,valid_to), a folder of DevLake's CSV "
        "files, or 'catalog-info.yaml'",
    )
    reorganisations: Text | None = Field(
        default=None,
        description="a CSV file (date,service,team, perhaps from,name) of reorganisations that "
        "the source does not show, or shows on another day",
    )
    map: dict[Text, Text] = Field(
        default={}, description="an owner as written in the source -> the team it stands for"
    )
    renames: Renames = Field(
        default="merge",
        description="whether a team that got another name counts as one team",
    )
    parents: dict[Text, Text] = Field(default={}, description="team -> the team that it is in")
    types: dict[Text, TeamType] = Field(
        default={}, description="team -> its type in the sense of Team Topologies"
    )
    interactions: tuple[InteractionTable, ...] = Field(
        default=(), strict=False, description="how pairs of teams mean to work together, dated"
    )


class WindowTable(Table):
    """Which changes count by their time: since <= committer time (UTC) < until."""

    since: Day | None = None
    until: Day | None = None


class ChangesTable(Table):
    """Which changes count, and what is joined to one."""

    unit: Unit = "mainline"
    bots: Bots = "exclude"
    exclude: AnyTexts = ()
    releases: Releases = "separate"
    generated: Generated = "include"


class LimitsTable(Table):
    """What advice must respect.

    Attributes
    ----------
    moves
        Moves recommended at most.
    affinity
        Least share of a service's past work by the team that is to receive it.
    min_people
        People with recent work on a service that the receiving team must have.
    max_load_growth
        An approver team's load may grow at most to this multiple, or to the largest load
        in the base, whichever is more.
    max_services_growth
        The same for the number of services that a team owns.
    pinned
        Services that stay where they are.
    """

    moves: int = Field(default=5, ge=1, le=100)
    affinity: float = Field(default=0.15, ge=0, le=1)
    min_people: int = Field(default=2, ge=1)
    max_load_growth: float = Field(default=1.5, ge=1)
    max_services_growth: float = Field(default=1.5, ge=1)
    pinned: AnyTexts = ()


GapKind = Literal[
    "handoff_pair",
    "central_approver",
    "owner_mismatch",
    "cross_team_coupling",
    "no_owner",
    "shared_file",
    "lockstep_releases",
    "split_cluster",
    "mixed_team",
    "hot_lane",
    "thin_knowledge",
]
"""Kinds of findings (`conway.gaps.rules`)."""


class CheckTable(Table):
    """What ``conway check`` holds the organisation to; nothing by default.

    Attributes
    ----------
    min_autonomous, min_single_team
        Least share of change sets that one team could write, approve and release alone;
        and that need one team.
    max_handoffs, max_lockstep
        Most handoffs, and release units beyond the first, per 100 change sets.
    min_streams
        Fewest streams of delivery.
    max_gaps
        Most findings of each kind.
    max_teams
        Most teams that one change may need (``conway check --change``).
    """

    min_autonomous: float | None = Field(default=None, ge=0, le=1)
    min_single_team: float | None = Field(default=None, ge=0, le=1)
    max_handoffs: float | None = Field(default=None, ge=0)
    max_lockstep: float | None = Field(default=None, ge=0)
    min_streams: float | None = Field(default=None, ge=0)
    max_gaps: dict[GapKind, Annotated[int, Field(ge=0)]] = Field(default={})
    max_teams: int | None = Field(default=None, ge=0)


class Config(Table):
    """A whole ``conway.toml``; ``Config()`` holds the defaults."""

    services: dict[Text, Texts] = Field(
        default={}, description="name -> globs; '*' alone in a segment is bound to {name}"
    )
    releases: ReleasesTable = ReleasesTable()
    teams: TeamsTable = TeamsTable()
    window: WindowTable = WindowTable()
    changes: ChangesTable = ChangesTable()
    limits: LimitsTable = LimitsTable()
    check: CheckTable = CheckTable()
    tables: TablesTable = TablesTable()
    capacity: CapacityTable = CapacityTable()

    @property
    def selection(self) -> Selection:
        """Which changes count, as one value."""
        return Selection(
            since=self.window.since,
            until=self.window.until,
            unit=self.changes.unit,
            bots=self.changes.bots,
            exclude=self.changes.exclude,
            releases=self.changes.releases,
            generated=self.changes.generated,
        )


def config_schema() -> dict[str, object]:
    """Return the JSON Schema of ``conway.toml``, which editors complete from."""
    schema = Config.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
