"""The command ``conway maat``: Code Maat's analyses, options and CSV.

In:  the name of an analysis and a log; or ``log`` and a repository.
Out: CSV on stdout or in a file; or the log.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from conway.errors import ConwayError, HistoryError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conway.coupling.codemaat import Options

_LOG = "log"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no day; write it as 2025-01-31") from None


def _option(*names: str, metavar: str | None = None, help: str, **more: Any) -> Any:  # noqa: A002, ANN401  typer's own words
    return typer.Option(*names, metavar=metavar, help=help, **more)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a result goes."""

    outfile: Path | None

    def write(self, blocks: Iterable[bytes]) -> None:
        if self.outfile is None:
            sys.stdout.flush()
            for block in blocks:
                sys.stdout.buffer.write(block)
            sys.stdout.buffer.flush()
            return
        try:
            with self.outfile.open("wb") as file:
                file.writelines(blocks)
        except ConwayError:
            self.outfile.unlink(missing_ok=True)
            raise
        except OSError as fault:
            raise HistoryError(
                f"{self.outfile}: cannot be written ({fault.strerror}); name another file with -o"
            ) from fault


def maat(
    analysis: Annotated[
        str, typer.Argument(metavar="ANALYSIS", help="An analysis, or `log` to write a log.")
    ],
    log: Annotated[
        str, typer.Argument(metavar="LOG", help="What git log wrote, - for stdin; or REPO.")
    ],
    *,
    version_control: Annotated[
        Literal["git", "git2"] | None,
        _option("--version-control", "-c", help="Format of the log; else recognised."),
    ] = None,
    group: Annotated[
        Path | None, _option("--group", "-g", metavar="FILE", help="Layers: path => Name.")
    ] = None,
    team_map: Annotated[
        Path | None,
        _option("--team-map-file", "--team-map", "-p", metavar="FILE", help="CSV: author,team."),
    ] = None,
    temporal_period: Annotated[
        int | None,
        _option("--temporal-period", "-t", metavar="DAYS", help="Rolling change sets.", min=1),
    ] = None,
    min_revs: Annotated[
        int, _option("--min-revs", "-n", metavar="N", help="Least average revisions.")
    ] = 5,
    min_shared_revs: Annotated[
        int, _option("--min-shared-revs", "-m", metavar="N", help="Least shared revisions.")
    ] = 5,
    min_coupling: Annotated[
        int, _option("--min-coupling", "-i", metavar="PERCENT", help="Least degree.")
    ] = 30,
    max_coupling: Annotated[
        int, _option("--max-coupling", "-x", metavar="PERCENT", help="Highest degree.")
    ] = 100,
    max_changeset_size: Annotated[
        int, _option("--max-changeset-size", "-s", metavar="N", help="Files in a change set.")
    ] = 30,
    expression_to_match: Annotated[
        str | None,
        _option("--expression-to-match", "-e", metavar="REGEX", help="For `messages`."),
    ] = None,
    age_time_now: Annotated[
        date | None,
        _option("--age-time-now", "-d", metavar="DAY", help="Day zero for `age`.", parser=_day),
    ] = None,
    after: Annotated[
        date | None,
        _option("--after", metavar="DAY", help="For `log`: later commits only.", parser=_day),
    ] = None,
    rows: Annotated[
        int | None, _option("--rows", "-r", metavar="N", help="Rows on stdout.", min=0)
    ] = None,
    verbose_results: Annotated[
        bool, _option("--verbose-results", help="More columns for `coupling`.")
    ] = False,
    input_encoding: Annotated[
        str, _option("--input-encoding", metavar="NAME", help="Encoding of the log.")
    ] = "utf-8",
    outfile: Annotated[
        Path | None, _option("--outfile", "-o", metavar="FILE", help="Write all rows there.")
    ] = None,
) -> None:
    """Run Code Maat's analyses on a git log: same numbers, same CSV."""
    target = _Target(outfile)
    if analysis == _LOG:
        from conway.history.codemaat_writing import write_log

        target.write(write_log(log, version_control=version_control or "git2", after=after))
        return
    from conway.coupling.codemaat import Options, Thresholds, analyse, csv_blocks
    from conway.history.codemaat import read_log

    options = Options(
        Thresholds(min_revs, min_shared_revs, min_coupling, max_coupling, max_changeset_size),
        verbose=verbose_results,
        expression=expression_to_match,
        now=age_time_now,
    )
    _check(analysis, options)
    commits = read_log(
        sys.stdin.buffer.read() if log == "-" else Path(log),
        version_control=version_control,
        encoding=input_encoding,
        group=group,
        temporal_period=temporal_period,
        team_map=team_map,
    )
    table = analyse(analysis, commits, options=options)
    shown = table if rows is None or outfile is not None else table.head(rows)
    target.write(block.encode() for block in csv_blocks(shown))


def _check(analysis: str, options: Options) -> None:
    """Refuse wrong usage before anything is read."""
    from conway.coupling.codemaat import ANALYSES

    if analysis not in ANALYSES:
        raise typer.BadParameter(
            f"there is no analysis '{analysis}'; there are {', '.join([*ANALYSES, _LOG])}",
            param_hint="ANALYSIS",
        )
    if analysis == "messages" and options.expression is None:
        raise typer.BadParameter("`messages` needs an expression to match", param_hint="-e")
