"""The command line: one command per verb, which parses, calls and prints.

In:  arguments.
Out: exit code 0 done, 1 a limit broken, 2 usage, 3 bad input or too little history,
     130 interrupted, 143 terminated.
Results go to stdout; messages and progress go to stderr.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from conway import __version__
from conway.cli.check import check
from conway.cli.diff import diff
from conway.cli.examples import show_examples
from conway.cli.maat import maat
from conway.cli.options import AnyPlans, AsJson, Moves, Out, Plans, Rates, over_a_job
from conway.cli.predict import predict, score
from conway.display import visible
from conway.errors import ConwayError
from conway.pipeline import Job
from conway.reporting.document import Audience

if TYPE_CHECKING:
    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History
    from conway.pipeline import Result, Verb

BAD_INPUT = 3
_TOML = Path("conway.toml")

app = typer.Typer(
    name="conway",
    help="Measure how team boundaries and change boundaries hold each other up, from git.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line; an error that a user can mend is one message and exit code 3."""
    os.environ["PYTHONSAFEPATH"] = "1"  # children must not import from an analysed repository
    with suppress(ValueError):  # called outside of the main thread
        signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except ConwayError as fault:
        lines = [visible(line) for line in str(fault).splitlines()]
        typer.echo("\n".join(lines), err=True)
        raise SystemExit(BAD_INPUT) from None
    except OutputError as fault:
        typer.echo(f"the output cannot be written: {fault}; free space or name a file", err=True)
        raise SystemExit(BAD_INPUT) from None


def _stop(number: int, _frame: object) -> NoReturn:
    """End as after Ctrl-C: scratch is cleared away and processes are ended."""
    raise SystemExit(128 + number)


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Measure how team boundaries and change boundaries hold each other up, from git."""
    if version:
        typer.echo(f"conway {__version__}")
        raise typer.Exit


@app.command()
@over_a_job
def run(
    job: Job,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="A folder to fill.")],
    moves: Moves = None,
) -> None:
    """Do the whole job and write the report."""
    from conway import pipeline

    pipeline.run(replace(job, moves=moves), out=out)
    _say(job, f"wrote {out / 'review.html'}")


@app.command()
@over_a_job
def init(
    job: Job, *, out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE")] = _TOML
) -> None:
    """Write a conway.toml from what is detected."""
    from conway.boundaries.detection import config_text
    from conway.pipeline import read_job

    if out.exists():
        raise ConwayError(f"{out} exists; remove it, or name another file with -o")
    text = config_text(read_job(job))
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise ConwayError(
            f"{out} cannot be written: {fault.strerror}; name another file"
        ) from fault
    _say(job, f"wrote {out}")


@app.command()
@over_a_job
def mine(
    job: Job,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="STORE", help="NAME.conway")],
) -> None:
    """Read repositories into a store."""
    from conway.history.sources import keep

    progress = False if job.quiet else None
    kept = keep(
        job.repositories,
        store=out,
        ref=job.ref,
        jobs=job.jobs,
        progress=progress,
        untrusted=job.untrusted,
    )
    _say(job, f"wrote {out}: {kept}")


@app.command()
@over_a_job
def assess(job: Job, *, out: Out = None, as_json: AsJson = False) -> None:
    """Measure who can ship alone, and who needs whom."""
    from conway import assessment
    from conway.assessment.handoff_functions import with_functions
    from conway.history.methods import Deep

    def verb(history: History, boundaries: Boundaries) -> Result:
        measured = assessment.assess(history, boundaries, seed=job.seed)
        return with_functions(measured, deep=Deep.at_hand(history, job.repositories))

    _show(job, verb, name="assess", out=out, as_json=as_json)


@app.command()
@over_a_job
def recommend(job: Job, *, out: Out = None, moves: Moves = None, as_json: AsJson = False) -> None:
    """Find the few changes that save the most handoffs."""
    from conway import advice, assessment
    from conway.history.methods import Deep

    def verb(history: History, boundaries: Boundaries) -> Result:
        measured = assessment.assess(history, boundaries, seed=job.seed)
        deep = Deep.at_hand(history, job.repositories)
        past = advice.look_back(history, boundaries, work=measured.work, seed=job.seed)
        return advice.recommend(measured, moves=moves, deep=deep, past=past)

    _show(job, verb, name="recommend", out=out, as_json=as_json)


@app.command()
@over_a_job
def simulate(
    job: Job,
    *,
    plan: Plans,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Replay the recorded work under your own plan."""
    from conway import advice, assessment

    plans = advice.read_plans(plan)

    def verb(history: History, boundaries: Boundaries) -> Result:
        measured = assessment.assess(history, boundaries, seed=job.seed)
        return advice.simulate_all(measured, plans)

    _show(job, verb, name="simulate", out=out, as_json=as_json)


