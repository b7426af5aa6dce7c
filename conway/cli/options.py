"""The options that commands share, and how they become a ``Job``.

In:  what typer parsed. Out: a ``Job`` as the first parameter of a command.
"""

from __future__ import annotations

import inspect
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.models import ArgumentInfo

from conway.pipeline import Job

if TYPE_CHECKING:
    from collections.abc import Callable


def _seconds(text: str) -> int:
    """Read a day such as ``2025-01-31``, as ``conway.toml`` does."""
    from conway.config import seconds

    try:
        return seconds(text)
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from None


Repositories = Annotated[
    list[str],
    typer.Argument(metavar="REPO", help="Work trees, bare directories or bundles; or one store."),
]
BoundariesFile = Annotated[
    Path | None,
    typer.Option("--boundaries", "-b", metavar="FILE", help="conway.toml; else detected."),
]
Rates = Annotated[
    str, typer.Option("--rates", metavar="LIST", help="How many times as many changes.")
]
Since = Annotated[
    int | None,
    typer.Option("--since", parser=_seconds, metavar="DAY", help="First day (UTC)."),
]
Until = Annotated[
    int | None,
    typer.Option("--until", parser=_seconds, metavar="DAY", help="The day after the last (UTC)."),
]
Ref = Annotated[
    str | None, typer.Option("--ref", metavar="NAME", help="The mainline, where it is not HEAD.")
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes that read at a time.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed of everything random.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages.")]
Untrusted = Annotated[
    bool, typer.Option("--untrusted", help="Copy local repositories first, hashed again.")
]
Moves = Annotated[
    int | None, typer.Option("--moves", min=1, max=100, metavar="N", help="Moves at most.")
]
_PLANS = typer.Option(
    "--plan", metavar="FILE", help="plan.toml: moves of your own; give several to compare them."
)
Plans = Annotated[list[Path], _PLANS]
AnyPlans = Annotated[list[Path] | None, _PLANS]
AsJson = Annotated[bool, typer.Option("--json", help="Print what `run` writes to the JSON file.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="OUT", help="A folder for the store and the JSON file."),
]


def _job(
    repositories: Repositories,
    *,
    boundaries: BoundariesFile = None,
    since: Since = None,
    until: Until = None,
    ref: Ref = None,
    jobs: Jobs = 1,
    seed: Seed = 0,
    quiet: Quiet = False,
    untrusted: Untrusted = False,
) -> Job:
    """Collect the shared options."""
    return Job(
        tuple(repositories),
        boundaries=boundaries,
        since=since,
        until=until,
        ref=ref,
        jobs=jobs,
        seed=seed,
        quiet=quiet,
        untrusted=untrusted,
    )


def over_a_job(command: Callable[..., None]) -> Callable[..., None]:
    """Let ``command(job, *, ...)`` be parsed with the shared options in the place of ``job``."""
    shared = inspect.signature(_job, eval_str=True).parameters
    _, *own = inspect.signature(command, eval_str=True).parameters.values()

    @wraps(command)
    def parsed(**given: Any) -> None:  # noqa: ANN401  typer passes values of any type
        job = _job(**{name: given.pop(name) for name in shared})
        command(job, **given)

    first = [each.replace(kind=each.POSITIONAL_OR_KEYWORD) for each in own if _is_argument(each)]
    parameters = [*first, *shared.values(), *(each for each in own if not _is_argument(each))]
    parsed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    parsed.__annotations__ = {each.name: each.annotation for each in parameters}
    return parsed


def _is_argument(parameter: inspect.Parameter) -> bool:
    """Whether a command takes it by place; it stands before the repositories."""
    said = getattr(parameter.annotation, "__metadata__", ())
    return any(isinstance(one, ArgumentInfo) for one in said)
