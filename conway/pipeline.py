"""The whole job, from repositories to a folder with a report.

In:  a ``Job``: repositories or a store, and how to read them.
Out: a folder that appears at once, complete, or not at all::

    NAME.conway/      the store: everything read from git, unfiltered
    tables/*.csv      coverage, coupling, gaps, handoffs
    assess.json  recommend.json  backtest.json  lookback.json  forecast.json
    plan.toml         the recommended moves, for ``conway simulate``
    review.html
    .gitignore        keeps all of it, names of authors in the store too, out of git
"""

from __future__ import annotations

import csv
import json
import logging
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from conway.display import visible
from conway.errors import ConwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conway.advice import Backtest, LookBack, Plan
    from conway.assessment import Assessment
    from conway.boundaries.boundaries import Boundaries
    from conway.history.record import History
    from conway.outlook import Outlook

    Results: TypeAlias = tuple[Assessment, Plan, Backtest, LookBack, Outlook]
    Verb: TypeAlias = Callable[[History, Boundaries], "Result"]

_LOG = logging.getLogger("conway")
_WRITTEN = frozenset(
    {
        ".gitignore",
        "assess.json",
        "backtest.json",
        "forecast.json",
        "lookback.json",
        "plan.toml",
        "recommend.json",
        "review.html",
        "simulate.json",
        "tables",
    }
)
_RESULTS = ("assess", "recommend", "backtest", "lookback", "forecast")
_TABLES = {  # name of the file: key in assess.json, columns
    "coverage": ("coverage", ("what", "count", "share", "note")),
    "coupling": ("coupling", ("a", "b", "joint", "degree", "q_value", "forecast")),
    "gaps": ("gaps", ("kind", "title", "services", "teams", "strength", "changes")),
    "handoffs": (
        "handoff_pairs",
        ("from", "to", "changes", "per_100", "visiting", "intended", "written", "services"),
    ),
    "handoffs_by_quarter": (
        "handoff_trend",
        ("from", "to", "since", "until", "changes", "per_100", "of"),
    ),
    "lockstep": ("lockstep.units", ("a", "b", "changes", "per_100")),
    "sensitivity": (
        "sensitivity",
        (
            "choice",
            "setting",
            "counted",
            "single_team_share",
            "autonomous_share",
            "handoffs_per_100",
            "streams",
            "retained",
        ),
    ),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")


@dataclass(frozen=True, slots=True)
class Job:
    """What to analyse, and how.

    Attributes
    ----------
    repositories
        Work trees, bare directories and bundles, or one store.
    boundaries
        The ``conway.toml`` to read; boundaries are detected where it is None.
    since, until
        Seconds UTC, ``since <= time < until``; they go before the window of ``boundaries``.
    ref
        The mainline's name where it is not HEAD.
    jobs
        Processes that read at a time.
    moves
        At most so many moves are recommended; None: as the boundaries' file says.
    seed
        Seed of everything random.
    quiet
        Whether to leave out progress, which is only ever shown on a terminal.
    untrusted
        Whether to copy local repositories first, hashing every object again.
    """

    repositories: tuple[str, ...]
    boundaries: Path | None = None
    since: int | None = None
    until: int | None = None
    ref: str | None = None
    jobs: int = 1
    moves: int | None = None
    seed: int = 0
    quiet: bool = False
    untrusted: bool = False

    @property
    def store_name(self) -> str:
        """Name of the store in OUT, after the only repository."""
        if len(self.repositories) > 1:
            return "history.conway"
        stem = Path(self.repositories[0]).resolve().name
        for suffix in (".git", ".bundle", ".conway"):
            stem = stem.removesuffix(suffix)
        return f"{stem or 'history'}.conway"

    @property
    def reused(self) -> str:
        """Name of the store that a re-run goes on from; none where a store is what is read."""
        return "" if _is_store(Path(self.repositories[0])) else self.store_name


class Result(Protocol):
    """What a verb returns: it has a JSON form, and explains itself."""

    def to_json(self) -> Mapping[str, object]:
        """Return the content of its JSON file."""

    def explain(self) -> str:
        """Return a few lines for a person."""


def run(job: Job, *, out: Path) -> None:
    """Do the whole job into the folder ``out``.

    Raises
    ------
    ConwayError
        If the input is bad, the history too short, or ``out`` holds anything that
        conway did not write. Nothing is left behind then.
    """
    from conway.reporting import report

    with replacing(out, keep=job.reused) as folder:
        results = analyse(job, store=folder / job.store_name)
        write_results(folder, results=results)
        report(*results).save(folder / "review.html")


def analyse(job: Job, *, store: Path | None = None) -> Results:
    """Read, measure, look back, advise, test the advice, and look ahead."""
    from conway.advice import backtest, look_back, recommend
    from conway.assessment import assess
    from conway.assessment.handoff_functions import with_functions
    from conway.history.methods import Deep
    from conway.outlook import forecast

    history = read_job(job, store=store)
    boundaries = boundaries_of(job, history=history)
    deep = Deep.at_hand(history, job.repositories)
    assessment = with_functions(assess(history, boundaries, seed=job.seed), deep=deep)
    past = look_back(history, boundaries, work=assessment.work, seed=job.seed)
    plan = recommend(assessment, moves=job.moves, deep=deep, past=past)
    trial = backtest(history, boundaries, seed=job.seed)
    return assessment, plan, trial, past, forecast(assessment)


def result_of(job: Job, verb: Verb, *, name: str, out: Path | None = None) -> Result:
    """Return what one verb finds; keep its JSON and the store in ``out`` where given."""
    if out is None:
        history = read_job(job)
        return verb(history, boundaries_of(job, history=history))
    with replacing(out, keep=job.reused) as folder:
        history = read_job(job, store=folder / job.store_name)
        result = verb(history, boundaries_of(job, history=history))
        (folder / f"{name}.json").write_text(json_text(result.to_json()), encoding="utf-8")
    return result


def read_job(job: Job, *, store: Path | None = None) -> History:
    """Return the history of a job's repositories, kept in ``store`` where one is given.

    A fault in the form of the boundaries' file is raised first: reading takes longer.
    """
    from conway.config import read_config
    from conway.history.sources import open_history

    if job.boundaries is not None:
        read_config(job.boundaries)
    progress = False if job.quiet else None
    history = open_history(
        job.repositories,
        store=store,
        ref=job.ref,
        jobs=job.jobs,
        progress=progress,
        untrusted=job.untrusted,
    )
    unread = int(history.changes["skipped"].notna().sum())
    if unread:
        _LOG.warning(
            "%d of %d changes could not be read and are left out; the coverage table counts them",
            unread,
            len(history.changes),
        )
    return history


def boundaries_of(job: Job, *, history: History) -> Boundaries:
    """Return the boundaries that a job declares, or those detected, over its window."""
    from conway.boundaries.detection import detect_boundaries
    from conway.boundaries.reading import read_boundaries

    if job.boundaries is None:
        boundaries = detect_boundaries(history)
    else:
        boundaries = read_boundaries(job.boundaries, history)
    selection = boundaries.selection
    since = selection.since if job.since is None else job.since
    until = selection.until if job.until is None else job.until
    return replace(boundaries, selection=replace(selection, since=since, until=until))


def json_text(result: Mapping[str, object]) -> str:
    """Return a result as the text of its JSON file: ASCII only, one final newline."""
    return json.dumps(result, indent=1, allow_nan=False) + "\n"


def write_results(folder: Path, *, results: Results) -> None:
    """Write the JSON files, the plan and the tables of one analysis into ``folder``."""
    from conway.advice.plans import plan_text

    named: dict[str, Result] = dict(zip(_RESULTS, results, strict=True))
    for name, result in named.items():
        (folder / f"{name}.json").write_text(json_text(result.to_json()), encoding="utf-8")
    moves = [advised.move for advised in results[1].moves]
    (folder / "plan.toml").write_text(plan_text(moves), encoding="utf-8")
    write_tables(folder / "tables", result=results[0].to_json())


def write_tables(folder: Path, *, result: Mapping[str, Any]) -> None:
    """Write the tables of an assessment's JSON as CSV files that no spreadsheet executes."""
    folder.mkdir()
    for name, (key, columns) in _TABLES.items():
        rows = [[_cell(row.get(column)) for column in columns] for row in _rows(result, key)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([columns, *rows])


def _rows(result: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the rows of one key, a dot between the keys of nested ones; none where absent."""
    found: Any = result
    for part in key.split("."):
        found = (found or {}).get(part)
    return found if isinstance(found, list) else []


def _cell(value: object) -> str | float | int:
    """Return one cell: a plain number, or text that is not a formula."""
    match value:
        case None:
            return ""
        case bool() | int() | float():
            return value
        case {"value": known}:
            return _cell(known)
        case {"name": name, "changes": changes}:
            return f"{name} ({changes})"
        case list():
            return _cell("; ".join(str(_cell(item)) for item in value))
    text = visible(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text


@contextmanager
def replacing(out: Path, *, keep: str = "") -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``out`` once the block has succeeded.

    Parameters
    ----------
    out
        A folder that is absent, empty, or written by conway; anything else is refused.
    keep
        Name of the store that is carried over from a previous ``out``.
    """
    out = out.resolve()
    _check_replaceable(out)
    scratch = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        scratch.mkdir()
    except OSError as fault:
        raise ConwayError(f"{out} cannot be written: {fault.strerror}") from fault
    try:
        if keep and (out / keep).is_dir():
            shutil.copytree(out / keep, scratch / keep, copy_function=_link)
        yield scratch
        (scratch / ".gitignore").write_text("*\n", encoding="utf-8")
        _swap(scratch, out=out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """Link a file of a store, which is only ever replaced whole, or copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _swap(scratch: Path, *, out: Path) -> None:
    """Put ``scratch`` where ``out`` is, which stays whole until that has worked."""
    if not out.exists():
        scratch.rename(out)
        return
    retired = scratch.with_suffix(".old")
    out.rename(retired)
    try:
        scratch.rename(out)
    except OSError:
        retired.rename(out)
        raise
    shutil.rmtree(retired)


def _check_replaceable(out: Path) -> None:
    """Refuse a folder that holds anything conway did not write."""
    if not out.parent.is_dir():
        raise ConwayError(f"{out}: its folder does not exist; make {out.parent} first")
    if ".git" in out.parts or any(
        (up / "objects").is_dir() and (up / "HEAD").exists() for up in out.parents
    ):
        raise ConwayError(f"{out} is inside git's own directory; name a folder elsewhere")
    if out in (cwd := Path.cwd(), *cwd.parents):
        raise ConwayError(f"{out} is the current folder or above it; name one below it: -o out")
    if not out.exists():
        return
    if not out.is_dir():
        raise ConwayError(f"{out} is a file; name a folder that conway may write")
    foreign = [entry.name for entry in out.iterdir() if not _is_written(entry)]
    if foreign:
        raise ConwayError(
            f"{out} holds files that conway did not write, such as {min(foreign)}; "
            "name an empty or a new folder"
        )
    _check_results(out)


def _is_written(entry: Path) -> bool:
    """Whether an entry of OUT has a name that conway gives, or is a store."""
    return entry.name in _WRITTEN or (entry.suffix == ".conway" and _is_store(entry))


def _is_store(path: Path) -> bool:
    return (path / "manifest.json").is_file()


def _check_results(out: Path) -> None:
    """Refuse a folder with conway's file names and somebody else's content."""
    for path in sorted(out.glob("*.json")):
        try:
            schema = json.loads(path.read_text(encoding="utf-8"))["schema"]
        except (ValueError, KeyError, TypeError):
            schema = ""
        if not str(schema).startswith("conway."):
            raise ConwayError(f"{path} was not written by conway; name an empty or a new folder")
