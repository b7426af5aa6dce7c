"""Writes what the sample bank's forge, CI and deployment would know of its changes.

In:  the built repositories.
Out: a folder with reviews.csv, pipeline_runs.csv, deployments.csv, incidents.csv, survey.csv
     and a conway.toml that names them. What is planted is in ``bank_deliveries_truth.toml``.

Only the CI binds: its queue grows with the square of the week's changes. Reviews take as long
in quiet weeks as in busy ones, and releases wait for Tuesday.
"""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sample_repos.bank_tables import MEMBERS, SPAN
from sample_repos.dice import Dice
from sample_repos.git import git
from sample_repos.span import DAY, WEEK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOUR = 3600
REVIEW_HOURS, APPROVAL_HOURS = 6.0, 20.0
OTHER_TEAM = 0.25
QUEUE_MINUTES, RUN_MINUTES = 12.0, 30.0
FLAKY = 0.08
ROLLED_BACK = 8
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Change:
    """One mainline change: its repository, object id, time, author's address and number."""

    repository: str
    oid: str
    time: int
    email: str
    number: int | None


def write_deliveries(folder: str | Path, repositories: Sequence[Path]) -> Path:
    """Write the tables into ``folder`` and return the path of its ``conway.toml``."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    changes = sorted(
        (change for path in repositories for change in _mainline(path)),
        key=lambda change: (change.time, change.repository),
    )
    _write(out / "reviews.csv", _REVIEWS, _reviews(changes))
    _write(out / "pipeline_runs.csv", _RUNS, _runs(changes))
    deployed, incidents = _deployments(changes)
    _write(out / "deployments.csv", _DEPLOYMENTS, deployed)
    _write(out / "incidents.csv", ("repository", "opened", "resolved"), incidents)
    _write(
        out / "survey.csv", _SURVEY, [("coordination", _QUESTION, _iso(changes[-1].time), 3.4, 12)]
    )
    shutil.copy(_HERE / "bank-teams.csv", out)
    toml = (_HERE / "bank.toml").read_text(encoding="utf-8")
    names = ("reviews", "pipeline_runs", "deployments", "incidents", "survey")
    lines = [f'{name} = "{name}.csv"' for name in names]
    text = "\n".join([toml.rstrip(), "[tables]", *lines, "[capacity]", "suites = { unit = 4 }", ""])
    (out / "conway.toml").write_text(text, encoding="utf-8")
    return out / "conway.toml"


_REVIEWS = (
    "repository", "pull_request", "commit", "opened", "merged", "author", "reviewer", "reviewed",
    "state",
)  # fmt: skip
_RUNS = (
    "repository", "commit", "suite", "attempt", "queued", "started", "finished", "result",
    "tests", "flaky",
)  # fmt: skip
_DEPLOYMENTS = ("repository", "commit", "environment", "deployed", "result")
_SURVEY = ("constraint", "question", "answered", "score", "respondents")
_QUESTION = "How often do you wait for another team?"


def _mainline(path: Path) -> list[Change]:
    form = "--format=%H%x00%ct%x00%aE%x00%s"
    text = git(path, "log", "--first-parent", "--reverse", form).decode()
    found = []
    for line in text.splitlines():
        oid, time, email, subject = line.split("\0")
        number = re.search(r"#(\d+)", subject)
        found.append(Change(path.name, oid, int(time), email, int(number[1]) if number else None))
    return found


def _reviews(changes: Sequence[Change]) -> Iterable[tuple[object, ...]]:
    """Yield a comment and an approval of each pull request, a quarter by another team."""
    dice = Dice("bank reviews")
    teams = {member.email: member for member in MEMBERS}
    for change in changes:
        if change.number is None or change.email not in teams:
            continue
        week = SPAN.week(change.time)
        own = teams[change.email].team_in(week)
        other = dice.chance(OTHER_TEAM)
        people = [
            member.email
            for member in MEMBERS
            if member.email != change.email
            and member.team_in(week) is not None
            and (member.team_in(week) != own) == other
        ]
        approved = _around(APPROVAL_HOURS * HOUR, dice)
        opened = change.time - approved - HOUR
        first = opened + min(_around(REVIEW_HOURS * HOUR, dice), approved)
        who = dice.pick(people)
        base = (change.repository, change.number, change.oid, _iso(opened), _iso(change.time))
        yield (*base, change.email, who, _iso(first), "commented")
        yield (*base, change.email, who, _iso(opened + approved), "approved")


def _runs(changes: Sequence[Change]) -> Iterable[tuple[object, ...]]:
    """Yield two suites of each change; the queue grows with the square of the week's load."""
    dice = Dice("bank runs")
    load = Counter(int(SPAN.week(change.time)) for change in changes)
    usual = sum(load.values()) / len(load)
    for change in changes:
        rush = (load[int(SPAN.week(change.time))] / usual) ** 2
        for suite, tests in (("unit", 240), ("end to end", 60)):
            flaky = suite != "unit" and dice.chance(FLAKY)
            queued = change.time + 60
            for attempt in range(1, 3 if flaky else 2):
                started = queued + _around(QUEUE_MINUTES * 60 * rush, dice, spread=0.3)
                ended = started + _around(RUN_MINUTES * 60, dice, spread=0.1)
                result = "failure" if flaky and attempt == 1 else "success"
                times = (_iso(queued), _iso(started), _iso(ended))
                yield (change.repository, change.oid, suite, attempt, *times, result, tests, 0)
                queued = ended + 60


def _deployments(
    changes: Sequence[Change],
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return Tuesday's deployment of each repository; each eighth is taken back in an hour."""
    deployed: list[tuple[object, ...]] = []
    incidents: list[tuple[object, ...]] = []
    for place, name in enumerate(sorted({change.repository for change in changes})):
        mine = [change for change in changes if change.repository == name]
        live: list[Change] = []
        for week in range(SPAN.weeks):
            at = SPAN.start + week * WEEK + DAY + 10 * HOUR
            ready = [change for change in mine if change.time < at]
            if not ready or (live and ready[-1] == live[-1]):
                continue
            deployed.append((name, ready[-1].oid, "production", _iso(at), "success"))
            if live and (week + place) % ROLLED_BACK == 0:
                back = (name, live[-1].oid, "production", _iso(at + HOUR), "success")
                deployed.append(back)
                incidents.append((name, _iso(at + HOUR // 2), _iso(at + 2 * HOUR + HOUR // 2)))
            else:
                live.append(ready[-1])
    return deployed, incidents


def _around(seconds: float, dice: Dice, *, spread: float = 0.5) -> int:
    """Return a time whose median is ``seconds``: times a factor that is log-logistic."""
    chance = min(max(dice.fraction(), 0.005), 0.995)
    return int(seconds * math.exp(spread * math.log(chance / (1 - chance)) * 0.55))


def _iso(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat()


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:  # noqa: PLR0917
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])