@app.command()
@over_a_job
def backtest(job: Job, *, out: Out = None, as_json: AsJson = False) -> None:
    """Test the advice on history it has not seen."""
    from conway import advice

    verb = partial(advice.backtest, seed=job.seed)
    _show(job, verb, name="backtest", out=out, as_json=as_json)


@app.command()
@over_a_job
def lookback(job: Job, *, out: Out = None, as_json: AsJson = False) -> None:
    """Say what past reorganisations changed, against services that stayed."""
    from conway import advice

    verb = partial(advice.look_back, seed=job.seed)
    _show(job, verb, name="lookback", out=out, as_json=as_json)


@app.command()
@over_a_job
def forecast(
    job: Job, *, rates: Rates = "1,2,5,10", out: Out = None, as_json: AsJson = False
) -> None:
    """Say what follows if changes come faster."""
    from conway import assessment, outlook

    times = outlook.read_rates(rates)

    def verb(history: History, boundaries: Boundaries) -> Result:
        measured = assessment.assess(history, boundaries, seed=job.seed)
        return outlook.forecast(measured, rates=times)

    _show(job, verb, name="forecast", out=out, as_json=as_json)


@app.command()
@over_a_job
def report(
    job: Job,
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="A .html, .pdf, .pptx or .md file.")
    ],
    moves: Moves = None,
    plan: AnyPlans = None,
    compare: Annotated[
        Path | None,
        typer.Option(metavar="OLD", help="The last review: its OUT folder or assess.json."),
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="The report's title.")] = None,
    logo: Annotated[
        Path | None, typer.Option(metavar="IMAGE", help="A PNG or JPEG of at most 200 kB.")
    ] = None,
    audience: Annotated[
        Audience, typer.Option(help="Leave diagnostics out, or unfold the evidence.")
    ] = "everyone",
) -> None:
    """Write the report alone, with plans of your own where you name them."""
    from conway import advice, pipeline, reporting
    from conway.cli.results import last_review

    plans = advice.read_plans(plan or [])
    earlier = None if compare is None else last_review(compare)
    reporting.check_place(out, logo=logo)
    results = pipeline.analyse(replace(job, moves=moves))
    outcome = advice.simulate_all(results[0], plans) if plans else None
    reporting.report(
        *results, outcome=outcome, earlier=earlier, title=title, logo=logo, audience=audience
    ).save(out)
    _say(job, f"wrote {out}")


@app.command()
def owners(
    repository: Annotated[str, typer.Argument(metavar="REPO")],
    paths: Annotated[list[str], typer.Argument(metavar="PATH")],
    *,
    at: Annotated[str, typer.Option("--at", metavar="REV", help="A revision.")] = "HEAD",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say who must approve a change of a path."""
    from conway.boundaries.owners import owners_of
    from conway.pipeline import json_text

    found = owners_of(repository, paths, at=at)
    if as_json:
        typer.echo(json_text(found), nl=False)
        return
    for path, names in found.items():
        typer.echo(f"{visible(path)}\t{visible(', '.join(names)) or 'no owner'}")


app.command()(predict)
app.command()(score)
app.command()(check)
app.command()(diff)
app.command()(maat)
show_examples(app)


def _show(
    job: Job,
    verb: Verb,
    *,
    name: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Print what a verb finds; keep it in OUT where one is given."""
    from conway.pipeline import json_text, result_of

    result = result_of(job, verb, name=name, out=out)
    if as_json:
        _print(json_text(result.to_json()))
    elif out is not None:
        _say(job, f"wrote {out / name}.json")
    else:
        _print(result.explain() + "\n")


class OutputError(Exception):
    """Standard output cannot be written."""


def _print(text: str) -> None:
    """Write a result to standard output, all of it or an error."""
    try:
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as fault:
        raise OutputError(getattr(fault, "strerror", None) or str(fault)) from fault


def _say(job: Job, message: str) -> None:
    """Tell a person what was done."""
    if not job.quiet:
        typer.echo(visible(message), err=True)
