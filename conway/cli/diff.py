"""The command ``conway diff``: what changed between two measurements.

In:  two stores (or repositories), two ``assess.json``, or two days of the same history.
Out: figures, findings and owners that changed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conway.cli.options import AsJson, BoundariesFile, Jobs, Quiet, Ref, Seed
from conway.cli.results import read_assessment
from conway.pipeline import Job

if TYPE_CHECKING:
    from conway.assessment.diff import Side

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WEEK = 7 * 24 * 3600


def diff(  # noqa: PLR0917 - arguments of the command
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="A store, an assess.json, or a day (UTC).")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, later.")],
    repositories: Annotated[
        list[str] | None, typer.Argument(metavar="REPO", help="With days: what to read.")
    ] = None,
    *,
    boundaries: BoundariesFile = None,
    weeks: Annotated[
        int, typer.Option(min=13, metavar="N", help="With days: weeks before each of them.")
    ] = 26,
    ref: Ref = None,
    jobs: Jobs = 1,
    seed: Seed = 0,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what changed between two stores, two results, or two days."""
    from conway.assessment.diff import difference
    from conway.pipeline import json_text

    job = Job(
        tuple(repositories or ()), boundaries=boundaries, ref=ref, jobs=jobs, seed=seed, quiet=quiet
    )
    days = [_DAY.fullmatch(text) is not None for text in (old, new)]
    if any(days) != bool(repositories) or any(days) != all(days):
        raise typer.BadParameter("give two days and REPO, or two stores or assess.json alone")
    sides = _days(job, (old, new), weeks=weeks) if any(days) else (_side(job, old), _side(job, new))
    found = difference(*sides)
    typer.echo(json_text(found.to_json()) if as_json else found.explain(), nl=not as_json)


def _days(job: Job, days: tuple[str, str], *, weeks: int) -> tuple[Side, Side]:
    """Measure the weeks before each of two days of one history."""
    from conway.assessment import assess
    from conway.assessment.diff import Side
    from conway.config import seconds
    from conway.pipeline import boundaries_of, read_job

    try:
        ends = [seconds(day) for day in days]
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from None
    if ends[0] >= ends[1]:
        raise typer.BadParameter(f"{days[0]} must come before {days[1]}")
    history = read_job(job)
    sides = []
    for day, end in zip(days, ends, strict=True):
        window = replace(job, since=end - weeks * _WEEK, until=end)
        measured = assess(history, boundaries_of(window, history=history), seed=job.seed)
        sides.append(Side.of(measured, label=f"{weeks} weeks before {day}"))
    return sides[0], sides[1]


def _side(job: Job, text: str) -> Side:
    """Read an ``assess.json``, or measure a store or repository."""
    from conway.assessment import assess
    from conway.assessment.diff import Side
    from conway.pipeline import boundaries_of, read_job

    if text.endswith(".json"):
        return Side(Path(text).name, read_assessment(Path(text)))
    one = replace(job, repositories=(text,))
    history = read_job(one)
    measured = assess(history, boundaries_of(one, history=history), seed=job.seed)
    return Side.of(measured, label=Path(text).name)
