"""The command ``conway check``: limits for continuous integration.

In:  repositories and limits; or one repository and the change to look at.
Out: a line per limit; exit code 1 when one is broken, 3 when one cannot be measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from conway.cli.options import over_a_job
from conway.cli.results import read_assessment
from conway.errors import HistoryError
from conway.pipeline import Job

if TYPE_CHECKING:
    from conway.assessment.check import Check
    from conway.assessment.check_change import ChangeCheck
    from conway.config import CheckTable, Config

BROKEN = 1


@over_a_job
def check(
    job: Job,
    *,
    min_autonomous: Annotated[
        float | None,
        typer.Option(min=0, max=1, metavar="SHARE", help="Of one team and one release unit."),
    ] = None,
    min_single_team: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="SHARE", help="Of one team.")
    ] = None,
    max_handoffs: Annotated[
        float | None, typer.Option(min=0, metavar="N", help="Per 100 change sets.")
    ] = None,
    max_lockstep: Annotated[
        float | None, typer.Option(min=0, metavar="N", help="Per 100 change sets.")
    ] = None,
    min_streams: Annotated[
        float | None, typer.Option(min=0, metavar="N", help="Streams of delivery.")
    ] = None,
    max_gap: Annotated[
        list[str] | None,
        typer.Option("--max-gap", metavar="KIND=N", help="Findings of a kind; repeat it."),
    ] = None,
    no_worse_than: Annotated[
        Path | None, typer.Option(metavar="OLD.json", help="An earlier assess.json.")
    ] = None,
    change: Annotated[
        str | None,
        typer.Option(metavar="BASE..HEAD", help="Only: which teams does this change need?"),
    ] = None,
    max_teams: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Teams that --change may need.")
    ] = None,
    team: Annotated[
        str | None, typer.Option(metavar="TEAM", help="Author's team, with --change.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Exit with 1 when a limit is broken: a fitness function for CI.

    Limits also come from [check] in conway.toml; those on the command line go first.
    """
    config = _config(job)
    found: Check | ChangeCheck
    if change is not None:
        most = config.check.max_teams if max_teams is None else max_teams
        found = _of_change(job, change, config=config, team=team, most=most)
        _print(found, as_json=as_json)
        raise typer.Exit(BROKEN if found.is_broken else 0)
    given: dict[str, Any] = {
        "min_autonomous": min_autonomous,
        "min_single_team": min_single_team,
        "max_handoffs": max_handoffs,
        "max_lockstep": max_lockstep,
        "min_streams": min_streams,
        "max_gaps": {**config.check.max_gaps, **_gaps(max_gap or [])},
    }
    limits = _limits(config, given)
    if no_worse_than is None and not _any(limits):
        raise typer.BadParameter("no limit is given; pass one such as --max-handoffs 40")
    found = _of_history(job, limits, no_worse_than=no_worse_than)
    _print(found, as_json=as_json)
    if found.broken:
        raise typer.Exit(BROKEN)
    if found.unknown:
        raise HistoryError("a limit cannot be measured: " + found.unknown[0].message)


def _config(job: Job) -> Config:
    from conway.config import Config, read_config

    return Config() if job.boundaries is None else read_config(job.boundaries)


def _limits(config: Config, given: dict[str, Any]) -> CheckTable:
    """Return the limits of the file under those of the command line."""
    from conway.config import checked

    known = {name: value for name, value in given.items() if value is not None}
    table = {**config.check.model_dump(), **known}
    return checked({"check": table}, where="the command line").check


def _any(limits: CheckTable) -> bool:
    """Tell whether there is a limit other than that of single changes."""
    given = limits.model_dump(exclude={"max_teams"})
    return any(value not in (None, {}) for value in given.values())


def _gaps(texts: list[str]) -> dict[str, int]:
    """Read limits of findings such as ``no_owner=0``."""
    found: dict[str, int] = {}
    for text in texts:
        kind, _, number = text.partition("=")
        if not number.isdecimal() or not number.isascii():
            raise typer.BadParameter(f"'{text}' is no limit; write it as no_owner=0")
        found[kind] = int(number)
    return found


def _of_history(job: Job, limits: CheckTable, *, no_worse_than: Path | None) -> Check:
    from conway.assessment import assess
    from conway.assessment.check import check_limits
    from conway.pipeline import boundaries_of, read_job

    before = None if no_worse_than is None else read_assessment(no_worse_than)
    history = read_job(job)
    measured = assess(history, boundaries_of(job, history=history), seed=job.seed)
    return check_limits(measured.to_json(), limits, no_worse_than=before)


def _of_change(
    job: Job, change: str, *, config: Config, team: str | None, most: int | None
) -> ChangeCheck:
    from conway.assessment.check_change import check_change, file_approvals
    from conway.mining.changed_paths import changed_paths

    base, dots, head = change.partition("..")
    if not dots or len(job.repositories) != 1:
        raise typer.BadParameter("--change needs one repository and BASE..HEAD")
    (repository,) = job.repositories
    changed = changed_paths(repository, base=base or "HEAD", head=head.removeprefix(".") or "HEAD")
    approvals = file_approvals(repository, at=changed.base, teams=config.teams)
    return check_change(changed, approvals, team=team, most=most)


def _print(found: Check | ChangeCheck, *, as_json: bool) -> None:
    from conway.pipeline import json_text

    typer.echo(json_text(found.to_json()) if as_json else found.explain(), nl=not as_json)
