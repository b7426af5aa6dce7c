"""The commands ``conway predict`` and ``conway score``.

In:  repositories, perhaps a plan; or a prediction and the repositories one quarter later.
Out: a dated file that is not changed afterwards; how the prediction did.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from conway.cli.options import AsJson, over_a_job
from conway.display import visible
from conway.pipeline import Job


@over_a_job
def predict(
    job: Job,
    *,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="plan.toml: moves to judge.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="By default named after the quarter."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write what the next 13 weeks will be like, to be scored when they are over."""
    from conway import advice
    from conway.assessment import assess
    from conway.pipeline import boundaries_of, json_text, read_job

    moves = None if plan is None else advice.read_plan(plan)
    history = read_job(job)
    measured = assess(history, boundaries_of(job, history=history), seed=job.seed)
    found = advice.predict(measured, moves)
    if as_json:
        typer.echo(json_text(found.to_json()), nl=False)
        return
    path = Path(found.name) if out is None else out
    advice.write_prediction(found, path)
    if not job.quiet:
        typer.echo(visible(f"wrote {path}"), err=True)


@over_a_job
def score(
    job: Job,
    *,
    prediction: Annotated[
        Path, typer.Argument(metavar="PREDICTION", help="A file of `conway predict`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Hold a prediction against what came."""
    from conway import advice
    from conway.pipeline import boundaries_of, json_text, read_job

    made = advice.read_prediction(prediction)
    history = read_job(job)
    found = advice.score(made, history, boundaries_of(job, history=history))
    typer.echo(json_text(found.to_json()) if as_json else found.explain(), nl=not as_json)
